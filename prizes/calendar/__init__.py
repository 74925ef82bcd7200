"""Deadlines for calendars: events, the file that holds them, and the ways into it."""

from prizes.calendar.alarms import AlarmError, read_alarms
from prizes.calendar.events import Event, event_of, is_dropped, is_placeable
from prizes.calendar.links import Subscription, google_event, outlook_event, subscription
from prizes.calendar.writer import MEDIA_TYPE, About, EmptyCalendarError, write_calendar

__all__ = [
    "MEDIA_TYPE",
    "About",
    "AlarmError",
    "EmptyCalendarError",
    "Event",
    "Subscription",
    "event_of",
    "google_event",
    "is_dropped",
    "is_placeable",
    "outlook_event",
    "read_alarms",
    "subscription",
    "write_calendar",
]
