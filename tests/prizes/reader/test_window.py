"""Between which moments a printed deadline can fall."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prizes.reader import window


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("given", "earliest", "latest"),
    [
        (("2022-09-30", None, None, "day", True), "2022-09-30 10:00", "2022-10-01 12:00"),
        (("2022-10-27", None, None, "day", False), "2022-10-26 10:00", "2022-10-27 12:00"),
        (("2022-09-30", None, "AoE", "day", True), "2022-10-01 12:00", "2022-10-01 12:00"),
        (("2022-09-30", None, "Europe/Paris", "day", True), "2022-09-30 22:00", "2022-09-30 22:00"),
        (("2022-09-30", "23:59", "AoE", "instant", True), "2022-10-01 11:59", "2022-10-01 11:59"),
        (("2022-09-30", "17:00", None, "minute", True), "2022-09-30 03:00", "2022-10-01 05:00"),
        (("2022-09-30", "00:00", "UTC", "minute", True), "2022-09-30 00:00", "2022-10-01 00:00"),
        (("2023-05-01", None, None, "month", True), "2023-04-30 10:00", "2023-06-01 12:00"),
        (("2023-05-01", None, None, "month", False), "2023-04-30 10:00", "2023-05-01 12:00"),
        (("2022-12-31", None, None, "day", True), "2022-12-31 10:00", "2023-01-01 12:00"),
        (("2024-02-29", None, "UTC", "day", True), "2024-03-01 00:00", "2024-03-01 00:00"),
        # The clock is set forward over 02:30, and back over 01:30.
        (
            ("2023-03-12", "02:30", "America/New_York", "instant", True),
            "2023-03-12 06:30",
            "2023-03-12 07:30",
        ),
        (
            ("2023-11-05", "01:30", "America/New_York", "instant", True),
            "2023-11-05 05:30",
            "2023-11-05 06:30",
        ),
    ],
)  # fmt: skip
def test_the_window_of_a_deadline(given, earliest, latest):
    day, time, zone, precision, inclusive = given
    time = dt.time.fromisoformat(time) if time else None

    found = window(dt.date.fromisoformat(day), time, zone, precision, inclusive)

    assert found == (utc(earliest), utc(latest))


@pytest.mark.parametrize("precision", ["rolling", "tba"])
def test_what_has_no_date_has_no_window(precision):
    assert window(None, None, None, precision, True) is None


ZONES = st.sampled_from(
    [None, "AoE", "UTC", "America/New_York", "Pacific/Apia", "Africa/Cairo", "America/Havana",
     "Asia/Kathmandu", "Etc/GMT+12", "Pacific/Kiritimati", "Australia/Lord_Howe"]
)  # fmt: skip


@given(
    st.dates(),
    st.none() | st.times(),
    ZONES,
    st.sampled_from(["instant", "minute", "day", "month"]),
    st.booleans(),
)
def test_earliest_is_never_after_latest(date, time, zone, precision, inclusive):
    time = time if precision in {"instant", "minute"} else None

    earliest, latest = window(date, time, zone, precision, inclusive)

    assert earliest <= latest
    assert earliest.utcoffset() == latest.utcoffset() == dt.timedelta(0)


@given(
    st.dates(dt.date(1950, 1, 1), dt.date(2100, 1, 1)), st.integers(-12 * 60, 14 * 60), st.times()
)
def test_a_day_without_zone_is_open_while_it_is_that_day_anywhere(date, offset, time):
    somewhere = dt.timezone(dt.timedelta(minutes=offset))
    moment = dt.datetime.combine(date, time, somewhere)

    _, latest = window(date, None, None, "day")

    assert moment < latest


@given(
    st.dates(dt.date(1990, 1, 1), dt.date(2037, 1, 1)),
    st.times(),
    ZONES.filter(lambda zone: zone not in {None, "AoE"}),
)
def test_a_day_with_a_zone_is_open_while_it_is_that_day_there(date, time, zone):
    moment = dt.datetime.combine(date, time, ZoneInfo(zone)).astimezone(dt.UTC)
    if moment.astimezone(ZoneInfo(zone)).date() == date:  # else the clock skipped it
        assert moment < window(date, None, zone, "day")[1]
    else:
        assert window(date, None, zone, "day") is not None
