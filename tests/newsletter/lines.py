"""Lines of JSON as exporters write them, and imports of them."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Model

from imports.models import ImportRow
from newsletter.importer import Result, import_files
from newsletter.models import Entry, Image, Issue, IssueSource, Link, Publication, Section
from papers.models import Paper
from prizes.models import Prize

FIRST_CATALOGUE = settings.BASE_DIR / "fixtures" / "ml_safety_newsletter.jsonl"

TEXT = """Welcome to the letter.

## Robustness

### **A feature about sturdy models**

**[[Link](https://arxiv.org/abs/2101.00001)]**

It says much about [earlier work](https://arxiv.org/abs/2101.00002).

### Other Robustness News

* **[[Link](https://arxiv.org/abs/2101.00003)]** A brief thing was found.
* **[[Link](https://arxiv.org/abs/2101.00004)]** Another brief thing was found.
"""


def record(number: int = 1, **fields: Any) -> dict[str, Any]:
    """A record of one newsletter, numbered; what a test is about is given."""
    return {
        "id": f"id-{number}",
        "title": f"Sturdy Newsletter #{number}",
        "url": f"https://sturdy.example.org/p/sturdy-{number}",
        "source": "sturdy_newsletter",
        "source_type": "blog",
        "text": TEXT,
        "date_published": "2023-04-11T15:53:36Z",
        "authors": ["Ada Example"],
        "summaries": [],
    } | fields


def dumped(*records: dict[str, Any] | bytes | str, end: bytes = b"\n") -> bytes:
    return b"".join(_line(record) + end for record in records)


def _line(record: dict[str, Any] | bytes | str) -> bytes:
    if isinstance(record, bytes):
        return record
    return (record if isinstance(record, str) else json.dumps(record)).encode()


class Desk:
    """Writes files into a folder and imports them, the way most tests want it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def file(self, content: bytes, name: str = "letters.jsonl") -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path

    def take(self, *records: dict[str, Any] | bytes | str, **options: Any) -> Result:
        return self.take_bytes(dumped(*records), **options)

    def take_bytes(self, content: bytes, name: str = "letters.jsonl", **options: Any) -> Result:
        return import_files([str(self.file(content, name))], **options)


def rows(result: Result) -> list[ImportRow]:
    return list(ImportRow.objects.filter(run=result.run).order_by("pk"))


def outcomes(result: Result) -> list[str]:
    return [row.outcome for row in rows(result)]


def counts(result: Result) -> dict[str, int]:
    return {name: count for name, count in result.counts.items() if count}


CATALOGUE: list[type[Model]] = [Publication, Issue, Section, Entry, Link, Image, Paper, Prize]


def tables() -> dict[str, list[dict]]:
    """Everything an import makes, histories included, to the last field."""
    models = [*CATALOGUE, IssueSource, Paper.topics.through]
    models += [model.history.model for model in CATALOGUE]
    return {m._meta.label: list(m._base_manager.order_by("pk").values()) for m in models}
