"""Runs and their rows as the API shows them, whatever was imported."""

from collections.abc import Callable, Mapping
from typing import Any

from imports.models import ImportRow, ImportRun

AT_ONCE = 500

type RowShape = Callable[[ImportRow], dict[str, Any]]


def run_row(run: ImportRun) -> dict[str, Any]:
    return {
        "id": str(run.pk),
        "source": run.source,
        "state": run.state,
        "counts": counts_of(run.counts),
        "error": run.error or None,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "undone_at": run.undone_at,
    }


def counts_of(counts: Mapping[str, int]) -> dict[str, int]:
    return {name: counts.get(name, 0) for name in ImportRow.Outcome.values}


def outcome_row(row: ImportRow) -> dict[str, Any]:
    """What became of one record, and why."""
    return {
        "line": row.line,
        "outcome": row.outcome,
        "reason": row.reason or None,
        "warnings": row.warnings,
    }


def became(row: ImportRow, kind: str) -> int | None:
    """The id of the thing of a kind that a record became."""
    return int(row.key) if row.kind == kind and row.key else None


def rows_behind(
    run: ImportRun, shape: RowShape, after: int = 0
) -> tuple[list[dict[str, Any]], int | None]:
    """Some rows of a run, and behind which one there are more."""
    rows = run.rows.filter(pk__gt=after).defer("raw").order_by("pk")[: AT_ONCE + 1]
    found = list(rows)
    last = found[AT_ONCE - 1].pk if len(found) > AT_ONCE else None
    return [shape(row) for row in found[:AT_ONCE]], last
