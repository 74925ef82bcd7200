"""JSON-LD of prize pages: what schema.org has words for, and nothing else."""

import json
import re
from datetime import date, time, timedelta
from typing import Any

import pytest
import time_machine

from prizes.retelling import retell
from tests.factories import AwardFactory
from tests.prizes.calendar_stage import NOW, TOLD, clock, dated, tell

pytestmark = pytest.mark.django_db
KNOWN = {"Event", "MonetaryGrant", "MonetaryAmount", "Organization", "VirtualLocation"}


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


def graph(client, prize) -> list[dict[str, Any]]:
    page = client.get(prize.get_absolute_url()).text
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert len(found) <= 1
    return json.loads(found[0])["@graph"] if found else []


def event(client, deadline) -> dict[str, Any]:
    (found,) = [each for each in graph(client, deadline.prize) if each["@type"] == "Event"]
    return found


def test_the_time_to_submit_is_an_event_of_whole_days(client):
    deadline = dated("Scaling", "final", "final round", date=date(2022, 10, 27), inclusive=False)
    found = event(client, deadline)
    assert (found["startDate"], found["endDate"]) == ("2022-09-01", "2022-10-26")
    assert found["name"] == "Scaling: final round closes"
    assert found["eventStatus"] == "https://schema.org/EventScheduled"


def test_an_instant_is_told_in_utc_and_opens_when_it_said(client):
    deadline = dated("Noon", **clock(date(2022, 10, 20), time(23, 59), "AoE"))
    opening = deadline.prize.deadlines.create(kind="opens")
    tell(opening, date=date(2022, 9, 20), precision="day")
    found = event(client, deadline)
    assert (found["startDate"], found["endDate"]) == ("2022-09-20", "2022-10-21T11:59:00Z")


def test_each_earlier_date_of_one_that_moved_is_repeated(client):
    deadline = dated("Moved", date=date(2022, 10, 9))
    for number, day in enumerate((date(2022, 10, 20), date(2022, 11, 9)), start=1):
        tell(deadline, TOLD + timedelta(days=number), "extended", date=day, precision="day")
    found = event(client, deadline)
    assert found["eventStatus"] == "https://schema.org/EventRescheduled"
    assert found["previousStartDate"] == ["2022-10-09", "2022-10-20"]
    assert found["endDate"] == "2022-11-09"


@pytest.mark.parametrize(
    ("change", "status"), [("cancelled", "EventCancelled"), ("postponed", "EventPostponed")]
)
def test_what_is_off_says_so(client, change, status):
    deadline = dated("Off", date=date(2022, 10, 9))
    tell(deadline, TOLD + timedelta(days=1), change)
    assert event(client, deadline)["eventStatus"] == f"https://schema.org/{status}"


def test_money_is_granted_whole_in_parts_and_as_ranges(client):
    prize = dated("Rich", date=date(2022, 10, 9)).prize
    prize.pool_amount, prize.pool_currency = 625_000, "USD"
    prize.save()
    AwardFactory(prize=prize, position=1, amount=100_000, label="warm-up")
    AwardFactory(prize=prize, position=2, amount=15_000, amount_max=30_000, qualifier="range")
    AwardFactory(prize=prize, position=3, amount=800, qualifier="up_to", part_of_pool=False)
    pool, *parts = [each for each in graph(client, prize) if each["@type"] == "MonetaryGrant"]
    assert pool["amount"] == {"@type": "MonetaryAmount", "currency": "USD", "value": 625_000}
    assert [part["amount"].get("value") for part in parts] == [100_000, None, None]
    assert (parts[1]["amount"]["minValue"], parts[1]["amount"]["maxValue"]) == (15_000, 30_000)
    assert parts[2]["amount"]["maxValue"] == 800
    assert [part.get("isPartOf") for part in parts] == [{"@id": pool["@id"]}] * 2 + [None]


def test_no_word_is_used_that_schema_org_does_not_have(client):
    deadline = dated("All", date=date(2022, 10, 9))
    AwardFactory(prize=deadline.prize)
    text = json.dumps(graph(client, deadline.prize))
    assert set(re.findall(r'"@type": "(\w+)"', text)) <= KNOWN
    assert "eadline" not in re.sub(r'"(?:@id|url|name)": "[^"]*"', "", text)


def test_a_name_cannot_end_the_script(client):
    deadline = dated("</script><script>alert(1)</script>", date=date(2022, 10, 9))
    assert event(client, deadline)["name"].startswith("</script><script>alert(1)</script>:")
    page = client.get(deadline.prize.get_absolute_url()).text
    assert "<script>alert" not in page


def test_a_prize_without_date_and_money_says_nothing(client):
    deadline = dated("Nothing", precision="rolling")
    retell(deadline.prize)
    assert graph(client, deadline.prize) == []
