"""Calendars and feeds as they are fetched: addresses, answers, mistakes, and one whole story."""

import json
import uuid
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import parse_qs, unquote, urlsplit
from xml.etree import ElementTree

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from prizes.calendar import AlarmError, EmptyCalendarError, read_alarms, subscription
from prizes.calendar.events import Event
from prizes.calendar.writer import About, write_calendar
from prizes.models import Announcement, Deadline, PrizeAlias
from tests.factories import AnnouncementFactory, DeadlineFactory, IssueFactory, PrizeFactory
from tests.prizes.calendar_stage import NOW, Feed, clock, dated, feed_of, tell

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:'maxsplit' is passed:DeprecationWarning"),
]
ATOM = "{http://www.w3.org/2005/Atom}"
TOLD = datetime(2022, 9, 1, 14, tzinfo=UTC)


def test_a_calendar_is_asked_for_again_at_no_cost(client, stage):
    first = client.get("/deadlines.ics")
    assert first.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert first.headers["Content-Disposition"] == 'attachment; filename="deadlines.ics"'
    with time_machine.travel(NOW + timedelta(minutes=50), tick=False):
        again = client.get("/deadlines.ics", headers={"if-none-match": first.headers["ETag"]})
        assert client.get("/deadlines.ics").content == first.content
    assert (again.status_code, again.content) == (304, b"")


def test_filters_of_the_page_filter_the_calendar_and_name_it(client, stage):
    feed = Feed(client.get("/deadlines.ics?kind=final&alarm=7d").content)
    assert feed.uids == [str(stage["before"].pk)]
    assert "X-WR-CALNAME:Shortlist: deadlines\\, kind final" in feed.lines
    assert "SOURCE;VALUE=URI:http://testserver/deadlines.ics?alarm=7d&kind=final" in feed.lines
    assert "URL:http://testserver/deadlines/?kind=final" in feed.lines
    assert "TRIGGER;RELATED=END:-P7D" in feed.lines


@pytest.mark.parametrize("address", ["/deadlines.ics?q=none+such", "/deadlines.ics?status=rolling"])
def test_a_calendar_is_never_empty(client, stage, address):
    answer = client.get(address)
    assert answer.status_code == 404
    assert answer.text.startswith("No deadline")
    assert "VCALENDAR" not in answer.text


def test_a_calendar_that_would_be_empty_names_what_has_no_day(client, stage):
    answer = client.get("/api/v1/deadlines/?status=rolling&format=ics")
    assert answer.status_code == 404
    assert "Always open: submissions close (Rolling)" in answer.json()["detail"]


@pytest.mark.parametrize("ending", ["ics", "atom", "json"])
@pytest.mark.parametrize("query", ["status=nonsense", "as_of=2999-01-01", "as_of=x", "closing=-1"])
def test_what_cannot_be_asked_is_a_400_in_words(client, db, ending, query):
    answer = client.get(f"/deadlines.{ending}?{query}")
    assert answer.status_code == 400
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.text.startswith(query.split("=")[0])


