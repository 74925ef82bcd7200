"""The history of a prize told in order: what each announcement changed, and what stands now."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from operator import itemgetter

from django.db.models import F

from prizes.derived import is_derived
from prizes.models import Announcement, Award, Deadline, Prize

Change = Announcement.Change
# Changes that follow from comparing statements; any other was stated by somebody, and stays.
DERIVED = {Change.ANNOUNCED, Change.CONFIRMED, Change.EXTENDED, Change.MOVED_EARLIER}
# Called off or put off; said of a prize as a whole, it holds for every date of it.
STOPPING = (Change.CANCELLED, Change.POSTPONED)
DATE_FIELDS = (
    "date",
    "time",
    "timezone",
    "precision",
    "inclusive",
    "year_inferred",
    "earliest_utc",
    "latest_utc",
)
MONEY_FIELDS = ("amount", "amount_max", "currency", "qualifier")


def retell(prize: Prize) -> None:
    """Put a prize's announcements in order of time and adopt what stands, idempotently.

    Issues arrive in any order, so what an announcement changed can only be said once its
    neighbours in time are known.
    """
    announcements = list(
        prize.announcements.select_related("issue").order_by(
            "announced_at", F("entry__position").asc(nulls_last=True), "recorded_at", "pk"
        )
    )
    for deadline in prize.deadlines.order_by("pk"):
        about = [a for a in announcements if a.deadline_id == deadline.pk]
        _thread(about, DATE_FIELDS)
        adopt_date(deadline, told_of(deadline, announcements))
    for award in prize.awards.order_by("pk"):
        about = [a for a in announcements if a.award_id == award.pk]
        _thread(about, MONEY_FIELDS)
        _adopt_award(award, about)
    about = [a for a in announcements if a.deadline_id is None and a.award_id is None]
    _thread(about, MONEY_FIELDS)
    _adopt_pool(prize, about)


def told_of(deadline: Deadline, announcements: Iterable[Announcement]) -> list[Announcement]:
    """Those of a prize's announcements that are about a date, or stop the prize as a whole."""
    announcements = list(announcements)
    stopping = {a.pk for a in announcements if _is_of_the_whole(a) and a.change in STOPPING}
    return [
        a
        for a in announcements
        if a.deadline_id == deadline.pk
        # And what takes that back.
        or (_is_of_the_whole(a) and (a.pk in stopping or a.supersedes_id in stopping))
    ]


def _is_of_the_whole(announcement: Announcement) -> bool:
    return announcement.deadline_id is None and announcement.award_id is None


def states_date(announcement: Announcement) -> bool:
    """A date of its own: which of them a prize as a whole is put off to, nobody said."""
    return announcement.precision is not None and announcement.deadline_id is not None


def standing(announcements: Sequence[Announcement]) -> list[Announcement]:
    """Those of one subject that nothing supersedes and whose evidence still stands, if any do.

    What only confirms another one stands and falls with it.
    """
    superseded = {a.supersedes_id for a in announcements}
    current = [a for a in announcements if a.pk not in superseded]
    current = [a for a in current if a.change != Change.CONFIRMED] or current
    return [a for a in current if not a.evidence_lost] or current


def _thread(announcements: Sequence[Announcement], fields: Sequence[str]) -> None:
    """Say of each announcement what it changed, compared with what stood before it.

    A teller who says something else than before has changed it; tellers who contradict each other
    are a conflict, which only a person can settle.
    """
    told: list[Announcement] = []
    for announcement in announcements:
        # What was added by hand says itself what it changes.
        if is_derived(announcement.pk) and announcement.change in DERIVED:
            change, before = _compared(told, announcement, fields)
            superseded = before.pk if before else None
            if (announcement.change, announcement.supersedes_id) != (change, superseded):
                announcement.change, announcement.supersedes_id = change, superseded
                announcement.save(update_fields=["change", "supersedes"])
        told.append(announcement)


def _compared(
    told: Sequence[Announcement], announcement: Announcement, fields: Sequence[str]
) -> tuple[str, Announcement | None]:
    """What an announcement changed, and which one it supersedes by that."""
    replaced = {a.supersedes_id for a in told}
    current = [
        a
        for a in told
        if _states(a, fields)
        and a.pk not in replaced
        and a.change != Change.CONFIRMED
        and not a.evidence_lost
    ]
    if not _states(announcement, fields):
        return (Change.CONFIRMED if told else Change.ANNOUNCED), None
    own = [a for a in current if _teller(a) == _teller(announcement)]
    earlier = [a for a in own if a.announced_at < announcement.announced_at]
    differing = [a for a in earlier if not _agree(a, announcement, fields)]
    if differing:
        return _change(differing[-1], announcement, fields), differing[-1]
    if any(_agree(a, announcement, fields) for a in current):
        return Change.CONFIRMED, None
    return Change.ANNOUNCED, None


