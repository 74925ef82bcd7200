"""iCalendar (RFC 5545, 7986) as bytes: the same events give the same bytes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from icalendar import Alarm, Calendar, vText
from icalendar import Event as CalendarEvent

from markup.text import clean_line, clean_text
from prizes.calendar.events import Event

PRODUCT = "-//Shortlist//Deadlines//EN"
MEDIA_TYPE = "text/calendar; charset=utf-8"
REFRESHED_EVERY = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class About:
    """What a calendar says of itself: its name, where it is fetched, the page of the same set."""

    name: str
    description: str
    source: str
    url: str


class EmptyCalendarError(ValueError):
    """RFC 5545 3.4: a calendar has at least one component."""


def write_calendar(
    about: About, events: Iterable[Event], alarms: Sequence[timedelta] = ()
) -> bytes:
    calendar = _calendar(about)
    for event in events:
        calendar.add_component(_event(event, alarms))
    if not calendar.subcomponents:
        raise EmptyCalendarError(about.name)
    return calendar.to_ical()


def _calendar(about: About) -> Calendar:
    calendar = Calendar()
    # Said to be text: of names it does not know, the library escapes nothing.
    name, description = (
        vText(clean_line(about.name) or "Deadlines"),
        vText(clean_text(about.description)),
    )
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    # Each twice: as the standard has it, and as applications read it.
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    if description:
        calendar.add("description", description)
        calendar.add("x-wr-caldesc", description)
    calendar.add("refresh-interval", REFRESHED_EVERY, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT12H")
    calendar.add("source", about.source, parameters={"value": "URI"})
    calendar.add("url", about.url)
    return calendar


def _event(event: Event, alarms: Sequence[timedelta]) -> CalendarEvent:
    written = CalendarEvent()
    written.add("uid", str(event.uid))
    written.add("sequence", event.sequence)
    written.add("dtstamp", event.changed_at)
    written.add("last-modified", event.changed_at)
    written.add("created", event.announced_at)
    written.add("dtstart", event.starts)
    if event.ends is not None:
        written.add("dtend", event.ends)
    # Some readers give up on a property without a value.
    written.add("summary", clean_line(event.summary) or "Deadline")
    if description := clean_text(event.description).strip():
        written.add("description", description)
    written.add("url", event.url)
    written.add("status", event.status)
    written.add("transp", "TRANSPARENT")  # a deadline is no busy hour
    if categories := [each for each in map(clean_line, event.categories) if each]:
        written.add("categories", categories)
    if event.status != "CANCELLED":
        for before in alarms:
            written.add_component(_alarm(event, before))
    return written


def _alarm(event: Event, before: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", clean_line(event.summary) or "Deadline")
    # The deadline is the end of the event, so that is what it rings before.
    alarm.add("trigger", -before, parameters={"related": "END"})
    return alarm
