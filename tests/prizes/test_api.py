"""Prizes and deadlines through the API, now and as they were known."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from tests import factories
from tests.api.conftest import all_rows

PRIZES, DEADLINES = "/api/v1/prizes/", "/api/v1/deadlines/"
TOLD = datetime(2022, 9, 26, 14, tzinfo=UTC)
NOW = datetime(2022, 10, 10, 12, tzinfo=UTC)


@pytest.fixture
def now():
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture
def prizes(db, now):
    """Prizes that differ in everything they can be filtered by."""
    topic = factories.TopicFactory(slug="robustness")
    rich = factories.PrizeFactory(
        name="Rich",
        slug="rich",
        topics=[topic],
        organiser="Centre for Prizes",
        pool_amount=500_000,
        pool_currency="USD",
        pool_qualifier="up_to",
    )
    factories.AwardFactory(prize=rich, amount=100_000, position=1, label="")
    small = factories.PrizeFactory(name="Small", slug="small", kind="grant")
    factories.AwardFactory(prize=small, amount=15_000, amount_max=150_000, qualifier="range")
    factories.PrizeFactory(name="Unknown", slug="unknown", kind="job")
    euros = factories.PrizeFactory(name="Euros", slug="euros", kind="call")
    factories.AwardFactory(prize=euros, amount=900_000, currency="EUR")
    entry = factories.EntryFactory(issue__slug="issue-5", issue__published_at=TOLD)
    factories.PrizeMentionFactory(prize=rich, entry=entry)
    open_ = factories.DeadlineFactory(prize=rich, date=date(2022, 10, 31))
    factories.AnnouncementFactory(
        deadline=open_, entry=entry, issue=entry.issue, announced_at=TOLD, quote="until October 31"
    )
    over = factories.DeadlineFactory(prize=small, date=date(2022, 10, 1), kind="final")
    factories.AnnouncementFactory(
        deadline=over, announced_at=datetime(2022, 9, 1, tzinfo=UTC), issue=None, entry=None
    )
    return {"rich": rich, "small": small, "open": open_, "over": over, "entry": entry}


def names(client, query: str) -> set[str]:
    return {row["name"] for row in all_rows(client, f"{PRIZES}?{query}")}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=grant", {"Small"}),
        ("status=open", {"Rich"}),
        ("status=closed", {"Small"}),
        ("status=unknown", {"Unknown", "Euros"}),
        ("topic=robustness", {"Rich"}),
        ("issue=issue-5", {"Rich"}),
        ("organiser=prizes%20centre", {"Rich"}),
        ("currency=USD", {"Rich", "Small"}),
        ("currency=eur", {"Euros"}),
        ("currency=USD&min_amount=150000", {"Rich", "Small"}),
        ("currency=USD&min_amount=150000.01", {"Rich"}),
        ("currency=USD&min_amount=500001", set()),
        ("currency=EUR&min_amount=1", {"Euros"}),
        ("as_of=2022-09-25", {"Small"}),
        ("as_of=2022-09-26&status=open", {"Rich", "Small"}),
        ("as_of=2022-10-09&status=closed", {"Small"}),
    ],
)
def test_filters_of_prizes(client, prizes, query, found):
    assert names(client, query) == found


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ("min_amount=5", "min_amount", "needs_currency"),
        ("min_amount=-1&currency=USD", "min_amount", "min_value"),
        ("min_amount=NaN&currency=USD", "min_amount", "invalid"),
        ("min_amount=1e30&currency=USD", "min_amount", "max_digits"),
        ("currency=dollars", "currency", "invalid"),
        ("currency=U1D", "currency", "invalid"),
        ("status=postponed_", "status", "invalid_choice"),
        ("as_of=2022-10-11", "as_of", "invalid"),
        ("as_of=2022-10-10T12:00:01Z", "as_of", "invalid"),
        ("as_of=tomorrow", "as_of", "invalid"),
        ("as_of=2022-02-30", "as_of", "invalid"),
        ("as_of=0001-01-01T00:00:00%2B14:00", "as_of", "invalid"),
    ],
)
def test_what_cannot_be_asked_of_prizes(client, prizes, query, field, code):
    answer = client.get(f"{PRIZES}?{query}")

    assert answer.status_code == 400
    assert (field, code) in [(e["field"], e["code"]) for e in answer.json()["errors"]]


@pytest.mark.parametrize(
    "as_of", ["2022-10-10", "2022-10-10T12:00:00Z", "2022-10-10T14:00:00%2B02:00", ""]
)
def test_today_and_this_instant_are_now(client, prizes, as_of):
    assert client.get(f"{PRIZES}?as_of={as_of}").status_code == 200
    if as_of == "2022-10-10":
        assert names(client, f"as_of={as_of}") == names(client, "")


def test_a_prize_shows_its_money_as_stated(client, prizes):
    rich = client.get(f"{PRIZES}rich/").json()
    small = client.get(f"{PRIZES}{prizes['small'].pk}/").json()
    unknown = client.get(f"{PRIZES}unknown/").json()

    assert rich["pool"] == {"amount": "500000.00", "currency": "USD", "qualifier": "up_to"}
    assert (rich["awards"][0]["label"], rich["awards"][0]["amount"]) == (None, "100000.00")
    assert [small["awards"][0][k] for k in ("amount", "amount_max", "qualifier", "basis")] == [
        "15000.00",
        "150000.00",
        "range",
        "total",
    ]
    assert (small["pool"], unknown["pool"], unknown["awards"]) == (None, None, [])
    assert rich["issues"] == [prizes["entry"].issue_id]
    assert rich["topics"] == ["robustness"]


def test_a_prize_shows_what_is_next(client, prizes):
    rich, small = (client.get(f"{PRIZES}{slug}/").json() for slug in ("rich", "small"))

    assert (rich["status"], small["status"]) == ("open", "closed")
    assert rich["next_deadline"]["id"] == str(prizes["open"].pk)
    assert rich["next_deadline"]["date"] == "2022-10-31"
    assert rich["next_deadline"]["latest_utc"] == "2022-11-01T12:00:00Z"
    assert rich["next_deadline"]["status"] == "open"
    assert small["next_deadline"] is None


def test_looking_back_shows_what_was_announced_by_then(client, prizes):
    early = f"{PRIZES}small/?as_of=2022-09-26"

    assert client.get(early).json()["status"] == "open"
    assert client.get(early).json()["next_deadline"]["date"] == "2022-10-01"
    assert client.get(f"{PRIZES}rich/?as_of=2022-09-25").status_code == 404
    assert client.get(f"{PRIZES}rich/?as_of=2022-09-26T14:00:00Z").json()["status"] == "open"


def test_the_pool_and_the_awards_are_those_known_then(client, prizes):
    rich = prizes["rich"]
    award = rich.awards.get()
    first = factories.AnnouncementFactory(
        deadline=None, prize=rich, amount=300_000, currency="USD", qualifier="exact"
    )
    factories.AnnouncementFactory(
        deadline=None,
        prize=rich,
        amount=500_000,
        currency="USD",
        qualifier="up_to",
        supersedes=first,
        announced_at=NOW - timedelta(days=1),
    )
    factories.AnnouncementFactory(
        deadline=None,
        award=award,
        prize=rich,
        amount=100_000,
        currency="USD",
        announced_at=NOW - timedelta(days=1),
    )

    before = client.get(f"{PRIZES}rich/?as_of=2022-10-08").json()
    after = client.get(f"{PRIZES}rich/?as_of=2022-10-09").json()

    assert before["pool"] == {"amount": "300000.00", "currency": "USD", "qualifier": "exact"}
    assert before["awards"] == []
    assert (after["pool"]["amount"], len(after["awards"])) == ("500000.00", 1)
    assert names(client, "currency=USD&min_amount=400000&as_of=2022-10-08") == set()
    assert names(client, "currency=USD&min_amount=400000&as_of=2022-10-09") == {"Rich"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"2022-10-01", "2022-10-31"}),
        ("prize=rich", {"2022-10-31"}),
        ("kind=final", {"2022-10-01"}),
        ("status=open", {"2022-10-31"}),
        ("status=closed", {"2022-10-01"}),
        ("status=open&as_of=2022-09-25", {"2022-10-01"}),
        ("status=open&as_of=2022-09-26", {"2022-10-01", "2022-10-31"}),
        ("topic=robustness", {"2022-10-31"}),
        ("issue=issue-5", {"2022-10-31"}),
        ("after=2022-10-02", {"2022-10-01", "2022-10-31"}),
        ("after=2022-10-03", {"2022-10-31"}),
        ("before=2022-10-02", {"2022-10-01"}),
        ("after=2022-10-03&as_of=2022-09-25", set()),
    ],
)
def test_filters_of_deadlines(client, prizes, query, found):
    assert {row["date"] for row in all_rows(client, f"{DEADLINES}?{query}")} == found


def test_a_deadline_carries_its_sentence_and_history(client, prizes):
    later = factories.AnnouncementFactory(
        deadline=prizes["open"],
        date=date(2022, 11, 15),
        change="extended",
        announced_at=NOW - timedelta(days=2),
        supersedes=prizes["open"].announcements.get(),
        issue=None,
        quote=None,
    )
    for field in ("date", "precision", "earliest_utc", "latest_utc"):
        setattr(prizes["open"], field, getattr(later, field))
    prizes["open"].save()
    path = f"{DEADLINES}{prizes['open'].pk}/"

    current, before = client.get(path).json(), client.get(f"{path}?as_of=2022-10-07").json()

    assert (current["date"], before["date"]) == ("2022-11-15", "2022-10-31")
    assert (current["quote"], before["quote"]) == (None, "until October 31")
    assert (current["entry"], before["entry"]) == (None, prizes["entry"].pk)
    assert [a["change"] for a in current["announcements"]] == ["announced", "extended"]
    assert [a["is_current"] for a in current["announcements"]] == [False, True]
    assert [a["is_current"] for a in before["announcements"]] == [True]
    assert before["announced_on"] == "2022-09-26"
    assert current["web_url"] == f"http://testserver/prizes/rich/#deadline-{prizes['open'].pk}"


def test_the_words_of_a_hidden_issue_are_not_quoted(client, prizes):
    prizes["entry"].issue.is_hidden = True
    prizes["entry"].issue.save()

    # Nobody else told of the deadline: with the words goes the date.
    assert client.get(f"{DEADLINES}{prizes['open'].pk}/").status_code == 404
    assert client.get(f"{DEADLINES}?issue=issue-5").json()["count"] == 0


def test_what_is_not_dated_stands_last(client, prizes):
    factories.DeadlineFactory(prize=prizes["rich"], kind="notification")

    for ordering in ("earliest", "-earliest"):
        rows = all_rows(client, f"{DEADLINES}?ordering={ordering}&page_size=1")
        assert rows[-1]["date"] is None
        assert rows[-1]["status"] is None


@pytest.mark.parametrize("path", ["xx", "1", "82ce46b1-7060-57fb-94eb", "%00"])
def test_a_malformed_id_is_a_404(client, db, path):
    answer = client.get(f"{DEADLINES}{path}/")

    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_hidden_prizes_and_their_deadlines_are_nowhere(client, prizes):
    prizes["rich"].is_hidden = True
    prizes["rich"].save()

    assert "Rich" not in names(client, "")
    assert client.get(f"{PRIZES}rich/").status_code == 404
    assert client.get(f"{DEADLINES}{prizes['open'].pk}/").status_code == 404
    assert client.get(f"{DEADLINES}?prize=rich").json()["count"] == 0
    entry = client.get(f"/api/v1/entries/{prizes['entry'].pk}/").json()
    assert entry["prizes"] == []