def _teller(announcement: Announcement) -> object:
    issue = announcement.issue
    return issue.publication_id if issue else announcement.source


def _states(announcement: Announcement, fields: Sequence[str]) -> bool:
    return getattr(announcement, "precision" if "date" in fields else "amount") is not None


def _agree(one: Announcement, other: Announcement, fields: Sequence[str]) -> bool:
    # The inferred year is how we read it, not what is stated.
    return all(getattr(one, f) == getattr(other, f) for f in fields if f != "year_inferred")


def _change(before: Announcement, after: Announcement, fields: Sequence[str]) -> str:
    if "date" not in fields or before.latest_utc is None or after.latest_utc is None:
        return Change.CORRECTED
    if before.latest_utc == after.latest_utc:
        return Change.CORRECTED  # the same end, stated more or less exactly
    return Change.EXTENDED if after.latest_utc > before.latest_utc else Change.MOVED_EARLIER


def adopt_date(deadline: Deadline, announcements: Sequence[Announcement]) -> None:
    """Take over the date that stands; what a calendar has to follow counts its changes."""
    if (adopted := _adopted(announcements)) is None:
        _adopt_fate(deadline, announcements)
        return
    sequence, changed_at = count_changes(announcements)
    # Counted, so that issues read in another order give the same; but a text that says again what
    # it said before an edit has changed a date once more, and calendars heed no smaller number.
    was_told = deadline.changed_at is not None
    is_changed = any(getattr(deadline, field) != value for field, value in adopted.items())
    reached = deadline.sequence + (is_changed and was_told)
    if reached > sequence:
        sequence, changed_at = reached, max(changed_at, deadline.changed_at or changed_at)
    _adopt(deadline, adopted | {"sequence": sequence, "changed_at": changed_at})


def _adopt_fate(deadline: Deadline, announcements: Sequence[Announcement]) -> None:
    """Of a date that was entered by hand, and of which nobody told anything but its end."""
    fate = fate_of(announcements)
    if announcements and any(getattr(deadline, name) != value for name, value in fate.items()):
        counted = {
            "sequence": deadline.sequence + 1,
            "changed_at": announcements[-1].announced_at,
        }
        _adopt(deadline, fate | counted)


def fate_of(announcements: Sequence[Announcement]) -> dict[str, bool]:
    current = standing(announcements)
    return {
        "is_cancelled": any(a.change == Change.CANCELLED for a in current),
        "is_postponed": any(a.change == Change.POSTPONED for a in current),
    }


def count_changes(announcements: Sequence[Announcement]) -> tuple[int, datetime]:
    """How often what stands has changed since it was first told, and when it did last."""
    sequence, changed_at, before = 0, announcements[0].announced_at, None
    for number, announcement in enumerate(announcements, start=1):
        now = _adopted(announcements[:number])
        if before is not None and now != before:
            sequence, changed_at = sequence + 1, announcement.announced_at
        before = now if now is not None else before
    return sequence, changed_at


def _adopted(announcements: Sequence[Announcement]) -> dict[str, object] | None:
    """What stands; of several dates that conflict, the earliest is the safe one."""
    current = standing(announcements)
    stated = [a for a in current if states_date(a)]
    # One that is only called off or put off keeps the date it had.
    stated = stated or [a for a in announcements if states_date(a)][-1:]
    if not stated:
        return None
    dated = [(a.earliest_utc, a) for a in stated if a.earliest_utc is not None]
    chosen = min(dated, key=itemgetter(0))[1] if dated else stated[-1]
    dates = {field: getattr(chosen, field) for field in DATE_FIELDS}
    return dates | fate_of(announcements)


def _adopt_award(award: Award, announcements: Sequence[Announcement]) -> None:
    current = [a for a in standing(announcements) if a.amount is not None]
    if current and "awards" not in award.prize.locked_fields:
        _adopt(award, {field: getattr(current[-1], field) for field in MONEY_FIELDS})


def _adopt_pool(prize: Prize, announcements: Sequence[Announcement]) -> None:
    current = [a for a in standing(announcements) if a.amount is not None]
    if current and "pool" not in prize.locked_fields:
        latest = current[-1]
        _adopt(
            prize,
            {
                "pool_amount": latest.amount,
                "pool_currency": latest.currency,
                "pool_qualifier": latest.qualifier,
            },
        )


def _adopt(row: Award | Deadline | Prize, values: dict[str, object]) -> None:
    if any(getattr(row, field) != value for field, value in values.items()):
        for field, value in values.items():
            setattr(row, field, value)
        also = ["updated_at"] if isinstance(row, Prize) else []
        row.save(update_fields=[*values, *also])  # the rest may be another's by now
