"""What an announcement changed, told once its neighbours in time are known."""

import itertools
from datetime import UTC, date, datetime, time, timedelta

import pytest

from newsletter.models import Issue, Publication
from prizes.derived import derive
from prizes.models import Announcement, Deadline, Prize
from prizes.retelling import retell
from tests.factories import DeadlineFactory, IssueFactory, PrizeFactory, PublicationFactory

pytestmark = pytest.mark.django_db

SEPTEMBER, OCTOBER, NOVEMBER = date(2022, 9, 30), date(2022, 10, 31), date(2022, 11, 30)
FIRST_DAY = datetime(2022, 8, 1, 12, tzinfo=UTC)


@pytest.fixture
def newsletter() -> Publication:
    return PublicationFactory()


@pytest.fixture
def deadline() -> Deadline:
    return DeadlineFactory(date=SEPTEMBER)


class Teller:
    """An issue after the other, each stating a date of one deadline."""

    def __init__(self, deadline: Deadline, publication: Publication) -> None:
        self.deadline = deadline
        self.publication = publication

    def issue(self, month: int) -> Issue:
        at = FIRST_DAY + timedelta(days=30 * month)
        return IssueFactory(publication=self.publication, published_at=at)

    def says(self, day: date | None, month: int, issue: Issue | None = None, **fields):
        issue = issue or self.issue(month)
        said = Announcement(
            id=derive(issue, None, day, month),
            prize=self.deadline.prize,
            deadline=self.deadline,
            issue=issue,
            announced_at=issue.published_at,
            announced_on=issue.published_at.date(),
            date=day,
            precision="day" if day else None,
            source=issue.title,
            **fields,
        )
        said.set_window()
        said.save()
        return said


@pytest.fixture
def teller(deadline, newsletter) -> Teller:
    return Teller(deadline, newsletter)


def retold(deadline: Deadline) -> list[tuple[date, str]]:
    retell(deadline.prize)
    deadline.refresh_from_db()
    return list(deadline.announcements.values_list("date", "change"))


def test_a_later_date_extends(teller, deadline):
    first, second = teller.says(SEPTEMBER, 1), teller.says(OCTOBER, 2)
    assert retold(deadline) == [(SEPTEMBER, "announced"), (OCTOBER, "extended")]
    second.refresh_from_db()
    assert second.supersedes == first
    assert (deadline.date, deadline.sequence) == (OCTOBER, 1)
    assert deadline.changed_at == second.announced_at


def test_an_earlier_date_moves_it(teller, deadline):
    teller.says(OCTOBER, 1), teller.says(SEPTEMBER, 2)
    assert retold(deadline) == [(OCTOBER, "announced"), (SEPTEMBER, "moved_earlier")]
    assert (deadline.date, deadline.sequence) == (SEPTEMBER, 1)


def test_the_same_date_confirms(teller, deadline):
    teller.says(SEPTEMBER, 1), teller.says(SEPTEMBER, 2)
    assert retold(deadline) == [(SEPTEMBER, "announced"), (SEPTEMBER, "confirmed")]
    assert deadline.sequence == 0


def test_a_year_that_was_inferred_is_the_same_date(teller, deadline):
    teller.says(SEPTEMBER, 1, year_inferred=True), teller.says(SEPTEMBER, 2)
    assert retold(deadline)[1] == (SEPTEMBER, "confirmed")


def test_an_announcement_without_a_date_confirms(teller, deadline):
    teller.says(SEPTEMBER, 1), teller.says(None, 2)
    assert retold(deadline)[1] == (None, "confirmed")
    assert deadline.date == SEPTEMBER


def test_the_same_end_stated_more_exactly_is_a_correction(teller, deadline):
    teller.says(SEPTEMBER, 1)
    exact = teller.says(OCTOBER, 2)
    Announcement.objects.filter(pk=exact.pk).update(
        date=date(2022, 10, 1), time=time(0), timezone="AoE", precision="instant",
        earliest_utc=datetime(2022, 10, 1, 12, tzinfo=UTC),
        latest_utc=datetime(2022, 10, 1, 12, tzinfo=UTC),
    )  # fmt: skip
    assert retold(deadline)[1][1] == "corrected"


@pytest.mark.one_database
def test_every_order_of_arrival_tells_the_same(newsletter):
    outcomes = set()
    days = {1: SEPTEMBER, 2: OCTOBER, 3: OCTOBER, 4: NOVEMBER}
    for order in itertools.permutations(days):
        teller = Teller(DeadlineFactory(date=days[order[0]]), newsletter)
        issues = {month: teller.issue(month) for month in days}
        for month in order:
            teller.says(days[month], month, issues[month])
            told = retold(teller.deadline)
        outcomes.add((*told, teller.deadline.date, teller.deadline.sequence))
    assert outcomes == {
        (
            (SEPTEMBER, "announced"),
            (OCTOBER, "extended"),
            (OCTOBER, "confirmed"),
            (NOVEMBER, "extended"),
            NOVEMBER,
            2,
        )
    }


