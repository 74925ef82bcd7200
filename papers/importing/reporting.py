"""A planned or written record as reports, the API and previews show it."""

from typing import Any

from papers.importing.planning import Plan
from papers.importing.sources import Source


def as_reported(source: Source, plan: Plan) -> dict[str, Any]:
    """The shape of `imports.reports`, so that a rehearsal's report reads like a run's."""
    paper = paper_of(plan)
    return {
        "line": plan.line,
        "outcome": str(plan.outcome),
        "reason": plan.reason or None,
        "id": paper.citation_key if paper else None,
        "source": source.name,
        "became": {"kind": "paper", "key": str(paper.pk)} if paper and paper.pk else None,
        "warnings": plan.warnings,
    }


def paper_of(plan: Plan):
    """The paper a record became, or is."""
    if plan.paper is not None:
        return plan.paper
    return plan.match.paper if plan.match and plan.outcome in ("updated", "unchanged") else None


def shown(plan: Plan) -> str:
    """One line for people: what is to become of a record."""
    reference = plan.reference
    if reference is None:
        return ""
    names = ", ".join(reference.names[:3]) + (" et al." if len(reference.names) > 3 else "")
    year = str(reference.published.year) if reference.published else ""
    about = ", ".join(filter(None, (names, year)))
    told = f"{_SIGNS[plan.outcome]} {reference.title}" + (f" ({about})" if about else "")
    if plan.values:
        told += f": {', '.join(plan.values)}"
    return told


_SIGNS = {
    "created": "+",
    "updated": "~",
    "unchanged": "=",
    "duplicate": "=",
    "skipped": "-",
    "rejected": "!",
}
