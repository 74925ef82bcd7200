"""How much was open to be won: on a day, and over time. Pools alone are added, each currency for
itself; parts are in their pool already, and a range or "up to" is no sum, so they are told apart.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from prizes.as_of import AsOf, prizes_as_of
from prizes.board import Row
from prizes.models import (
    Announcement,
    Award,
    Deadline,
    Precision,
    Prize,
    Qualifier,
    StatedMoney,
)
from prizes.money import with_pool
from prizes.retelling import standing
from prizes.status import SUBMISSION_LIKE, PrizeStatus

OPEN = (PrizeStatus.OPEN, PrizeStatus.CLOSING, PrizeStatus.ROLLING)
SUMMED = (None, "", Qualifier.EXACT)
# The latest announcements of which the course is drawn: no page reads a whole table.
MOST_TOLD = 10_000
Change = Announcement.Change


@dataclass(slots=True)
class Total:
    """Of one currency: what adds up, and what stands beside it since it is not exact."""

    currency: str
    amount: Decimal = Decimal(0)
    prizes: int = 0
    beside: list[tuple[Prize, StatedMoney]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class OpenMoney:
    totals: Sequence[Total]
    without: int  # open, with no total stated


def open_money(as_of: AsOf, user) -> OpenMoney:
    """Now by the prizes' status; of a past day by what was told until then, which is the same."""
    return (by_status if as_of.is_now else by_history)(as_of, user)


def by_status(as_of: AsOf, user) -> OpenMoney:
    prizes = with_pool(prizes_as_of(as_of, user), as_of).filter(status__in=OPEN)
    names = ("amount", "currency", "qualifier")
    return _sum_up(
        (prize, Award(**{name: getattr(prize, f"known_pool_{name}") for name in names}))
        for prize in prizes.defer("description").order_by("pk")[:MOST_TOLD]
    )


def by_history(as_of: AsOf, user) -> OpenMoney:
    """The database plans the same question for longer than this takes."""
    found = []
    for told in _told_by_prize(user, AsOf.now().instant):
        known = [a for a in told if a.announced_at <= as_of.instant]
        if known and (pool := _open_pool(known, told, as_of.instant)) is not None:
            found.append((told[0].prize, pool))
    return _sum_up(sorted(found, key=lambda each: each[0].pk))


def money_of(rows: Iterable[Row]) -> OpenMoney:
    """The same from rows at hand, if they are all there are."""
    entered = [row for row in rows if row.deadline.kind in SUBMISSION_LIKE]
    prizes = {row.deadline.prize: row.pool for row in entered if row.deadline.status in OPEN}
    off = {row.deadline.prize for row in entered if _is_off(row)}
    return _sum_up((prize, pool) for prize, pool in prizes.items() if prize not in off)


def _is_off(row: Row) -> bool:
    whole = standing([a for a in row.known if a.deadline_id is None])
    return any(a.change in (Change.CANCELLED, Change.POSTPONED) for a in whole)


def _sum_up(pools: Iterable[tuple[Prize, StatedMoney]]) -> OpenMoney:
    totals: dict[str, Total] = {}
    without = 0
    for prize, pool in pools:
        if pool.amount is None or pool.currency is None:
            without += 1
            continue
        total = totals.setdefault(pool.currency, Total(pool.currency))
        if pool.qualifier in SUMMED:
            total.amount += pool.amount
            total.prizes += 1
        else:
            total.beside.append((prize, pool))
    return OpenMoney([totals[currency] for currency in sorted(totals)], without)


# --- Over time ----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Step:
    """From this instant on, until the next step."""

    at: datetime
    amounts: dict[str, Decimal]
    prizes: dict[str, int]


def course_of_money(user, now: datetime) -> list[Step]:
    """Whenever something was announced or closed, what was open from then on, as known then."""
    changes: dict[datetime, list[tuple[str, Decimal, int]]] = defaultdict(list)
    for prize_told in _told_by_prize(user, now):
        for at, currency, amount, count in _changes_of(prize_told, now):
            changes[at].append((currency, amount, count))
    amounts: dict[str, Decimal] = defaultdict(Decimal)
    prizes: dict[str, int] = defaultdict(int)
    steps = []
    for at in sorted(changes):
        for currency, amount, count in changes[at]:
            amounts[currency] += amount
            prizes[currency] += count
        steps.append(Step(at, dict(amounts), dict(prizes)))
    return steps


