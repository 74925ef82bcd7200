"""The past as it was known: what had been announced by an instant, and what was open then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.db.models import (
    Case,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from prizes.models import Announcement, Deadline, Precision, Prize, StatedDate
from prizes.retelling import STOPPING, standing, states_date
from prizes.status import STATELESS, with_deadline_status, with_prize_status

UNREADABLE = "Enter a date such as 2022-09-26, or an instant: 2022-09-26T12:00Z."


class AsOfError(ValueError):
    """The text of `as_of` names no instant that can be looked back from."""


@dataclass(frozen=True, slots=True)
class AsOf:
    """The instant somebody looks from."""

    instant: datetime
    is_now: bool = False

    @classmethod
    def now(cls) -> "AsOf":
        return cls(timezone.now(), is_now=True)

    @classmethod
    def read(cls, text: str) -> "AsOf":
        """A date is the end of that day in UTC, today is now, an instant is itself."""
        now = timezone.now()
        if "T" in text:
            # In an address the plus of an offset is a space unless it was written as %2B.
            text = text.replace(" ", "+")
        try:
            day, instant = parse_date(text), parse_datetime(text)
        except ValueError:
            day = instant = None
        if day is not None and len(text) == 10:
            if day == now.astimezone(UTC).date():
                return cls(now, is_now=True)
            instant = datetime.combine(day, time.max, UTC)
        if instant is None:
            raise AsOfError(UNREADABLE)
        if timezone.is_naive(instant):
            instant = instant.replace(tzinfo=UTC)
        try:
            instant = instant.astimezone(UTC)
        except OverflowError:  # before the year 1 there
            raise AsOfError(UNREADABLE) from None
        if instant > now:
            raise AsOfError("Nobody knows yet what will be open then: choose a day up to today.")
        return cls(instant)

    @property
    def day(self) -> date:
        return self.instant.astimezone(UTC).date()


def deadlines_as_of(as_of: AsOf, user) -> QuerySet[Deadline]:
    """Deadlines known then, with what was stated then as `stated_…` columns, and `status`."""
    visible: QuerySet[Deadline] = Deadline.objects.visible_to(user)
    if as_of.is_now:
        deadlines = visible.annotate(**_stated_now())
    else:
        deadlines = _stated_at(visible, as_of.instant, user)
    return with_deadline_status(deadlines, deadlines, as_of.instant)


def prizes_as_of(as_of: AsOf, user) -> QuerySet[Prize]:
    """Prizes known then, with `status` and `next_deadline_id`."""
    prizes = known_prizes(as_of, user)
    return with_prize_status(prizes, deadlines_as_of(as_of, user), as_of.instant)


def known_prizes(as_of: AsOf, user) -> QuerySet[Prize]:
    prizes = Prize.objects.visible_to(user)
    return prizes if as_of.is_now else prizes.filter(_was_told("prize", as_of, user))


def without_deadline(as_of: AsOf, user) -> QuerySet[Prize]:
    """Prizes known then of which no date was."""
    dated = Deadline.objects.visible_to(user).filter(prize=OuterRef("pk"))
    if not as_of.is_now:
        dated = dated.filter(_was_told("deadline", as_of, user))
    return known_prizes(as_of, user).filter(~Exists(dated))


def _was_told(subject: str, as_of: AsOf, user) -> Exists:
    """Whether this person may see that it was announced by then, whenever we learned of it."""
    told = Announcement.objects.visible_to(user).known_by(as_of.instant)
    return Exists(told.filter(**{subject: OuterRef("pk")}))


def _stated_now() -> dict[str, object]:
    """What stands now is kept on the row itself, where it is indexed."""
    return {
        "stated_earliest": F("earliest_utc"),
        "stated_latest": F("latest_utc"),
        "stated_precision": F("precision"),
        "was_cancelled": F("is_cancelled"),
    }


def _stated_at(deadlines: QuerySet[Deadline], instant: datetime, user) -> QuerySet[Deadline]:
    """Those that had been announced by then, joined to what says their date. Of several dates that
    stood side by side, the earliest is the safe one."""
    told = Announcement.objects.visible_to(user).known_by(instant)
    replaced = Announcement.objects.filter(supersedes=OuterRef("pk"), announced_at__lte=instant)
    is_replaced = Exists(replaced)
    told = told.filter(deadline=OuterRef("pk")).order_by(
        Case(When(_states_one(), then=0), default=1),
        is_replaced.asc(),
        "evidence_lost",
        # One that was only called off or put off keeps the date it had last.
        Case(When(~is_replaced, then=F("earliest_utc"))).asc(nulls_last=True),
        "-announced_at",
        "-recorded_at",
        "pk",
    )
    cancelled = Announcement.objects.visible_to(user).current_at(instant)
    cancelled = cancelled.filter(change=Announcement.Change.CANCELLED)
    of_the_whole = cancelled.filter(prize=OuterRef("prize"), deadline=None, award=None)
    states_one = _states_one("announcements__")
    return deadlines.filter(announcements=Subquery(told.values("pk")[:1])).annotate(
        stated_earliest=Case(When(states_one, then=F("announcements__earliest_utc"))),
        stated_latest=Case(When(states_one, then=F("announcements__latest_utc"))),
        stated_precision=Case(When(states_one, then=F("announcements__precision"))),
        was_cancelled=Exists(cancelled.filter(deadline=OuterRef("pk"))) | Exists(of_the_whole),
    )


def _states_one(path: str = "") -> Q:
    """Whether an announcement says a date."""
    confirms = Q(**{f"{path}change": Announcement.Change.CONFIRMED})
    return Q(**{f"{path}precision__isnull": False}) & ~confirms


def still_ahead(deadlines: QuerySet[Deadline], as_of: AsOf) -> QuerySet[Deadline]:
    """Those one could still meet at that instant, undated ones among them."""
    ahead = Q(stated_latest__gte=as_of.instant) | Q(stated_latest=None)
    return deadlines.filter(ahead, was_cancelled=False).exclude(kind__in=STATELESS)


def with_announcements(deadlines: QuerySet[Deadline], as_of: AsOf, user) -> QuerySet[Deadline]:
    """With `told`, the announcements known then; `statement_of` reads it."""
    told = Announcement.objects.visible_to(user).known_by(as_of.instant)
    told = told.select_related("entry", "issue__publication").defer(
        "entry__html", "entry__markdown", *(f"issue__{n}" for n in ("markdown", "html")),
        "issue__source_record",
    )  # fmt: skip
    return deadlines.prefetch_related(Prefetch("announcements", told, to_attr="told"))


def with_stops(deadlines: QuerySet[Deadline], as_of: AsOf, user) -> QuerySet[Deadline]:
    """With what stopped each one's prize as a whole by then, as its prize's `stops_told`."""
    of_the_whole = Announcement.objects.visible_to(user).known_by(as_of.instant)
    stops = Q(change__in=STOPPING) | Q(supersedes__change__in=STOPPING)
    of_the_whole = of_the_whole.filter(stops, deadline=None, award=None)
    of_the_whole = of_the_whole.select_related("entry")
    return deadlines.prefetch_related(
        Prefetch("prize__announcements", of_the_whole, to_attr="stops_told")
    )


@dataclass(slots=True)
class Statement:
    """A deadline's date as it stood, and where that was said."""

    stated: StatedDate | None
    announcement: Announcement | None
    conflicting: Sequence[Announcement]  # other dates that stood beside it, none replacing another


def statement_of(deadline: Deadline, as_of: AsOf) -> Statement:
    current = standing(deadline.told)
    dated = sorted((a for a in current if states_date(a)), key=_earliest_first)
    # One that was only called off or put off keeps the date it had.
    before = (a for a in reversed(deadline.told) if states_date(a))
    said = dated[0] if dated else next(before, None)
    return Statement(
        # What a maintainer set by hand stands on the row alone.
        stated=deadline if as_of.is_now and deadline.precision else said,
        announcement=said or (deadline.told[-1] if deadline.told else None),
        conflicting=[a for a in dated[1:] if _window(a) != _window(dated[0])],
    )


def _earliest_first(announcement: Announcement) -> tuple[bool, float]:
    earliest = announcement.earliest_utc
    return (earliest is None, earliest.timestamp() if earliest else 0)


def _window(announcement: Announcement) -> tuple[object, ...]:
    if announcement.precision in (Precision.ROLLING, Precision.TBA):
        return (announcement.precision,)
    return (announcement.earliest_utc, announcement.latest_utc)
