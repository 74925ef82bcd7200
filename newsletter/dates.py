"""Dates of records as exporters wrote them over the years."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

_NOTHING = frozenset({"", "n/a", "nan", "none", "null"})
_YEAR = re.compile(r"\d{4}(?:-\d{2})?", re.ASCII)
_DATE = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})"
    r"(?:[T ](?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<part>\d{1,9}))?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ReadDate:
    """The instant if one was told, what was printed, and what is to be said about it."""

    at: datetime | None
    raw: str | None
    warning: str | None = None


def is_nothing(text: str) -> bool:
    """Whether an exporter meant "there is none"."""
    return text.strip().casefold() in _NOTHING


def read_date(value: str | int | float | None) -> ReadDate:
    """Without a zone it is UTC, as the exporters meant it. What is no date is kept as it came."""
    raw = "" if value is None else str(value).strip()
    if is_nothing(raw):
        return ReadDate(None, None)
    if _YEAR.fullmatch(raw):
        return ReadDate(None, raw, f"date_published {raw!r} names no day; kept as it came")
    match = _DATE.fullmatch(raw)
    if match is None:
        return _unreadable(raw)
    try:
        at, note = _instant(match)
    except (ValueError, OverflowError):
        return _unreadable(raw)
    if at > datetime.now(UTC) + timedelta(days=2):
        note = f"date_published {raw!r} lies in the future"
    return ReadDate(at, raw, note)


def _unreadable(raw: str) -> ReadDate:
    shown = raw if len(raw) <= 60 else f"{raw[:60]}…"
    return ReadDate(None, raw, f"date_published {shown!r} is no date; kept as it came")


def _instant(match: re.Match[str]) -> tuple[datetime, str | None]:
    day = date(int(match["year"]), int(match["month"]), int(match["day"]))
    if match["hour"] is None:
        start = datetime(day.year, day.month, day.day, tzinfo=UTC)
        return start, "date_published has no time; taken as the start of the day in UTC"
    at = datetime(
        day.year,
        day.month,
        day.day,
        int(match["hour"]),
        int(match["minute"]),
        int(match["second"] or 0),
        int((match["part"] or "0").ljust(6, "0")[:6]),
        tzinfo=_zone(match["zone"]),
    ).astimezone(UTC)
    note = None if match["zone"] else "date_published has no time zone; taken as UTC"
    return at, note


def _zone(text: str | None) -> timezone:
    if text is None or text.isalpha():
        return UTC
    sign = -1 if text[0] == "-" else 1
    digits = text[1:].replace(":", "").ljust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 14 or minutes > 59:
        raise ValueError(text)
    return timezone(sign * timedelta(hours=hours, minutes=minutes))
