"""The one place from which the site sends requests to others.

Fixed hosts (`hosts.py`), https, no redirects, ten seconds, two megabytes, JSON and Atom alone.
What users write ends up in the path or the query, quoted; never in the host. A proxy is taken from
the environment only.
"""

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from http import HTTPStatus
from urllib.parse import urlencode

import httpx2
from django.conf import settings
from django.utils import timezone

from papers.enrichment import pace
from papers.enrichment.errors import Nonsense, TurnedOff, Unavailable
from papers.enrichment.hosts import SERVICES, Service, address_of

SECONDS = 10.0
LARGEST = 2_000_000
MISSING = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
PASSING = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}


@dataclass(frozen=True, slots=True)
class Answer:
    """`body` is None where the service knows no such thing, or where nothing changed."""

    body: bytes | None
    is_unchanged: bool = False
    etag: str | None = None
    last_modified: str | None = None


def get(
    service: Service,
    path: str,
    query: Mapping[str, str] | None = None,
    *,
    etag: str | None = None,
    last_modified: str | None = None,
) -> Answer:
    """Ask a service when its turn has come. Raises a ServiceError for all but a proper answer."""
    if settings.ENRICH == "off":
        raise TurnedOff("Completing papers is turned off on this site.")
    address = _address(service, path, query)
    conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    headers = {name: value for name, value in conditions.items() if value}
    turn = pace.take_turn(service, longest=SECONDS)
    time.sleep(turn.seconds_to_wait)
    try:
        answer = _request(service, address, headers)
    except httpx2.TransportError as error:
        # Its own words may name addresses.
        problem = "took too long" if isinstance(error, httpx2.TimeoutException) else "broke off"
        raise Unavailable(f"{service.label} {problem}", pace.leave_alone(service)) from None
    pace.end_turn(service, turn)
    return answer


def _address(service: Service, path: str, query: Mapping[str, str] | None) -> str:
    base = address_of(SERVICES[service.name])
    given = dict(query or {})
    if service.name == "openalex" and settings.OPENALEX_API_KEY:
        given["api_key"] = settings.OPENALEX_API_KEY
    if service.name != "arxiv" and settings.ENRICH_MAILTO:
        given["mailto"] = settings.ENRICH_MAILTO
    if not path.startswith("/"):
        raise ValueError("A path begins with a slash: what follows a host may change it.")
    return f"{base}{path}" + (f"?{urlencode(given)}" if given else "")


def user_agent() -> str:
    contact = f"; mailto:{settings.ENRICH_MAILTO}" if settings.ENRICH_MAILTO else ""
    return f"Shortlist/1 ({settings.SITE_URL}{contact})"


@cache
def client() -> httpx2.Client:
    """One for the process: its connections are used again."""
    return httpx2.Client(
        follow_redirects=False,
        timeout=SECONDS,
        # Not packed: a small answer cannot unfold into a large one.
        headers={"Accept-Encoding": "identity"},
    )


def _request(service: Service, address: str, headers: Mapping[str, str]) -> Answer:
    started = time.monotonic()
    named = {"User-Agent": user_agent(), "Accept": ", ".join(sorted(service.media_types))}
    with client().stream("GET", address, headers={**named, **headers}) as response:
        status = response.status_code
        if status == HTTPStatus.NOT_MODIFIED and headers:
            return Answer(None, is_unchanged=True)
        if status in MISSING:
            return Answer(None)
        if status in PASSING or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            until = pace.leave_alone(service, retry_after(response.headers.get("Retry-After")))
            raise Unavailable(f"{service.label} answered {status}", until)
        if status != HTTPStatus.OK:
            kind = "led elsewhere" if response.is_redirect else "answered"
            raise Nonsense(f"{service.label} {kind} ({status})", status)
        media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if media_type not in service.media_types or "Content-Encoding" in response.headers:
            raise Nonsense(f"{service.label} answered in another format")
        return Answer(
            _read(service, response, started + SECONDS),
            etag=response.headers.get("ETag"),
            last_modified=response.headers.get("Last-Modified"),
        )


def _read(service: Service, response: httpx2.Response, end: float) -> bytes:
    body = bytearray()
    for part in response.iter_raw():
        body += part
        if len(body) > LARGEST:
            raise Nonsense(f"{service.label} answered more than {LARGEST:,} bytes")
        if time.monotonic() > end:  # the client's own limit is for each part
            raise httpx2.ReadTimeout("the whole took too long")
    return bytes(body)


def retry_after(text: str | None) -> float | None:
    """Seconds from now, of a number or a date; None for anything else."""
    if text is None:
        return None
    text = text.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    with suppress(ValueError, TypeError, OverflowError):
        moment: datetime = parsedate_to_datetime(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return max(0.0, (moment - timezone.now()).total_seconds())
    return None
