"""Statuses follow from stated dates, and the past shows only what was known then."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from hypothesis import given
from hypothesis import strategies as st

from prizes.as_of import AsOf, deadlines_as_of, prizes_as_of
from prizes.models import Announcement, Deadline
from prizes.retelling import retell
from tests.factories import PrizeFactory

pytestmark = pytest.mark.django_db

STRANGER = AnonymousUser()
TOLD = datetime(2022, 1, 1, 12, tzinfo=UTC)


def announce(deadline: Deadline, told: datetime = TOLD, change: str = "announced", **stated):
    announcement = Announcement(
        prize=deadline.prize,
        deadline=deadline,
        source="test",
        change=change,
        announced_on=told.date(),
        announced_at=told,
        **stated,
    )
    announcement.set_window()
    announcement.save()
    retell(deadline.prize)
    return announcement


def dated(kind: str = "submission", told: datetime = TOLD, prize=None, **stated) -> Deadline:
    deadline = Deadline.objects.create(prize=prize or PrizeFactory(), kind=kind)
    announce(deadline, told, **({"precision": "day"} | stated))
    return deadline


def status_of(deadline: Deadline, at: datetime) -> str | None:
    return deadlines_as_of(AsOf(at), STRANGER).get(pk=deadline.pk).status


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "status"),
    [
        ("2022-09-29T23:59", "open"),
        ("2022-09-30T09:59", "open"),
        ("2022-09-30T10:00", "closing"),  # the day has ended in Kiritimati
        ("2022-10-01T12:00", "closing"),  # and ends on Howland Island
        ("2022-10-01T12:01", "closed"),
    ],
)
def test_a_day_without_a_zone_closes_over_twenty_six_hours(at, status):
    assert status_of(dated(date=date(2022, 9, 30)), utc(at)) == status


@pytest.mark.parametrize(
    ("at", "status"),
    [("2022-06-29T11:59", "open"), ("2022-06-29T12:00", "closing"), ("2022-06-30T12:01", "closed")],
)
def test_an_instant_closes_in_its_last_twenty_four_hours(at, status):
    noon = {"precision": "instant", "time": time(12), "timezone": "UTC"}
    assert status_of(dated(date=date(2022, 6, 30), **noon), utc(at)) == status


@pytest.mark.parametrize("kind", ["opens", "notification"])
def test_dates_that_close_nothing_have_no_status(kind):
    assert status_of(dated(kind, date=date(2022, 9, 30)), utc("2022-05-01")) is None


@pytest.mark.parametrize(("precision", "status"), [("rolling", "rolling"), ("tba", "unknown")])
def test_undated_deadlines_say_so(precision, status):
    assert status_of(dated(precision=precision), utc("2022-05-01")) == status


def test_a_prize_is_upcoming_until_it_opens():
    deadline = dated(date=date(2022, 9, 30))
    dated("opens", prize=deadline.prize, date=date(2022, 6, 1))
    assert status_of(deadline, utc("2022-05-01")) == "upcoming"
    assert status_of(deadline, utc("2022-07-01")) == "open"


def test_an_opening_told_later_does_not_close_what_was_open():
    deadline = dated(date=date(2022, 9, 30))
    dated("opens", told=utc("2022-04-01"), prize=deadline.prize, date=date(2022, 6, 1))
    assert status_of(deadline, utc("2022-03-01")) == "open"
    assert status_of(deadline, utc("2022-05-01")) == "upcoming"


def test_a_cancelled_deadline_is_cancelled_from_that_day_on():
    deadline = dated(date=date(2022, 9, 30))
    announce(deadline, utc("2022-04-01"), "cancelled", date=date(2022, 9, 30), precision="day")
    assert status_of(deadline, utc("2022-03-01")) == "open"
    assert status_of(deadline, utc("2022-05-01")) == "cancelled"


@pytest.mark.parametrize("change", ["postponed", "cancelled"])
def test_what_is_only_put_or_called_off_keeps_the_date_it_had(change):
    deadline = dated(date=date(2022, 9, 30))
    announce(deadline, utc("2022-04-01"), change)
    as_of = AsOf(utc("2022-05-01"))
    then = deadlines_as_of(as_of, STRANGER).get(pk=deadline.pk)
    now = deadlines_as_of(AsOf(as_of.instant, is_now=True), STRANGER).get(pk=deadline.pk)
    columns = ("stated_earliest", "stated_latest", "stated_precision", "was_cancelled", "status")
    assert [getattr(then, name) for name in columns] == [getattr(now, name) for name in columns]
    assert then.stated_precision == "day"


@pytest.mark.parametrize(
    ("kinds", "status"),
    [
        (["submission"], "closed"),
        (["final"], "closed"),
        (["round_end"], "unknown"),
        (["abstract"], "unknown"),
        (["notification"], "unknown"),
        ([], "unknown"),
    ],
)
def test_with_nothing_ahead_only_an_ending_date_closes_a_prize(kinds, status):
    prize = PrizeFactory()
    announcement = {"source": "test", "announced_on": TOLD.date(), "announced_at": TOLD}
    Announcement.objects.create(prize=prize, **announcement)
    for kind in kinds:
        dated(kind, prize=prize, date=date(2022, 2, 1))
    assert prizes_as_of(AsOf(utc("2022-05-01")), STRANGER).get(pk=prize.pk).status == status


def test_a_prize_has_the_status_of_its_earliest_deadline_ahead():
    prize = PrizeFactory()
    dated("abstract", prize=prize, date=date(2022, 2, 1))
    dated("submission", prize=prize, date=date(2022, 5, 2))
    dated("final", prize=prize, date=date(2022, 9, 1))
    at = utc("2022-05-02T12:00")
    assert prizes_as_of(AsOf(at), STRANGER).get(pk=prize.pk).status == "closing"


@given(
    day=st.dates(date(2022, 2, 1), date(2022, 12, 31)),
    moved=st.integers(-60, 60),
    told_after=st.integers(1, 300),
    looked=st.integers(0, 299),
)
def test_an_announcement_never_changes_what_an_earlier_day_shows(day, moved, told_after, looked):
    deadline = dated(date=day)
    at = TOLD + timedelta(days=min(looked, told_after - 1))
    before = status_of(deadline, at)
    announce(
        deadline,
        TOLD + timedelta(days=told_after),
        date=day + timedelta(days=moved),
        precision="day",
    )
    assert status_of(deadline, at) == before


@given(day=st.dates(date(2022, 2, 1), date(2023, 12, 31)), hours=st.integers(0, 35))
def test_a_day_is_never_closed_while_it_is_that_day_somewhere(day, hours):
    """The day lasts from its begin in UTC+14 to its end in UTC-12: fifty hours."""
    deadline = dated(date=day)
    at = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hours)
    assert status_of(deadline, at) in {"open", "closing"}
