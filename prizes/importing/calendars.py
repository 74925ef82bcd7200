"""Events of an iCalendar file as deadlines. An event ends at its deadline, so its end counts."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from icalendar import Calendar

from markup.text import clean_line, clean_text
from markup.urls import clean_url
from prizes.importing.calls import Call, CallDate, Trouble
from prizes.importing.dates import SUBMISSION
from prizes.models import Precision
from prizes.reader.zones import read_zone

LARGEST = 8 * 1024 * 1024
MOST_EVENTS = 20_000


class UnreadableCalendar(Exception):
    """No iCalendar file; the message says why."""


def calls_in(data: bytes) -> Iterator[Call]:
    if len(data) > LARGEST:
        raise UnreadableCalendar(f"The file is larger than {LARGEST // 1024**2} MB.")
    try:
        calendars = Calendar.from_ical(data, multiple=True)
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise UnreadableCalendar(f"Not readable as iCalendar: {error}.") from error
    lines = _lines_of_events(data)
    if len(lines) != sum(len(calendar.walk("VEVENT")) for calendar in calendars):
        raise UnreadableCalendar("Not every event in it is closed by END:VEVENT.")
    number = 0
    for calendar in calendars:
        for event in calendar.walk("VEVENT"):
            if number >= MOST_EVENTS:
                raise UnreadableCalendar(f"The file has more than {MOST_EVENTS:,} events.")
            yield _call(event, lines[number] if number < len(lines) else 1)
            number += 1


def _lines_of_events(data: bytes) -> list[int]:
    lines = data.splitlines()
    return [n for n, line in enumerate(lines, 1) if line.strip().upper() == b"BEGIN:VEVENT"]


def _call(event: Any, line: int) -> Call:
    name = clean_line(str(event.get("SUMMARY", "")))[:300]
    call = Call(name=name, line=line, raw=event.to_ical()[:20_000])
    if not name:
        call.troubles.append(Trouble(line, "has no SUMMARY"))
    call.key = clean_line(str(event.get("UID", "")))[:200] or name
    call.website = clean_url(str(event.get("URL", "")))
    call.description = clean_text(str(event.get("DESCRIPTION", ""))).strip()[:2000] or None
    if "RRULE" in event:
        call.troubles.append(Trouble(line, "repeats: only its first date is read"))
    if (date := _date(event, line, call)) is not None:
        call.dates.append(date)
    return call


def _date(event: Any, line: int, call: Call) -> CallDate | None:
    starts, ends = (_value(event, name) for name in ("DTSTART", "DTEND"))
    is_cancelled = str(event.get("STATUS", "")).upper() == "CANCELLED"
    stated = ends or starts
    if stated is None:
        call.troubles.append(Trouble(line, "has neither DTSTART nor DTEND that is a date"))
        return None
    quote = f"{'DTEND' if ends else 'DTSTART'}: {stated.isoformat()}"
    if not isinstance(stated, dt.datetime):
        # The end of a whole-day event is the day after its last one.
        day = stated - dt.timedelta(days=1) if ends and starts != ends else stated
        return CallDate(SUBMISSION, "", line, quote, day, None, None, Precision.DAY, is_cancelled)
    zone = _zone(event, "DTEND" if ends else "DTSTART", stated)
    if zone is None:
        call.troubles.append(Trouble(line, f"{quote} has a time and no zone that is known"))
        return None
    if zone == "UTC":
        stated = stated.astimezone(dt.UTC)
    return CallDate(
        SUBMISSION,
        "",
        line,
        quote,
        stated.date(),
        stated.time().replace(tzinfo=None),
        zone,
        Precision.MINUTE,
        is_cancelled,
    )


def _value(event: Any, name: str) -> Any:
    value = getattr(event.get(name), "dt", None)
    return value if isinstance(value, dt.date) else None


def _zone(event: Any, name: str, stated: dt.datetime) -> str | None:
    if stated.tzinfo is None:
        return None
    named = event[name].params.get("TZID")
    zone = read_zone(str(named))[0] if named else None
    return zone or "UTC"
