"""Imports, their rows and previews as the API shows them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse

from api.resources import absolute
from imports.models import ImportRow, ImportRun
from papers.importing.planning import Outcome, Plan
from papers.importing.run import Result
from papers.importing.sources import Source
from papers.importing.writing import told_as

AT_ONCE = 500


def run_rows(runs: Iterable[ImportRun]) -> list[dict[str, Any]]:
    return [
        {
            "id": str(run.pk),
            "source": run.source,
            "state": run.state,
            "counts": counts_of(run.counts),
            "error": run.error or None,
            "started_at": run.started_at,
            "finished_at": run.finished_at,
            "undone_at": run.undone_at,
            "web_url": absolute(reverse("papers:imported", args=[run.pk])),
        }
        for run in runs
    ]


def counts_of(counts: Mapping[str, int]) -> dict[str, int]:
    return {name: counts.get(name, 0) for name in Outcome.values}


def rows_behind(run: ImportRun, after: int = 0) -> tuple[list[dict[str, Any]], int | None]:
    """Some rows of a run, and behind which one there are more."""
    rows = run.rows.filter(pk__gt=after).defer("raw").order_by("pk")[: AT_ONCE + 1]
    found = list(rows)
    last = found[AT_ONCE - 1].pk if len(found) > AT_ONCE else None
    return [import_row(row) for row in found[:AT_ONCE]], last


def import_row(row: ImportRow) -> dict[str, Any]:
    return {
        "line": row.line,
        "outcome": row.outcome,
        "reason": row.reason or None,
        "warnings": row.warnings,
        "paper": int(row.key) if row.kind == "paper" and row.key else None,
        "citation_key": row.effect.get("id"),
    }


def preview_row(source: Source, result: Result, plans: Iterable[Plan]) -> dict[str, Any]:
    return {
        "format": str(source.format),
        "counts": counts_of(result.counts),
        "warnings": source.warnings,
        "rows": [_planned(plan) for plan in plans],
    }


def _planned(plan: Plan) -> dict[str, Any]:
    paper = plan.match.paper if plan.match else None
    fills = [
        *dict.fromkeys(map(told_as, plan.values)),
        *(["authors"] if plan.takes_authors else []),
    ]
    return {
        "number": plan.number,
        "line": plan.line,
        "outcome": str(plan.outcome),
        "reason": plan.reason or None,
        "warnings": plan.warnings,
        "title": plan.reference.title if plan.reference else None,
        "match": {
            "paper": paper.pk,
            "title": paper.title,
            "certainty": str(plan.match.certainty),
            "reason": plan.match.reason,
            "web_url": absolute(paper.get_absolute_url()),
        }
        if paper and plan.match
        else None,
        "fills": fills if plan.outcome == Outcome.UPDATED else [],
    }
