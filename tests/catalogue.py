"""The first catalogue in the database as an import leaves it: whole, in part, edited."""

import json
import tempfile
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from config.fixtures import CONTENTS
from newsletter import reading
from newsletter.importer import Result, import_files
from tests.snapshots import fill

SOURCE = settings.BASE_DIR / "fixtures" / "ml_safety_newsletter.jsonl"
FIXTURES = sorted(SOURCE.with_name(name) for name in CONTENTS)

type Record = dict[str, Any]


@cache
def _records() -> dict[int, str]:
    lines = [line.removesuffix(" | |") for line in SOURCE.read_text().splitlines()]
    return {int(json.loads(line)["title"].rpartition("#")[2]): line for line in lines}


def record(number: int, *edits: tuple[str, str]) -> Record:
    """An issue's record; each edit replaces words that stand once in its text."""
    found = json.loads(_records()[number])
    for old, new in edits:
        assert found["text"].count(old) == 1, f"{old!r} stands {found['text'].count(old)} times"
        found["text"] = found["text"].replace(old, new)
    return found


@cache
def _read(text: str, profile: str) -> reading.Reading:
    return reading.read_and_render(text, profile, {})


def import_records(records: Iterable[Record], **options: Any) -> Result:
    return import_lines(map(json.dumps, records), **options)


def import_lines(lines: Iterable[str], **options: Any) -> Result:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            reading.Reader, "read", lambda self, text, profile, copies=None: _read(text, profile)
        )
        path = Path(folder) / "letters.jsonl"
        path.write_text("".join(f"{line}\n" for line in lines))
        return import_files([str(path)], **options)


def import_issues(*numbers: int, **options: Any) -> Result:
    return import_lines((_records()[number] for number in numbers), **options)


def load() -> None:
    """The fixtures as `loaddata` leaves them, in the transaction that is open."""
    fill("loaded", lambda: call_command("loaddata", *map(str, FIXTURES), verbosity=0))


@pytest.fixture(scope="class")
def _imported(django_db_setup, django_db_blocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        fill("imported", lambda: import_issues(*range(9, 0, -1)))
        yield
        transaction.set_rollback(True)


@pytest.fixture
def imported(_imported: None, db: None) -> None:
    """The nine issues as they were imported, once a class; what a test writes is taken back."""


@pytest.fixture(scope="module")
def _loaded(django_db_setup, django_db_blocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        load()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def loaded(_loaded: None, db: None) -> None:
    """The fixtures as `loaddata` leaves them, once for a module that is about nothing else."""
