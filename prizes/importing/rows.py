"""Imports of deadlines and previews of them as the API shows them."""

from collections.abc import Iterable
from typing import Any

from api.resources import absolute
from imports.models import ImportRow
from imports.rows import became, counts_of, outcome_row
from prizes.importing.calls import CallDate
from prizes.importing.run import Judged, Result


def import_row(row: ImportRow) -> dict[str, Any]:
    return outcome_row(row) | {"prize": became(row, "prize"), "slug": row.effect.get("id")}


def preview_row(result: Result) -> dict[str, Any]:
    return {"counts": counts_of(result.counts), "rows": list(_judged(result.rows))}


def _judged(rows: Iterable[Judged]) -> Iterable[dict[str, Any]]:
    for judged in rows:
        # A prize that was only made to look at is gone again.
        is_there = judged.prize is not None and judged.outcome != ImportRow.Outcome.CREATED
        yield {
            "line": judged.call.line,
            "outcome": str(judged.outcome),
            "reason": judged.reason or None,
            "warnings": judged.warnings,
            "name": judged.call.name or None,
            "dates": [_date(date) for date in judged.call.dates],
            "match": _match(judged) if is_there else None,
        }


def _match(judged: Judged) -> dict[str, Any]:
    prize: Any = judged.prize
    return {
        "prize": prize.pk,
        "name": prize.name,
        "web_url": absolute(prize.get_absolute_url()),
    }


def _date(date: CallDate) -> dict[str, Any]:
    return {
        "kind": date.kind,
        "label": date.label or None,
        "line": date.line,
        "date": date.date,
        "time": date.time.isoformat() if date.time else None,
        "timezone": date.timezone,
        "precision": str(date.precision),
        "is_cancelled": date.is_cancelled,
    }
