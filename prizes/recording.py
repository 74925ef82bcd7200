"""From what an issue tells of prizes to rows: one prize however often it is told, and an
announcement for every time something was stated."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from newsletter.models import Entry, Issue, Link
from prizes.models import Announcement, Award, Deadline, Prize, PrizeMention
from prizes.reader.facts import AwardFact, DeadlineFact, MoneyFact, PrizeFacts
from prizes.reader.mentions import read_mentions, read_teasers
from prizes.reader.opportunities import read_opportunities
from prizes.reader.prose import read_prose
from prizes.reader.zones import window
from prizes.register import Register
from prizes.retelling import retell

# Ids of rows made from issues are derived, so that a fresh import gives the same ones.
NAMESPACE = uuid.UUID("9c1f3b5e-55a4-5d0b-9b7c-2f6a64ac7d31")


@dataclass(frozen=True, slots=True)
class Telling:
    """What one place of an issue says of one prize."""

    facts: PrizeFacts
    issue: Issue
    entry: Entry | None
    links: Sequence[Link]
    # How well the place presents the prize; a better one gives it its name.
    rank: int

    @property
    def published_at(self) -> datetime:
        return self.issue.published_at or self.issue.created_at

    def derive(self, *parts: object) -> uuid.UUID:
        place = self.entry.anchor if self.entry else ""
        return uuid.uuid5(NAMESPACE, "|".join(map(str, (self.issue.slug, place, *parts))))


RANKS: dict[str, int] = {Entry.Kind.OPPORTUNITY: 0, Entry.Kind.NEWS: 1, Entry.Kind.FEATURE: 2}
UNDATED = "The issue has no date: years were resolved against the day of its import."


def record_prizes(issue: Issue, outside: Iterable[str] = ()) -> list[Prize]:
    """Bring prizes in step with what the issue tells now; safe to call again at any time."""
    tellings = list(_tellings(issue, outside))
    register = Register()
    told: set[uuid.UUID] = set()
    prizes: dict[int, Prize] = {}
    for telling in tellings:
        prize, is_sure = register.find_or_add(telling.facts, telling.rank)
        told |= _record(telling, prize, is_sure)
        prizes[prize.pk] = prize
    for prize in _forget(issue, told):
        prizes.setdefault(prize.pk, prize)
    for prize in prizes.values():
        retell(prize)
    return list(prizes.values())


def _tellings(issue: Issue, outside: Iterable[str]) -> Iterable[Telling]:
    day = (issue.published_at or issue.created_at).date()
    for entry in issue.entries.standing().prefetch_related("links").order_by("position"):
        if entry.kind not in RANKS:
            continue
        links = [link for link in entry.links.all() if link.withdrawn_at is None]
        for facts in _read(entry, links, day):
            yield Telling(facts, issue, entry, links, RANKS[entry.kind])
    for facts in read_teasers("\n\n".join(outside), day):
        yield Telling(facts, issue, None, (), 3)


def _read(entry: Entry, links: Sequence[Link], day: date) -> list[PrizeFacts]:
    printed = [(link.url, link.label, link.role) for link in links]
    if entry.kind == Entry.Kind.FEATURE:
        return read_mentions(entry.markdown, day)
    return read_opportunities(entry.markdown, entry.headline, day, printed, kind=entry.kind)


def _record(telling: Telling, prize: Prize, is_sure: bool) -> set[uuid.UUID]:
    """Write one telling down; the ids of all announcements it stands for."""
    _mention(telling, prize, is_sure)
    _file_topic(telling, prize)
    _note_doubts(telling, prize, is_sure)
    facts = telling.facts
    told = {_announce(telling, prize, facts.quote, "prize", money=facts.pool)}
    for fact in facts.awards:
        award = _award(prize, fact)
        subject = f"award {fact.label}"
        told.add(_announce(telling, prize, fact.quote, subject, award=award, money=fact.money))
    for dated in facts.deadlines:
        deadline = _deadline(telling, prize, dated)
        subject = f"deadline {dated.kind} {dated.label}"
        told.add(_announce(telling, prize, dated.quote, subject, deadline=deadline, dated=dated))
    return told


def _mention(telling: Telling, prize: Prize, is_sure: bool) -> None:
    website = prize.website
    link = next((link for link in telling.links if website and link.href == website), None)
    PrizeMention.objects.get_or_create(
        prize=prize,
        issue=telling.issue,
        entry=telling.entry,
        link=link,
        defaults={
            "id": telling.derive("mention", telling.facts.name, link.position if link else ""),
            "quote": telling.facts.quote or None,
            "needs_review": not is_sure,
        },
    )


def _file_topic(telling: Telling, prize: Prize) -> None:
    topic = telling.entry.topic if telling.entry else None
    if topic is not None and "topics" not in prize.locked_fields:
        prize.topics.add(topic)


def _note_doubts(telling: Telling, prize: Prize, is_sure: bool) -> None:
    # A passing mention that clearly belongs to a prize told elsewhere leaves nothing to settle.
    in_passing = telling.rank > prize.told_rank
    doubts = [] if in_passing and is_sure else list(telling.facts.unsure)
    if not is_sure:
        doubts.append(f"Taken for the prize told in {telling.issue}, which may be another.")
    if telling.issue.published_at is None:
        doubts.append(UNDATED)
    known = (prize.review_note or "").splitlines()
    new = [doubt for doubt in doubts if doubt not in known]
    if new:
        prize.needs_review = True
        prize.review_note = "\n".join([*known, *new])
        prize.save(update_fields=["needs_review", "review_note", "updated_at"])


def _award(prize: Prize, fact: AwardFact) -> Award:
    awards = list(prize.awards.all())
    for award in awards:
        if award.label == fact.label and award.currency == fact.money.currency:
            return award
    return Award.objects.create(
        prize=prize,
        position=len(awards),
        label=fact.label[:300],
        basis=fact.basis,
        count=fact.count,
        part_of_pool=fact.part_of_pool,
        quote=fact.quote,
        **_money(fact.money),
    )


def _deadline(telling: Telling, prize: Prize, fact: DeadlineFact) -> Deadline:
    """The deadline a dated fact speaks of: the same kind and label is the same deadline."""
    alike = [d for d in prize.deadlines.filter(withdrawn_at=None) if d.kind == fact.kind]
    for deadline in alike:
        if deadline.label == fact.label or len(alike) == 1:
            return deadline
    derived = telling.derive("deadline", telling.facts.name, fact.kind, fact.label)
    return Deadline.objects.create(
        id=derived,
        prize=prize,
        kind=fact.kind,
        label=fact.label[:300],
        needs_review=fact.date.problem is not None,
        review_note=fact.date.problem,
        **_date(fact),
    )


def _announce(
    telling: Telling,
    prize: Prize,
    quote: str,
    subject: str,
    *,
    money: MoneyFact | None = None,
    dated: DeadlineFact | None = None,
    **about: Award | Deadline,
) -> uuid.UUID:
    stated = (_money(money) if money else {}) | (_date(dated) if dated else {})
    # Its own content is its identity: what is stated otherwise is another announcement.
    key = telling.derive("announcement", subject, quote, *(f"{k}={v}" for k, v in stated.items()))
    if Announcement.objects.filter(pk=key).exists():
        Announcement.objects.filter(pk=key).update(prize=prize, evidence_lost=False, **about)
        return key
    told_at = telling.published_at
    concerned: dict[str, Award | Deadline | None] = {"award": None, "deadline": None} | about
    earlier = Announcement.objects.filter(
        prize=prize, issue=telling.issue, entry=telling.entry, evidence_lost=False, **concerned
    )
    replaced = earlier.filter(superseded_by=None).order_by("-recorded_at").first()
    prefix, suffix = _around(quote, telling)
    Announcement.objects.create(
        id=key,
        prize=prize,
        issue=telling.issue,
        entry=telling.entry,
        quote=quote or None,
        quote_prefix=prefix,
        quote_suffix=suffix,
        source=telling.issue.title,
        source_url=telling.issue.url,
        announced_on=told_at.astimezone(UTC).date(),
        announced_at=told_at,
        change="corrected" if replaced else "announced",
        supersedes=replaced,
        **about,
        **stated,
    )
    return key


def _money(fact: MoneyFact) -> dict[str, object]:
    return {
        "amount": fact.amount,
        "amount_max": fact.amount_max,
        "currency": fact.currency,
        "qualifier": fact.qualifier,
    }


def _date(fact: DeadlineFact) -> dict[str, object]:
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


CONTEXT = 40  # characters of text kept on either side of a quote


def _around(quote: str, telling: Telling) -> tuple[str, str]:
    text = read_prose(telling.entry.markdown).plain if telling.entry else ""
    place = text.find(quote) if quote else -1
    if place < 0:
        return "", ""
    end = place + len(quote)
    return text[max(0, place - CONTEXT) : place], text[end : end + CONTEXT]


def _forget(issue: Issue, told: set[uuid.UUID]) -> list[Prize]:
    """Mark what this issue no longer says; announcements are history and are never deleted."""
    current = Announcement.objects.filter(issue=issue, evidence_lost=False, superseded_by=None)
    lost = list(current.exclude(pk__in=told).select_related("prize"))
    Announcement.objects.filter(pk__in=[a.pk for a in lost]).update(evidence_lost=True)
    for announcement in lost:
        prize = announcement.prize
        prize.needs_review = True
        note = f"{issue} no longer says: {announcement.quote or announcement}"
        known = (prize.review_note or "").splitlines()
        prize.review_note = "\n".join([*known, *([] if note in known else [note])])
        prize.save(update_fields=["needs_review", "review_note", "updated_at"])
    return [announcement.prize for announcement in lost]


def take_back(issue: Issue) -> None:
    """Remove what an issue told, for undo: its announcements, and prizes that nobody else told."""
    announcements = Announcement.objects.filter(issue=issue)
    prizes = list(Prize.objects.filter(announcements__in=announcements).distinct())
    Announcement.objects.filter(supersedes__in=announcements).update(supersedes=None)
    announcements.update(supersedes=None)
    announcements.delete()
    PrizeMention.objects.filter(issue=issue).delete()
    for prize in prizes:
        if prize.announcements.exists() or prize.items.exists():
            prize.deadlines.filter(announcements=None).delete()
            prize.awards.filter(announcements=None).delete()
            retell(prize)
        else:
            prize.delete()
