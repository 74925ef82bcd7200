"""The shapes in which English prose prints a date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Shape = Literal["named", "iso", "dotted", "unclear", "month", "rolling", "tba"]

MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip

_MONTH = (
    r"(?<![A-Za-z])(?P<month>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?"
    r"|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)(?![A-Za-z])\.?"
)
_WEEKDAY = (
    r"(?:(?<![A-Za-z])(?P<weekday>(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs?)?|Fri|Sat(?:ur)?|Sun)(?:day)?)"
    r"\.?,?\s{1,3}(?:the\s)?)?"
)
_ORDINAL = r"(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20|21)\d\d)(?!\d)"
_GAP = r"(?:\s{1,3}|,\s{0,3})"
_TO = r"\s?[-–—]\s?"

DATE_PATTERNS: tuple[tuple[Shape, re.Pattern[str]], ...] = (
    (
        "named",
        re.compile(
            rf"{_WEEKDAY}{_MONTH}\s{{1,3}}(?:the\s)?(?P<day>\d{{1,2}}){_ORDINAL}(?![\d:A-Za-z%])"
            rf"(?:{_TO}(?P<last>\d{{1,2}}){_ORDINAL}(?![\d:A-Za-z]))?(?:{_GAP}\(?{_YEAR})?",
            re.IGNORECASE,
        ),
    ),
    (
        "named",
        re.compile(
            rf"{_WEEKDAY}(?<![\w.,:/$€£-])(?P<day>\d{{1,2}}){_ORDINAL}"
            rf"(?:{_TO}(?P<last>\d{{1,2}}){_ORDINAL})?(?:\s{{1,3}}(?:of\s)?|-){_MONTH}"
            rf"(?:(?:{_GAP}|-)\(?{_YEAR})?",
            re.IGNORECASE,
        ),
    ),
    (
        "iso",
        re.compile(
            r"(?<![\w/.-])(?P<year>(?:19|20|21)\d\d)(?P<sep>[-/])(?P<month>\d{2})(?P=sep)"
            r"(?P<day>\d{2})(?!\d|[-/]\d)"
        ),
    ),
    (
        "dotted",  # day first, wherever it is written with full stops
        re.compile(
            rf"(?<![\w/.-])(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?{_YEAR}(?![./-]\d)"
        ),
    ),
    (
        "unclear",
        re.compile(
            r"(?<![\w/.-])(?P<first>\d{1,2})(?P<sep>[/-])(?P<second>\d{1,2})(?P=sep)"
            r"(?P<year>(?:19|20|21)\d\d|\d\d)(?!\d|[-/]\d)"
        ),
    ),
    ("month", re.compile(rf"{_MONTH}(?:,?\s{{1,3}}(?:of\s)?|-){_YEAR}(?![-/]\d)", re.IGNORECASE)),
    (
        "month",
        re.compile(
            rf"\b(?:end|start|beginning|middle|early|mid|late|until|till|by|in|through|during|before)"
            rf"(?:-|\s{{1,3}})(?:of\s)?(?:(?:the\s)?(?:early|mid|late|end\sof)[\s-])?{_MONTH}"
            rf"(?!\s{{0,3}}\d)",
            re.IGNORECASE,
        ),
    ),
    (
        "rolling",
        re.compile(
            r"\b(?:(?:on\s+)?an?\s+(?:rolling|ongoing)\s+basis|rolling\s+(?:basis|deadlines?"
            r"|admissions?|applications?|submissions?|review)"
            r"|deadlines?(?:\s+(?:is|are)|:)\s+rolling|no\s+(?:fixed\s+)?deadline"
            r"|open[- ]ended\s+deadline)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "tba",
        re.compile(
            r"\b(?:TBA|TBD|TBC|(?i:to\s+be\s+(?:announced|determined|confirmed|decided)))\b"
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of text in the shape of a date."""

    match: re.Match[str]
    shape: Shape

    @property
    def start(self) -> int:
        return self.match.start("month") if self._leads_in() else self.match.start()

    @property
    def end(self) -> int:
        return self.match.end()

    @property
    def text(self) -> str:
        return " ".join(self.match.string[self.start : self.end].split())

    def _leads_in(self) -> bool:
        """ "by May": the first word is no part of the month, and tells if it is included."""
        words = self.match.group().lower()
        return self.shape == "month" and words.startswith(("until", "till", "by", "in ", "before"))

    def is_a_common_word(self) -> bool:
        """ "may 5 of them", "march 10 miles": months are written large."""
        groups = self.match.groupdict()
        month = groups.get("month") or ""
        return month in {"may", "march", "mar", "dec", "sep"} and not groups.get("year")

    def month(self) -> int:
        month = self.match["month"]
        return int(month) if month.isdecimal() else MONTHS[month[:3].lower()]

    def year(self) -> int | None:
        year = self.match.groupdict().get("year")
        return int(year) if year else None

    def days(self) -> list[int]:
        """The day, or both ends of "May 1-31"."""
        last = self.match.groupdict().get("last")
        return [int(self.match["day"]), *([int(last)] if last else [])]

    def weekday(self) -> str | None:
        weekday = self.match.groupdict().get("weekday")
        return weekday if weekday and not self.match.groupdict().get("last") else None

    def numbers(self) -> tuple[int, int, int | None]:
        """Both numbers of "3/4/2023", and the year unless two digits are all of it."""
        year = self.match["year"]
        return (
            int(self.match["first"]),
            int(self.match["second"]),
            int(year) if len(year) == 4 else None,
        )
