"""What services and people say of two papers."""

from typing import Any

from django.utils import timezone

from papers.models import DuplicateSuggestion, Paper

State = DuplicateSuggestion.State


def on_same_work_found(sender, paper: Paper, other: Paper, evidence: str = "", **kwargs) -> None:
    """A record of one names the other, as that of a preprint its publication."""
    if paper.pk == other.pk:
        return
    row, is_new = DuplicateSuggestion.objects.get_or_create(
        **_pair(paper, other),
        defaults={"reason": "identifier", "score": 0.99, "evidence": evidence},
    )
    if not is_new and row.state == State.OPEN and row.reason != "identifier":
        row.reason, row.score, row.evidence = "identifier", 0.99, evidence
        row.save(update_fields=["reason", "score", "evidence"])


def dismiss(paper: Paper, other: Paper, by: Any) -> None:
    """Two works: they are not suggested again, whatever is found alike."""
    DuplicateSuggestion.objects.update_or_create(
        **_pair(paper, other),
        defaults={"state": State.DISMISSED, "decided_by": by, "decided_at": timezone.now()},
        create_defaults={
            "reason": "by_hand",
            "score": 0.0,
            "state": State.DISMISSED,
            "decided_by": by,
            "decided_at": timezone.now(),
        },
    )


def _pair(paper: Paper, other: Paper) -> dict[str, int]:
    first, second = sorted((paper.pk, other.pk))
    return {"paper_id": first, "other_id": second}