def test_retelling_again_changes_nothing(teller, deadline):
    teller.says(SEPTEMBER, 1), teller.says(OCTOBER, 2)
    retold(deadline)
    before, history = deadline.changed_at, deadline.history.count()
    assert retold(deadline) == [(SEPTEMBER, "announced"), (OCTOBER, "extended")]
    assert (deadline.changed_at, deadline.sequence) == (before, 1)
    assert deadline.history.count() == history


class TestConflicts:
    def test_one_issue_that_says_both_leaves_both(self, teller, deadline):
        issue = teller.issue(1)
        teller.says(OCTOBER, 1, issue), teller.says(SEPTEMBER, 1, issue)
        assert sorted(retold(deadline)) == [(SEPTEMBER, "announced"), (OCTOBER, "announced")]
        assert deadline.date == SEPTEMBER

    def test_the_next_issue_settles_it(self, teller, deadline):
        issue = teller.issue(1)
        teller.says(OCTOBER, 1, issue), teller.says(SEPTEMBER, 1, issue)
        teller.says(OCTOBER, 2)
        assert retold(deadline)[2] == (OCTOBER, "extended")
        assert deadline.date == OCTOBER

    def test_another_newsletter_does_not_overrule_the_first(self, teller, deadline):
        teller.says(SEPTEMBER, 1)
        Teller(deadline, PublicationFactory()).says(OCTOBER, 2)
        assert retold(deadline)[1] == (OCTOBER, "announced")
        assert deadline.date == SEPTEMBER  # the safe one

    def test_another_newsletter_may_confirm(self, teller, deadline):
        teller.says(SEPTEMBER, 1)
        Teller(deadline, PublicationFactory()).says(SEPTEMBER, 2)
        assert retold(deadline)[1] == (SEPTEMBER, "confirmed")


class TestWhatIsAddedByHand:
    def by_hand(self, deadline: Deadline, month: int, **fields) -> Announcement:
        at = FIRST_DAY + timedelta(days=30 * month)
        said = Announcement(
            prize=deadline.prize, deadline=deadline, source="the website", announced_at=at,
            announced_on=at.date(), **fields,
        )  # fmt: skip
        said.set_window()
        said.save()
        return said

    def test_it_says_itself_what_it_changes(self, teller, deadline):
        first = teller.says(SEPTEMBER, 1)
        by_hand = self.by_hand(
            deadline, 2, date=OCTOBER, precision="day", change="announced", supersedes=first
        )
        assert retold(deadline)[1] == (OCTOBER, "announced")
        by_hand.refresh_from_db()
        assert by_hand.supersedes == first
        assert (deadline.date, deadline.sequence) == (OCTOBER, 1)

    def test_without_superseding_anything_it_is_a_conflict(self, teller, deadline):
        teller.says(SEPTEMBER, 1)
        self.by_hand(deadline, 2, date=OCTOBER, precision="day")
        retold(deadline)
        assert deadline.date == SEPTEMBER

    def test_a_stale_newsletter_does_not_undo_it(self, teller, deadline):
        first = teller.says(SEPTEMBER, 1)
        self.by_hand(
            deadline, 2, date=OCTOBER, precision="day", change="extended", supersedes=first
        )
        teller.says(OCTOBER, 3)
        assert retold(deadline)[2] == (OCTOBER, "confirmed")
        assert deadline.sequence == 1

    def test_calling_it_off_keeps_the_date_and_counts(self, teller, deadline):
        first = teller.says(SEPTEMBER, 1)
        self.by_hand(deadline, 2, change="cancelled", supersedes=first)
        retold(deadline)
        assert deadline.is_cancelled
        assert (deadline.date, deadline.sequence) == (SEPTEMBER, 1)

    def test_putting_it_off_is_told_beside_the_date(self, teller, deadline):
        teller.says(SEPTEMBER, 1)
        self.by_hand(deadline, 2, change="postponed")
        retold(deadline)
        assert (deadline.is_postponed, deadline.is_cancelled) == (True, False)


def test_the_latest_pool_stands(newsletter):
    prize = PrizeFactory()
    for month, amount in enumerate((50_000, 60_000)):
        at = FIRST_DAY + timedelta(days=30 * month)
        issue = IssueFactory(publication=newsletter, published_at=at)
        Announcement.objects.create(
            id=derive(issue, None, amount), prize=prize, issue=issue, amount=amount,
            currency="USD", qualifier="exact", announced_at=at, announced_on=at.date(),
        )  # fmt: skip
    Prize.objects.filter(pk=prize.pk).update(name="By hand")  # since it was read
    retell(prize)
    prize.refresh_from_db()
    assert (prize.name, prize.pool_amount) == ("By hand", 60_000)
    assert [a.change for a in prize.announcements.all()] == ["announced", "corrected"]


def test_a_number_that_calendars_saw_never_falls(teller, deadline):
    Deadline.objects.filter(pk=deadline.pk).update(sequence=4)
    teller.says(SEPTEMBER, 1)
    retold(deadline)
    assert deadline.sequence == 4
