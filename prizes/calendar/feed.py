"""A calendar of chosen deadlines: those that have a day are events, the others are named."""

from collections.abc import Iterator, Sequence

from django.conf import settings

from prizes.calendar.alarms import AlarmError, read_alarms
from prizes.calendar.events import Event, event_of, is_dropped, is_placeable
from prizes.calendar.writer import About, write_calendar
from prizes.changes import what_happens
from prizes.chosen import SHOWING, ChoiceError, Chosen
from prizes.words import day_words

NAMED = 50


def calendar_of(chosen: Chosen, path: str, page: str, name: str = "") -> bytes:
    """As a file; `path` is its own address, `page` that of the page with the same set."""
    try:
        alarms = read_alarms(chosen.query.get("alarm", ""))
    except AlarmError as error:
        raise ChoiceError({"alarm": [("invalid", str(error))]}) from None
    about = About(
        name=name or ", ".join(filter(None, [f"{settings.SITE_NAME}: deadlines", chosen.words])),
        description="\n".join(_description(chosen)),
        source=chosen.address(path),
        url=chosen.address(page, without=SHOWING),
    )
    return write_calendar(about, events_of(chosen), alarms)


def events_of(chosen: Chosen) -> Sequence[Event]:
    return [
        event_of(row, chosen.as_of)
        for row in chosen.rows
        if is_placeable(row.stated) and not is_dropped(row, chosen.as_of)
    ]


def why_empty(chosen: Chosen) -> str:
    """What to tell somebody whose calendar would hold nothing."""
    named = list(_without_day(chosen))
    if named:
        return f"No deadline that fits has a day a calendar could show: {'; '.join(named)}."
    return "No deadline fits: a calendar needs at least one. Take a filter away."


def _description(chosen: Chosen) -> Iterator[str]:
    yield "Deadlines as they were announced; each event says what was not."
    if not chosen.as_of.is_now:
        yield f"As known at {chosen.as_of.instant:%Y-%m-%d %H:%M} UTC."
    named = list(_without_day(chosen))
    if named:
        yield f"Not among the events, since no day is known: {'; '.join(named[:NAMED])}."
    if len(named) > NAMED:
        yield f"And {len(named) - NAMED:,} more."
    if chosen.is_cut:
        yield "There are more past deadlines than these: narrow the choice to see others."


def _without_day(chosen: Chosen) -> Iterator[str]:
    for row in chosen.rows:
        if not is_placeable(row.stated) and not is_dropped(row, chosen.as_of):
            when = day_words(row.stated) if row.stated else "not known"
            yield f"{row.deadline.prize.name}: {what_happens(row.deadline)} ({when})"
