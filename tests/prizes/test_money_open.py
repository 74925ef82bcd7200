"""How much was open on a day: pools alone, each currency for itself, ranges told apart."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from hypothesis import given, settings
from hypothesis import strategies as st

from prizes.as_of import AsOf
from prizes.models import Announcement, Prize
from prizes.money_chart import money_charts
from prizes.money_open import (
    OpenMoney,
    by_history,
    by_status,
    course_of_money,
    money_of,
    open_money,
)
from prizes.retelling import retell
from tests.factories import AwardFactory
from tests.prizes.calendar_stage import NOW, TOLD, dated, tell

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
NOBODY = AnonymousUser()


def worth(prize: Prize, amount: int, currency: str = "USD", at=TOLD, **stated) -> Announcement:
    told = Announcement.objects.create(
        prize=prize, source="A newsletter", announced_on=at.date(), announced_at=at,
        amount=amount, currency=currency, **stated,
    )  # fmt: skip
    retell(prize)
    return told


def totals(at: datetime) -> dict[str, tuple[Decimal, int]]:
    """By either way of finding out: status in the database, or the history."""
    by_database, by_hand = by_status(AsOf(at), NOBODY), by_history(AsOf(at), NOBODY)
    assert summed(by_database) == summed(by_hand)
    return {name: total[:2] for name, total in summed(by_hand)[0].items() if total[1]}


def summed(found: OpenMoney) -> tuple[dict[str, tuple[Decimal, int, set[Prize]]], int]:
    totals = {
        each.currency: (each.amount, each.prizes, {prize for prize, _ in each.beside})
        for each in found.totals
    }
    return totals, found.without


def of_the_course(at: datetime) -> dict[str, tuple[Decimal, int]]:
    steps = [step for step in course_of_money(NOBODY, NOW + timedelta(days=4000)) if step.at <= at]
    if not steps:
        return {}
    last = steps[-1]
    return {
        currency: (amount, last.prizes[currency])
        for currency, amount in last.amounts.items()
        if last.prizes[currency]
    }


def test_parts_ranges_and_other_currencies_are_never_added():
    one, two, three = (dated(name, date=date(2022, 12, 1)).prize for name in ("1", "2", "3"))
    worth(one, 625_000)
    AwardFactory(prize=one, amount=100_000, label="warm-up")
    worth(two, 50_000, "EUR")
    worth(three, 15_000, amount_max=1_500_000, qualifier="range")
    dated("no amount", date=date(2022, 12, 1))
    found = open_money(AsOf(NOW), NOBODY)
    assert totals(NOW) == {"USD": (Decimal(625_000), 1), "EUR": (Decimal(50_000), 1)}
    assert [prize for total in found.totals for prize, _ in total.beside] == [three]
    assert found.without == 1
    charts = money_charts(course_of_money(NOBODY, NOW), NOW, NOW)
    assert [(chart.currency, chart.most.amount) for chart in charts] == [
        ("EUR", 50_000),
        ("USD", 625_000),
    ]


@pytest.mark.usefixtures("loaded")
class TestTheFirstCatalogue:
    @pytest.mark.parametrize(
        ("day", "amount", "prizes"),
        [
            ("2022-03-08", 0, 0),
            ("2022-09-26", 1_075_000, 4),
            ("2022-10-13", 1_475_000, 4),
            ("2023-01-09", 1_225_000, 3),
            ("2023-04-11", 600_000, 2),
            ("2023-09-02", 0, 0),
        ],
    )
    def test_what_was_open(self, client, day, amount, prizes):
        as_of = AsOf.read(day)
        expected = {"USD": (Decimal(amount), prizes)} if prizes else {}
        assert totals(as_of.instant) == of_the_course(as_of.instant) == expected
        page = client.get(f"/deadlines/money/?as_of={day}").text
        assert (f"${amount:,}</strong>" in page) == bool(prizes)
        rows = client.get(f"/deadlines/?as_of={day}").context["listing"].rows
        assert summed(money_of(rows))[0] == summed(open_money(as_of, NOBODY))[0]

    def test_forecasting_is_625_000_and_never_with_its_part(self, client):
        slug = "improve-institutional-decision-making-with-ml"
        pages = [f"/prizes/{slug}/", "/deadlines/", f"/prizes/{slug}.ics", f"/prizes/{slug}.atom"]
        pages += ["/deadlines/?as_of=2022-09-26&view=timeline", f"/api/v1/prizes/{slug}/"]
        for address in pages:
            text = client.get(address).text.replace("\r\n ", "").replace("\\", "")
            assert "625,000" in text or "625000" in text, address
            assert "725,000" not in text, address
            assert "725000" not in text, address

    @pytest.mark.parametrize(
        ("slug", "pool", "most"),
        [
            ("awards-for-best-papers-and-ai-risk-analyses", 100_000, 50_000),
            (
                "call-for-benchmarks-prizes-for-promising-ml-safety-benchmark-ideas",
                500_000,
                100_000,
            ),
            ("nsf-announces-20-million-ai-safety-grant-program", 20_000_000, 800_000),
        ],
    )
    def test_pools_and_their_parts(self, client, slug, pool, most):
        page = client.get(f"/prizes/{slug}/").text
        assert f"${pool:,}" in page
        assert f"${most:,}" in page
        assert f"${pool + most:,}" not in page

    def test_the_chart_has_title_description_and_table(self, client):
        page = client.get("/deadlines/money/").text
        assert "At most $1,475,000 in 4 prizes" in page
        assert page.count("<tr>") >= 7
        assert '<title id="money-USD">' in page


day = st.dates(date(2022, 9, 2), date(2023, 3, 1))
CHANGES = st.sampled_from(["extended", "moved_earlier", "postponed", "cancelled"])


@settings(max_examples=10)
@given(
    ends=day,
    moved=day,
    change=CHANGES,
    told=st.integers(1, 120),
    raised=st.integers(1, 120),
    looked=st.integers(0, 200),
)
def test_the_course_is_what_each_day_says_of_itself(ends, moved, change, told, raised, looked):
    deadline = dated("A prize", date=ends)
    worth(deadline.prize, 1000)
    stated = {"date": moved, "precision": "day"} if change in ("extended", "moved_earlier") else {}
    tell(deadline, TOLD + timedelta(days=told), change, **stated)
    first = deadline.prize.announcements.get(amount=1000)
    worth(deadline.prize, 3000, at=TOLD + timedelta(days=raised), change="corrected",
          supersedes=first)  # fmt: skip
    at = TOLD + timedelta(days=looked, hours=3)
    assert of_the_course(at).get("USD") == totals(at).get("USD")
    assert at.tzinfo is UTC
