"""The past as it was known: what had been announced by an instant, and what was open then."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from prizes.models import Announcement, Deadline, Precision
from prizes.status import STATELESS, State, deadline_status, opening


class AsOfError(ValueError):
    """The text of `as_of` names no instant that can be looked back from."""


def read_as_of(text: str, now: datetime | None = None) -> datetime:
    """A date is the end of that day in UTC, today is now, an instant is itself."""
    now = now or timezone.now()
    try:
        day, instant = parse_date(text), parse_datetime(text)
    except ValueError:
        day = instant = None
    if day is not None and len(text) == 10:
        if day == now.astimezone(UTC).date():
            return now
        instant = end_of(day)
    if instant is None:
        raise AsOfError("Enter a date such as 2022-09-26, or an instant such as 2022-09-26T12:00Z.")
    if timezone.is_naive(instant):
        instant = instant.replace(tzinfo=UTC)
    if instant > now:
        raise AsOfError("Nobody knows yet what will be open: as_of cannot lie in the future.")
    return instant


def end_of(day: date) -> datetime:
    return datetime.combine(day, time.max, UTC)


def deadlines_known_by(at: datetime, user) -> QuerySet[Deadline]:
    """Deadlines that had been announced, with the window stated then as `stated_…` columns."""
    known = Announcement.objects.visible_to(user).current_at(at).filter(deadline=OuterRef("pk"))
    dated = known.filter(precision__isnull=False).order_by(
        "evidence_lost", F("earliest_utc").asc(nulls_last=True), "pk"
    )
    return (
        Deadline.objects.visible_to(user)
        .known_by(at)
        .annotate(
            stated_earliest=Subquery(dated.values("earliest_utc")[:1]),
            stated_latest=Subquery(dated.values("latest_utc")[:1]),
            stated_precision=Subquery(dated.values("precision")[:1]),
            was_cancelled=Exists(known.filter(change=Announcement.Change.CANCELLED)),
        )
    )


def deadlines_now(user) -> QuerySet[Deadline]:
    """The same columns from what stands now, which is indexed."""
    return Deadline.objects.visible_to(user).annotate(
        stated_earliest=F("earliest_utc"),
        stated_latest=F("latest_utc"),
        stated_precision=F("precision"),
        was_cancelled=F("is_cancelled"),
    )


def deadlines_at(at: datetime | None, user) -> QuerySet[Deadline]:
    return deadlines_now(user) if at is None else deadlines_known_by(at, user)


def still_ahead(deadlines: QuerySet[Deadline], at: datetime) -> QuerySet[Deadline]:
    """Those one could still meet at that instant, undated ones among them."""
    ahead = Q(stated_latest__gte=at) | Q(stated_latest=None)
    return deadlines.filter(ahead, was_cancelled=False).exclude(kind__in=STATELESS)


def with_announcements(deadlines: QuerySet[Deadline], at: datetime, user) -> QuerySet[Deadline]:
    """What `state_of` needs, in three queries."""
    told = Announcement.objects.visible_to(user).known_by(at)
    told = told.select_related("entry", "issue__publication").defer(
        "issue__markdown", "issue__html", "issue__source_record", "entry__html", "entry__markdown"
    )
    return deadlines.prefetch_related(Prefetch("announcements", told, to_attr="told"))


def state_of(
    deadline: Deadline, at: datetime, siblings: Iterable[Deadline] = (), *, is_now: bool = True
) -> State:
    """The deadline as it was known at an instant; `told` holds its announcements up to then."""
    current = _standing(deadline.told)
    dated = sorted((a for a in current if a.precision), key=_earliest_first)
    statement = dated[0] if dated else None
    stated = deadline if is_now and deadline.precision else statement
    changes = {a.change for a in current}
    state = State(
        deadline=deadline,
        stated=stated,
        statement=statement or (deadline.told[-1] if deadline.told else None),
        is_cancelled=Announcement.Change.CANCELLED in changes or (is_now and deadline.is_cancelled),
        is_postponed=Announcement.Change.POSTPONED in changes or (is_now and deadline.is_postponed),
        conflicting=[a for a in dated[1:] if _window(a) != _window(dated[0])],
    )
    state.status = deadline_status(
        deadline.kind, stated, at, opens=opening(siblings), is_cancelled=state.is_cancelled
    )
    return state


def _standing(told: Sequence[Announcement]) -> list[Announcement]:
    superseded = {announcement.supersedes_id for announcement in told}
    current = [announcement for announcement in told if announcement.pk not in superseded]
    return [a for a in current if not a.evidence_lost] or current


def _earliest_first(announcement: Announcement) -> tuple[bool, float]:
    earliest = announcement.earliest_utc
    return (earliest is None, earliest.timestamp() if earliest else 0)


def _window(announcement: Announcement) -> tuple[object, ...]:
    if announcement.precision in (Precision.ROLLING, Precision.TBA):
        return (announcement.precision,)
    return (announcement.earliest_utc, announcement.latest_utc)
