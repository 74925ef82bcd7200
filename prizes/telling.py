"""What the places of an issue say of prizes, and the ids of what they state."""

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from newsletter.models import Entry, Issue, Link
from prizes.derived import derive
from prizes.reader.briefs import read_brief
from prizes.reader.facts import AwardFact, DeadlineFact, EntryKind, MoneyFact, PrizeFacts
from prizes.reader.mentions import read_mentions, read_teasers
from prizes.reader.opportunities import read_opportunities
from prizes.reader.zones import window

# How well a place presents a prize; the best one gives it its name.
RANKS: dict[str, int] = {
    Entry.Kind.OPPORTUNITY: 0,
    Entry.Kind.NEWS: 1,
    Entry.Kind.BRIEF: 2,
    Entry.Kind.FEATURE: 3,
}
OUTSIDE = 4


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing stated of a prize: that it is, its pool, an award or a date."""

    key: uuid.UUID
    quote: str
    award: AwardFact | None = None
    deadline: DeadlineFact | None = None
    pool: MoneyFact | None = None

    @property
    def values(self) -> dict[str, object]:
        """The columns of an announcement that say it."""
        if self.deadline:
            return date_values(self.deadline)
        money = self.award.money if self.award else self.pool
        return money_values(money) if money else {}


@dataclass(frozen=True, slots=True)
class Telling:
    """What one place of an issue says of one prize."""

    facts: PrizeFacts
    issue: Issue
    entry: Entry | None
    links: Sequence[Link]
    rank: int
    key: uuid.UUID
    statements: Sequence[Statement]

    @property
    def told_at(self) -> datetime:
        return self.issue.published_at or self.issue.created_at

    def derive(self, *parts: object) -> uuid.UUID:
        return derive(self.issue, self.entry, *parts)


def tellings_of(issue: Issue, outside: Iterable[str]) -> list[Telling]:
    """All of an issue, entries before what stands outside of them."""
    seen: Counter[tuple] = Counter()
    return [
        Telling(
            facts,
            issue,
            entry,
            links,
            rank,
            _key(seen, issue, entry, "mention", facts.name),
            list(_statements(seen, issue, entry, facts)),
        )
        for entry, links, rank, facts in _read_issue(issue, outside)
    ]


def _read_issue(
    issue: Issue, outside: Iterable[str]
) -> Iterator[tuple[Entry | None, Sequence[Link], int, PrizeFacts]]:
    day = (issue.published_at or issue.created_at).date()
    entries = issue.entries.standing().filter(kind__in=RANKS)
    for entry in entries.prefetch_related("links").order_by("position", "pk"):
        links = [link for link in entry.links.all() if link.withdrawn_at is None]
        for facts in _read_entry(entry, links, day):
            yield entry, links, RANKS[entry.kind], facts
    for facts in read_teasers("\n\n".join(outside), day):
        yield None, (), OUTSIDE, facts


def _read_entry(entry: Entry, links: Sequence[Link], day: date) -> list[PrizeFacts]:
    if entry.kind == Entry.Kind.FEATURE:
        return read_mentions(entry.markdown, day)
    printed = [(link.url, link.label, link.role) for link in links]
    if entry.kind == Entry.Kind.BRIEF:
        return read_brief(entry.markdown, entry.headline, day, printed)
    kind = cast(EntryKind, entry.kind)
    return read_opportunities(entry.markdown, entry.headline, day, printed, kind=kind)


def _statements(
    seen: Counter[tuple], issue: Issue, entry: Entry | None, facts: PrizeFacts
) -> Iterator[Statement]:
    def key(subject: str, quote: str, values: dict[str, object]) -> uuid.UUID:
        stated = (f"{name}={value}" for name, value in values.items())
        return _key(seen, issue, entry, "announcement", subject, quote, *stated)

    pool = money_values(facts.pool) if facts.pool else {}
    yield Statement(key("prize", facts.quote, pool), facts.quote, pool=facts.pool)
    for award in facts.awards:
        subject = f"award {award.label}"
        award_key = key(subject, award.quote, money_values(award.money))
        yield Statement(award_key, award.quote, award=award)
    for deadline in facts.deadlines:
        subject = f"deadline {deadline.kind} {deadline.label}"
        deadline_key = key(subject, deadline.quote, date_values(deadline))
        yield Statement(deadline_key, deadline.quote, deadline=deadline)


def _key(seen: Counter[tuple], issue: Issue, entry: Entry | None, *parts: object) -> uuid.UUID:
    """Its own content is a statement's identity: what is stated otherwise is another one."""
    place = (entry.pk if entry else None, *parts)
    repeated = seen[place]
    seen[place] += 1
    return derive(issue, entry, *parts, *([repeated] if repeated else []))


def money_values(fact: MoneyFact) -> dict[str, object]:
    return {
        "amount": fact.amount,
        "amount_max": fact.amount_max,
        "currency": fact.currency,
        "qualifier": fact.qualifier,
    }


def date_values(fact: DeadlineFact) -> dict[str, object]:
    stated = fact.date
    has_time = stated.precision in {"instant", "minute"}
    bounds = window(stated.date, stated.time, stated.zone, stated.precision, stated.inclusive)
    earliest, latest = bounds or (None, None)
    return {
        "date": stated.date,
        "time": stated.time if has_time else None,
        "timezone": stated.zone,
        "precision": stated.precision,
        "inclusive": stated.inclusive,
        "year_inferred": stated.year_inferred,
        "earliest_utc": earliest,
        "latest_utc": latest,
    }
