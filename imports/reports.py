"""The report of a run: a JSON line for every row, in the order in which they were read."""

import json
from collections import Counter
from pathlib import Path
from typing import TextIO

from .models import ImportRow, ImportRun


def write_report(run: ImportRun, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        write_rows(run, file)


def write_rows(run: ImportRun, file: TextIO) -> None:
    rows = ImportRow.objects.filter(run=run).defer("raw").order_by("pk")
    for row in rows.iterator(chunk_size=500):
        file.write(json.dumps(as_reported(row), ensure_ascii=False) + "\n")


def as_reported(row: ImportRow) -> dict[str, object]:
    return {
        "line": row.line,
        "outcome": row.outcome,
        "reason": row.reason or None,
        "id": row.effect.get("id"),
        "source": row.source,
        "became": {"kind": row.kind, "key": row.key} if row.key else None,
        "warnings": row.warnings,
    }


def counted(messages: Counter[str]) -> list[str]:
    """Each once with its number, the most frequent first."""
    times = [(text, number) for text, number in messages.most_common() if number > 0]
    return [f"{text} ({number} times)" if number > 1 else text for text, number in times]
