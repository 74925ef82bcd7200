"""Ways into a calendar: following a whole feed, or putting one event in."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode, urlsplit

from prizes.calendar.events import Event

GOOGLE_FOLLOWS = "https://calendar.google.com/calendar/r?cid="
GOOGLE_ADDS = "https://calendar.google.com/calendar/render?"
OUTLOOK_FOLLOWS = "https://outlook.live.com/calendar/0/addfromweb?"
OUTLOOK_ADDS = "https://outlook.live.com/calendar/0/action/compose?"
# What these services take in an address; the whole text stands behind the link in it.
LONGEST_DETAILS = 1000


@dataclass(frozen=True, slots=True)
class Subscription:
    """One feed, as each kind of calendar wants to be told of it."""

    address: str
    webcal: str
    google: str
    outlook: str


def subscription(address: str, name: str) -> Subscription:
    """`address` is the feed's own, https where the site has it."""
    webcal = urlsplit(address)._replace(scheme="webcal").geturl()
    return Subscription(
        address=address,
        webcal=webcal,
        # Google reads an https address there as one of its own calendars.
        google=GOOGLE_FOLLOWS + quote(webcal, safe=""),
        # Outlook strips the scheme of webcal.
        outlook=OUTLOOK_FOLLOWS + urlencode({"url": address, "name": name}, quote_via=quote),
    )


def google_event(event: Event) -> str:
    """A form filled in with the event; it saves a copy, which follows no later change."""
    if isinstance(event.starts, datetime) and isinstance(event.ends, datetime):
        dates = f"{event.starts:%Y%m%dT%H%M%SZ}/{event.ends:%Y%m%dT%H%M%SZ}"
    else:
        dates = f"{event.starts:%Y%m%d}/{event.ends or event.starts:%Y%m%d}"
    query = {
        "action": "TEMPLATE",
        "text": event.summary,
        "dates": dates,
        "details": _details(event),
        "trp": "false",  # not busy
        "uid": str(event.uid),
    }
    return GOOGLE_ADDS + urlencode(query, quote_via=quote)


def outlook_event(event: Event) -> str:
    whole_day = event.is_whole_day
    shape = "%Y-%m-%d" if whole_day else "%Y-%m-%dT%H:%M:%SZ"
    query = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": event.summary,
        "startdt": event.starts.strftime(shape),
        "enddt": (event.ends or event.starts).strftime(shape),
        "allday": "true" if whole_day else "false",
        "body": _details(event),
        "freebusy": "free",
        "uid": str(event.uid),
    }
    return OUTLOOK_ADDS + urlencode(query, quote_via=quote)


def _details(event: Event) -> str:
    """Its end is the event's own address, which names the UID."""
    text = event.description.removesuffix(event.url).rstrip()
    return f"{text[:LONGEST_DETAILS]}\n{event.url}"
