"""When a reader is told: in the morning of their own zone, and before anything may have closed."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prizes.models import Deadline
from prizes.tracking.schedule import due_at, due_days, zone_of

ZONES = ["UTC", "America/Los_Angeles", "Europe/Berlin", "Pacific/Kiritimati", "Asia/Kolkata"]

EAST = "Pacific/Kiritimati"


def stated(day: date, at: time | None = None, zone: str | None = None, **fields) -> Deadline:
    precision = "minute" if at else "day"
    deadline = Deadline(date=day, time=at, timezone=zone, precision=precision, **fields)
    deadline.set_window()
    return deadline


@pytest.mark.parametrize(
    ("deadline", "days", "zone", "due"),
    [
        (stated(date(2026, 9, 30)), 7, "UTC", "2026-09-23T09:00+00:00"),
        (stated(date(2026, 9, 30)), 7, "America/Los_Angeles", "2026-09-23T16:00+00:00"),
        (stated(date(2026, 9, 30), inclusive=False), 1, "UTC", "2026-09-28T09:00+00:00"),
        (stated(date(2026, 3, 29), time(12), "UTC"), 1, "Europe/Berlin", "2026-03-28T08:00+00:00"),
        # Noon in UTC is the next day already where the reader lives.
        (
            stated(date(2026, 6, 1), time(12), "UTC"),
            1,
            "Pacific/Kiritimati",
            "2026-05-31T19:00+00:00",
        ),
        # The morning of the day itself comes too late in the far west: twelve hours before, then.
        (stated(date(2026, 9, 30)), 0, "America/Los_Angeles", "2026-09-29T22:00+00:00"),
    ],
)
def test_a_reminder_is_due_in_the_morning(deadline, days, zone, due):
    assert due_at(deadline, days, ZoneInfo(zone)) == datetime.fromisoformat(due)


def test_what_has_no_date_has_no_reminder():
    assert due_at(Deadline(precision="rolling"), 7, UTC) is None


@given(
    day=st.dates(date(2020, 1, 1), date(2035, 12, 31)),
    at=st.none() | st.times().map(lambda t: t.replace(microsecond=0)),
    where=st.sampled_from([None, "AoE", *ZONES]),
    days=st.integers(0, 90),
    zone=st.sampled_from(ZONES),
)
def test_it_always_comes_before_the_date_may_be_over(day, at, where, days, zone):
    deadline = stated(day, at, where)
    due = due_at(deadline, days, ZoneInfo(zone))
    assert due < deadline.earliest_utc
    assert deadline.earliest_utc - due < timedelta(days=days + 3)


def test_only_days_whose_hour_came_since_one_asked_count():
    deadline = stated(date(2026, 9, 30))
    asked = datetime(2026, 9, 20, tzinfo=UTC)
    now = datetime(2026, 9, 29, 10, tzinfo=UTC)
    assert due_days(deadline, [14, 7, 1, 0], UTC, asked, now) == [7, 1]


@pytest.mark.parametrize("name", [None, "", "No/Such", "../etc/passwd", "a\x00b"])
def test_whoever_has_no_zone_that_is_known_is_reminded_in_utc(name):
    assert zone_of(name) == UTC
