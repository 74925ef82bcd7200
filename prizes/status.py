"""Whether one can still enter: derived from stated dates at an instant, never stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models

from prizes.models import Announcement, Deadline, Precision, StatedDate

LAST_HOURS = timedelta(hours=24)
Kind = Deadline.Kind
# Dates by which something has to be handed in.
SUBMISSION_LIKE = frozenset(
    {Kind.REGISTRATION, Kind.ABSTRACT, Kind.SUBMISSION, Kind.ROUND_END, Kind.FINAL}
)
# Once one of these has passed, nothing more can be handed in.
ENDING = frozenset({Kind.SUBMISSION, Kind.FINAL})
STATELESS = frozenset({Kind.OPENS, Kind.NOTIFICATION})


class Status(models.TextChoices):
    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"
    ROLLING = "rolling"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


@dataclass(slots=True)
class State:
    """What was known of a deadline at an instant, and what followed from it."""

    deadline: Deadline
    stated: StatedDate | None  # the date as known then
    statement: Announcement | None  # where it was stated
    status: Status | None = None
    is_cancelled: bool = False
    is_postponed: bool = False
    conflicting: Sequence[Announcement] = ()  # other dates that stood then, none replacing another


STILL_OPEN = frozenset({Status.UPCOMING, Status.OPEN, Status.CLOSING, Status.ROLLING})


def deadline_status(
    kind: str,
    stated: StatedDate | None,
    at: datetime,
    *,
    opens: datetime | None = None,
    is_cancelled: bool = False,
) -> Status | None:
    """The status of a deadline with this date; `opens` is when its prize opens, if known."""
    if kind in STATELESS:
        return None
    if is_cancelled:
        return Status.CANCELLED
    if stated is None or stated.precision in (None, Precision.TBA):
        return Status.UNKNOWN
    if stated.precision == Precision.ROLLING:
        return Status.ROLLING
    earliest, latest = stated.earliest_utc, stated.latest_utc
    if earliest is None or latest is None:
        return Status.UNKNOWN
    if at > latest:
        return Status.CLOSED
    if opens is not None and at < opens:
        return Status.UPCOMING
    begins = latest - LAST_HOURS if earliest == latest else earliest
    return Status.CLOSING if at >= begins else Status.OPEN


def prize_status(states: Sequence[State]) -> str:
    """That of the earliest submission-like deadline still ahead; with none ahead it is closed if
    a final or submission deadline has passed. A prize whose dates are all off is off too.
    """
    entering = [state for state in states if state.deadline.kind in SUBMISSION_LIKE]
    ahead = [state for state in entering if state.status in STILL_OPEN]
    if ahead:
        return min(ahead, key=_soonest_first).status
    for word, is_off in (("cancelled", _is_cancelled), ("postponed", _is_postponed)):
        if entering and all(is_off(state) for state in entering):
            return word
    if any(s.deadline.kind in ENDING and s.status == Status.CLOSED for s in entering):
        return Status.CLOSED
    return Status.UNKNOWN


def _is_cancelled(state: State) -> bool:
    return state.is_cancelled


def _is_postponed(state: State) -> bool:
    return state.is_postponed


def _soonest_first(state: State) -> tuple[bool, float]:
    latest = state.stated.latest_utc if state.stated else None
    return (latest is None, latest.timestamp() if latest else 0)


def opening(deadlines: Iterable[Deadline]) -> datetime | None:
    """When a prize begins to take entries, if it says so."""
    stated = [d.earliest_utc for d in deadlines if d.kind == Kind.OPENS and d.earliest_utc]
    return min(stated, default=None)
