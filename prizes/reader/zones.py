"""The names of time zones that deadlines are printed with, and the moments they lead to."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo, available_timezones

AOE = "AoE"
_FIRST_ZONE = dt.timezone(dt.timedelta(hours=14))  # where a day begins, and ends, first
_LAST_ZONE = dt.timezone(dt.timedelta(hours=-12))  # anywhere on Earth
_DAY = dt.timedelta(days=1)
_FIRST_MOMENT = dt.datetime.combine(dt.date.min, dt.time())
_LAST_MOMENT = dt.datetime.combine(dt.date.max, dt.time.max)

# "PST" in July means Pacific time to those who print it, so both letters lead to the place.
_ABBREVIATIONS = {
    "aoe": AOE, "utc": "UTC", "gmt": "UTC", "z": "UTC",
    "pt": "America/Los_Angeles", "pst": "America/Los_Angeles", "pdt": "America/Los_Angeles",
    "mt": "America/Denver", "mst": "America/Denver", "mdt": "America/Denver",
    "ct": "America/Chicago", "cdt": "America/Chicago",
    "et": "America/New_York", "est": "America/New_York", "edt": "America/New_York",
    "akst": "America/Anchorage", "akdt": "America/Anchorage", "hst": "Pacific/Honolulu",
    "wet": "Europe/Lisbon", "west": "Europe/Lisbon", "cet": "Europe/Paris",
    "cest": "Europe/Paris", "eet": "Europe/Athens", "eest": "Europe/Athens",
    "msk": "Europe/Moscow", "jst": "Asia/Tokyo", "kst": "Asia/Seoul", "hkt": "Asia/Hong_Kong",
    "sgt": "Asia/Singapore", "aest": "Australia/Sydney", "aedt": "Australia/Sydney",
    "nzst": "Pacific/Auckland", "nzdt": "Pacific/Auckland",
}  # fmt: skip
_PLACES = {
    "pacific": "America/Los_Angeles", "mountain": "America/Denver", "central": "America/Chicago",
    "eastern": "America/New_York", "central european": "Europe/Paris", "uk": "Europe/London",
    "british summer": "Europe/London", "london": "Europe/London", "beijing": "Asia/Shanghai",
    "japan": "Asia/Tokyo", "singapore": "Asia/Singapore",
}  # fmt: skip
# Printed by people of several countries: which is meant, only they can say.
_AMBIGUOUS = frozenset(("cst", "ist", "bst", "ast", "sst", "gst", "pht", "amt"))
_NAMES = frozenset(available_timezones())
_OFFSET = re.compile(r"(?:utc|gmt)?\s?([+\-−–])\s?(\d{1,2})(?::?(\d{2}))?$", re.IGNORECASE)

ZONE = (
    r"(?:(?i:AoE\b|anywhere[\s-]on[\s-](?:the\s)?earth)"
    r"|(?:UTC|GMT)\s?[+\-−–]\s?\d{1,2}(?::?\d{2})?(?!\d)"
    r"|[A-Z][A-Za-z]{2,12}/[A-Z][A-Za-z_]{2,20}(?:/[A-Z][A-Za-z_]{2,20})?"
    r"|(?i:pacific|mountain|eastern|central european|central|uk|london|british summer|beijing|japan"
    r"|singapore)\s(?i:(?:standard|daylight|summer)\s)?(?i:time)\b"
    r"|(?:[A-Z]{2,5}|[A-Z]{1,4}[a-z]?T)(?![A-Za-z]))"
)


def read_zone(printed: str) -> tuple[str | None, str | None]:
    """The zone's IANA name or "AoE", and what is wrong with it if there is none."""
    name = " ".join(printed.split())
    key = name.lower()
    if "earth" in key:
        return AOE, None
    if zone := _ABBREVIATIONS.get(key):
        return zone, None
    if key in _AMBIGUOUS:
        return None, f"the zone {name} may be one of several"
    if name in _NAMES:
        return name, None
    if offset := _OFFSET.match(name):
        return _fixed(name, *offset.groups())
    place = re.sub(r"\s(?:(?:standard|daylight|summer)\s)?time$", "", key)
    if zone := _PLACES.get(place) or _PLACES.get(f"{place} summer"):
        return zone, None
    return None, f"unknown zone {name}"


def _fixed(name: str, sign: str, hours: str, minutes: str | None) -> tuple[str | None, str | None]:
    if sign == "+" and int(hours) * 60 + int(minutes or 0) == 0:
        return "UTC", None
    zone = f"Etc/GMT{'-' if sign == '+' else '+'}{int(hours)}"  # POSIX counts westwards
    if int(minutes or 0) or zone not in _NAMES:
        return None, f"no zone has the name {name}"
    return zone, None


def window(
    date: dt.date | None,
    time: dt.time | None,
    zone: str | None,
    precision: str,
    inclusive: bool = True,
) -> tuple[dt.datetime, dt.datetime] | None:
    """The earliest and the latest moment (UTC) that a printed deadline can mean.

    A day ends at its end: without a zone, first where the day ends first (UTC+14) and last
    anywhere on Earth, 26 hours apart; "before" a day is the end of the day before it. A time
    without a zone has the same 26 hours. Midnight of `minute` precision may be either end of its
    day. A month closes between its first moment in UTC+14 and its last on Earth. What happens
    twice on a clock set back, or never on one set forward, has both readings. None for `rolling`
    and `tba`.
    """
    if date is None or precision in {"rolling", "tba"}:
        return None
    midnight = dt.datetime.combine(date, dt.time())
    if precision == "month":
        return _between(midnight, _next_month(midnight) if inclusive else midnight, zone)
    if time is None:
        end = _shifted(midnight, _DAY) if inclusive else midnight
        return _between(end, end, zone)
    at = dt.datetime.combine(date, time.replace(tzinfo=None))
    if precision == "minute" and time.replace(tzinfo=None) == dt.time():
        return _between(at, _shifted(at, _DAY), zone)
    return _between(at, at, zone)


def _between(
    first: dt.datetime, last: dt.datetime, zone: str | None
) -> tuple[dt.datetime, dt.datetime]:
    if zone is None:
        return min(_readings(first, _FIRST_ZONE)), max(_readings(last, _LAST_ZONE))
    place = _LAST_ZONE if zone == AOE else ZoneInfo(zone)
    return min(_readings(first, place)), max(_readings(last, place))


def _readings(local: dt.datetime, zone: dt.tzinfo) -> list[dt.datetime]:
    """A local time in UTC, before and after the clock is set back or forward."""
    return [_utc(local.replace(tzinfo=zone, fold=fold)) for fold in (0, 1)]


def _utc(local: dt.datetime) -> dt.datetime:
    try:
        return local.astimezone(dt.UTC)
    except OverflowError:  # the calendar's first and last day
        end = _FIRST_MOMENT if local.year == 1 else _LAST_MOMENT
        return end.replace(tzinfo=dt.UTC)


def _shifted(local: dt.datetime, by: dt.timedelta) -> dt.datetime:
    try:
        return local + by
    except OverflowError:
        return _LAST_MOMENT


def _next_month(first: dt.datetime) -> dt.datetime:
    following = _shifted(first.replace(day=1), dt.timedelta(days=31))
    return following if following == _LAST_MOMENT else following.replace(day=1)
