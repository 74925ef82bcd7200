"""What the rules read from a text. Plain values: no tables, no database.

`start` and `end` are positions in the text that was given (markup included); `quote` is the
sentence without its markup.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

Qualifier = Literal["exact", "up_to", "at_least", "about", "range"]
Precision = Literal["instant", "minute", "day", "month", "rolling", "tba"]
PrizeKind = Literal["prize", "competition", "grant", "call", "job"]
Basis = Literal["total", "each"]
DeadlineKind = Literal[
    "opens", "registration", "abstract", "submission", "round_end", "final", "notification"
]
EntryKind = Literal["opportunity", "news", "feature", "brief"]


@dataclass(frozen=True, slots=True)
class MoneyFact:
    """An amount of money as printed; `amount_max` is set for ranges only."""

    amount: Decimal
    amount_max: Decimal | None
    currency: str
    qualifier: Qualifier
    start: int
    end: int
    quote: str

    @property
    def largest(self) -> Decimal:
        return self.amount if self.amount_max is None else self.amount_max


@dataclass(frozen=True, slots=True)
class DateFact:
    """A date as printed.

    `instant`: date, time and zone are known. `minute`: a time is printed, but its zone is not, or
    it says "midnight", which may be either end of the day. `day`: no time. `month`: `date` is the
    first of that month. `rolling`, `tba`, and dates that cannot be (then `problem` says why) have
    no date.
    """

    date: dt.date | None
    time: dt.time | None
    zone: str | None
    precision: Precision
    inclusive: bool
    year_inferred: bool
    start: int
    end: int
    quote: str
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class AwardFact:
    """One award: money for all of its winners (`total`) or for each of them."""

    label: str
    money: MoneyFact
    basis: Basis
    count: int | None
    part_of_pool: bool
    quote: str


@dataclass(frozen=True, slots=True)
class DeadlineFact:
    """A date with what happens on it; the label is the text's own name for it, or empty."""

    kind: DeadlineKind
    label: str
    date: DateFact
    quote: str


@dataclass(frozen=True, slots=True)
class PrizeFacts:
    """A prize, competition, grant, call or job as one text tells it.

    `unsure` lists, in words for a reviewer, what the rules could not settle. `start` and `end`
    are those of the announcing sentence; both are 0 where only the headline announces it.
    """

    kind: PrizeKind
    name: str
    organiser: str | None
    website: str | None
    description: str
    pool: MoneyFact | None
    awards: tuple[AwardFact, ...]
    deadlines: tuple[DeadlineFact, ...]
    quote: str
    start: int
    end: int
    unsure: tuple[str, ...] = ()


def shifted(facts: PrizeFacts, by: int) -> PrizeFacts:
    """The facts of a piece, with positions in the text the piece was cut from."""

    def moved[Fact: (MoneyFact, DateFact)](fact: Fact) -> Fact:
        return replace(fact, start=fact.start + by, end=fact.end + by)

    return replace(
        facts,
        start=facts.start + by,
        end=facts.end + by,
        pool=moved(facts.pool) if facts.pool else None,
        awards=tuple(replace(award, money=moved(award.money)) for award in facts.awards),
        deadlines=tuple(replace(each, date=moved(each.date)) for each in facts.deadlines),
    )
