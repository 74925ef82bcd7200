"""Dates as English prose prints them, and the moments they can mean."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prizes.reader import read_dates

PUBLISHED = dt.date(2022, 9, 26)
DAYS = [
    ("Feb 10, 2023", "2023-02-10"),
    ("10 February 2023", "2023-02-10"),
    ("the 10th of February, 2023", "2023-02-10"),
    ("on 2023-02-10.", "2023-02-10"),
    ("31.05.2023", "2023-05-31"),
    ("25/12/2022", "2022-12-25"),
    ("**Oct** 3, 2022", "2022-10-03"),
    ("Monday, October 3rd, 2022", "2022-10-03"),
]


@pytest.mark.parametrize(("text", "day"), DAYS)
def test_a_printed_day_is_read_as_it_stands(text, day):
    [date] = read_dates(text, PUBLISHED)

    assert (date.date.isoformat(), date.precision) == (day, "day")
    assert (date.time, date.zone, date.problem) == (None, None, None)
    assert (date.year_inferred, date.inclusive) == (False, True)


@pytest.mark.parametrize(
    ("published_on", "text", "day"),
    [
        ("2022-09-26", "September 30th", "2022-09-30"),
        ("2022-09-30", "September 30th", "2022-09-30"),
        ("2022-10-01", "September 30th", "2023-09-30"),
        ("2022-12-31", "Jan 1", "2023-01-01"),
        ("2022-03-01", "February 29", "2024-02-29"),
        ("1897-03-01", "February 29", "1904-02-29"),
    ],
)
def test_a_year_that_is_not_printed_is_the_next_one_after_publication(published_on, text, day):
    [date] = read_dates(text, dt.date.fromisoformat(published_on))

    assert (date.date.isoformat(), date.year_inferred) == (day, True)


def test_one_printed_year_counts_for_both_ends_of_a_range():
    dates = read_dates("from September 1 to October 27, 2022", PUBLISHED)

    assert [date.date for date in dates] == [dt.date(2022, 9, 1), dt.date(2022, 10, 27)]
    assert [date.year_inferred for date in dates] == [True, False]


def test_both_days_of_a_short_range_are_read():
    dates = read_dates("May 1–31, 2023", PUBLISHED)

    assert [date.date.day for date in dates] == [1, 31]


@pytest.mark.parametrize(
    ("text", "is_inclusive"),
    [
        ("closes before October 27, 2022", False),
        ("prior to the 27th of October, 2022", False),
        ("on or before October 27, 2022", True),
        ("not before October 27, 2022", True),
        ("until October 27, 2022", True),
        ("before 5 pm on October 27, 2022", True),
    ],
)
def test_before_a_day_does_not_include_it(text, is_inclusive):
    assert [date.inclusive for date in read_dates(text, PUBLISHED)] == [is_inclusive]


TIMES = [
    ("11:59 PM PST on May 31st, 2023", "23:59", "America/Los_Angeles", "instant"),
    ("May 31, 2023, 23:59 AoE", "23:59", "AoE", "instant"),
    ("May 31, 2023 at 5 p.m. ET", "17:00", "America/New_York", "instant"),
    ("2023-05-31T12:00:00Z", "12:00", "UTC", "instant"),
    ("2023-05-31T12:00:00+02:00", "12:00", "Etc/GMT-2", "instant"),
    ("31 May 2023, 17:00 Europe/Berlin", "17:00", "Europe/Berlin", "instant"),
    ("noon on May 31, 2023", "12:00", None, "minute"),
    ("midnight UTC on May 31, 2023", "00:00", "UTC", "minute"),
    ("5 PM on May 31, 2023. AI is next", "17:00", None, "minute"),
    ("May 31, 2023 (Anywhere on Earth)", None, "AoE", "day"),
    ("May 31, 2023, 24:00 CET", None, "Europe/Paris", "day"),
    ("May 31, 2023, 3 papers", None, None, "day"),
]


@pytest.mark.parametrize(("text", "time", "zone", "precision"), TIMES)
def test_time_and_zone_beside_a_date_belong_to_it(text, time, zone, precision):
    [date] = read_dates(text, PUBLISHED)

    assert date.date == dt.date(2023, 5, 31)
    assert date.time == (dt.time.fromisoformat(time) if time else None)
    assert (date.zone, date.precision) == (zone, precision)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("31 Sep 2022", "31 Sep 2022 is no day of the calendar"),
        ("February 29, 2023", "February 29, 2023 is no day of the calendar"),
        ("31/04/2023", "31/04/2023 is no day of the calendar"),
        ("03/04/2023", "03/04/2023 is ambiguous"),
        ("02/10/23", "02/10/23 is ambiguous"),
    ],
)
def test_a_date_that_cannot_be_is_named_and_not_dropped(text, problem):
    [date] = read_dates(text, PUBLISHED)

    assert (date.date, date.precision, date.problem) == (None, "tba", problem)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Thursday, September 30", "30 September 2022 is a Friday, not a Thursday"),
        ("October 3, 5 PM CST", "the zone CST may be one of several"),
        ("October 3, 5 PM XYZ", "unknown zone XYZ"),
        ("October 3, 25:00", "25:00 is no time of day"),
        ("midnight on October 3", "midnight may be the start or the end of that day"),
    ],
)
def test_what_is_doubtful_about_a_date_is_said_beside_it(text, problem):
    [date] = read_dates(text, PUBLISHED)

    assert date.date is not None
    assert date.problem == problem


@pytest.mark.parametrize(
    ("text", "month", "is_inclusive"),
    [
        ("by the end of May", "2023-05-01", True),
        ("mid-October 2023", "2023-10-01", True),
        ("before May 2023", "2023-05-01", False),
        ("until September", "2022-09-01", True),
    ],
)
def test_a_month_is_read_as_a_month(text, month, is_inclusive):
    [date] = read_dates(text, PUBLISHED)

    assert (date.date.isoformat(), date.precision) == (month, "month")
    assert date.inclusive == is_inclusive


@pytest.mark.parametrize(
    ("text", "precision"),
    [("on a rolling basis", "rolling"), ("Deadline: TBA", "tba"), ("to be announced", "tba")],
)
def test_rolling_and_unannounced_dates_are_kept_without_a_day(text, precision):
    [date] = read_dates(text, PUBLISHED)

    assert (date.date, date.precision, date.problem) == (None, precision, None)


@pytest.mark.parametrize(
    "text",
    [
        "(NeurIPS 2022)",
        "by 2023?",
        "you may 5 times",
        "march 10 miles",
        "31. Mai 2023",
        "v1.2.2022a",
    ],
)
def test_what_is_no_english_date_is_left_alone(text):
    assert read_dates(text, PUBLISHED) == []


PIECES = [*"0123456789/.-, :()\n", "May", "Sep ", "th", "before ", "PM", "UTC+", "2023"]
NOISE = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@settings(max_examples=80, deadline=None)
@given(st.one_of(st.text(), NOISE), st.dates(dt.date(1990, 1, 1)))
def test_no_text_makes_the_reading_fail_and_every_place_is_in_the_text(text, published_on):
    for date in read_dates(text, published_on):
        assert 0 <= date.start < date.end <= len(text)
        assert (date.date is None) == (date.precision in {"rolling", "tba"})
        assert (date.time is None) == (date.precision not in {"instant", "minute"})


@given(
    st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31)),
    st.sampled_from(["%B %d, %Y", "%d %b %Y", "%Y-%m-%d", "%d.%m.%Y"]),
)
def test_a_printed_date_is_read_back(day, form):
    [date] = read_dates(f"The deadline is {day.strftime(form)}.", PUBLISHED)

    assert date.date == day


@given(
    st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)),
    st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)),
)
def test_an_inferred_year_never_lies_before_publication(day, published_on):
    [date] = read_dates(day.strftime("%B %d"), published_on)

    assert date.date >= published_on
    assert (date.date.month, date.date.day) == (day.month, day.day)
