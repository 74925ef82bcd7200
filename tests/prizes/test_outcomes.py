"""After the deadline: what came of a prize, or plainly that it is not known."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError

from prizes.models import Outcome
from tests.factories import (
    AnnouncementFactory,
    DeadlineFactory,
    EntryFactory,
    IssueFactory,
    PrizeMentionFactory,
)

TOLD = datetime(2022, 9, 1, tzinfo=UTC)


@pytest.fixture
def prize(db):
    issue = IssueFactory(published_at=TOLD, title="The first letter")
    deadline = DeadlineFactory(date=date(2022, 10, 1), prize__slug="a-prize")
    AnnouncementFactory(deadline=deadline, issue=issue, announced_at=TOLD)
    PrizeMentionFactory(prize=deadline.prize, entry=EntryFactory(issue=issue))
    return deadline.prize


def test_a_closed_prize_says_when_its_outcome_is_not_known(client, prize):
    assert "The outcome is not known here." in client.get("/prizes/a-prize/").text


def test_winners_stand_with_who_said_so(client, prize):
    Outcome.objects.create(
        prize=prize,
        kind="winner",
        who="Ada & Co",
        what="A work",
        announced_on=date(2022, 12, 1),
        source="The organiser",
        source_url="https://example.org/winners",
    )
    page = client.get("/prizes/a-prize/").text
    assert "Ada &amp; Co" in page
    assert "https://example.org/winners" in page
    assert "not known here" not in page
    outcomes = client.get(f"/api/v1/prizes/{prize.pk}/").json()["outcomes"]
    assert [(each["who"], each["announced_on"]) for each in outcomes] == [
        ("Ada & Co", "2022-12-01")
    ]
    then = client.get(f"/api/v1/prizes/{prize.pk}/?as_of=2022-11-01").json()
    assert then["outcomes"] == []


def test_later_issues_that_speak_of_it_are_named_as_such(client, prize):
    later = IssueFactory(published_at=datetime(2023, 1, 1, tzinfo=UTC), title="A later letter")
    PrizeMentionFactory(prize=prize, entry=EntryFactory(issue=later))
    page = client.get("/prizes/a-prize/").text
    told = page.split("Spoken of again after it closed", 1)[1].split("</p>")[0]
    assert "A later letter" in told
    assert "The first letter" not in told


def test_what_only_a_hidden_issue_told_is_not_shown(client, prize):
    issue = IssueFactory(is_hidden=True)
    Outcome.objects.create(prize=prize, kind="winner", who="A secret", source="x", issue=issue)
    assert "A secret" not in client.get("/prizes/a-prize/").text
    assert client.get(f"/api/v1/prizes/{prize.pk}/").json()["outcomes"] == []


def test_a_winner_has_a_name(prize):
    with pytest.raises(IntegrityError):
        Outcome.objects.create(prize=prize, kind="winner", source="x")