def _told_by_prize(user, now: datetime) -> Iterable[list[Announcement]]:
    """What concerns the pool, the dates or the whole, in order of time."""
    told = Announcement.objects.visible_to(user).known_by(now).select_related("deadline", "prize")
    told = told.filter(award=None, prize__in=Prize.objects.visible_to(user).values("pk"))
    told = told.defer("quote", "quote_prefix", "quote_suffix", "prize__description")
    by_prize: dict[int, list[Announcement]] = defaultdict(list)
    latest = told.order_by("-announced_at", "-recorded_at", "-pk")[:MOST_TOLD]
    for announcement in reversed(latest):
        by_prize[announcement.prize_id].append(announcement)
    return by_prize.values()


def _changes_of(
    told: Sequence[Announcement], now: datetime
) -> Iterable[tuple[datetime, str, Decimal, int]]:
    """Of one prize: when its pool came into the open total, left it, or became another."""
    before: tuple[str, Decimal] | None = None
    for at in _moments(told, now):
        pool = _open_pool([a for a in told if a.announced_at <= at], told, at)
        after = _summed(pool)
        if after == before:
            continue
        if before is not None:
            yield at, before[0], -before[1], -1
        if after is not None:
            yield at, after[0], after[1], 1
        before = after


def _moments(told: Sequence[Announcement], now: datetime) -> list[datetime]:
    """Between two of these nothing of a prize changes; a deadline counts to its last instant."""
    moments = {a.announced_at for a in told}
    for a in told:
        if a.latest_utc is not None:
            moments.add(a.latest_utc + timedelta(microseconds=1))
        if a.deadline and a.deadline.kind == Deadline.Kind.OPENS and a.earliest_utc is not None:
            moments.add(a.earliest_utc)
    first = min(a.announced_at for a in told)
    return sorted(moment for moment in moments if first <= moment <= now)


def _summed(pool: StatedMoney | None) -> tuple[str, Decimal] | None:
    """What of it adds up, if anything does."""
    if pool is None or pool.amount is None or pool.currency is None:
        return None
    return (pool.currency, pool.amount) if pool.qualifier in SUMMED else None


def _open_pool(
    known: Sequence[Announcement], told: Sequence[Announcement], at: datetime
) -> StatedMoney | None:
    """The pool as it stood, of a prize that was open then, else none; `told` is all there is of it.

    As `prizes.status` and `prizes.money` say it in the database; a test holds them together.
    """
    subjects: dict[object, list[Announcement]] = defaultdict(list)
    for announcement in known:
        subjects[announcement.deadline_id].append(announcement)
    about = subjects.pop(None, [])
    if any(a.change in (Change.CANCELLED, Change.POSTPONED) for a in standing(about)):
        return None
    if not _is_open(subjects.values(), at):
        return None
    if not any(a.amount is not None for a in told if a.deadline_id is None):
        prize = told[0].prize  # entered by hand, without a date
        return Award(
            amount=prize.pool_amount, currency=prize.pool_currency, qualifier=prize.pool_qualifier
        )
    pools = standing([a for a in about if a.amount is not None])
    return pools[-1] if pools else Award()


def _is_open(subjects: Iterable[Sequence[Announcement]], at: datetime) -> bool:
    """By its earliest deadline ahead, as a prize's status is."""
    opens, ahead = [], []
    for told in subjects:
        deadline = told[0].deadline
        if deadline is None or deadline.withdrawn_at is not None:
            continue
        stated = _stated(told)
        if stated is None:
            continue
        if deadline.kind == Deadline.Kind.OPENS and stated.earliest_utc is not None:
            opens.append(stated.earliest_utc)
        if deadline.kind in SUBMISSION_LIKE:
            ahead.append(stated)
    if opens and min(opens) > at:
        return any(a.precision == Precision.ROLLING for a in ahead)
    return any(
        a.precision == Precision.ROLLING or (a.latest_utc is not None and a.latest_utc >= at)
        for a in ahead
    )


def _stated(told: Sequence[Announcement]) -> Announcement | None:
    """The date that stood; none if it was called off, or no date is known."""
    current = standing(told)
    if any(a.change == Change.CANCELLED for a in current):
        return None
    dated = [a for a in current if a.precision is not None]
    dated = dated or [a for a in told if a.precision is not None][-1:]
    exact: list[Any] = [a for a in dated if a.earliest_utc is not None]
    if exact:
        return min(exact, key=lambda a: a.earliest_utc)
    return dated[-1] if dated else None
