"""Pages of prizes and deadlines, today and as of a past day."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from http import HTTPStatus

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from prizes.models import Announcement, Award, Deadline, Prize, PrizeAlias
from tests.factories import (
    AnnouncementFactory,
    AwardFactory,
    DeadlineFactory,
    EntryFactory,
    IssueFactory,
    PrizeFactory,
    PrizeMentionFactory,
    TopicFactory,
    UserFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
SCRIPT = '"><script>alert(1)</script>'
TOLD = datetime(2022, 9, 26, 14, tzinfo=UTC)


def announce(deadline: Deadline, **fields) -> Announcement:
    """A deadline told of in an entry of an issue of that day."""
    at = fields.pop("announced_at", TOLD)
    issue = fields.pop("issue", None) or IssueFactory(published_at=at)
    entry = EntryFactory(issue=issue)
    PrizeMentionFactory(prize=deadline.prize, entry=entry)
    return AnnouncementFactory(
        deadline=deadline, issue=issue, entry=entry, announced_at=at, **fields
    )


def in_days(days: int) -> date:
    return (timezone.now() + timedelta(days=days)).date()


def names(page) -> list[str]:
    return [row.deadline.prize.name for row in page.context["listing"].rows]


class TestDeadlines:
    def test_what_is_ahead_stands_first_then_what_is_past_in_reverse(self, client):
        for name, days in (("Later", 30), ("Long gone", -60), ("Soon", 3), ("Gone", -30)):
            announce(DeadlineFactory(prize__name=name, date=in_days(days)))
        announce(DeadlineFactory(prize__name="Undated", date=None))
        rolling = {"date": None, "precision": "rolling"}
        announce(DeadlineFactory(prize__name="Always", **rolling), **rolling)
        announce(DeadlineFactory(prize__name="Off", is_cancelled=True, date=in_days(5)))
        page = client.get("/deadlines/")
        order = ["Soon", "Later", "Past", "Gone", "Long gone", "Rolling", "Always"]
        order += ["Date not known", "Undated", "Called off", "Off"]
        results = page.text.split('id="results"')[1]
        places = [results.index(f">{words}<") for words in order]
        assert places == sorted(places)
        assert "Open, 3 days left" in page.text
        assert "Nothing is open" not in page.text

    def test_paging_reaches_every_deadline_once_in_order(self, client):
        for days in (*range(-37, -2), *range(1, 36)):
            announce(DeadlineFactory(date=in_days(days)))
        seen, address = [], "/deadlines/"
        while address:
            listing = client.get(address).context["listing"]
            seen += [(row.deadline.date - in_days(0)).days for row in listing.rows]
            address = listing.older
        assert seen == [*range(1, 36), *range(-3, -38, -1)]

    def test_a_past_day_lists_what_was_known_without_a_date(self, client):
        dateless = AnnouncementFactory(
            deadline=None, prize=PrizeFactory(name="No date"), announced_at=TOLD
        )
        PrizeFactory(name="Told by nobody")
        announce(DeadlineFactory(prize__name="Dated", date=date(2022, 9, 30)))
        page = client.get("/deadlines/?as_of=2022-09-26")
        assert page.context["without_deadline"] == [dateless.prize]
        assert "Known, without a deadline" in page.text
        assert "No date" not in client.get("/deadlines/?as_of=2022-09-25").text
        assert "No date" not in client.get("/deadlines/?as_of=2022-09-26&kind=final").text

    def test_many_without_a_date_are_cut_and_the_rest_is_pointed_at(self, client):
        for _ in range(35):
            AnnouncementFactory(deadline=None, prize=PrizeFactory(), announced_at=TOLD)
        page = client.get("/deadlines/?as_of=2022-09-26")
        assert len(page.context["without_deadline"]) == 30
        assert 'href="/prizes/?as_of=2022-09-26"' in page.text

    def test_dates_that_are_not_known_stand_last(self, client):
        announce(DeadlineFactory(prize__name="Undated", date=None))
        announce(DeadlineFactory(prize__name="Dated", date=in_days(30)))
        page = client.get("/deadlines/")
        assert names(page) == ["Dated", "Undated"]
        assert "No date known" in page.text

    def test_a_past_day_shows_what_was_known_and_open_then(self, client):
        announce(DeadlineFactory(prize__name="Open then", date=date(2022, 9, 30)))
        announce(DeadlineFactory(prize__name="Over by then", date=date(2022, 9, 1)))
        announce(
            DeadlineFactory(prize__name="Not told yet", date=date(2023, 1, 1)),
            announced_at=TOLD + timedelta(days=7),
        )
        page = client.get("/deadlines/?as_of=2022-09-26")
        assert names(page) == ["Open then", "Over by then"]
        assert "26 September 2022" in page.text
        assert "Open, 4 days left" in page.text
        assert "see today" in page.text

    def test_a_later_change_of_date_does_not_reach_back(self, client):
        deadline = DeadlineFactory(date=date(2022, 10, 30))
        first = announce(deadline, date=date(2022, 9, 30))
        announce(
            deadline,
            date=date(2022, 10, 30),
            announced_at=TOLD + timedelta(days=2),
            supersedes=first,
            change=Announcement.Change.EXTENDED,
        )
        assert "30 Sep" in client.get("/deadlines/?as_of=2022-09-26").text
        assert "30 Oct" in client.get("/deadlines/?as_of=2022-09-29").text

    def test_two_dates_that_stand_side_by_side_are_shown_together(self, client):
        deadline = DeadlineFactory(date=date(2022, 9, 30))
        announce(deadline, date=date(2022, 10, 2), quote="Until 2 October.")
        announce(deadline, date=date(2022, 9, 30), quote="Until 30 September.")
        page = client.get("/deadlines/?as_of=2022-09-26").text
        assert "30 Sep" in page
        assert "Another date is stated too: 2 Oct 2022" in page

    def test_the_quoted_sentence_leads_to_its_place(self, client):
        told = announce(DeadlineFactory(date=in_days(9)), quote="Hand it in.")
        page = client.get("/deadlines/").text
        assert "Hand it in." in page
        assert f'href="{told.entry.get_absolute_url()}"' in page

    def test_precision_is_said_in_words(self, client):
        told = announce(
            DeadlineFactory(date=date(2022, 10, 27), inclusive=False, year_inferred=True),
            inclusive=False,
            year_inferred=True,
        )
        page = client.get("/deadlines/?as_of=2022-09-26").text
        assert told.precision == "day"
        for words in (
            '<time datetime="2022-10-26">26 Oct</time>',
            "year inferred, not printed",
            "the text says before 27 Oct 2022",
            "Time not stated: closes between",
        ):
            assert words in page

    def test_money_is_what_was_stated_by_then(self, client):
        prize = PrizeFactory(pool_amount=200_000, pool_currency="USD")
        award = AwardFactory(prize=prize, label="best paper", amount=70_000)
        announce(DeadlineFactory(prize=prize, date=date(2022, 12, 1)))
        for about, now, then in (({}, 200_000, 100_000), ({"award": award}, 70_000, 50_000)):
            common = {"deadline": None, "prize": prize, "currency": "USD", **about}
            first = AnnouncementFactory(**common, amount=then, announced_at=TOLD)
            AnnouncementFactory(
                **common, amount=now, announced_at=TOLD + timedelta(days=9), supersedes=first
            )
        page = client.get("/deadlines/?as_of=2022-09-27").text
        assert "$100,000" in page
        assert "$50,000, best paper" in page
        page = client.get("/deadlines/?as_of=2022-10-27").text
        assert "$200,000" in page
        assert "$70,000, best paper" in page

    @pytest.mark.parametrize("as_of", ["2999-01-01", "yesterday", "2022-02-30", "x" * 3000, SCRIPT])
    def test_the_future_and_nonsense_are_400_with_the_text_kept(self, client, as_of):
        page = client.get("/deadlines/", {"as_of": as_of})
        assert page.status_code == HTTPStatus.BAD_REQUEST
        assert "See what is open today" in page.text
        assert "<script>alert" not in page.text

    def test_an_instant_may_be_given_with_its_offset(self, client):
        announce(DeadlineFactory(prize__name="Told", date=date(2022, 9, 30)))
        before, after = "2022-09-26T15:59:00+02:00", "2022-09-26T16:01:00+02:00"
        assert names(client.get("/deadlines/", {"as_of": before})) == []
        assert names(client.get("/deadlines/", {"as_of": after})) == ["Told"]
        assert names(client.get(f"/deadlines/?as_of={after}")) == ["Told"]

    def test_when_nothing_is_open_it_leads_to_the_latest_issue_with_deadlines(self, client):
        issue = IssueFactory(published_at=TOLD, title="The fifth")
        announce(DeadlineFactory(date=date(2022, 9, 30)), issue=issue)
        IssueFactory(published_at=TOLD + timedelta(days=90))
        page = client.get("/deadlines/").text
        assert "Nothing is open today" in page
        assert "The fifth" in page
        assert 'href="/deadlines/?as_of=2022-09-26"' in page

    def test_what_has_closed_is_shown_when_asked_for(self, client):
        announce(DeadlineFactory(prize__name="Gone", date=date(2022, 9, 30)))
        page = client.get("/deadlines/?status=closed")
        assert names(page) == ["Gone"]
        assert "Closed 30 Sep 2022" in page.text

    def test_topics_and_kinds_narrow_it(self, client):
        topic = TopicFactory(slug="robustness")
        announce(
            DeadlineFactory(
                prize=PrizeFactory(name="Robust", topics=[topic]), date=in_days(5), kind="final"
            )
        )
        announce(DeadlineFactory(prize__name="Other", date=in_days(5)))
        assert names(client.get("/deadlines/?topic=robustness")) == ["Robust"]
        assert names(client.get("/deadlines/?kind=final")) == ["Robust"]
        assert client.get("/deadlines/?kind=x").status_code == HTTPStatus.BAD_REQUEST
        assert "No deadline fits" in client.get("/deadlines/?topic=none").text

    def test_hidden_prizes_have_no_deadlines(self, client):
        announce(DeadlineFactory(prize__name="Unseen", prize__is_hidden=True, date=in_days(5)))
        assert "Unseen" not in client.get("/deadlines/").text
        client.force_login(UserFactory(is_staff=True))
        assert "Unseen" in client.get("/deadlines/").text

    @pytest.mark.parametrize("as_of", ["", "2022-09-26"])
    def test_what_only_a_hidden_issue_told_is_not_there(self, client, as_of):
        hidden = IssueFactory(published_at=TOLD, is_hidden=True)
        prize = PrizeFactory(name="Unseen")
        told = announce(DeadlineFactory(prize=prize, date=in_days(5)), issue=hidden)
        AnnouncementFactory(deadline=None, prize=prize, issue=hidden, announced_at=TOLD)
        addresses = ("/deadlines/", "/prizes/", "/api/v1/deadlines/", "/api/v1/prizes/")
        for address in addresses:
            assert "Unseen" not in client.get(address, {"as_of": as_of}).text
        for address in (f"/prizes/{prize.slug}/", f"/api/v1/prizes/{prize.slug}/"):
            assert client.get(address).status_code == HTTPStatus.NOT_FOUND
        address = f"/api/v1/deadlines/{told.deadline.pk}/"
        assert client.get(address).status_code == HTTPStatus.NOT_FOUND
        # Told in the open too, it is there; but not the date that was not.
        announce(DeadlineFactory(prize=prize, date=in_days(9)))
        assert names(client.get("/deadlines/", {"as_of": as_of})) == ["Unseen"]
        client.force_login(UserFactory(is_staff=True))
        assert len(names(client.get("/deadlines/", {"as_of": as_of}))) == 2

    def test_a_sentence_from_a_hidden_issue_is_not_quoted(self, client):
        issue = IssueFactory(published_at=TOLD, title="Unseen issue", is_hidden=True)
        announce(DeadlineFactory(date=in_days(5)), issue=issue, quote="Unseen words.")
        page = client.get("/deadlines/").text
        assert "Unseen" not in page

    @pytest.mark.parametrize("as_of", ["", "2022-09-26"])
    def test_queries_do_not_grow_with_deadlines(self, client, as_of):
        def add() -> None:
            prize = PrizeFactory(topics=[TopicFactory()])
            AwardFactory(prize=prize)
            announce(DeadlineFactory(prize=prize, date=in_days(90)))

        add()
        with CaptureQueriesContext(connection) as for_one:
            client.get("/deadlines/", {"as_of": as_of})
        for _ in range(54):
            add()
        with CaptureQueriesContext(connection) as for_many:
            page = client.get("/deadlines/", {"as_of": as_of})
        assert len(page.context["listing"].rows) == 50
        # One more for counting what one page cannot show.
        assert len(for_many) <= len(for_one) + 1
        assert len(for_many) <= 6


class TestPrizes:
    def test_they_are_listed_with_money_status_and_next_deadline(self, client):
        prize = PrizeFactory(name="Inverse Scaling Prize", pool_amount=250_000, pool_currency="USD")
        day = in_days(9)
        announce(DeadlineFactory(prize=prize, date=day, label="final round"))
        page = client.get("/prizes/").text
        for words in ("Inverse Scaling Prize", "$250,000", "in total", "Open, 9 days left"):
            assert words in page
        assert f'Next: final round, <time datetime="{day.isoformat()}">' in page

    def test_a_prize_without_a_pool_shows_its_largest_award(self, client):
        prize = PrizeFactory()
        AwardFactory(prize=prize, amount=1000)
        AwardFactory(
            prize=prize, amount=15_000, amount_max=1_500_000, qualifier="range", basis="each"
        )
        page = client.get("/prizes/").text
        assert "$15,000 to $1,500,000" in page
        assert "$1,000<" not in page

    @pytest.mark.parametrize(
        ("query", "shown"),
        [
            ("kind=grant", {"Grant"}),
            ("status=open", {"Open"}),
            ("status=unknown", {"Grant"}),
            ("organiser=science", {"Grant"}),
            ("currency=EUR", {"Grant"}),
            ("currency=usd&min_amount=100", {"Open"}),
            ("currency=USD&min_amount=100000000", set()),
            ("topic=robustness", {"Open"}),
            ("issue=the-issue", {"Open"}),
            ("nonsense=1", {"Open", "Grant"}),
            ("as_of=2022-09-27", {"Open"}),
        ],
    )
    def test_filters_narrow_it(self, client, query, shown):
        prize = PrizeFactory(name="Open", topics=[TopicFactory(slug="robustness")])
        AwardFactory(prize=prize, amount=500, currency="USD")
        issue = IssueFactory(slug="the-issue", published_at=TOLD)
        announce(DeadlineFactory(prize=prize, date=in_days(9)), issue=issue)
        PrizeFactory(
            name="Grant",
            kind=Prize.Kind.GRANT,
            organiser="National Science Foundation",
            pool_amount=Decimal(20_000_000),
            pool_currency="EUR",
        )
        rows = client.get(f"/prizes/?{query}").context["listing"].rows
        assert {each.name for each in rows} == shown

    @pytest.mark.parametrize(
        "query",
        ["min_amount=5", "min_amount=x&currency=USD", "kind=x", "as_of=2999-01-01", "cursor=1"],
    )
    def test_a_bad_value_is_named_and_answered_with_400(self, client, query):
        page = client.get(f"/prizes/?{query}")
        assert page.status_code == HTTPStatus.BAD_REQUEST
        assert "errorlist" in page.text

    @pytest.mark.parametrize("face", ["/prizes/", "/api/v1/prizes/"])
    def test_awards_are_compared_as_they_were_stated_by_then(self, client, face):
        def shows(as_of: str, **query) -> bool:
            query = {"currency": "USD", "as_of": as_of} | query
            return "Generous" in client.get(face, query).text

        prize = PrizeFactory(name="Generous")
        award = AwardFactory(prize=prize, amount=90_000, currency="USD")
        AnnouncementFactory(deadline=None, prize=prize, announced_at=TOLD)
        common = {"deadline": None, "prize": prize, "award": award, "currency": "USD"}
        days = [TOLD + timedelta(days=number) for number in (2, 9)]
        first = AnnouncementFactory(**common, amount=50_000, announced_at=days[0])
        AnnouncementFactory(**common, amount=90_000, announced_at=days[1], supersedes=first)
        assert not shows("2022-09-26", min_amount=1)
        assert not shows("2022-09-26")
        assert shows("2022-09-29", min_amount=50_000)
        assert not shows("2022-09-29", min_amount=50_001)
        assert shows("2022-10-10", min_amount=90_000)
        assert shows("", min_amount=90_000)

    def test_what_is_typed_never_becomes_markup(self, client):
        for name in ("q", "organiser", "currency", "topic", "kind", "as_of"):
            assert "<script>alert" not in client.get("/prizes/", {name: SCRIPT}).text

    def test_paging_reaches_every_prize_once(self, client):
        for _ in range(60):
            announce(DeadlineFactory())
        PrizeFactory.create_batch(60)
        seen, address = [], "/prizes/"
        while address:
            listing = client.get(address).context["listing"]
            seen += [prize.pk for prize in listing.rows]
            address = listing.older
        assert len(seen) == len(set(seen)) == 120

    @pytest.mark.parametrize("as_of", ["", "2022-09-27"])
    def test_queries_do_not_grow_with_prizes(self, client, as_of):
        def add() -> None:
            prize = PrizeFactory(topics=[TopicFactory()])
            AwardFactory(prize=prize)
            announce(DeadlineFactory(prize=prize, date=in_days(9)))

        add()
        with CaptureQueriesContext(connection) as for_one:
            client.get("/prizes/", {"as_of": as_of})
        for _ in range(54):
            add()
        with CaptureQueriesContext(connection) as for_many:
            client.get("/prizes/", {"as_of": as_of})
        assert len(for_many) <= len(for_one) + 1
        assert len(for_many) <= 6


class TestPrize:
    def test_it_shows_pool_awards_deadlines_and_history(self, client):
        prize = PrizeFactory(
            pool_amount=100_000,
            pool_currency="USD",
            pool_qualifier="up_to",
            website="https://prize.example/",
            editor_note="Renamed since.",
            topics=[TopicFactory(name="Monitoring")],
        )
        AwardFactory(prize=prize, label="best papers", basis=Award.Basis.EACH, amount=50_000)
        told = announce(
            DeadlineFactory(prize=prize, date=in_days(9), label="final round"),
            quote="Hand it in.",
        )
        page = client.get(prize.get_absolute_url()).text
        for words in (
            "up to $100,000",
            "$50,000 each, best papers",
            "Final round",
            "Open, 9 days left",
            "Hand it in.",
            "26 Sep 2022",
            "Announced",
            'href="https://prize.example/"',
            "Renamed since.",
            "Monitoring",
            f'href="{told.entry.get_absolute_url()}"',
            f'id="deadline-{told.deadline_id}"',
            told.issue.url,
            "Dan Hendrycks",
        ):
            assert words in page

    def test_amounts_and_its_end_lead_to_their_sentences(self, client):
        prize = PrizeFactory(pool_amount=9, pool_currency="USD")
        award = AwardFactory(prize=prize, amount=3)
        issue = IssueFactory(published_at=TOLD)
        common = {"deadline": None, "prize": prize, "issue": issue}
        money = {"amount": 9, "currency": "USD", "qualifier": "exact"}
        AnnouncementFactory(**common, **money, quote="Nine in all.")
        AnnouncementFactory(**common, **money | {"amount": 3}, award=award, quote="Three to one.")
        AnnouncementFactory(**common, change="cancelled", quote="There is no prize.")
        page = client.get(prize.get_absolute_url()).text
        money_column = page[page.index('aria-label="Money and mentions"') :]
        for quote in ("Nine in all.", "Three to one."):
            place = money_column.index(f"{quote}</q>")
            assert issue.get_absolute_url() in money_column[place : place + 200]
        assert "There is no prize.</q>" in page[: page.index("Deadlines</h2>")]

    def test_without_dates_and_money_it_says_so(self, client):
        page = client.get(PrizeFactory().get_absolute_url()).text
        assert "No date is stated" in page
        assert "No amount is stated" in page

    def test_former_addresses_lead_to_it(self, client):
        stays = PrizeFactory()
        PrizeAlias.objects.create(slug="former-name", prize=stays)
        merged = PrizeFactory(merged_into=stays)
        for address in ("/prizes/former-name/", merged.get_absolute_url()):
            answer = client.get(address)
            assert answer.status_code == HTTPStatus.MOVED_PERMANENTLY
            assert answer.url == stays.get_absolute_url()

    def test_what_is_hidden_is_404_whichever_way_one_comes(self, client):
        hidden = PrizeFactory(is_hidden=True)
        PrizeAlias.objects.create(slug="former-name", prize=hidden)
        merged = PrizeFactory(merged_into=hidden)
        addresses = (hidden.get_absolute_url(), "/prizes/former-name/", merged.get_absolute_url())
        for address in (*addresses, "/prizes/nothing/"):
            assert client.get(address).status_code == HTTPStatus.NOT_FOUND
        client.force_login(UserFactory(is_staff=True))
        assert client.get(hidden.get_absolute_url()).status_code == HTTPStatus.OK

    def test_hidden_issues_are_not_named(self, client):
        issue = IssueFactory(published_at=TOLD, title="Unseen issue", is_hidden=True)
        told = announce(DeadlineFactory(date=in_days(5)), issue=issue, quote="Unseen words.")
        page = client.get(told.prize.get_absolute_url()).text
        assert "Unseen" not in page
        assert issue.slug not in page

    def test_a_website_that_is_not_safe_is_no_link(self, client):
        prize = PrizeFactory(website="javascript:alert(1)", name=SCRIPT)
        page = client.get(prize.get_absolute_url()).text
        assert 'href="javascript:' not in page
        assert "<script>alert" not in page

    def test_queries_do_not_grow_with_announcements(self, client):
        prize = PrizeFactory()

        def add() -> None:
            AwardFactory(prize=prize)
            announce(DeadlineFactory(prize=prize, date=in_days(9)))

        add()
        with CaptureQueriesContext(connection) as for_one:
            client.get(prize.get_absolute_url())
        for _ in range(49):
            add()
        with CaptureQueriesContext(connection) as for_fifty:
            client.get(prize.get_absolute_url())
        assert len(for_fifty) <= len(for_one)
        assert len(for_fifty) <= 10
