"""The time of day and the zone that stand beside a date."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from .facts import Precision
from .zones import ZONE, read_zone

_TIME = (
    r"(?P<hour>(?<![\d:.$€£])\d{1,2})(?:(?P<colon>[:.])(?P<minute>[0-5]\d))?(?::[0-5]\d(?:\.\d{1,6})?)?"
    r"(?:\s?(?P<half>[ap])(?:\.m\.|m\b))?(?![\d:])"
    r"|(?P<word>(?i:noon|midday|midnight|EOD|COB|end of (?:the )?day|(?:close|end) of business))\b"
)
_LEAD = r"(?:\s{0,3}(?:,|;|\(|@|–|—|-|\bat|\bby|T(?=\d))){0,3}\s{0,3}"
_AFTER_TIME = re.compile(
    rf"{_LEAD}(?:{_TIME})(?:\s{{0,2}}\(?(?P<zone>(?-i:{ZONE}|Z\b|[+\-−]\d\d:?\d\d(?!\d))))?",
    re.IGNORECASE,
)
_AFTER_ZONE = re.compile(rf"\s{{0,3}}[,(]?\s?(?P<zone>{ZONE})")
_BEFORE = re.compile(
    rf"(?:{_TIME})(?:\s{{0,2}}\(?(?P<zone>(?-i:{ZONE}))\)?)?\s{{0,3}},?\s{{0,3}}(?:on|of)?\s{{0,3}}"
    r"(?:the\s)?$",
    re.IGNORECASE,
)
_REACH = 70  # no time and zone take more room than this


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day with its zone; `next_day` where it says the day's end in other words."""

    time: dt.time | None = None
    zone: str | None = None
    problem: str | None = None
    start: int | None = None
    end: int = 0
    is_midnight: bool = False
    next_day: bool = False

    @property
    def precision(self) -> Precision:
        if self.time is None or self.next_day:
            return "day"
        return "instant" if self.zone and not self.is_midnight else "minute"


def clock_after(plain: str, position: int) -> Clock | None:
    """ "… September 30th, 11:59 PM PST", "2023-02-10T12:00:00Z", "… May 31 (AoE)"."""
    following = plain[position : position + _REACH]
    match = _AFTER_TIME.match(following)
    if match and (clock := _clock(match)):
        return _placed(clock, None, position + match.end())
    match = _AFTER_ZONE.match(following)
    if not match:
        return None
    zone, problem = read_zone(match["zone"])
    if zone is None and "unknown" in (problem or ""):
        return None  # an acronym, such as the next sentence's first word
    return Clock(zone=zone, problem=problem, end=position + match.end())


def clock_before(plain: str, position: int) -> Clock | None:
    """ "11:59 PM PST on September 30th"."""
    begin = max(0, position - _REACH)
    match = _BEFORE.search(plain[begin:position])
    if match and (clock := _clock(match)):
        return _placed(clock, begin + match.start(), position)
    return None


def _placed(clock: Clock, start: int | None, end: int) -> Clock:
    return Clock(
        clock.time, clock.zone, clock.problem, start, end, clock.is_midnight, clock.next_day
    )


def _clock(match: re.Match[str]) -> Clock | None:
    zone, problem = read_zone(match["zone"]) if match["zone"] else (None, None)
    if word := match["word"]:
        if word.lower() == "midnight":
            return _midnight(zone, problem)
        if word.lower() in {"noon", "midday"}:
            return Clock(dt.time(12), zone, problem)
        return Clock(None, zone, problem, next_day=True)
    if not match["half"] and match["colon"] != ":":
        return None  # a number, and no time
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if match["half"]:
        if not 1 <= hour <= 12:
            return Clock(None, zone, f"{match['hour']} {match['half'].lower()}m is no time of day")
        if hour == 12 and match["half"].lower() == "a" and not minute:
            return _midnight(zone, problem)
        hour = hour % 12 + 12 * (match["half"].lower() == "p")
    if (hour, minute) == (24, 0):
        return Clock(None, zone, problem, next_day=True)
    if hour > 23:
        return Clock(None, zone, f"{match['hour']}:{match['minute']} is no time of day")
    return Clock(dt.time(hour, minute), zone, problem)


def _midnight(zone: str | None, problem: str | None) -> Clock:
    either = "midnight may be the start or the end of that day"
    return Clock(dt.time(), zone, problem or either, is_midnight=True)
