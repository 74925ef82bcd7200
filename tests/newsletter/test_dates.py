from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.dates import read_date


@pytest.mark.parametrize(
    ("value", "at"),
    [
        ("2023-04-11T15:53:36Z", (2023, 4, 11, 15, 53, 36)),
        ("2023-04-11T15:53:36+02:00", (2023, 4, 11, 13, 53, 36)),
        ("2023-04-11T15:53:36-0530", (2023, 4, 11, 21, 23, 36)),
        ("2023-04-11T15:53:36.125Z", (2023, 4, 11, 15, 53, 36, 125_000)),
        ("2023-04-11 15:53:36+00:00", (2023, 4, 11, 15, 53, 36)),
        ("2023-04-11 15:53Z", (2023, 4, 11, 15, 53)),
        ("2024-02-29T00:00:00 UTC", (2024, 2, 29)),
    ],
)
def test_an_instant_is_told_in_utc_without_a_word(value, at):
    read = read_date(value)

    assert (read.at, read.raw, read.warning) == (datetime(*at, tzinfo=UTC), value, None)


@pytest.mark.parametrize("value", ["2023-04-11T15:53:36", "2023-04-11 15:53:36.000"])
def test_bad_24_without_a_zone_it_is_utc_and_noted(value):
    read = read_date(value)

    assert read.at == datetime(2023, 4, 11, 15, 53, 36, tzinfo=UTC)
    assert "no time zone; taken as UTC" in read.warning


def test_a_bare_day_is_its_start_and_noted():
    read = read_date("2023-04-11")

    assert read.at == datetime(2023, 4, 11, tzinfo=UTC)
    assert "no time" in read.warning


@pytest.mark.parametrize(
    "value",
    [
        *("2023-02-30", "2023-13-01", "yesterday", 1681228416000, "1681228416", 1681228416.5),
        *("0000-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "2023-04-11T25:00:00Z"),
        *("2023-04-11T15:53:36+99:00", "11.4.2023", "2023-W15-1", "٢٠٢٣-٠٤-١١", -5, 99999),
    ],
)
def test_bad_23_what_is_no_date_is_kept_as_it_came(value):
    read = read_date(value)

    assert read.at is None
    assert read.raw == str(value)
    assert "is no date; kept as it came" in read.warning


@pytest.mark.parametrize("value", [2019, "2019", "2019-04"])
def test_a_year_or_month_never_becomes_a_day(value):
    read = read_date(value)

    assert (read.at, read.raw) == (None, str(value))
    assert "names no day" in read.warning


@pytest.mark.parametrize("value", [None, "", "n/a", "N/A", "nan", "  "])
def test_nothing_is_nothing(value):
    assert (read_date(value).at, read_date(value).raw, read_date(value).warning) == (None,) * 3


def test_a_date_to_come_is_doubted():
    later = (datetime.now(UTC) + timedelta(days=400)).isoformat()

    assert "lies in the future" in read_date(later).warning


@given(st.text(max_size=40) | st.integers() | st.floats())
def test_anything_is_read_or_kept(value):
    read = read_date(value)

    assert read.at is None or read.at.tzinfo is UTC


@given(st.integers(0, 4_000_000_000), st.integers(-14 * 60, 14 * 60))
def test_what_python_writes_is_read_back(seconds, minutes):
    at = datetime.fromtimestamp(seconds, timezone(timedelta(minutes=minutes)))

    assert read_date(at.isoformat()).at == at
