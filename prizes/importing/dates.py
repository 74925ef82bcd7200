"""Dates as trackers write them, checked by constructing them, never by a pattern alone."""

import datetime as dt
import re
from dataclasses import replace

from prizes.importing.calls import CallDate
from prizes.models import Deadline, Precision
from prizes.reader.zones import read_zone

_DATE = re.compile(
    r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?"
    r"(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?)?"
)
_UNKNOWN = {"", "none", "tba", "tbd", "n/a", "na", "unknown", "to be announced", "?"}
_CANCELLED = {"cancelled", "canceled"}


class ImpossibleDate(ValueError):
    """There is no such date, or it could be several; the message says why."""


def read_date(text: str | None, kind: str, label: str, line: int, zone: str | None) -> CallDate:
    """A date with the zone its record names; ImpossibleDate if it is none."""
    text = (text or "").strip()
    read = CallDate(kind=kind, label=label, line=line, quote=text)
    if text.lower() in _CANCELLED:
        return replace(read, is_cancelled=True)
    if text.lower() in _UNKNOWN:
        return read
    found = _DATE.fullmatch(text)
    if found is None:
        raise ImpossibleDate(f"{text!r} is no date such as 2026-05-31 23:59")
    year, month, day, hour, minute, second, offset = found.groups()
    try:
        date = dt.date(int(year), int(month), int(day or 1))
        # A deadline at 24:00 is the end of that day.
        at_midnight = hour == "24" and minute == "00"
        has_time = hour is not None and not at_midnight
        time = dt.time(int(hour), int(minute), int(second or 0)) if has_time else None
    except ValueError as error:
        raise ImpossibleDate(f"{text!r}: {error}") from error
    if day is None:
        return replace(read, date=date, precision=Precision.MONTH)
    if time is None:
        return replace(read, date=date, precision=Precision.DAY, timezone=zone)
    zone = _offset(offset) if offset else zone
    if zone is None:
        raise ImpossibleDate(f"{text!r} has a time and no zone")
    return replace(read, date=date, time=time, timezone=zone, precision=Precision.MINUTE)


def read_zone_of(name: str | None, default: str | None) -> str | None:
    """The zone a record names, or its tracker's default; ImpossibleDate for one nobody knows."""
    if name is None or not name.strip():
        return default
    zone, problem = read_zone(name)
    if zone is None:
        raise ImpossibleDate(problem or f"unknown zone {name}")
    return zone


def _offset(text: str) -> str:
    if text == "Z":
        return "UTC"
    zone, problem = read_zone(f"UTC{text}")
    if zone is None:
        raise ImpossibleDate(problem or f"no zone has the offset {text}")
    return zone


SUBMISSION, ABSTRACT = Deadline.Kind.SUBMISSION, Deadline.Kind.ABSTRACT
