"""Money and dates in words: what was stated, no more and no less."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from prizes.models import Precision, Qualifier, StatedDate, StatedMoney

SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹"}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
AOE = "AoE"


def amount_words(amount: Decimal, currency: str | None) -> str:
    """ "$100,000", "CHF 1,000.50"."""
    number = f"{amount:,.2f}".removesuffix(".00")
    symbol = SYMBOLS.get(currency or "")
    return f"{symbol}{number}" if symbol else f"{currency or ''} {number}".strip()


def money_words(
    amount: Decimal | None,
    currency: str | None,
    qualifier: str | None = None,
    amount_max: Decimal | None = None,
) -> str:
    if amount is None:
        return ""
    words = amount_words(amount, currency)
    if amount_max is not None:
        return f"{words} to {amount_words(amount_max, currency)}"
    before = {Qualifier.UP_TO: "up to ", Qualifier.AT_LEAST: "at least ", Qualifier.ABOUT: "about "}
    return (before.get(Qualifier(qualifier), "") if qualifier else "") + words


def stated_money_words(money: StatedMoney) -> str:
    return money_words(money.amount, money.currency, money.qualifier, money.amount_max)


def last_day(stated: StatedDate) -> date | None:
    """The last day on which something can still be handed in; before a day is the day before."""
    if stated.date is None or stated.precision == Precision.MONTH:
        return None
    has_time = stated.time is not None
    if stated.inclusive or has_time or stated.date == date.min:
        return stated.date
    return stated.date - timedelta(days=1)


def day_words(stated: StatedDate | None, *, year: bool = True) -> str:
    """ "30 Sep 2022", "Aug 2023", "Rolling": the one short form of a date."""
    if stated is None or stated.precision in (None, Precision.TBA):
        return "To be announced" if stated is not None else "Not known"
    if stated.precision == Precision.ROLLING:
        return "Rolling"
    if stated.date is None:
        return "Not known"
    day = last_day(stated)
    if day is None:
        words = MONTHS[stated.date.month - 1]
        return f"{words} {stated.date.year}" if year else words
    return short_day(day) if year else f"{day.day} {MONTHS[day.month - 1]}"


def short_day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def moment_words(moment: datetime) -> str:
    """In the reader's zone, which is UTC unless they chose one."""
    moment = timezone.localtime(moment)
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment:%H:%M}"


def utc_words(moment: datetime) -> str:
    """ "1 Oct 2022 12:00 UTC", for readers whose zone is not known."""
    moment = moment.astimezone(UTC)
    return f"{short_day(moment.date())} {moment:%H:%M} UTC"


def date_notes(stated: StatedDate | None) -> list[str]:
    """What a reader has to know beside the day: its year, time and zone, and what wasn't said."""
    if stated is None or stated.date is None:
        return []
    day = last_day(stated) or stated.date
    year = "year inferred, not printed" if stated.year_inferred else ""
    notes = [", ".join(filter(None, [str(day.year), year]))]
    if stated.precision == Precision.MONTH:
        notes.append("The day is not stated")
    if not stated.inclusive and stated.time is None and stated.precision == Precision.DAY:
        notes.append(f"Last full day: the text says before {short_day(stated.date)}")
    if stated.time is not None:
        notes.append(f"{stated.time:%H:%M} {zone_words(stated)}".strip())
    notes.extend(_on_the_readers_clock(stated))
    return notes


def _on_the_readers_clock(stated: StatedDate) -> Iterator[str]:
    """The same instant there, or the hours between which it lies."""
    if stated.earliest_utc is None or stated.latest_utc is None:
        return
    zone = timezone.get_current_timezone_name()
    if _is_instant(stated):
        if zone != stated.timezone:
            yield f"{moment_words(stated.latest_utc)} {zone}"
        return
    window = f"{moment_words(stated.earliest_utc)} and {moment_words(stated.latest_utc)}"
    yield f"{_missing(stated)}: closes between {window} {zone}"


def _missing(stated: StatedDate) -> str:
    if stated.time is None:
        return "Time not stated"
    if stated.timezone is None:
        return "Zone not stated"
    return "Midnight of which end is not stated" if not stated.time.hour else "Clocks change then"


def _is_instant(stated: StatedDate) -> bool:
    return stated.earliest_utc == stated.latest_utc or stated.precision == Precision.INSTANT


def zone_words(stated: StatedDate) -> str:
    return {None: "", AOE: "anywhere on Earth"}.get(stated.timezone, stated.timezone or "")


def status_words(
    status: str | None, stated: StatedDate | None, today: date, now: datetime | None = None
) -> str:
    """ "Open, 4 days left": the status, and how long it lasts where that is known."""
    day = last_day(stated) if stated is not None else None
    match status:
        case "open" if day is not None:
            left = (day - today).days
            if left > 1:
                return f"Open, {left:,} days left"
            return "Open, 1 day left" if left == 1 else "Open, last day"
        case "closing":
            return _closing_words(stated, now)
        case "closed" if day is not None:
            return f"Closed {short_day(day)}"
        case "rolling":
            return "Open, no closing date"
        case "unknown":
            return "No date known"
        case None:
            return ""
    return status.capitalize()


def _closing_words(stated: StatedDate | None, now: datetime | None) -> str:
    """No clock below what is known: hours are counted to a stated hour alone."""
    if stated is None or stated.earliest_utc is None or stated.latest_utc is None:
        return "Closing, it may end at any hour"
    if _is_instant(stated) and stated.time is not None:
        hours = int((stated.latest_utc - now).total_seconds() // 3600) if now else 0
        left = f"{hours} hour{'s' if hours > 1 else ''} left" if hours else "within the hour"
        return f"Closing, {left}" if now else "Closing, its last hours"
    if stated.precision == Precision.MONTH:
        return "Closing, some day this month"
    window = int((stated.latest_utc - stated.earliest_utc).total_seconds() // 3600)
    if not window:
        return "Closing, its last hours"
    return f"Closing, it may end at any hour of a {window}-hour window"
