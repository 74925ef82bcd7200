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
    prizes = with_pool(prizes_as_of(as_of, user), as_of).filter(status__in=OPEN)
    names = ("amount", "currency", "qualifier")
    return _sum_up(
        (prize, Award(**{name: getattr(prize, f"known_pool_{name}") for name in names}))
        for prize in prizes.defer("description").order_by("pk")[:MOST_TOLD]
    )


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
    told = list(_told(user, now))
    by_prize: dict[int, list[Announcement]] = defaultdict(list)
    for announcement in told:
        by_prize[announcement.prize_id].append(announcement)
    changes: dict[datetime, list[tuple[str, Decimal, int]]] = defaultdict(list)
    for prize_told in by_prize.values():
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


def _told(user, now: datetime) -> Iterable[Announcement]:
    told = Announcement.objects.visible_to(user).known_by(now).select_related("deadline")
    told = told.filter(award=None, prize__in=Prize.objects.visible_to(user).values("pk"))
    told = told.defer("quote", "quote_prefix", "quote_suffix").order_by(
        "-announced_at", "-recorded_at", "-pk"
    )
    return reversed(told[:MOST_TOLD])


def _changes_of(
    told: Sequence[Announcement], now: datetime
) -> Iterable[tuple[datetime, str, Decimal, int]]:
    """Of one prize: when its pool came into the open total, left it, or became another."""
    before: tuple[str, Decimal] | None = None
    for at in _moments(told, now):
        after = _open_pool([a for a in told if a.announced_at <= at], at)
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


def _open_pool(known: Sequence[Announcement], at: datetime) -> tuple[str, Decimal] | None:
    """As `prizes.status` and `prizes.money` say it in the database; a test holds them together."""
    subjects: dict[object, list[Announcement]] = defaultdict(list)
    for announcement in known:
        subjects[announcement.deadline_id].append(announcement)
    whole = standing(subjects.pop(None, []))
    if any(a.change in (Change.CANCELLED, Change.POSTPONED) for a in whole):
        return None
    if not _is_open(list(subjects.values()), at):
        return None
    pools: list[Any] = [a for a in whole if a.amount is not None]
    if not pools or pools[-1].qualifier not in SUMMED or pools[-1].currency is None:
        return None
    return pools[-1].currency, pools[-1].amount


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
