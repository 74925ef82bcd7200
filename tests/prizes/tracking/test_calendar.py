"""The calendar of what one tracks: for whoever has its address, and nobody else."""

from datetime import date

import pytest
from django.test import Client
from icalendar import Calendar

from config.logs import mask
from prizes.models import Prize, TrackedCalendar, Tracking
from tests.factories import DeadlineFactory, PrizeFactory, UserFactory


@pytest.fixture
def reader(db):
    return UserFactory()


@pytest.fixture
def address(reader) -> str:
    """Of a calendar with one prize that is tracked; another prize has a date too."""
    tracked = DeadlineFactory(prize__name="Tracked", date=date(2199, 9, 30))
    DeadlineFactory(prize__name="Another", date=date(2199, 9, 30))
    Tracking.objects.create(user=reader, prize=tracked.prize, notes="A secret")
    return f"/calendars/{TrackedCalendar.make(reader, [7, 1])}.ics"


def test_it_holds_what_is_tracked_with_ones_own_alarms(client, address):
    answer = client.get(address)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(answer.content)
    (event,) = calendar.walk("VEVENT")
    assert "Tracked" in event["SUMMARY"]
    assert [str(alarm["TRIGGER"].to_ical(), "ascii") for alarm in calendar.walk("VALARM")] == [
        "-P7D",
        "-P1D",
    ]
    assert b"A secret" not in answer.content


def test_the_same_state_is_the_same_file_and_304(client, address):
    first = client.get(address)
    assert client.get(address).content == first.content
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("how", ["wrong", "replaced", "ended", "disabled", "nothing tracked"])
def test_bad_89_an_address_that_is_none_any_more_leads_nowhere(client, reader, address, how):
    match how:
        case "wrong":
            address = "/calendars/abcdefghijklmnopqrstuvwxyzabcdef.ics"
        case "replaced":
            TrackedCalendar.make(reader, [])
        case "ended":
            TrackedCalendar.objects.all().delete()
        case "disabled":
            reader.is_active = False
            reader.save()
        case "nothing tracked":
            Tracking.objects.update(stage="withdrawn")
    assert client.get(address).status_code == 404


def test_what_became_hidden_is_in_it_no_more(client, address):
    Prize.objects.filter(name="Tracked").update(is_hidden=True)
    assert client.get(address).status_code == 404


def test_the_address_is_shown_once_and_kept_as_a_hash(reader):
    desk = Client()
    desk.force_login(reader)
    page = desk.post("/tracked/calendar/", {"alarm_days": "7, 1"})
    secret = page.text.split("/calendars/", 1)[1].split(".ics")[0]
    assert secret not in desk.get("/tracked/calendar/").text
    calendar = TrackedCalendar.objects.get()
    assert secret not in calendar.digest
    assert calendar.alarm_days == [7, 1]
    assert mask(f"GET /calendars/{secret}.ics") == "GET /calendars/***.ics"
    desk.post("/tracked/calendar/", {"end": "1"})
    assert not TrackedCalendar.objects.exists()


def test_its_making_needs_a_sign_in(client):
    assert client.get("/tracked/calendar/")["Location"].startswith("/accounts/login/")


def test_a_prize_without_a_day_is_named_in_its_description(client, reader, address):
    rolling = DeadlineFactory(prize=PrizeFactory(name="Rolling"), date=None, precision="rolling")
    Tracking.objects.create(user=reader, prize=rolling.prize)
    calendar = Calendar.from_ical(client.get(address).content)
    assert "Rolling" in calendar["DESCRIPTION"]
