"""How long before a deadline a calendar should ring: "7d,1d"."""

import re
from collections.abc import Sequence
from datetime import timedelta

MOST, FURTHEST = 10, timedelta(days=366)
_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes"}
_ONE = re.compile(r"([1-9]\d{0,4})([wdhm])")
UNREADABLE = (
    "Enter times before a deadline such as 7d,1d: weeks (w), days (d), hours (h), minutes (m)."
)


class AlarmError(ValueError):
    """The text of `alarm` names no times before a deadline."""


def read_alarms(text: str) -> Sequence[timedelta]:
    """The longest first, each once."""
    if not text.strip():
        return ()
    parts = text.replace(" ", "").lower().split(",")
    found = [_ONE.fullmatch(part) for part in parts]
    if not all(found):
        raise AlarmError(UNREADABLE)
    befores = {timedelta(**{_UNITS[m[2]]: int(m[1])}) for m in found if m}
    if max(befores) > FURTHEST:
        raise AlarmError("An alarm can ring at most a year before a deadline.")
    if len(befores) > MOST:
        raise AlarmError(f"At most {MOST} alarms.")
    return sorted(befores, reverse=True)
