"""Filters that say in a template what `prizes.words` says."""

from datetime import date, datetime

from django import template
from django.utils import timezone

from prizes import changes, words
from prizes.as_of import (
    AsOf,
    deadlines_as_of,
    statement_of,
    still_ahead,
    with_announcements,
)
from prizes.board import Row
from prizes.calendar import event_of, google_event, is_placeable, outlook_event
from prizes.models import Award, Deadline, Prize, StatedDate

register = template.Library()
OPEN_SHOWN = 8

register.filter("day_words", words.day_words)
register.filter("money", words.stated_money_words)
register.filter("date_notes", words.date_notes)
register.filter("amount_in", words.amount_words)


@register.filter
def day_without_year(stated: StatedDate | None) -> str:
    return words.day_words(stated, year=False)


@register.filter
def iso_day(stated: StatedDate | None) -> str:
    day = words.last_day(stated) if stated is not None else None
    if day is not None:
        return day.isoformat()
    return f"{stated.date:%Y-%m}" if stated is not None and stated.date else ""


@register.filter
def pool(prize: Prize) -> str:
    """Of a prize from `with_pool`, or as it stands now."""
    names = ("amount", "currency", "qualifier")
    prefix = "known_pool_" if hasattr(prize, "known_pool_amount") else "pool_"
    return words.money_words(*(getattr(prize, prefix + name) for name in names))


@register.filter
def award_words(award: Award) -> str:
    """ "$50,000 each for good benchmarks, 3 of them"."""
    said = words.stated_money_words(award)
    if award.basis == Award.Basis.EACH:
        said += " each"
    if award.label:
        said += f", {award.label}"
    return said


@register.simple_tag
def status_words(
    status: str | None, stated: StatedDate | None, today: date, now: datetime | None = None
) -> str:
    return words.status_words(status, stated, today, now)


@register.simple_tag
def into_calendars(row: Row, as_of: AsOf) -> dict[str, str]:
    """Ways to put one deadline into a calendar; none if it has no day there, or is over."""
    is_over = row.stated is None or (row.stated.latest_utc or as_of.instant) < timezone.now()
    if is_over or not is_placeable(row.stated) or row.deadline.was_cancelled:
        return {}
    event = event_of(row, as_of)
    return {
        "google": google_event(event),
        "outlook": outlook_event(event),
        "file": f"/deadlines/{event.uid}.ics",
    }


@register.filter
def what_happens(deadline: Deadline) -> str:
    return changes.what_happens(deadline)


@register.simple_tag
def prize_status_words(prize: Prize, today: date) -> str:
    """Of a prize with its `next_date`; one of several rounds may go on after those we know."""
    if prize.status == "unknown":
        return "Not known if open"
    return words.status_words(prize.status, prize.next_date, today)


@register.simple_tag(takes_context=True)
def open_at(context: template.Context, instant: datetime) -> list[Deadline]:
    """What one could still enter when something appeared, soonest first, with the date `stated`
    by then."""
    as_of = AsOf(instant)
    user = context["request"].user
    deadlines = still_ahead(deadlines_as_of(as_of, user), as_of).select_related("prize")
    deadlines = with_announcements(deadlines, as_of, user)
    shown = list(deadlines.order_by("stated_latest", "pk")[:OPEN_SHOWN])
    for deadline in shown:
        deadline.stated = statement_of(deadline, as_of).stated
    return shown
