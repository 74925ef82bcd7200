"""Completing papers, one transaction each: asked beforehand, saved when the answers are there.

Killed at any point, a run goes on where it was: answers are kept, and what is done is marked.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import batched

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from papers.enrichment.completing import Changes, Completing
from papers.enrichment.errors import ServiceError, Unavailable
from papers.enrichment.gathering import Gathered, gather, prefetch
from papers.identifiers import Identifier as Identity
from papers.models import Completion, Identifier, Paper

AT_ONCE = 50
RECENT = timedelta(minutes=10)  # the age of answers that somebody asking anew still gets
LAST_WEEK = timedelta(days=7)
MOST_TRIES = 5
FIRST_PAUSE = timedelta(minutes=15)

Outcome = Completion.Outcome
TRY_AGAIN = (Outcome.POSTPONED, Outcome.FAILED)


@dataclass(frozen=True, slots=True)
class Result:
    paper: int
    outcome: Completion.Outcome
    changes: Changes = field(default_factory=Changes)
    detail: str | None = None
    retry_at: datetime | None = None


def complete_papers(
    ids: Iterable[int], *, max_age: timedelta = LAST_WEEK, save: bool = True
) -> Iterator[Result]:
    """Complete papers in order; each is saved when its result is given."""
    for batch in batched(ids, AT_ONCE):
        identities = identities_of(batch)
        if len(batch) > 1:
            prefetch((each for own in identities.values() for each in own), max_age)
        for paper in batch:
            gathered = gather(identities.get(paper, []), max_age)
            if result := _complete(paper, gathered, save=save):
                yield result


def identities_of(ids: Iterable[int]) -> dict[int, list[Identity]]:
    """By paper, what a service can be asked for."""
    rows = Identifier.objects.filter(paper__in=list(ids), scheme__in=("arxiv", "doi"))
    found: dict[int, list[Identity]] = {}
    for paper, scheme, value in rows.order_by("scheme", "pk").values_list(
        "paper", "scheme", "value"
    ):
        found.setdefault(paper, []).append(Identity(scheme, value))
    return found


def _complete(pk: int, gathered: Gathered, *, save: bool) -> Result | None:
    """None where the paper was deleted or merged meanwhile."""
    now = timezone.now()
    with transaction.atomic():
        standing = Paper.objects.select_for_update().filter(merged_into=None)
        paper = standing.filter(pk=pk).first()
        if paper is None:
            return None
        changes = Completing(paper, gathered.records, now).complete()
        result = _result(pk, gathered, changes)
        if save:
            _note(result, now)
        transaction.set_rollback(not save)
    return result


def _result(pk: int, gathered: Gathered, changes: Changes) -> Result:
    error = _worst(gathered.errors)
    if error is not None:
        outcome = Outcome.POSTPONED if isinstance(error, Unavailable) else Outcome.FAILED
        return Result(pk, outcome, changes, str(error), getattr(error, "retry_at", None))
    if not gathered.was_asked:
        return Result(pk, Outcome.NOTHING_TO_ASK)
    if not gathered.records:
        return Result(pk, Outcome.NOT_FOUND)
    return Result(pk, Outcome.COMPLETED if changes else Outcome.UNCHANGED, changes)


def _worst(errors: Iterable[ServiceError]) -> ServiceError | None:
    """One that passes is waited for; of these, the longest."""
    passing = [error for error in errors if isinstance(error, Unavailable)]
    return max(passing, key=lambda e: e.retry_at) if passing else next(iter(errors), None)


def _note(result: Result, now: datetime) -> None:
    row, _ = Completion.objects.get_or_create(paper_id=result.paper, defaults={"asked_at": now})
    in_vain = result.outcome in TRY_AGAIN
    row.tries = row.tries + 1 if in_vain else 0
    is_over = not in_vain or row.tries >= MOST_TRIES
    pause = now + FIRST_PAUSE * 2 ** (row.tries - 1) if in_vain else None
    row.state = Completion.State.DONE if is_over else Completion.State.WAITING
    row.next_try_at = None if is_over or pause is None else max(pause, result.retry_at or pause)
    row.outcome, row.detail, row.tried_at = result.outcome, result.detail, now
    row.save()


def not_looked_up_since(moment: datetime) -> QuerySet[Paper]:
    """Papers with something to ask for, those that were never looked up first."""
    known = Identifier.objects.filter(scheme__in=("arxiv", "doi")).values("paper")
    papers = Paper.objects.filter(merged_into=None, pk__in=known)
    papers = papers.exclude(completion__tried_at__gte=moment)
    papers = papers.exclude(completion__state=Completion.State.WAITING)
    return papers.order_by(F("completion__tried_at").asc(nulls_first=True), "pk")
