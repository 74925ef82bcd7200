"""Deadlines as events of a calendar, each as exact as it was stated and no more.

What CALENDAR applications make of them taught every rule here; `tests/prizes/calendar_rules.py`
holds them.
"""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings

from markup.text import clean_line, clean_text
from markup.urls import clean_url
from prizes.as_of import AsOf
from prizes.board import Row
from prizes.changes import change_words, what_happens
from prizes.models import Announcement, Deadline, Precision, StatedDate
from prizes.retelling import count_changes
from prizes.words import (
    day_words,
    last_day,
    short_day,
    stated_money_words,
    utc_words,
    zone_words,
)

# An event without length vanishes from most calendars, so the deadline is the end of a block.
BLOCK = timedelta(minutes=15)
KEPT_WHEN_CANCELLED = timedelta(days=30)
PLACEABLE = (Precision.INSTANT, Precision.MINUTE, Precision.DAY)
ONE_DAY = timedelta(days=1)
VERBS: dict[str, str] = {Deadline.Kind.OPENS: "open", Deadline.Kind.NOTIFICATION: "come"}


@dataclass(frozen=True, slots=True)
class Event:
    """Dates for a whole day, instants in UTC for a moment; `ends` is the first day after it."""

    uid: uuid.UUID
    summary: str
    description: str
    url: str
    starts: date | datetime
    ends: date | datetime | None
    status: str
    sequence: int
    announced_at: datetime
    changed_at: datetime
    categories: Sequence[str] = ()

    @property
    def is_whole_day(self) -> bool:
        return not isinstance(self.starts, datetime)


def is_placeable(stated: StatedDate | None) -> bool:
    """Whether a calendar has a day for it: months, rolling and unknown dates have none."""
    return stated is not None and stated.date is not None and stated.precision in PLACEABLE


def stated_of(row: Row) -> Any:
    """The date of a row of which it `is_placeable`."""
    return row.stated


def is_dropped(row: Row, as_of: AsOf) -> bool:
    """Cancelled so long ago that every calendar that follows has heard of it."""
    if not row.deadline.was_cancelled:
        return False
    return (cancelled_at(row, as_of) or as_of.instant) < as_of.instant - KEPT_WHEN_CANCELLED


def cancelled_at(row: Row, as_of: AsOf) -> datetime | None:
    """When those who follow could know, which may be later than when the world was told."""
    told = [a for a in row.deadline.told if a.change == Announcement.Change.CANCELLED]
    if not told:
        return row.deadline.changed_at
    return (
        max(told[-1].announced_at, told[-1].recorded_at) if as_of.is_now else told[-1].announced_at
    )


def event_of(row: Row, as_of: AsOf) -> Event:
    """Of a deadline whose date is placeable."""
    deadline, stated = row.deadline, stated_of(row)
    starts, ends = span(stated)
    sequence, announced_at, changed_at = history_of(row, as_of)
    return Event(
        uid=uid_of(deadline),
        summary=summary_of(row),
        description=clean_text("\n".join(description_of(row))),
        url=address_of(deadline),
        starts=starts,
        ends=ends,
        status=status_of(row),
        sequence=sequence,
        announced_at=announced_at,
        changed_at=changed_at,
        categories=[clean_line(topic.name) for topic in deadline.prize.topics.all()],
    )


def uid_of(deadline: Deadline) -> uuid.UUID:
    """Never from title, date or place in the feed: a new one is a second event in calendars."""
    return deadline.pk


def address_of(deadline: Deadline) -> str:
    return f"{settings.SITE_URL}{deadline.get_absolute_url()}"


def history_of(row: Row, as_of: AsOf) -> tuple[int, datetime, datetime]:
    """How often it changed, when it was announced, when it changed last; never the clock's now."""
    deadline, told = row.deadline, row.deadline.told
    announced_at = told[0].announced_at if told else deadline.created_at
    if as_of.is_now or not told:
        return deadline.sequence, announced_at, deadline.changed_at or announced_at
    sequence, changed_at = count_changes(told)
    return sequence, announced_at, changed_at


