"""Imports, their rows and previews as the API shows them."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from api.resources import absolute
from imports.models import ImportRow, ImportRun
from imports.rows import became, counts_of, outcome_row, run_row
from papers.importing.planning import Outcome, Plan
from papers.importing.run import Result
from papers.importing.sources import Source
from papers.importing.writing import told_as


def paper_run_row(run: ImportRun) -> dict[str, Any]:
    return run_row(run) | {"web_url": absolute(reverse("papers:imported", args=[run.pk]))}


def import_row(row: ImportRow) -> dict[str, Any]:
    return outcome_row(row) | {
        "paper": became(row, "paper"),
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
