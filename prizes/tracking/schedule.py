"""When a reader is to be told of a date: so many days before, in the morning of their own zone."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from prizes.models import StatedDate
from prizes.words import last_day

MORNING = time(9)
# On the very day a date may be over before the morning comes, for whoever lives far west.
AT_LEAST_BEFORE = timedelta(hours=12)


def zone_of(name: str | None) -> tzinfo:
    """A reader's zone; UTC for whoever has chosen none, or one this machine no longer knows."""
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def due_at(stated: StatedDate, days: int, zone: tzinfo) -> datetime | None:
    """The instant at which the reminder is due; None for a date that has none to count from.

    A day as it was printed is that day wherever one reads it; an instant is the reader's own day.
    Whatever is chosen, it comes before the earliest instant at which the date may be over.
    """
    if stated.earliest_utc is None:
        return None
    printed = last_day(stated) if stated.time is None else None
    day = printed or stated.earliest_utc.astimezone(zone).date()
    due = datetime.combine(day - timedelta(days=days), MORNING, zone).astimezone(UTC)
    return due if due < stated.earliest_utc else stated.earliest_utc - AT_LEAST_BEFORE


def due_days(
    stated: StatedDate, days: Sequence[int], zone: tzinfo, since: datetime, now: datetime
) -> list[int]:
    """Of the days asked for, those whose hour has come since one asked: the latest one last."""
    hours = ((due_at(stated, each, zone), each) for each in days)
    come = [(due, -each) for due, each in hours if due is not None and since <= due <= now]
    return [-negative for _, negative in sorted(come)]
