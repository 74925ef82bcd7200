"""The ledger of a deadline: all that was told of it, what each changed, and when that was known."""

import re
from datetime import date, timedelta

import pytest
import time_machine

from prizes.as_of import AsOf
from prizes.models import Announcement, Deadline
from prizes.retelling import retell
from tests.factories import AnnouncementFactory, DeadlineFactory
from tests.prizes.calendar_stage import NOW, TOLD, dated, feed_of, tell

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

DAYS = [date(2022, 9, 30), date(2022, 10, 30), date(2022, 11, 30), date(2022, 11, 29)]
TOLD_ON = [TOLD + timedelta(days=7 * week) for week in range(5)]
LEDGER = [
    ("announced", None, None),
    ("extended", "2022-09-30", 30),
    ("extended", "2022-10-30", 31),
    ("corrected", "2022-11-30", -1),
    ("cancelled", None, None),
]
# What a reader saw each time something had just been told.
ON_THE_PAGE = [
    "Announced 30 Sep 2022",
    "Extended was 30 Sep 2022 → , now 30 Oct 2022 30 days later",
    "Extended was 30 Oct 2022 → , now 30 Nov 2022 31 days later",
    "Corrected was 30 Nov 2022 → , now 29 Nov 2022 1 day earlier",
    "Cancelled",
]


@pytest.fixture
def later():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def moved(later) -> Deadline:
    """Announced, extended twice, corrected and cancelled, a week between each."""
    deadline = dated("Moving Prize", date=DAYS[0])
    for at, change, day in zip(TOLD_ON[1:], [row[0] for row in LEDGER[1:]], DAYS[1:], strict=False):
        tell(deadline, at, change, date=day, precision="day")
    tell(deadline, TOLD_ON[4], "cancelled")
    return deadline


def told_to_the_api(client, deadline: Deadline, **query) -> list[tuple]:
    row = client.get(f"/api/v1/deadlines/{deadline.pk}/", query).json()
    return [(a["change"], a["previous_date"], a["moved_by_days"]) for a in row["announcements"]]


def told_on_the_page(client, deadline: Deadline) -> list[str]:
    page = client.get(deadline.prize.get_absolute_url()).text
    ledger = re.search(r'<ol class="timeline ledger".*?</ol>', page, re.DOTALL)
    assert ledger is not None
    metas = re.findall(r'<p class="row-meta"><time.*?</time>(.*?)</p>', ledger[0])
    return [" ".join(re.sub(r"<[^>]+>", " ", meta).split()) for meta in metas]


def test_every_step_stands_in_the_ledger_in_order(client, moved):
    assert told_to_the_api(client, moved) == LEDGER
    assert told_on_the_page(client, moved) == ON_THE_PAGE


@pytest.mark.parametrize("told", range(1, 5))
def test_a_past_view_knows_only_what_was_told_by_then(client, moved, told):
    then = f"{TOLD_ON[told - 1]:%Y-%m-%d}"
    assert told_to_the_api(client, moved, as_of=then) == LEDGER[:told]
    card = client.get("/deadlines/", {"as_of": then}).text
    struck = re.findall(r"<s>.*?</span>(.*?)</s>", card)
    assert struck == ([] if told == 1 else [f"{DAYS[told - 2].day} {DAYS[told - 2]:%b %Y}"])


def test_calendars_follow_one_event_through_all_of_it(moved):
    event = feed_of().of(moved)
    assert (event["SEQUENCE"], event["STATUS"]) == ("4", "CANCELLED")
    for words in ("30 Sep 2022 → 30 Oct 2022", "30 Nov 2022 → 29 Nov 2022", "Cancelled (told"):
        assert words in event["DESCRIPTION"].replace("\\,", ",")


def test_whoever_said_it_elsewhere_is_named_with_the_way_there(client, later):
    deadline = dated("Told Elsewhere", date=DAYS[0])
    Announcement.objects.update(source="The organiser", source_url="javascript:alert(1)")
    page = client.get(deadline.prize.get_absolute_url()).text
    assert "The organiser" in page
    assert 'href="javascript:' not in page
    Announcement.objects.update(source_url="https://example.org/said")
    page = client.get(deadline.prize.get_absolute_url()).text
    assert 'href="https://example.org/said"' in page


