"""Prizes and deadlines as the API shows them, as of now or of a past instant."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.db.models import CharField, IntegerField, Value
from django.db.models.functions import Cast

from api.resources import absolute, grouped
from markup.urls import clean_url
from prizes.as_of import AsOf, statement_of
from prizes.changes import Step, ledger_of
from prizes.models import (
    Announcement,
    Award,
    Deadline,
    Outcome,
    Prize,
    PrizeMention,
    StatedDate,
    StatedMoney,
)
from prizes.money import award_as_of
from prizes.retelling import standing
from prizes.status import PrizeStatus


class NotStated:
    """A date of which nothing has been said."""

    date = time = timezone = precision = earliest_utc = latest_utc = None
    inclusive, year_inferred = True, False


OFF = (PrizeStatus.CANCELLED, PrizeStatus.POSTPONED)


def prize_rows(prizes: Sequence[Prize], as_of: AsOf, user) -> list[dict[str, Any]]:
    """Of prizes with status, `next_deadline_id` and `known_pool_…`."""
    ids = [prize.pk for prize in prizes]
    awards = grouped(
        (award.prize_id, award)
        for award in Award.objects.filter(prize__among=ids).order_by("prize", "position", "pk")
    )
    topics, issues = _belongings(ids, user)
    announcements, deadlines = _history(prizes, as_of, user)
    return [
        {
            "id": prize.pk,
            "slug": prize.slug,
            "name": prize.name,
            "kind": prize.kind,
            "organiser": prize.organiser or None,
            "website": clean_url(prize.website or ""),
            "description": prize.description or None,
            "topics": topics.get(prize.pk, []),
            "pool": _pool(prize),
            "awards": _awards(awards.get(prize.pk, []), announcements.get(prize.pk, []), as_of),
            "issues": issues.get(prize.pk, []),
            "status": prize.status,
            "next_deadline": _next_deadline(prize, deadlines, as_of),
            "editor_note": prize.editor_note or None,
            "web_url": absolute(prize.get_absolute_url()),
        }
        for prize in prizes
    ]


def outcome_rows(prize: int, as_of: AsOf, user) -> list[dict[str, Any]]:
    """What was known by then of what came of one prize, in the order in which it became known."""
    outcomes = Outcome.objects.visible_to(user).filter(prize=prize).select_related("award")
    if not as_of.is_now:
        outcomes = outcomes.filter(announced_on__lte=as_of.day)
    return [
        {
            "id": outcome.pk,
            "kind": outcome.kind,
            "who": outcome.who or None,
            "what": outcome.what or None,
            "award": outcome.award.label or None if outcome.award else None,
            "announced_on": outcome.announced_on,
            "issue": outcome.issue_id,
            "entry": outcome.entry_id,
            "quote": outcome.quote or None,
            "source": outcome.source,
            "source_url": clean_url(outcome.source_url or ""),
        }
        for outcome in outcomes
    ]


def _belongings(ids: Sequence[int], user) -> tuple[dict[int, list[str]], dict[int, list[int]]]:
    """Topics and issues of prizes, in one round trip."""
    text, number = CharField(), IntegerField()
    filed = Prize.topics.through.objects.filter(prize__among=ids).order_by()
    told = PrizeMention.objects.visible_to(user).filter(prize__among=ids).order_by()
    rows = filed.values_list("prize", Cast("topic__slug", text), Value(0, number)).union(
        told.values_list("prize", Value("", text), Cast("issue", number))
    )
    rows = sorted(rows.order_by())
    topics = grouped((prize, slug) for prize, slug, _ in rows if slug)
    return topics, grouped((prize, issue) for prize, slug, issue in rows if not slug)


def _history(
    prizes: Sequence[Prize], as_of: AsOf, user
) -> tuple[dict[int, list[Announcement]], dict[object, Deadline]]:
    """What was told of prizes, for the past; now the rows themselves say it. One query."""
    if as_of.is_now:
        wanted = [prize.next_deadline_id for prize in prizes if prize.next_deadline_id]
        return {}, Deadline.objects.visible_to(user).in_bulk(wanted)
    told = Announcement.objects.visible_to(user).filter(prize__in=prizes)
    told = list(told.select_related("deadline").order_by("announced_at", "recorded_at", "pk"))
    deadlines: dict[object, Deadline] = {}
    for announcement in told:
        if announcement.deadline and announcement.announced_at <= as_of.instant:
            deadline = deadlines.setdefault(announcement.deadline_id, announcement.deadline)
            deadline.told = [*getattr(deadline, "told", []), announcement]
    return grouped((each.prize_id, each) for each in told), deadlines


def _pool(prize: Prize) -> dict[str, Any] | None:
    if prize.known_pool_amount is None:
        return None
    return {
        "amount": _decimal(prize.known_pool_amount),
        "currency": prize.known_pool_currency,
        "qualifier": prize.known_pool_qualifier,
    }


def _awards(
    awards: Iterable[Award], announcements: Sequence[Announcement], as_of: AsOf
) -> list[dict[str, Any]]:
    known = ((award, award_as_of(award, announcements, as_of)) for award in awards)
    return [
        {
            "label": award.label or None,
            **_money(stated),
            "basis": award.basis,
            "count": award.count,
            "part_of_pool": award.part_of_pool,
            "quote": award.quote or None,
        }
        for award, stated in known
        if stated is not None
    ]


def _decimal(amount: Decimal | None) -> str | None:
    """With its two places on either database, as text, so that nobody rounds it."""
    return None if amount is None else f"{amount:.2f}"


def _money(stated: StatedMoney) -> dict[str, Any]:
    return {
        "amount": _decimal(stated.amount),
        "amount_max": _decimal(stated.amount_max),
        "currency": stated.currency,
        "qualifier": stated.qualifier,
    }


def _next_deadline(
    prize: Prize, deadlines: dict[object, Deadline], as_of: AsOf
) -> dict[str, Any] | None:
    deadline = deadlines.get(prize.next_deadline_id)
    if deadline is None or prize.status in OFF:
        return None
    stated = deadline if as_of.is_now else statement_of(deadline, as_of).stated
    return {
        "id": deadline.pk,
        "kind": deadline.kind,
        "label": deadline.label or None,
        **_date(stated),
        # The prize's status is that of this deadline.
        "status": prize.status,
    }


def _date(stated: StatedDate | None) -> dict[str, Any]:
    """A date as stated; nothing of it is known where it was not."""
    stated = stated or NotStated
    return {
        "date": stated.date,
        "time": stated.time.isoformat() if stated.time else None,
        "timezone": stated.timezone or None,
        "precision": stated.precision,
        "inclusive": stated.inclusive,
        "year_inferred": stated.year_inferred,
        "earliest_utc": stated.earliest_utc,
        "latest_utc": stated.latest_utc,
    }


def deadline_rows(deadlines: Sequence[Deadline], as_of: AsOf) -> list[dict[str, Any]]:
    """Of deadlines with status, prize, `told` and what stopped their prizes."""
    for deadline in deadlines:
        told = [*deadline.told, *deadline.prize.stops_told]
        deadline.told = sorted(told, key=attrgetter("announced_at", "recorded_at", "pk"))
    return [_deadline_row(deadline, as_of) for deadline in deadlines]


def _deadline_row(deadline: Deadline, as_of: AsOf) -> dict[str, Any]:
    statement = statement_of(deadline, as_of)
    said = statement.announcement
    source = _source(said) if said else {"quote": None, "entry": None}
    current = _current(deadline.told)
    return {
        "id": deadline.pk,
        "prize": deadline.prize_id,
        "prize_name": deadline.prize.name,
        "kind": deadline.kind,
        "label": deadline.label or None,
        **_date(statement.stated),
        "quote": source["quote"],
        "entry": source["entry"],
        "announced_on": said.announced_on if said else None,
        "status": deadline.status,
        "announcements": [
            _announcement(step) | {"is_current": step.told.pk in current}
            for step in ledger_of(deadline.told)
        ],
        "web_url": absolute(f"{deadline.prize.get_absolute_url()}#deadline-{deadline.pk}"),
    }


def _announcement(step: Step) -> dict[str, Any]:
    told = step.told
    return {
        "id": told.pk,
        "change": told.change,
        **_date(told),
        "previous_date": step.before.date if step.before else None,
        "moved_by_days": step.days,
        **_source(told),
        "announced_on": told.announced_on,
        "recorded_at": told.recorded_at,
        "supersedes": told.supersedes_id,
    }


def _current(told: Sequence[Announcement]) -> set[object]:
    return {each.pk for each in standing(told)}


def _source(told: Announcement) -> dict[str, Any]:
    """Where it was said, and in what words."""
    is_standing = told.entry is not None and told.entry.withdrawn_at is None
    return {
        "quote": told.quote or None,
        "issue": told.issue_id,
        "entry": told.entry_id if is_standing else None,
        "source": told.source or None,
        "source_url": clean_url(told.source_url or ""),
    }