@pytest.mark.parametrize("text", ["7", "d", "-1d", "1.5d", "7d;1d", "99999d", "0d", "1d," * 3, "x"])
def test_alarms_that_cannot_be_read_are_refused_everywhere(client, stage, text):
    with pytest.raises(AlarmError):
        read_alarms(text)
    assert client.get("/deadlines.ics", {"alarm": text}).status_code == 400
    answer = client.get("/api/v1/deadlines/", {"alarm": text, "format": "ics"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "alarm")


def test_alarms_are_read_in_weeks_days_hours_and_minutes():
    hour = timedelta(hours=1)
    assert read_alarms(" 1H, 2w,30m,1h") == [timedelta(weeks=2), hour, hour / 2]
    assert read_alarms("") == ()


@pytest.mark.parametrize("name", ["page_size=10", "cursor=x", "ordering=prize"])
def test_a_calendar_of_the_api_has_no_pages(client, stage, name):
    for kind in ("ics", "atom"):
        answer = client.get(f"/api/v1/deadlines/?format={kind}&{name}")
        assert answer.json()["errors"][0]["code"] == "not_here"


def test_one_deadline_and_one_prize_have_calendars_of_their_own(client, stage):
    deadline = stage["utc"]
    one = f"/api/v1/deadlines/{deadline.pk}/"
    for address in (
        f"/deadlines/{deadline.pk}.ics",
        f"/prizes/{deadline.prize.slug}.ics",
        f"{one}?format=ics",
    ):
        feed = Feed(client.get(address).content)
        assert feed.uids == [str(deadline.pk)]
        assert feed.of(deadline)["DTEND"] == "20221020T120000Z"
    assert client.get(one, headers={"accept": "text/calendar"}).text.startswith("BEGIN:VCALENDAR")
    assert f"urn:uuid:{deadline.pk}" in client.get(f"{one}?format=atom").text
    assert client.get(f"/deadlines/{uuid.uuid4()}.ics").status_code == 404
    assert client.get(f"/api/v1/deadlines/{uuid.uuid4()}/?format=ics").status_code == 404


def test_a_former_name_of_a_prize_leads_to_its_calendar(client, stage):
    PrizeAlias.objects.create(slug="former", prize=stage["utc"].prize)
    answer = client.get("/prizes/former.ics?alarm=1d")
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"/prizes/{stage['utc'].prize.slug}.ics?alarm=1d"


def test_what_may_not_be_seen_is_in_no_calendar_and_no_feed(client, db):
    hidden = DeadlineFactory(date=date(2022, 9, 30), prize__is_hidden=True)
    told_in_secret = AnnouncementFactory(
        deadline__date=date(2022, 9, 30), issue=IssueFactory(is_hidden=True)
    ).deadline
    for deadline in (hidden, told_in_secret):
        for address in (f"/deadlines/{deadline.pk}.ics", f"/prizes/{deadline.prize.slug}.ics"):
            assert client.get(address).status_code == 404
        for ending in ("ics", "atom", "json"):
            answer = client.get(f"/deadlines.{ending}?prize={deadline.prize.slug}")
            assert str(deadline.pk) not in answer.text


# --- One whole story ----------------------------------------------------------------------------
STORY = [
    ("announced", date(2022, 9, 30), None),
    ("extended", date(2022, 10, 15), None),
    ("extended", date(2022, 10, 31), None),
    ("corrected", date(2022, 10, 31), time(18)),
    ("cancelled", None, None),
]


@pytest.fixture
def told() -> Deadline:
    """Announced, extended twice, corrected and cancelled, five days apart."""
    deadline = Deadline.objects.create(prize=PrizeFactory(name="A story"), kind="submission")
    for number, (change, day, at) in enumerate(STORY):
        stated = {"date": day, "precision": "day"} if day else {}
        stated |= {"time": at, "timezone": "UTC", "precision": "minute"} if at else {}
        tell(deadline, TOLD + timedelta(days=5 * number), change, **stated)
    return deadline


def test_a_story_keeps_one_uid_and_counts_its_changes(client, told):
    ends = ["20221001", "20221016", "20221101", "20221031T180000Z", "20221031T180000Z"]
    for number, end in enumerate(ends):
        day = f"{TOLD + timedelta(days=5 * number):%Y-%m-%d}"
        feed = Feed(client.get(f"/deadlines.ics?prize={told.prize.slug}&as_of={day}").content)
        assert feed.uids == [str(told.pk)]
        event = feed.of(told)
        assert (event["SEQUENCE"], event.get("DTEND;VALUE=DATE") or event["DTEND"]) == (
            str(number),
            end,
        )
        assert event["LAST-MODIFIED"] == f"202209{1 + 5 * number:02}T140000Z"
    told.refresh_from_db()
    assert told.sequence == 4
    assert told.announcements.count() == 5


def test_a_feed_tells_the_story_by_when_it_was_told(client, told):
    feed = ElementTree.fromstring(client.get(f"/prizes/{told.prize.slug}.atom").content)
    (entry,) = feed.findall(f"{ATOM}entry")
    text = {name: entry.findtext(f"{ATOM}{name}") for name in ("published", "updated", "summary")}
    assert text["published"] == "2022-09-01T14:00:00Z"
    assert text["updated"] == "2022-09-21T14:00:00Z"
    assert text["summary"].startswith(
        "Cancelled. Corrected, still 31 Oct 2022, stated otherwise. "
        "Extended, 15 Oct 2022 → 31 Oct 2022, 16 days later. "
        "Extended, 30 Sep 2022 → 15 Oct 2022, 15 days later. "
    )
    assert {each.get("type") for each in feed.findall(f"{ATOM}link[@rel='alternate']")} == {
        "text/html",
        "text/calendar",
        "application/feed+json",
    }


def test_an_announcement_made_late_leaves_older_views_as_they_were(client, told):
    days = [f"{TOLD + timedelta(days=5 * number):%Y-%m-%d}" for number in range(5)]
    before = [
        client.get(f"/deadlines.ics?prize={told.prize.slug}&as_of={day}").content for day in days
    ]
    tell(told, TOLD + timedelta(days=40), "corrected", date=date(2022, 12, 1), precision="day")
    assert [
        client.get(f"/deadlines.ics?prize={told.prize.slug}&as_of={day}").content for day in days
    ] == before


def test_a_dated_feed_never_comes_from_the_future(client, stage):
    items = json.loads(client.get("/deadlines.json").content)["items"]
    stamps = [item[name] for item in items for name in ("date_published", "date_modified")]
    assert max(stamps) < f"{NOW:%Y-%m-%dT%H:%M:%SZ}"


# --- Ways in ------------------------------------------------------------------------------------
def test_each_kind_of_calendar_is_told_of_the_feed_in_its_own_way():
    links = subscription("https://site.example/deadlines.ics?status=open&q=a%20b", "Name, & more")
    assert links.webcal == "webcal://site.example/deadlines.ics?status=open&q=a%20b"
    google = urlsplit(links.google)
    assert (google.netloc, google.path) == ("calendar.google.com", "/calendar/r")
    assert google.query == f"cid={google.query.removeprefix('cid=')}"
    assert "&" not in google.query
    assert unquote(google.query.removeprefix("cid=")) == links.webcal
    outlook = parse_qs(urlsplit(links.outlook).query)
    assert outlook == {"url": [links.address], "name": ["Name, & more"]}


# --- Whatever comes -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    "stated",
    [
        {"date": date(2024, 2, 29), "precision": "day"},
        clock(date(2022, 9, 30), time(23, 59), None),
        {"date": date(2022, 9, 30), "timezone": "AoE", "precision": "day"},
        {"date": date(9999, 12, 31), "precision": "day"},
        {"date": date(1, 1, 1), "precision": "day", "inclusive": False},
        clock(date(1, 1, 1), time(0, 5), "UTC"),
        clock(date(2022, 11, 6), time(1, 30), "America/New_York"),  # twice
        clock(date(2022, 3, 13), time(2, 30), "America/New_York"),  # never
    ],
)
def test_bad_91_an_odd_date_is_shown_as_given(client, stated):
    deadline = dated("Odd\r\nATTENDEE:mailto:x@example.org", **stated)
    deadline.prize.website = "javascript:alert(1)"
    deadline.prize.save()
    feed = Feed(client.get(f"/deadlines.ics?prize={deadline.prize.slug}").content)
    assert set(feed.read()) == {str(deadline.pk)}
    assert "javascript" not in feed.body.decode()
    assert not [line for line in feed.lines if line.startswith("ATTENDEE")]
    assert client.get(f"/deadlines/?prize={deadline.prize.slug}").status_code == 200


