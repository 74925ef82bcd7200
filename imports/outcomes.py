"""What an import did, row by row, as its page shows it."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from imports.models import ImportRow, ImportRun

ROWS_A_PAGE = 100


def outcome_page(request: HttpRequest, run: ImportRun, rows: QuerySet[ImportRow]) -> dict[str, Any]:
    """A page of the run's rows, of one outcome if one is asked for, and how many each has."""
    asked = request.GET.get("outcome", "")
    outcome = asked if asked in ImportRow.Outcome.values else ""
    if outcome:
        rows = rows.filter(outcome=outcome)
    return {
        "run": run,
        "page": Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page")),
        "outcome": outcome,
        "counts": run.counted,
    }
