"""System checks of our own: what Django cannot know we rely on."""

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connections

DEFERRED = Warning(
    "SQLite transactions are not immediate.",
    hint='Set OPTIONS["transaction_mode"] to "IMMEDIATE": a deferred transaction that turns to '
    "writing cannot wait for the lock, and most concurrent edits fail.",
    id="shortlist.W001",
)
NO_WAL = Warning(
    "SQLite does not use its write-ahead log.",
    hint='Add "PRAGMA journal_mode=WAL;" to OPTIONS["init_command"], and keep the file on a local '
    "disk: without it readers and writers wait for each other.",
    id="shortlist.W002",
)


@register()
def sqlite_settings(app_configs, **kwargs) -> list[CheckMessage]:
    """What the settings ask for; needs no connection."""
    warnings: list[CheckMessage] = []
    for alias in connections:
        settings = connections[alias].settings_dict
        if settings["ENGINE"].endswith("sqlite3"):
            options = settings.get("OPTIONS", {})
            if options.get("transaction_mode", "").upper() != "IMMEDIATE":
                warnings.append(DEFERRED)
            command = options.get("init_command", "").replace(" ", "").lower()
            if "journal_mode=wal" not in command:
                warnings.append(NO_WAL)
    return warnings


@register(Tags.database)
def sqlite_in_fact(app_configs, databases, **kwargs) -> list[CheckMessage]:
    """What the file does: some file systems cannot keep a write-ahead log, and SQLite says so."""
    return [
        NO_WAL
        for alias in databases or []
        if connections[alias].vendor == "sqlite" and journal_mode(alias) != "wal"
    ]


def journal_mode(alias: str) -> str:
    with connections[alias].cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        return cursor.fetchone()[0]
