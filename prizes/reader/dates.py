"""Dates, as printed in English prose.

A year that isn't printed is the next in which that day falls on or after the day of publication;
between two ends of a range, the one printed year counts for both. A date is checked by
constructing it: one that cannot be, or that may be read in two ways, has no `date` but says so
in `problem`. Dates in other languages are left alone.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace

from .calendar_words import DATE_PATTERNS, Found
from .clock import Clock, clock_after, clock_before
from .facts import DateFact, Precision
from .prose import Prose, read_prose
from .zones import window

__all__ = ["dates_in", "read_dates", "window"]

_EXCLUSIVE = re.compile(
    r"(?<!or )(?<!not )\b(?:before|prior to|earlier than|ahead of)(?:\s+(?:the|midnight on))?\s*$",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\s*(?:to|until|till|through|and|-|–|—)\s*(?:the\s+)?", re.IGNORECASE)
_EIGHT_YEARS = 8  # the longest wait for a 29 February


def read_dates(text: str, published_on: dt.date) -> list[DateFact]:
    """Every date in a Markdown or plain text, in its order."""
    return dates_in(read_prose(text), published_on)


def dates_in(prose: Prose, published_on: dt.date) -> list[DateFact]:
    facts: list[DateFact] = []
    previous: Found | None = None
    for found in _found(prose.plain):
        for fact in _facts(prose, found, published_on):
            if facts and previous and _is_range(prose.plain, previous, found):
                facts[-1] = _with_year_of(facts[-1], fact)
            facts.append(fact)
        previous = found
    return facts


def _found(plain: str) -> Iterator[Found]:
    """The places that look like a date, the longer reading where two overlap."""
    matches = [
        Found(match, shape) for shape, pattern in DATE_PATTERNS for match in pattern.finditer(plain)
    ]
    end = 0
    for found in sorted(matches, key=lambda found: (found.start, -found.end)):
        if found.start >= end and not found.is_a_common_word():
            yield found
            end = found.end


def _is_range(plain: str, first: Found, second: Found) -> bool:
    return second.start - first.end < 16 and bool(_RANGE.fullmatch(plain, first.end, second.start))


def _with_year_of(first: DateFact, last: DateFact) -> DateFact:
    """The start of "September 1 to October 27, 2022", whose year is printed once."""
    if not (first.year_inferred and first.date and last.date) or last.year_inferred:
        return first
    for year in (last.date.year, last.date.year - 1):
        day = _day(year, first.date.month, first.date.day)
        if day and day <= last.date:
            return replace(first, date=day)
    return first


def _facts(prose: Prose, found: Found, published_on: dt.date) -> list[DateFact]:
    if found.shape in {"rolling", "tba"}:
        return [_fact(prose, found, None, precision=found.shape)]
    if found.shape == "month":
        return [_month(prose, found, published_on)]
    if found.shape == "unclear":
        return [_unclear(prose, found)]
    return [_day_fact(prose, found, published_on, day) for day in found.days()]


def _month(prose: Prose, found: Found, published_on: dt.date) -> DateFact:
    month, year = found.month(), found.year()
    if year is None:
        year = published_on.year + (month < published_on.month)
    inferred = found.year() is None
    date = _day(year, month, 1)
    return _fact(prose, found, date, precision="month", year_inferred=inferred)


def _unclear(prose: Prose, found: Found) -> DateFact:
    """ "03/04/2023": the order of day and month is anyone's guess, unless one is over 12."""
    a, b, year = found.numbers()
    readings = {day for day in (_day(year, a, b), _day(year, b, a)) if day} if year else set()
    if len(readings) == 1:
        return _fact(prose, found, readings.pop(), clock=clock_after(prose.plain, found.end))
    problem = "is ambiguous" if readings or not year else "is no day of the calendar"
    return _fact(prose, found, None, precision="tba", problem=f"{found.text} {problem}")


def _day_fact(prose: Prose, found: Found, published_on: dt.date, day: int) -> DateFact:
    month, year = found.month(), found.year()
    clock = clock_after(prose.plain, found.end) or clock_before(prose.plain, found.start)
    date = _next(published_on, month, day) if year is None else _day(year, month, day)
    if date is None:
        problem = f"{found.text} is no day of the calendar"
        return _fact(prose, found, None, precision="tba", problem=problem)
    fact = _fact(prose, found, date, clock=clock, year_inferred=year is None)
    weekday = found.weekday()
    if weekday and f"{date:%A}"[:3].lower() != weekday[:3].lower():
        return replace(fact, problem=f"{date:%d %B %Y} is a {date:%A}, not a {weekday}")
    return fact


def _fact(
    prose: Prose,
    found: Found,
    date: dt.date | None,
    *,
    precision: Precision | None = None,
    clock: Clock | None = None,
    year_inferred: bool = False,
    problem: str | None = None,
) -> DateFact:
    clock = clock or Clock()
    start, end = found.start, max(found.end, clock.end)
    if clock.start is not None:
        start = min(start, clock.start)
    if clock.next_day and date:  # "24:00"
        clock = replace(clock, time=None)
    before = prose.plain[max(0, start - 24) : start]
    source_start, source_end = prose.span(start, end)
    return DateFact(
        date=date,
        time=clock.time if date else None,
        zone=clock.zone if date else None,
        precision=precision or clock.precision,
        inclusive=clock.time is not None or not _EXCLUSIVE.search(before),
        year_inferred=year_inferred,
        start=source_start,
        end=source_end,
        quote=prose.sentence_at(found.start).text,
        problem=problem or clock.problem,
    )


def _next(published_on: dt.date, month: int, day: int) -> dt.date | None:
    for year in range(published_on.year, published_on.year + _EIGHT_YEARS + 1):
        date = _day(year, month, day)
        if date and date >= published_on:
            return date
    return None


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