def span(stated: Any) -> tuple[date | datetime, date | datetime | None]:
    """A block that ends at the instant, or the whole last day where no instant is known."""
    if is_moment(stated):
        ends = in_utc(stated.earliest_utc)
        return max(ends, _EARLIEST + BLOCK) - BLOCK, ends
    day: Any = last_day(stated)
    return day, (day + ONE_DAY if day < date.max else None)


_EARLIEST = datetime.min.replace(tzinfo=UTC)


def is_moment(stated: StatedDate) -> bool:
    """A time with its zone. Where clocks were set back it happened twice: the first is the safe
    one. Midnight may be either end of its day, and a time without a zone lies 26 hours wide."""
    if stated.time is None or stated.earliest_utc is None or stated.latest_utc is None:
        return False
    return stated.latest_utc - stated.earliest_utc < timedelta(hours=3)


def in_utc(moment: datetime) -> datetime:
    """Any other zone would need a VTIMEZONE beside it, or float with the reader."""
    return moment.astimezone(UTC)


def status_of(row: Row) -> str:
    if row.deadline.was_cancelled:
        return "CANCELLED"
    stated = stated_of(row)
    is_unsure = (
        stated.year_inferred
        or stated.timezone is None
        or row.conflicting
        or row.is_postponed
        or stated.earliest_utc is None
    )
    return "TENTATIVE" if is_unsure else "CONFIRMED"


def summary_of(row: Row) -> str:
    words = f"{row.deadline.prize.name}: {what_happens(row.deadline)}"
    if row.deadline.was_cancelled:
        words = f"Cancelled: {words}"
    elif row.is_postponed:
        words = f"Postponed: {words}"
    return clean_line(words)


def description_of(row: Row) -> Iterator[str]:
    """Plain text: what was stated and what was not, who said so, what one can win."""
    prize = row.deadline.prize
    yield from when_words(row)
    yield from _changes(row)
    if row.announcement and row.announcement.quote:
        yield f"“{clean_line(row.announcement.quote)}” ({clean_line(row.announcement.source)})"
    if row.pool.amount is not None:
        yield f"In total: {stated_money_words(row.pool)}"
    for award in row.awards:
        if award.amount is not None:
            each = " each" if award.basis == "each" else ""
            label = f", {clean_line(award.label)}" if award.label else ""
            yield f"{stated_money_words(award)}{each}{label}"
    if prize.organiser:
        yield f"Organiser: {clean_line(prize.organiser)}"
    if website := clean_url(prize.website or ""):
        yield f"Website: {website}"
    yield address_of(row.deadline)


def when_words(row: Row) -> Iterator[str]:
    stated = stated_of(row)
    yield from _time_words(stated, VERBS.get(row.deadline.kind, "close"))
    if not stated.inclusive and stated.time is None:
        day: Any = last_day(stated)
        last = short_day(day)
        yield f"The text says before {short_day(stated.date)}: the last full day is {last}."
    if stated.year_inferred:
        yield f"The year was not printed; {stated.date.year} is inferred from the issue."
    for other in row.conflicting:
        yield f"Another date is stated too: {day_words(other)}. The earlier one is counted."


def _time_words(stated: Any, verb: str) -> Iterator[str]:
    zone = zone_words(stated) or "zone not stated"
    if stated.earliest_utc is None or stated.latest_utc is None:
        time = f"{stated.time:%H:%M} " if stated.time else ""
        yield f"{time}{zone}: when that is, is not known."
        return
    said = f"{short_day(stated.date)} {stated.time:%H:%M}" if stated.time else ""
    between = f"between {utc_words(stated.earliest_utc)} and {utc_words(stated.latest_utc)}"
    if stated.time is None and stated.earliest_utc == stated.latest_utc:
        yield f"Time not stated; the day ends at {utc_words(stated.latest_utc)} ({zone})."
    elif stated.time is None:
        yield f"Time not stated; may {verb} {between}."
    elif stated.earliest_utc == stated.latest_utc:
        yield f"{said} {zone}: {utc_words(stated.latest_utc)}."
    else:
        yield f"Stated as {said}, {zone}; may {verb} {between}."


def _changes(row: Row) -> Iterator[str]:
    for told in row.deadline.told:
        if words := change_words(told, row.deadline.told):
            yield f"{words} (told {short_day(told.announced_on)})."
