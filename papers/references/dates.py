"""Dates as people and programs write them into reference files, never more exact than written."""

import re
from datetime import date

from papers.references.reference import PartialDate

_MONTHS = (
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)
EARLIEST, LATEST = 1000, 2999

# "2021", "2021-03-07", "2021/03/07/", "2021///", "2021-03-07T10:00Z", "2021-03~", "2021-03/2021-05"
_NUMBERED = re.compile(
    r"[\[(]?(?:c(?:a|irca)?\.?\s*|©\s*)?(\d{4})"
    r"(?:[-/.](\d{1,2})?(?:[-/.](\d{1,2})?)?)?"
    r"[~?%]?[\])]?(?:[T/ ;,].*|--?\d{2,4}.*|[a-z])?",
    re.DOTALL,
)
_YEAR = re.compile(r"(?<!\d)(1\d{3}|2\d{3})(?!\d)")
_WORD = re.compile(r"[A-Za-z]{3,}")
_DAY = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?(?!\d)")


def read_date(text: str) -> PartialDate | None:
    """The date a text tells, or None where it tells none that exists."""
    text = text.strip()
    match = _NUMBERED.fullmatch(text)
    if match:
        return partial_date(*(int(part) if part else None for part in match.groups()))
    return _in_words(text)


def partial_date(
    year: int | None, month: int | None = None, day: int | None = None
) -> PartialDate | None:
    """The date of these parts if there is such a day; 0 is a way of writing "not known"."""
    month, day = month or None, day or None
    if year is None or not EARLIEST <= year <= LATEST:
        return None
    if day is not None and month is None:
        day = None
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return None
    return PartialDate(year, month, day)


def read_month(text: str) -> tuple[int | None, int | None]:
    """Month and day out of "3", "mar", "March", "7 March", "mar~7"; of "May/June" the first."""
    text = text.strip().replace("~", " ")
    if text.isdecimal() and 1 <= int(text[:3]) <= 12:
        return int(text), None
    names = [word for word in _WORD.findall(text) if _number_of(word)]
    if not names:
        return None, None
    days = _DAY.findall(text)
    day = int(days[0]) if len(names) == 1 and len(days) == 1 else None
    return _number_of(names[0]), day


def _in_words(text: str) -> PartialDate | None:
    """ "7 March 2021", "Mar. 7, 2021", "Spring 2021"."""
    years = _YEAR.findall(text)
    if len(years) != 1 or len(text) > 60:
        return None
    month, day = read_month(_YEAR.sub(" ", text))
    if month is None and _DAY.search(_YEAR.sub(" ", text)):
        return None  # "12/13/2021": which of them is the month is anybody's guess
    return partial_date(int(years[0]), month, day) or partial_date(int(years[0]))


def _number_of(word: str) -> int | None:
    start = word[:3].lower()
    return _MONTHS.index(start) + 1 if start in _MONTHS else None
