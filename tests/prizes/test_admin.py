"""Prizes in the admin: their dates and sums follow from announcements, which are only added."""

from datetime import UTC, date, datetime

import pytest

from prizes.models import Announcement, Award, Deadline, Prize, PrizeAlias
from tests.admin_pages import address, edit
from tests.factories import AnnouncementFactory, AwardFactory, DeadlineFactory, PrizeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def deadline() -> Deadline:
    deadline = DeadlineFactory(date=date(2022, 9, 30))
    AnnouncementFactory(deadline=deadline)
    return deadline


def announce(client, prize: Prize, **fields):
    sent = {
        "prize": prize.pk, "change": "announced", "source": "the website",
        "announced_on": "2022-10-01", "inclusive": "on",
    }  # fmt: skip
    return client.post(address(Announcement, "add"), sent | fields)


class TestAnnouncements:
    def test_they_are_neither_edited_nor_deleted(self, admin_desk, deadline):
        said = Announcement.objects.get()
        assert admin_desk.get(address(Announcement, "change", said.pk)).status_code == 200
        for page in ("change", "delete"):
            answer = admin_desk.post(address(Announcement, page, said.pk), {"source": "x"})
            assert answer.status_code == 403
        admin_desk.post(
            address(Announcement, "changelist"),
            {"action": "delete_selected", "_selected_action": str(said.pk), "post": "yes"},
        )
        said.refresh_from_db()
        assert said.source == "A newsletter"

    def test_they_do_not_go_with_what_they_are_about(self, admin_desk, deadline):
        for row in (deadline, deadline.prize):
            where = address(type(row), "delete", row.pk)
            assert admin_desk.post(where, {"post": "yes"}).status_code == 403
        assert Announcement.objects.exists()

    def test_a_new_one_is_retold(self, admin_desk, deadline):
        before = Announcement.objects.get()
        answer = announce(
            admin_desk, deadline.prize, deadline=deadline.pk, change="extended",
            date="2022-10-07", precision="day", supersedes=before.pk,
        )  # fmt: skip
        assert answer.status_code == 302
        deadline.refresh_from_db()
        assert deadline.date == date(2022, 10, 7)
        assert deadline.sequence == 1
        assert deadline.latest_utc == datetime(2022, 10, 8, 12, tzinfo=UTC)
        said = Announcement.objects.get(source="the website")
        assert said.announced_at == datetime(2022, 10, 1, tzinfo=UTC)

    def test_a_sum_becomes_the_pool(self, admin_desk):
        prize = PrizeFactory()
        announce(admin_desk, prize, amount="5000", currency="USD", qualifier="exact")
        prize.refresh_from_db()
        assert (prize.pool_amount, prize.pool_currency) == (5000, "USD")

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"date": "2022-10-07", "precision": "minute"}, "needs a date and no time"),
            ({"amount": "5"}, "An amount needs a currency"),
            ({"amount": "-5", "currency": "USD"}, "An amount needs a currency"),
            ({"amount": "5", "amount_max": "3", "currency": "USD"}, "from the smaller"),
            ({"date": "2022-10-07", "precision": "day", "timezone": "Mars/Base"}, "No zone has"),
            ({"source_url": "javascript:alert(1)"}, "Only an http or https address"),
            ({"announced_on": ""}, "required"),
        ],
    )
    def test_what_does_not_fit_is_refused_in_words(self, admin_desk, fields, words):
        page = announce(admin_desk, PrizeFactory(), **fields)
        assert page.status_code == 200
        assert words in page.text

    def test_one_about_another_prize_is_refused(self, admin_desk, deadline):
        award = AwardFactory()
        other = PrizeFactory()
        for about in ({"deadline": deadline.pk}, {"award": award.pk}):
            assert "belongs to another prize" in announce(admin_desk, other, **about).text
        both = {"deadline": deadline.pk, "award": AwardFactory(prize=deadline.prize).pk}
        assert "not both" in announce(admin_desk, deadline.prize, **both).text

    def test_it_supersedes_only_what_is_about_the_same(self, admin_desk, deadline):
        other = AnnouncementFactory()
        page = announce(admin_desk, deadline.prize, deadline=deadline.pk, supersedes=other.pk)
        assert "is about something else" in page.text


class TestPrizes:
    def test_an_address_that_is_changed_goes_on_leading_to_its_prize(self, admin_desk):
        prize = PrizeFactory(slug="first")
        edit(admin_desk, prize, slug="second")
        assert PrizeAlias.objects.get().slug == "first"
        edit(admin_desk, prize, slug="first")
        assert PrizeAlias.objects.get().slug == "second"

    def test_an_address_that_another_prize_had_is_refused(self, admin_desk):
        PrizeAlias.objects.create(slug="former", prize=PrizeFactory())
        page = edit(admin_desk, PrizeFactory(), slug="former")
        assert "Another prize had this address before." in page.text

    def test_an_unsafe_website_is_refused(self, admin_desk):
        page = edit(admin_desk, PrizeFactory(), website="javascript:alert(1)")
        assert "Only an http or https address becomes a link." in page.text

    def test_awards_edited_by_hand_are_locked(self, admin_desk):
        award = AwardFactory(label="First place")
        edit(admin_desk, award.prize, **{"awards-0-label": "Winner"})
        award.refresh_from_db()
        assert award.label == "Winner"
        assert award.prize.locked_fields == ["awards"]

    def test_an_award_that_was_announced_is_not_deleted(self, admin_desk):
        award = AwardFactory()
        AnnouncementFactory(deadline=None, award=award)
        page = edit(admin_desk, award.prize, **{"awards-0-DELETE": "on"})
        assert "An award that was announced cannot be deleted." in page.text
        assert Award.objects.exists()

    def test_one_that_was_added_by_hand_is(self, admin_desk):
        award = AwardFactory()
        prize = award.prize
        assert edit(admin_desk, prize, **{"awards-0-DELETE": "on"}).status_code == 302
        assert not Award.objects.exists()

    def test_the_pool_is_shown_and_not_edited(self, admin_desk):
        prize = PrizeFactory(pool_amount=5000, pool_currency="USD")
        edit(admin_desk, prize, pool_amount="1")
        assert prize.pool_amount == 5000
        assert "5,000 USD" in admin_desk.get(address(Prize, "changelist")).text


def test_a_deadlines_date_is_shown_and_not_edited(admin_desk, deadline):
    edit(admin_desk, deadline, date="2030-01-01", label="Papers")
    assert (deadline.date, deadline.label) == (date(2022, 9, 30), "Papers")
