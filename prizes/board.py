"""Deadlines and prizes as pages show them: with what was known of them at an instant."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.db.models import Prefetch, QuerySet

from prizes.as_of import AsOf, statement_of
from prizes.changes import Step, former_date, ledger_of
from prizes.models import Announcement, Award, Deadline, Prize, StatedMoney
from prizes.money import award_as_of
from prizes.places import Place
from prizes.retelling import fate_of, standing, told_of

HEAVY = ("markdown", "html", "source_record", "extra")


def told_announcements(user) -> QuerySet[Announcement]:
    """Announcements with the places they stand in, without those places' long texts."""
    texts = [f"issue__{name}" for name in HEAVY] + ["entry__html", "entry__markdown"]
    announcements = Announcement.objects.visible_to(user)
    return announcements.select_related("entry", "issue__publication").defer(*texts)


def with_history(deadlines: QuerySet[Deadline], user) -> QuerySet[Deadline]:
    """With all that a `Row` needs, in four queries."""
    told = told_announcements(user)
    return deadlines.select_related("prize").prefetch_related(
        "prize__topics",
        "prize__awards",
        Prefetch("prize__announcements", told, to_attr="history_told"),
    )


def with_board(prizes: QuerySet[Prize], as_of: AsOf, user) -> QuerySet[Prize]:
    """With what `complete_prizes` needs."""
    prizes = prizes.prefetch_related("topics", "awards")
    if as_of.is_now:
        return prizes
    told = Announcement.objects.visible_to(user).select_related("deadline")
    return prizes.prefetch_related(Prefetch("announcements", told, to_attr="history_told"))


def complete_prizes(prizes: Sequence[Prize], as_of: AsOf, user) -> None:
    """Give each its `largest_award`, its `next_deadline` and that one's date as known then."""
    wanted = [prize.next_deadline_id for prize in prizes if prize.next_deadline_id]
    found = Deadline.objects.visible_to(user).in_bulk(wanted) if as_of.is_now else {}
    for prize in prizes:
        history = [] if as_of.is_now else prize.history_told
        awards = [a for a in awards_as_of(prize.awards.all(), history, as_of) if _most(a)]
        prize.largest_award = max(awards, key=_most, default=None)
        about = [a for a in history if a.deadline_id == prize.next_deadline_id and a.deadline]
        prize.next_deadline = prize.next_date = found.get(prize.next_deadline_id)
        if about and prize.next_deadline_id:
            prize.next_deadline = about[0].deadline
            prize.next_deadline.told = [a for a in about if a.announced_at <= as_of.instant]
            prize.next_date = statement_of(prize.next_deadline, as_of).stated


def _most(award: Award) -> Decimal:
    return award.amount_max or award.amount or Decimal(0)


class Row:
    """A deadline, read by `with_history`, as it was known at an instant."""

    def __init__(self, deadline: Deadline, as_of: AsOf) -> None:
        prize = deadline.prize
        known = [a for a in prize.history_told if a.announced_at <= as_of.instant]
        deadline.told = told_of(deadline, known)
        said = statement_of(deadline, as_of)
        self.deadline = deadline
        self.known = known  # all that was told of its prize by then
        self.place = Place(getattr(deadline, "place", Place.AHEAD))
        self.stated = said.stated
        self.announcement = said.announcement
        self.conflicting = said.conflicting
        self.former = former_date(said.announcement, said.stated, deadline.told)
        self.pool = pool_as_of(prize, prize.history_told, as_of)
        self.awards = awards_as_of(prize.awards.all(), prize.history_told, as_of)

        # The row itself knows how things stand now alone.
        fate = {} if as_of.is_now else fate_of(deadline.told)
        self.is_postponed = fate.get("is_postponed", deadline.is_postponed)

    @property
    def ledger(self) -> list[Step]:
        return ledger_of(self.deadline.told)


def pool_as_of(prize: Prize, announcements: Iterable[Announcement], as_of: AsOf) -> StatedMoney:
    """What was stated of the pool by then; what nobody ever announced was entered by hand."""
    about = [
        a
        for a in announcements
        if a.deadline_id is None and a.award_id is None and a.amount is not None
    ]
    if not about or as_of.is_now:
        return Award(
            amount=prize.pool_amount,
            currency=prize.pool_currency,
            qualifier=prize.pool_qualifier,
        )
    known = standing([a for a in about if a.announced_at <= as_of.instant])
    return known[-1] if known else Award()


def awards_as_of(
    awards: Iterable[Award], announcements: Sequence[Announcement], as_of: AsOf
) -> list[Award]:
    """The awards known then, each with the amount that was stated then."""
    known = []
    for award in awards:
        stated = award_as_of(award, announcements, as_of)
        if stated is None:
            continue
        for field in ("amount", "amount_max", "currency", "qualifier"):
            setattr(award, field, getattr(stated, field))
        known.append(award)
    return known
