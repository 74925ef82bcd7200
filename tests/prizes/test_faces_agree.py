"""Whatever is asked for, page, JSON, CSV, Atom and calendar show the same deadlines (parity)."""

import csv
import json
import re
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.test.utils import override_settings
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from prizes.models import Deadline
from prizes.status import Status
from tests.prizes.calendar_stage import NOW, Feed

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:'maxsplit' is passed:DeprecationWarning"),
]

DAYS = [f"{NOW + timedelta(days=days):%Y-%m-%d}" for days in (-40, -12, -1, 0, 9, 30, 90)]
PAST = [day for day in DAYS if day <= f"{NOW:%Y-%m-%d}"]
ONE_OF = {
    "status": Status.values,
    "kind": Deadline.Kind.values,
    "organiser": ["organiser", "nobody"],
    "q": ["scaling", "Called off", "läbel", "no such words"],
    "after": DAYS,
    "before": DAYS,
    "as_of": PAST,
    "closing": ["1", "10", "30", "3660"],
    "topic": ["topic-0", "nothing"],
    "currency": ["USD", "eur"],
}
filters = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(values) for name, values in ONE_OF.items()}
)
worth = st.sampled_from([{}, {}, {"currency": "USD", "min_amount": "40000"}])


def of_page(client, query: str) -> set[str]:
    listing = client.get(f"/deadlines/?{query}").context["listing"]
    assert listing.older is None, "more than a page of them"
    return {str(row.deadline.pk) for row in listing.rows}


def of_json(client, query: str) -> dict[str, dict]:
    rows = client.get(f"/api/v1/deadlines/?{query}").json()["results"]
    return {row["id"]: row for row in rows}


def of_csv(client, query: str) -> set[str]:
    text = client.get(f"/api/v1/deadlines/?{query}&format=csv").text
    return {row["id"] for row in csv.DictReader(text.splitlines())}


def of_feeds(client, query: str) -> list[set[str]]:
    atoms = [f"/deadlines.atom?{query}", f"/api/v1/deadlines/?{query}&format=atom"]
    found = [set(re.findall(r"<id>urn:uuid:([^<]+)<", client.get(each).text)) for each in atoms]
    items = json.loads(client.get(f"/deadlines.json?{query}").content)["items"]
    return [*found, {item["id"].removeprefix("urn:uuid:") for item in items}]


def of_calendars(client, query: str) -> list[dict[str, datetime | date]]:
    """When each event ends; nothing at all is a 404 that says so."""
    read = []
    for address in (f"/deadlines.ics?{query}", f"/api/v1/deadlines/?{query}&format=ics"):
        answer = client.get(address)
        if answer.status_code == 404:
            assert "No deadline" in answer.text
            read.append({})
            continue
        events = Feed(answer.content).read()
        read.append(
            {
                uid: event.begin.date() if event.all_day else event.end.datetime
                for uid, event in events.items()
            }
        )
    return read


def expected_of_a_calendar(row: dict, cancelled: set[str]) -> datetime | date | None:
    """By what the API says alone: the last day, or the instant; none if it has no day."""
    if row["precision"] not in ("day", "minute", "instant") or row["id"] in cancelled:
        return None
    first, last = (datetime.fromisoformat(row[name]) for name in ("earliest_utc", "latest_utc"))
    if row["time"] and first == last:
        return first
    day = date.fromisoformat(row["date"])
    return day if row["inclusive"] else day - timedelta(days=1)


@pytest.mark.one_database
@hypothesis_settings(max_examples=10)
@given(query=filters, worth=worth)
@example(query={}, worth={})
@example(query={"as_of": DAYS[1]}, worth={})
@example(query={"status": "rolling"}, worth={})
@example(query={"status": "cancelled"}, worth={})
@override_settings(API_RATE_LIMITS={"anonymous": "100000/60", "user": "100000/60"})
def test_every_face_shows_the_same(stage_of_module, query, worth):
    client, stage = Client(), stage_of_module
    text = urlencode({**query, **worth})
    known = of_json(client, text)
    assert of_page(client, text) == set(known)
    assert of_csv(client, text) == set(known)
    for found in of_feeds(client, text):
        assert found == set(known)
    dropped = {str(stage["long cancelled"].pk)} if query.get("as_of") in (None, DAYS[3]) else set()
    expected = {uid: expected_of_a_calendar(row, dropped) for uid, row in known.items()}
    for found in of_calendars(client, text):
        assert found == {uid: end for uid, end in expected.items() if end is not None}
