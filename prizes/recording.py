"""From what an issue tells of prizes to rows: one prize however often it is told, and an
announcement for every time something was stated."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC
from typing import Any

from imports.undo import BuiltOn
from newsletter.models import Entry, Issue
from newsletter.reader import profile_for, read_issue
from newsletter.reading import outside_of
from papers.models import Topic
from prizes.derived import is_derived
from prizes.models import Announcement, Award, Deadline, Prize, PrizeMention
from prizes.pairing import award_rows, deadline_rows
from prizes.reader.identity import website_key
from prizes.reader.prose import read_prose
from prizes.register import Register, note
from prizes.retelling import retell
from prizes.telling import Statement, Telling, tellings_of

UNDATED = "The issue has no date: years were resolved against the day of its import."
CONTEXT = 40  # characters of text kept on either side of a quote


def record_prizes(issue: Issue, outside: Iterable[str] = ()) -> list[Prize]:
    """Bring prizes in step with what the issue tells now; safe to call again at any time."""
    tellings = tellings_of(issue, outside)
    told = {statement.key for telling in tellings for statement in telling.statements}
    prizes = _no_longer_mentioned(issue, tellings)
    register = Register() if tellings else None
    for telling in tellings:
        assert register is not None  # noqa: S101 - there are tellings
        prize, is_sure = register.find_or_add(telling)
        _record(telling, prize, is_sure, told)
        retell(prize)
        register.learn(prize)
        prizes[prize.pk] = prize
    _forget(issue, told, prizes)
    for prize in prizes.values():
        _file_topics(prize)
        retell(prize)
    return list(prizes.values())


def _record(telling: Telling, prize: Prize, is_sure: bool, told: set[uuid.UUID]) -> None:
    _mention(telling, prize, is_sure)
    _note_doubts(telling, prize, is_sure)
    awards = [s for s in telling.statements if s.award]
    deadlines = [s for s in telling.statements if s.deadline]
    about: dict[uuid.UUID, dict[str, Award | Deadline | None]] = {}
    for statement, award in zip(awards, award_rows(telling, prize, awards, told), strict=True):
        about[statement.key] = {"award": award}
    rows = deadline_rows(telling, prize, deadlines, told)
    for statement, deadline in zip(deadlines, rows, strict=True):
        about[statement.key] = {"deadline": deadline}
    for statement in telling.statements:
        if statement.key not in about:
            _announce(telling, prize, statement, {}, told)
        elif all(about[statement.key].values()):
            _announce(telling, prize, statement, about[statement.key], told)


def _mention(telling: Telling, prize: Prize, is_sure: bool) -> None:
    site = website_key(prize.website)
    links = (link for link in telling.links if site and website_key(link.href) == site)
    place = {
        "prize": prize,
        "issue": telling.issue,
        "entry": telling.entry,
        "link": next(links, None),
    }
    known = PrizeMention.objects.filter(pk=telling.key).first()
    if PrizeMention.objects.filter(**place).exclude(pk=telling.key).exists():
        return  # told twice in one place, or noted there by hand
    if known is None:
        quote = telling.facts.quote or None
        PrizeMention.objects.create(id=telling.key, quote=quote, needs_review=not is_sure, **place)
    elif any(getattr(known, name) != value for name, value in place.items()):
        for name, value in place.items():
            setattr(known, name, value)
        known.save()


def _note_doubts(telling: Telling, prize: Prize, is_sure: bool) -> None:
    # A passing mention that clearly belongs to a prize told elsewhere leaves nothing to settle.
    in_passing = telling.rank > prize.told_rank
    doubts = [] if in_passing and is_sure else list(telling.facts.unsure)
    if not is_sure:
        doubts.append(f"Taken for the prize told in {telling.issue}, which may be another.")
    if telling.issue.published_at is None:
        doubts.append(UNDATED)
    note(prize, doubts)


def _announce(
    telling: Telling,
    prize: Prize,
    statement: Statement,
    about: dict[str, Award | Deadline | None],
    told: set[uuid.UUID],
) -> None:
    subject: dict[str, Award | Deadline | None] = {"award": None, "deadline": None} | about
    known = Announcement.objects.filter(pk=statement.key).first()
    if known is not None:
        _tell_again(known, prize, subject | _place(statement.quote, telling.entry), told)
        return
    replaced = _edited(telling, prize, statement, subject, told)
    Announcement.objects.create(
        id=statement.key,
        prize=prize,
        issue=telling.issue,
        entry=telling.entry,
        quote=statement.quote or None,
        source=telling.issue.title[:300],
        source_url=telling.issue.url,
        announced_on=telling.told_at.astimezone(UTC).date(),
        announced_at=telling.told_at,
        change="corrected" if replaced else "announced",
        supersedes=replaced,
        **_place(statement.quote, telling.entry),
        **subject,
        **statement.values,
    )


def _edited(
    telling: Telling,
    prize: Prize,
    statement: Statement,
    subject: dict[str, Award | Deadline | None],
    told: set[uuid.UUID],
) -> Announcement | None:
    """What this place said of the same before its text was edited."""
    earlier = Announcement.objects.filter(
        prize=prize, issue=telling.issue, entry=telling.entry, **subject
    ).exclude(superseded_by__issue=telling.issue)
    latest_first = earlier.exclude(pk__in=told).order_by("evidence_lost", "-recorded_at", "pk")
    # Where no sum stands any more, none was corrected: the old one has lost its evidence.
    says_less = not statement.values
    return next(
        (a for a in latest_first if is_derived(a.pk) and not (says_less and a.amount is not None)),
        None,
    )


def _tell_again(
    known: Announcement,
    prize: Prize,
    where: Mapping[str, Any],
    told: set[uuid.UUID],
) -> None:
    """An announcement that stands already; of its columns only those change that say where it
    belongs. One that an edit had replaced, and that is printed again, replaces that edit."""
    values = {"prize": prize, "evidence_lost": False, **where}
    last, first = known, None
    while (edit := _edit_of(last, told)) is not None:
        first = first or edit
        last = edit
    if first is not None:
        Announcement.objects.filter(pk=first.pk).update(supersedes=known.supersedes)
        values |= {"supersedes": last, "change": Announcement.Change.CORRECTED}
    if any(getattr(known, name) != value for name, value in values.items()):
        Announcement.objects.filter(pk=known.pk).update(**values)


def _edit_of(announcement: Announcement, told: set[uuid.UUID]) -> Announcement | None:
    """What replaced an announcement in its own place and is no longer told there."""
    edits = announcement.superseded_by.filter(
        issue=announcement.issue_id, entry=announcement.entry_id, change="corrected"
    )
    return next((a for a in edits.exclude(pk__in=told) if is_derived(a.pk)), None)


def _place(quote: str, entry: Entry | None) -> dict[str, str]:
    """What stands around a quote now: it is found again whatever is written before and after."""
    text = read_prose(entry.markdown).plain if entry else ""
    place = text.find(quote) if quote else -1
    if place < 0:
        return {"quote_prefix": "", "quote_suffix": ""}
    end = place + len(quote)
    return {
        "quote_prefix": text[max(0, place - CONTEXT) : place],
        "quote_suffix": text[end : end + CONTEXT],
    }


def _no_longer_mentioned(issue: Issue, tellings: Sequence[Telling]) -> dict[int, Prize]:
    """Remove the mentions this issue does not make any more; the prizes they were of."""
    keys = {telling.key for telling in tellings}
    mentions = PrizeMention.objects.filter(issue=issue).exclude(pk__in=keys)
    gone = [m for m in mentions.select_related("prize") if is_derived(m.pk)]
    for mention in gone:
        mention.delete()
    return {mention.prize_id: mention.prize for mention in gone}


def _forget(issue: Issue, told: set[uuid.UUID], prizes: dict[int, Prize]) -> None:
    """Mark what this issue no longer says; announcements are history and are never deleted."""
    untold = Announcement.objects.filter(issue=issue, evidence_lost=False).exclude(pk__in=told)
    lost = [a for a in untold.select_related("prize") if is_derived(a.pk)]
    Announcement.objects.filter(pk__in=[a.pk for a in lost]).update(evidence_lost=True)
    replaced = Announcement.objects.filter(supersedes__in=lost, evidence_lost=False)
    settled = set(replaced.values_list("supersedes_id", flat=True))
    for announcement in lost:
        prize = prizes.setdefault(announcement.prize_id, announcement.prize)
        if announcement.pk not in settled:
            said = announcement.quote or str(announcement)
            note(prize, [f"{issue} no longer says: {said}"])


def _file_topics(prize: Prize) -> None:
    """A prize is filed under the topics of the entries that mention it, unless set by hand."""
    if "topics" in prize.locked_fields:
        return
    mentions = prize.mentions.filter(entry__withdrawn_at=None, entry__topic__isnull=False)
    wanted = set(mentions.values_list("entry__topic", flat=True))
    if wanted != set(prize.topics.values_list("pk", flat=True)):
        prize.topics.set(Topic.objects.filter(pk__in=wanted))


def take_back(issue: Issue) -> None:
    """Remove what an issue told, for undo: its announcements, and prizes that nobody else told."""
    announcements = Announcement.objects.filter(issue=issue)
    _refuse_if_built_on(announcements)
    deadlines = list(Deadline.objects.filter(announcements__in=announcements).distinct())
    awards = list(Award.objects.filter(announcements__in=announcements).distinct())
    prizes = list(Prize.objects.filter(announcements__in=announcements).distinct())
    Announcement.objects.filter(supersedes__in=announcements).update(supersedes=None)
    announcements.delete()
    PrizeMention.objects.filter(issue=issue).delete()
    for row in (*deadlines, *awards):
        if not row.announcements.exists():
            row.delete()
    others: set[Issue] = set()
    for prize in prizes:
        built_on = (prize.announcements, prize.items, prize.mentions, prize.trackings)
        if any(rows.exists() for rows in built_on):
            prize.pool_amount = prize.pool_currency = prize.pool_qualifier = None
            _file_topics(prize)
            retell(prize)
            prize.save()
            others |= {m.issue for m in prize.mentions.select_related("issue__publication")}
        else:
            prize.delete()
    for other in sorted(others, key=lambda other: other.pk):
        # Who tells it best is now another issue, which gives the prize its name and words.
        read = read_issue(other.markdown, profile_for(other.publication.slug))
        record_prizes(other, outside_of(read, other.markdown))


def _refuse_if_built_on(announcements) -> None:
    for announcement in announcements.select_related("prize"):
        if not is_derived(announcement.pk):
            raise BuiltOn(f"announcement “{announcement}” was added by hand")
