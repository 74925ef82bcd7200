"""Papers with everything that can hang on one, and the database as text, to compare."""

from datetime import UTC, datetime
from typing import Any

from django.db import connection

from accounts.models import User
from newsletter.models import Entry
from papers.models import CitationKeyAlias, DuplicateSuggestion, Paper, TitleBlock
from readinglists.models import Item, Note, ReadingList, ReadingState
from tests import factories

# Logs of what happened, which a split adds to, and what is derived from the rest.
LOGS = ("api_change", "papers_merge", "django_", "sqlite_", "fulltext_")


def dump() -> dict[str, list[str]]:
    """Every row of every table but logs and histories, as text."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith(LOGS) or "historical" in table:
                continue
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found[table] = sorted(repr(row) for row in cursor.fetchall())
    return found


def differences(before: dict[str, list[str]], after: dict[str, list[str]]) -> dict[str, Any]:
    return {
        table: (sorted(set(rows) - set(after[table])), sorted(set(after[table]) - set(rows)))
        for table, rows in before.items()
        if rows != after[table]
    }


def make_list(owner: User, *papers: Paper) -> ReadingList:
    """A list that holds these papers, each with a note."""
    made = ReadingList.objects.create(
        title="A list",
        slug="a-list",
        owner=owner,
        visibility="public",
        updated_at=datetime(2023, 1, 1, tzinfo=UTC),
    )
    for place, paper in enumerate(papers):
        item = Item.objects.create(reading_list=made, paper=paper, position=place, added_by=owner)
        Note.objects.create(item=item, author=owner, markdown="Read this.")
    return made


def furnish(paper: Paper, entry: Entry, reader: User, number: int) -> None:
    """Something of every kind that points at papers."""
    factories.AuthorshipFactory(paper=paper, name_as_printed=f"Ada Lovelace {number}")
    factories.IdentifierFactory(paper=paper, value=f"2301.{number:05d}")
    factories.LinkFactory(entry=entry, paper=paper)
    CitationKeyAlias.objects.create(key=f"former{number}", paper=paper)
    TitleBlock.objects.create(paper=paper, block=number)
    TitleBlock.objects.create(paper=paper, block=-1)
    states = list(ReadingState.State)
    ReadingState.objects.create(user=reader, paper=paper, state=states[number % len(states)])


def suggest(one: Paper, other: Paper, **fields: Any) -> DuplicateSuggestion:
    first, second = sorted((one, other), key=lambda paper: paper.pk)
    values = {"reason": "same_title", "score": 0.9} | fields
    return DuplicateSuggestion.objects.create(paper=first, other=second, **values)
