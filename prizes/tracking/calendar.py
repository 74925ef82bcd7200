"""The calendar of what one reader tracks, for programs that know no session."""

from prizes.as_of import AsOf, deadlines_as_of
from prizes.calendar.feed import calendar_of
from prizes.chosen import Chosen
from prizes.models import TrackedCalendar, Tracking

PATH = "/calendars/{secret}.ics"
# What is over, or given up, needs no place in one's days.
FOLLOWED = (Tracking.Stage.INTERESTED, Tracking.Stage.PREPARING, Tracking.Stage.SUBMITTED)


def tracked_calendar(calendar: TrackedCalendar, secret: str) -> bytes:
    """As a file; EmptyCalendarError if nothing one tracks has a day."""
    now, user = AsOf.now(), calendar.user
    followed = Tracking.objects.visible_to(user).filter(stage__in=FOLLOWED)
    deadlines = deadlines_as_of(now, user).filter(prize__in=followed.values("prize"))
    alarms = ",".join(f"{days}d" for days in calendar.alarm_days)
    chosen = Chosen.read(deadlines, now, user, {"alarm": alarms} if alarms else {})
    return calendar_of(chosen, PATH.format(secret=secret), "/tracked/", "Tracked prizes")
