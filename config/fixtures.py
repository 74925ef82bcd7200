"""Fixtures: the catalogue as files that plain `loaddata` puts into an empty database.

They are built in a scratch database from the JSONL, never from a live one, so that what stands in
them is what the rules of this very commit read. Ids that stand in the old files are kept.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Max, Model

from newsletter.models import Issue
from papers.models import Paper
from readinglists.demonstration import demonstration_rows

FIXTURES = settings.BASE_DIR / "fixtures"

# Of newsletters, as authors of what they said: a library with people in it may be empty still.
ACCOUNTS = "accounts.User"
# In the order in which they load: what is pointed at stands before what points.
CONTENTS = {
    "papers.json": [
        "papers.Topic",
        "papers.Author",
        "papers.Paper",
        "papers.CitationKeyAlias",
        "papers.Authorship",
        "papers.Identifier",
    ],
    "newsletter.json": [
        "newsletter.Publication",
        "newsletter.Issue",
        "newsletter.IssueSource",
        "newsletter.Section",
        "newsletter.Entry",
        "newsletter.Link",
        "newsletter.Image",
    ],
    "prizes.json": [
        "prizes.Prize",
        "prizes.PrizeAlias",
        "prizes.Award",
        "prizes.Deadline",
        "prizes.Announcement",
        "prizes.PrizeMention",
    ],
    "readinglists.json": [
        ACCOUNTS,
        "readinglists.ReadingList",
        "readinglists.ListSection",
        "readinglists.Item",
        "readinglists.Note",
        "readinglists.ListEvent",
    ],
}
# Made of the catalogue when the files are built; a site that was only migrated has none.
DEMONSTRATION = "readinglists.json"
# When a row was written says when the fixtures were built, which is no part of the catalogue.
WRITTEN_AT = {"created_at", "updated_at", "recorded_at"}


def build(sources: Sequence[Path], into: Path) -> None:
    """Write the fixture files of these JSONL files into a folder."""
    with tempfile.TemporaryDirectory() as scratch:
        database = f"sqlite:///{scratch}/scratch.sqlite3"
        environment = os.environ | {"DATABASE_URL": database, "VAR_DIR": scratch}
        manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
        for command in (
            ["migrate", "--verbosity=0"],
            ["createcachetable"],
            ["import_newsletter", *map(str, sources)],
            ["build_fixtures", "--dump", str(into)],
        ):
            done = subprocess.run(  # noqa: S603 - our own commands, no shell
                manage + command, env=environment, capture_output=True, text=True, check=False
            )
            if done.returncode:
                raise RuntimeError(f"{command[0]}: {done.stderr or done.stdout}")


def dump(into: Path) -> None:
    """Write the database's catalogue as fixture files, with the ids of the old files."""
    with transaction.atomic():
        _keep_citation_keys(_rows("papers.json"))
    written_at = Issue.objects.aggregate(latest=Max("published_at"))["latest"]
    replaced: dict[str, str] = {}
    texts = {}
    for name, models in CONTENTS.items():
        if name == DEMONSTRATION:
            rows = _made(demonstration_rows())
        else:
            rows = [row for model in models for row in _serialized(model, written_at)]
        replaced |= _kept_ids(rows, _rows(name))
        texts[name] = json.dumps(rows, ensure_ascii=False, indent=1) + "\n"
    for name, text in texts.items():
        for new, old in replaced.items():
            text = text.replace(new, old)
        (into / name).write_text(text)


def _rows(name: str) -> list[dict]:
    path = FIXTURES / name
    return json.loads(path.read_text()) if path.exists() else []


def _serialized(label: str, written_at) -> list[dict]:
    model = apps.get_model(label)
    rows = serializers.serialize(
        "python",
        model._default_manager.order_by("pk"),
        use_natural_foreign_keys=True,
        use_natural_primary_keys=True,
    )
    generated = {field.name for field in model._meta.fields if field.generated}
    stamp = (written_at or datetime.fromtimestamp(0, UTC)).isoformat().replace("+00:00", "Z")
    for row in rows:
        fields = row["fields"]
        for name in generated & fields.keys():
            del fields[name]
        for name in WRITTEN_AT & fields.keys():
            fields[name] = stamp
        # A relation with a table of its own is written there.
        for name in {field.name for field in model._meta.many_to_many} & fields.keys():
            fields[name] = sorted(fields[name])
        for name, value in fields.items():
            if isinstance(value, dict):  # PostgreSQL keeps an order of its own
                fields[name] = dict(sorted(value.items()))
    return json.loads(json.dumps(rows, cls=DjangoJSONEncoder))