@pytest.mark.parametrize("as_of", ["", "2022-09-20"])
def test_of_dates_that_conflict_the_earliest_counts_on_every_face(client, later, as_of):
    deadline = dated("Conflict Prize", date=DAYS[1])
    tell(deadline, TOLD_ON[1], date=DAYS[0], precision="day")
    query = {"as_of": as_of} if as_of else {}
    row = client.get(f"/api/v1/deadlines/{deadline.pk}/", query).json()
    assert row["date"] == f"{DAYS[0]}"
    assert [a["is_current"] for a in row["announcements"]] == [True, True]
    page = client.get("/deadlines/", query).text
    assert f'<time datetime="{DAYS[0]}">' in page
    assert "Another date is stated too: 30 Oct 2022" in page
    assert page.count("A newsletter") == 2
    event = feed_of(as_of=AsOf.read(as_of) if as_of else None).of(deadline)
    assert (event["DTSTART;VALUE=DATE"], event["STATUS"]) == ("20220930", "TENTATIVE")
    assert "Another date is stated too: 30 Oct 2022" in event["DESCRIPTION"]


def test_what_only_says_it_again_moves_nothing(client, later):
    deadline = dated("Steady Prize", date=DAYS[0])
    tell(deadline, TOLD_ON[1], "confirmed", date=DAYS[0], precision="day")
    assert told_to_the_api(client, deadline)[1] == ("confirmed", None, None)
    assert told_on_the_page(client, deadline) == [ON_THE_PAGE[0], "Confirmed 30 Sep 2022"]
    assert "<s>" not in client.get("/deadlines/").text


def stop_the_whole(prize, change: str, at, supersedes=None) -> Announcement:
    told = AnnouncementFactory(
        prize=prize,
        deadline=None,
        change=change,
        announced_at=at,
        announced_on=at.date(),
        precision=None,
        date=None,
        supersedes=supersedes,
    )
    retell(prize)
    return told


@pytest.mark.parametrize(
    ("change", "status", "said", "summary"),
    [
        ("cancelled", "CANCELLED", "Cancelled with the whole prize", "Cancelled: "),
        ("postponed", "TENTATIVE", "Postponed with the whole prize", "Postponed: "),
    ],
)
def test_what_stops_a_prize_stops_every_date_of_it(client, later, change, status, said, summary):
    first = dated("Stopped Prize", date=date(2022, 12, 1), timezone="UTC")
    second = Deadline.objects.create(prize=first.prize, kind="final")
    tell(second, date=date(2022, 12, 24), precision="day", timezone="UTC")
    other = dated("Another Prize", date=date(2022, 12, 2), timezone="UTC")
    stopped_at = NOW - timedelta(days=5)
    stop = stop_the_whole(first.prize, change, stopped_at)
    feed, page = feed_of(), client.get("/deadlines/").text
    for deadline in (first, second):
        event = feed.of(deadline)
        assert (event["STATUS"], event["SEQUENCE"]) == (status, "1")
        assert event["SUMMARY"].startswith(summary)
        row = client.get(f"/api/v1/deadlines/{deadline.pk}/").json()
        assert [a["change"] for a in row["announcements"]] == ["announced", change]
        assert (row["status"] == "cancelled") == (change == "cancelled")
        assert row["date"] == f"{deadline.announcements.get().date}"
    assert feed.of(other)["STATUS"] == "CONFIRMED"
    assert page.count(f'data-status="{change}"') == 2
    assert told_on_the_page(client, first)[-1] == said

    day_before = f"{stopped_at - timedelta(days=1):%Y-%m-%d}"
    assert f'data-status="{change}"' not in client.get("/deadlines/", {"as_of": day_before}).text
    past = feed_of(as_of=AsOf.read(day_before)).of(first)
    assert (past["STATUS"], past["SEQUENCE"]) == ("CONFIRMED", "0")
    on_the_day = {"as_of": f"{stopped_at:%Y-%m-%d}"}
    assert client.get("/deadlines/", on_the_day).text.count(f'data-status="{change}"') == 2

    stop_the_whole(first.prize, "corrected", NOW - timedelta(days=1), supersedes=stop)
    assert (feed_of().of(first)["STATUS"], feed_of().of(first)["SEQUENCE"]) == ("CONFIRMED", "2")
    assert f'data-status="{change}"' not in client.get("/deadlines/").text


def test_a_date_entered_by_hand_is_stopped_with_its_prize(later):
    deadline = DeadlineFactory(date=date(2022, 12, 1), timezone="UTC")
    stop_the_whole(deadline.prize, "cancelled", NOW - timedelta(days=5))
    event = feed_of().of(deadline)
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", "1")
