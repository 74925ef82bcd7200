"""Noting where one is with a paper."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from papers.models import Paper
from readinglists.models import ReadingState

State = ReadingState.State


def set_state(user: Any, paper: Paper, state: str, on: date | None = None) -> ReadingState:
    """One state a paper; the date is when it was read or begun, and what is to be read has none.

    Read, and no date said: today, where the reader is; a date that stands there already stays.
    """
    with transaction.atomic():
        known = ReadingState.objects.select_for_update().filter(user=user, paper=paper).first()
        if known and known.state == state and on is None:
            on = known.on
        if state == State.TO_READ:
            on = None
        elif on is None and state == State.READ:
            on = timezone.localdate()
        values = {"state": state, "on": on}
        return ReadingState.objects.update_or_create(user=user, paper=paper, defaults=values)[0]


def clear_state(user: Any, paper: Paper) -> bool:
    """Whether there was one."""
    return ReadingState.objects.filter(user=user, paper=paper).delete()[0] > 0


def states_of(user: Any, papers: Iterable[int]) -> dict[int, ReadingState]:
    """By paper, in one query; none of a stranger's."""
    wanted = list(papers)
    if not user.is_authenticated or not wanted:
        return {}
    return {
        each.paper_id: each for each in ReadingState.objects.filter(user=user, paper__in=wanted)
    }