def _made(instances: Iterable[Model]) -> list[dict]:
    """Rows that are in no database, with times that mean something: when it was said."""
    rows: list[dict] = []
    for instance in instances:
        columns = [field.name for field in instance._meta.concrete_fields]
        rows += serializers.serialize(
            "python",
            [instance],
            fields=columns,
            use_natural_foreign_keys=True,
            use_natural_primary_keys=True,
        )
    return json.loads(json.dumps(rows, cls=DjangoJSONEncoder))


def _keep_citation_keys(old: list[dict]) -> None:
    """Give papers the keys of the old files; a key once handed out is never re-lettered."""
    keys = {}
    for row in old:
        if row["model"] == "papers.identifier":
            fields = row["fields"]
            keys[fields["scheme"], fields["value"]] = fields["paper"][0]
    wanted = {}
    for paper in Paper.objects.prefetch_related("identifiers"):
        for identifier in paper.identifiers.all():
            key = keys.get((identifier.scheme, identifier.value))
            if key and key != paper.citation_key:
                wanted[paper.pk] = key
    # In two steps, since keys may change places.
    for primary_key in wanted:
        Paper.objects.filter(pk=primary_key).update(citation_key=f"moving-{primary_key}")
    for primary_key, key in wanted.items():
        Paper.objects.filter(pk=primary_key).update(citation_key=key)


# By what a row with an id of its own is known again, from the surest to the weakest.
KNOWN_BY = {
    "prizes.deadline": [("prize", "kind", "label"), ("prize", "kind", "date"), ("prize", "date")],
    "prizes.announcement": [("issue", "entry", "quote", "amount", "date"), ("issue", "quote")],
    "prizes.prizemention": [("issue", "entry", "prize"), ("issue", "entry", "quote")],
    "readinglists.readinglist": [("owner", "cover_topic")],
    "readinglists.listsection": [("reading_list", "title")],
    "readinglists.item": [("reading_list", "paper", "entry", "prize")],
    "readinglists.note": [("item", "created_at")],
}


def _kept_ids(new: list[dict], old: list[dict]) -> dict[str, str]:
    """New UUIDs whose row stands in the old files under another one."""
    kept: dict[str, str] = {}
    for model, keys in KNOWN_BY.items():
        rows = {row["pk"]: row for row in new if row["model"] == model}
        before = {row["pk"]: row for row in old if row["model"] == model}
        for primary_key in rows.keys() & before.keys():
            del rows[primary_key], before[primary_key]
        for key in (None, *keys):
            for one, other in _pairs(rows, before, key):
                kept[one] = other
                del rows[one], before[other]
    return kept


def _pairs(
    new: dict[str, dict], old: dict[str, dict], key: tuple[str, ...] | None
) -> list[tuple[str, str]]:
    """Ids of rows that agree in these fields, by default in all, as only these two do."""
    sides: list[dict[str, list[str]]] = [{}, {}]
    for side, rows in zip(sides, (new, old), strict=True):
        for primary_key, row in rows.items():
            side.setdefault(_content(row, key), []).append(primary_key)
    return [
        (ids[0], sides[1][content][0])
        for content, ids in sides[0].items()
        if len(ids) == 1 and len(sides[1].get(content, ())) == 1
    ]


def _content(row: dict, key: tuple[str, ...] | None) -> str:
    # What points at rows whose ids may change says nothing about this one.
    skipped = WRITTEN_AT | {"deadline", "award", "supersedes"}
    names = key or row["fields"].keys() - skipped
    return json.dumps({name: row["fields"][name] for name in names}, sort_keys=True)