def test_a_zone_nobody_knows_is_named_never_skipped(client):
    deadline = dated("Lost", **clock(date(2022, 10, 9), time(17), "UTC"))
    nowhere = {"timezone": "Mars/Phobos", "earliest_utc": None, "latest_utc": None}
    Deadline.objects.filter(pk=deadline.pk).update(**nowhere)
    Announcement.objects.filter(deadline=deadline).update(**nowhere)
    event = Feed(client.get("/deadlines.ics").content).of(deadline)
    assert event["DTSTART;VALUE=DATE"] == "20221009"
    assert event["STATUS"] == "TENTATIVE"
    assert "17:00 Mars/Phobos" in event["DESCRIPTION"]


def test_a_calendar_without_events_is_not_written():
    with pytest.raises(EmptyCalendarError):
        write_calendar(About("Nothing", "", "https://site.example/", "https://site.example/"), [])


text = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
moments = st.integers(-2_000_000_000, 7_000_000_000).map(lambda s: datetime.fromtimestamp(s, UTC))
whole_days = st.dates(date(1900, 1, 1), date(2200, 1, 1))


@given(summary=text, description=text, name=text, ends=moments | whole_days)
def test_whatever_a_text_holds_the_file_is_well_formed(summary, description, name, ends):
    before = timedelta(minutes=15) if isinstance(ends, datetime) else timedelta(days=1)
    uid = uuid.uuid4()
    event = Event(
        uid=uid,
        summary=summary,
        description=description,
        url="https://site.example/",
        starts=ends - before,
        ends=ends,
        status="CONFIRMED",
        sequence=3,
        announced_at=NOW,
        changed_at=NOW,
        categories=[name],
    )
    about = About(name, description, "https://site.example/x.ics", "https://site.example/")
    feed = Feed(write_calendar(about, [event], [timedelta(hours=3)]))
    for line in feed.body.split(b"\r\n"):
        assert len(line) <= 75
        assert b"\n" not in line
        line.decode()
    names = [line.split(":")[0].split(";")[0] for line in feed.lines if line]
    assert names.count("BEGIN") == names.count("END") == 3
    assert names.count("SUMMARY") == names.count("UID") == 1
    (read,) = feed.read().values()
    assert (read.end.date() if read.all_day else read.end.datetime) is not None
    assert read.uid == str(uid)


def test_many_deadlines_make_no_more_queries(client, django_assert_max_num_queries, stage):
    with django_assert_max_num_queries(6):
        assert len(feed_of().uids) > 10
        client.get("/deadlines.ics?kind=nonsense")
