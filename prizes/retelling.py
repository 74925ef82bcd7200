"""The history of a prize told in order: what each announcement changed, and what stands now."""

import uuid
from collections.abc import Sequence
from operator import itemgetter

from prizes.models import Announcement, Award, Deadline, Prize

# Changes that follow from comparing statements; any other was stated by somebody, and stays.
DERIVED = {"announced", "confirmed", "extended", "moved_earlier"}
# What a calendar has to follow (RFC 5545 SEQUENCE).
MATERIAL = {"extended", "moved_earlier", "corrected", "postponed", "cancelled"}
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
        prize.announcements.order_by("announced_at", "recorded_at", "pk").select_related(None)
    )
    for deadline in prize.deadlines.all():
        about = [a for a in announcements if a.deadline_id == deadline.pk]
        _thread(about, DATE_FIELDS)
        adopt_date(deadline, about)
    for award in prize.awards.all():
        about = [a for a in announcements if a.award_id == award.pk]
        _thread(about, MONEY_FIELDS)
        _adopt_award(award, about)
    about = [a for a in announcements if a.deadline_id is None and a.award_id is None]
    _thread(about, MONEY_FIELDS)
    _adopt_pool(prize, about)


def standing(announcements: Sequence[Announcement]) -> list[Announcement]:
    """Those of one subject that nothing supersedes and whose evidence still stands, if any do."""
    superseded = {a.supersedes_id for a in announcements}
    current = [a for a in announcements if a.pk not in superseded]
    return [a for a in current if not a.evidence_lost] or current


def _thread(announcements: Sequence[Announcement], fields: Sequence[str]) -> None:
    previous: Announcement | None = None
    for announcement in announcements:
        if announcement.change not in DERIVED:
            previous = announcement if _states(announcement, fields) else previous
            continue
        change, superseded = _compared(previous, announcement, fields)
        if (announcement.change, announcement.supersedes_id) != (change, superseded):
            announcement.change, announcement.supersedes_id = change, superseded
            announcement.save(update_fields=["change", "supersedes"])
        if _states(announcement, fields):
            previous = announcement


def _states(announcement: Announcement, fields: Sequence[str]) -> bool:
    return getattr(announcement, "precision" if "date" in fields else "amount") is not None


def _compared(
    previous: Announcement | None, announcement: Announcement, fields: Sequence[str]
) -> tuple[str, uuid.UUID | None]:
    if previous is None:
        return "announced", None
    # The inferred year is how we read it, not what is stated.
    compared = [field for field in fields if field != "year_inferred"]
    same = all(getattr(previous, f) == getattr(announcement, f) for f in compared)
    if same or not _states(announcement, fields):
        return "confirmed", None
    if "date" not in fields:
        return "corrected", previous.pk
    before, after = previous.latest_utc, announcement.latest_utc
    if before is None or after is None:
        return "corrected", previous.pk
    return ("extended" if after >= before else "moved_earlier"), previous.pk


def adopt_date(deadline: Deadline, announcements: Sequence[Announcement]) -> None:
    """Take over the date that stands; of several that conflict, the earliest is the safe one."""
    current = [a for a in standing(announcements) if a.precision is not None]
    if not current:
        return
    dated = [(a.earliest_utc, a) for a in current if a.earliest_utc is not None]
    chosen = min(dated, key=itemgetter(0))[1] if dated else current[-1]
    changes = [a for a in announcements if a.change in MATERIAL]
    new = {field: getattr(chosen, field) for field in DATE_FIELDS} | {
        "is_cancelled": any(a.change == "cancelled" for a in current),
        "is_postponed": any(a.change == "postponed" for a in current),
        # Counted, not raised, so that issues read in another order give the same number.
        "sequence": max(deadline.sequence, len(changes)),
        "changed_at": (changes or announcements)[-1].announced_at,
    }
    _adopt(deadline, new)


def _adopt_award(award: Award, announcements: Sequence[Announcement]) -> None:
    current = [a for a in standing(announcements) if a.amount is not None]
    if current:
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
        row.save()
