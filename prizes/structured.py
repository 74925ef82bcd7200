"""A prize for search engines (JSON-LD). schema.org knows no deadline, and none is invented: what
can be said is when submissions are open, and what is granted.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.safestring import SafeString, mark_safe

from markup.text import clean_line
from markup.urls import clean_url
from prizes.board import Row
from prizes.calendar.events import is_moment, is_placeable
from prizes.changes import what_happens
from prizes.models import Award, Deadline, Prize, StatedDate
from prizes.status import SUBMISSION_LIKE
from prizes.words import last_day

CONTEXT = "https://schema.org"
# Within a script element these would end it, or open a comment.
_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def json_ld(prize: Prize, rows: Sequence[Row], awards: QuerySet[Award]) -> SafeString | None:
    """For a script element of data; none if there is nothing that schema.org has a word for."""
    graph = [*_events(prize, rows), *_grants(prize, awards)]
    if not graph:
        return None
    text = json.dumps({"@context": CONTEXT, "@graph": graph}, ensure_ascii=False, indent=1)
    return mark_safe(text.translate(_ESCAPES))  # noqa: S308 - escaped in the line itself


def _events(prize: Prize, rows: Sequence[Row]) -> Iterator[dict[str, Any]]:
    opens = next((r for r in rows if r.deadline.kind == Deadline.Kind.OPENS), None)
    for row in rows:
        if row.deadline.kind not in SUBMISSION_LIKE or not is_placeable(row.stated):
            continue
        event: dict[str, Any] = {
            "@type": "Event",
            "@id": f"{settings.SITE_URL}{row.deadline.get_absolute_url()}",
            "name": clean_line(f"{prize.name}: {what_happens(row.deadline)}"),
            "url": f"{settings.SITE_URL}{prize.get_absolute_url()}",
            # Submissions are open from when they were announced, unless another day was.
            "startDate": _first_day(row, opens),
            "endDate": _when(row.stated),
            "eventStatus": f"{CONTEXT}/{_status(row)}",
            "eventAttendanceMode": f"{CONTEXT}/OnlineEventAttendanceMode",
            "location": {"@type": "VirtualLocation", "url": _website(prize)},
        }
        if earlier := _earlier_dates(row):
            event["previousStartDate"] = earlier
        yield _with_organiser(event, prize)


def _first_day(row: Row, opens: Row | None) -> str | None:
    if opens is not None and is_placeable(opens.stated):
        return _when(opens.stated)
    told = row.deadline.told
    return told[0].announced_on.isoformat() if told else None


def _when(stated: StatedDate | None) -> str | None:
    """An instant with its zone, else a bare day: no hour that nobody stated."""
    if stated is None:
        return None
    if is_moment(stated) and stated.earliest_utc is not None:
        return _instant(stated.earliest_utc)
    day = last_day(stated)
    return day.isoformat() if day else None


def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _status(row: Row) -> str:
    if row.deadline.was_cancelled:
        return "EventCancelled"
    if row.is_postponed:
        return "EventPostponed"
    return "EventRescheduled" if _earlier_dates(row) else "EventScheduled"


def _earlier_dates(row: Row) -> list[str]:
    """Every date that stood before and no longer does, in the order they were told."""
    stands = _when(row.stated)
    dates = [_when(told) for told in row.deadline.told if told.precision and is_placeable(told)]
    beside = {_when(other) for other in row.conflicting}
    return [
        day
        for day in dict.fromkeys(dates)
        if day is not None and day != stands and day not in beside
    ]


def _grants(prize: Prize, awards: QuerySet[Award]) -> Iterator[dict[str, Any]]:
    page = f"{settings.SITE_URL}{prize.get_absolute_url()}"
    if prize.pool_amount is not None:
        amount = _amount(prize.pool_amount, None, prize.pool_currency, prize.pool_qualifier)
        yield _with_organiser(_grant(page, prize.name, amount), prize, "funder")
    for award in awards:
        if award.amount is None:
            continue
        amount = _amount(award.amount, award.amount_max, award.currency, award.qualifier)
        name = f"{prize.name}: {award.label}" if award.label else prize.name
        grant = _grant(f"{page}#award-{award.position}", name, amount)
        if award.part_of_pool and prize.pool_amount is not None:
            grant["isPartOf"] = {"@id": f"{page}#pool"}
        yield _with_organiser(grant, prize, "funder")


def _grant(key: str, name: str, amount: dict[str, Any]) -> dict[str, Any]:
    has_place = "#" in key
    return {
        "@type": "MonetaryGrant",
        "@id": key if has_place else f"{key}#pool",
        "name": clean_line(name),
        "amount": amount,
    }


def _amount(amount, most, currency, qualifier) -> dict[str, Any]:
    """Ranges and bounds as such, never as one number."""
    found: dict[str, Any] = {"@type": "MonetaryAmount", "currency": currency}
    if most is not None:
        return found | {"minValue": _number(amount), "maxValue": _number(most)}
    name = {"up_to": "maxValue", "at_least": "minValue"}.get(qualifier or "", "value")
    return found | {name: _number(amount)}


def _number(amount) -> float | int:
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def _website(prize: Prize) -> str:
    own = f"{settings.SITE_URL}{prize.get_absolute_url()}"
    return clean_url(prize.website or "") or own


def _with_organiser(thing: dict[str, Any], prize: Prize, role: str = "organizer") -> dict[str, Any]:
    if prize.organiser:
        thing[role] = {"@type": "Organization", "name": clean_line(prize.organiser)}
    return thing
