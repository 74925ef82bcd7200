"""Rows that got past every cleaner: none of their addresses is a link, no letter breaks a page."""

import json
import re
from html import escape
from html.parser import HTMLParser
from itertools import cycle

import pytest
from django.db import models

from newsletter.models import Entry, Image, Issue, IssueSource, Link, Publication
from papers.models import Author, Authorship, Identifier, Paper, Topic
from prizes.models import Announcement, Award, Deadline, Prize, PrizeMention
from tests.site.addresses import address_of, all_routes
from tests.site.crawl import Answer, ask, crawl
from tests.site.library import Library

pytestmark = pytest.mark.one_database

CATALOGUE = [
    Announcement,
    Author,
    Authorship,
    Award,
    Deadline,
    Entry,
    Identifier,
    Image,
    Issue,
    IssueSource,
    Link,
    Paper,
    Prize,
    PrizeMention,
    Publication,
    Topic,
]
ADDRESSES = ("url", "href", "website", "value", "canonical_url")
FOLLOWED = {"href", "src", "action", "formaction", "data", "poster", "cite", "srcset", "xlink:href"}
# More of them at the gate itself: tests/markup/test_urls.py.
PAYLOADS = [
    "javascript:alert(1)//",
    "\x01JaVa\tScRiPt:alert(1)//",
    "data:text/html,<script>alert(1)</script>",
    "//evil.example/",
]
CONTROL_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
CONTROLS = "a\x01b\x0bc\x1bd\x85e\ufffef\u202eg\u200bh"


class Links(HTMLParser):
    """Where a page leads, and what of it would run."""

    def __init__(self) -> None:
        super().__init__()
        self.places: list[str] = []
        self.handlers: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in FOLLOWED:
                self.places.append("".join(c for c in value or "" if c > " "))
            if name.startswith("on"):
                self.handlers.append(f"{name}={value}")


def is_address(name: str) -> bool:
    return name.endswith("_url") or name in ADDRESSES


def poison(*texts: str, addresses: bool) -> None:
    """Put a text into every column of its kind, past forms, cleaners and renderers.

    Of several texts each column gets another one than its neighbour, and than in the row before.
    """
    turn = cycle(texts)
    for model in CATALOGUE:
        for row in model._base_manager.all():
            values = {
                field.name: f"{next(turn)}{row.pk}"
                for field in model._meta.concrete_fields
                if isinstance(field, models.TextField | models.CharField)
                and not isinstance(field, models.SlugField | models.FileField)
                and not field.choices
                and field.name not in {"pool_currency", "currency", "timezone", "orcid"}
                and is_address(field.name) == addresses
                and (field.max_length or 9999) > max(map(len, texts)) + 36
            }
            if len(values) % len(texts) == 0:
                next(turn)
            if values:
                model._base_manager.filter(pk=row.pk).update(**values)


def pages(library: Library) -> list[Answer]:
    """Each by whom it is for; forms that add something show no rows."""
    routes = [route for route in all_routes() if not route.key.endswith("_add")]
    inside = [route for route in routes if route.is_admin]
    own = [route for route in routes if route.is_own and not route.is_admin]
    outside = [route for route in routes if not (route.is_admin or route.is_own)]
    return [
        *crawl(library, outside, {"stranger"}),
        *crawl(library, own, {"reader"}),
        *crawl(library, inside, {"maintainer"}),
    ]


@pytest.mark.parametrize("payloads", [PAYLOADS[:1], PAYLOADS[1:]], ids=["plain", "disguised"])
def test_bad_30_an_address_that_got_in_is_a_link_nowhere(library, payloads):
    poison(*payloads, addresses=True)
    live, shown = [], 0
    for answer in pages(library):
        assert answer.response.status_code < 500, (answer, answer.response.exc_info)
        if not answer.is_page:
            continue
        links = Links()
        links.feed(answer.body.decode())
        shown += any(escape(payload) in answer.body.decode() for payload in payloads)
        live += [f"{answer}: {handler}" for handler in links.handlers]
        live += [f"{answer}: {place}" for place in links.places if is_live(place)]

    assert live == []
    assert shown > 5  # as text: else this test would look at nothing


def is_live(place: str) -> bool:
    scheme, colon, _ = place.partition(":")
    runs = bool(colon) and scheme.strip("\x01").lower() in {"javascript", "vbscript", "data"}
    return (runs and not place.startswith("data:image/")) or place.startswith("//")


def test_bad_30_the_api_gives_the_address_as_text_and_no_link(library):
    poison("javascript:alert(1)//", addresses=True)
    client = library.clients["stranger"]

    entry = client.get(f"/api/v1/entries/{library.entry.pk}/").json()
    assert entry["links"][0]["url"].startswith("javascript:")
    prize = client.get(f"/api/v1/prizes/{library.prize.pk}/").json()
    assert prize["website"] is None
    for name in ("papers", "prizes", "issues", "deadlines"):
        answer = client.get(f"/api/v1/{name}/?format=csv")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.status_code == 200


def test_no_export_holds_an_address_that_is_no_link(library):
    poison("javascript:alert(1)//", addresses=True)
    client, paper = library.clients["stranger"], library.paper

    for name in ("bibtex", "ris", "csljson", "markdown"):
        answer = client.get(f"/papers/export/?format={name}")
        assert b"javascript" not in answer.getvalue(), name
        assert answer.headers["Content-Security-Policy"].endswith("sandbox")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    for address in (paper.get_absolute_url(), f"{paper.get_absolute_url()}cite/"):
        assert b'="javascript:' not in client.get(address).content
    assert b"javascript" not in client.get(f"/unapi?id=papers/{paper.pk}&format=ris").content


def test_control_characters_in_stored_texts_break_nothing(library):
    poison(CONTROLS, addresses=False)
    for answer in pages(library):
        assert answer.response.status_code < 500, (answer, answer.response.exc_info)
        if answer.response.headers.get("Content-Type", "").startswith("application/json"):
            assert json.loads(answer.body) is not None
    for name in ("publications", "issues", "topics", "entries", "papers", "prizes", "deadlines"):
        for kind in ("json", "jsonl", "csv"):
            answer = ask(library.clients["stranger"], f"/api/v1/{name}/?format={kind}")
            assert answer.status_code == 200, (name, kind, answer.exc_info)
            answer.content.decode()
    for name in ("bibtex", "ris", "csljson", "markdown"):
        exported = library.clients["stranger"].get(f"/papers/export/?format={name}").getvalue()
        assert not CONTROL_CHARACTER.search(exported.decode()), name


def test_markup_in_stored_texts_stays_text(library):
    """Columns of rendered HTML are left out: they are made by one renderer, which sanitises."""
    rendered = {Issue: "html", Entry: "html"}
    kept = {model: dict(model.objects.values_list("pk", name)) for model, name in rendered.items()}
    poison('"><img src=x onerror=alert(1)>', addresses=False)
    for model, name in rendered.items():
        for pk, html in kept[model].items():
            model.objects.filter(pk=pk).update(**{name: html})
    running = []
    for answer in pages(library):
        if answer.is_page:
            links = Links()
            links.feed(answer.body.decode())
            running += [f"{answer}: {handler}" for handler in links.handlers]

    assert running == []


OUTWARD = [
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "https://evil.example/",
    "http:///evil.example",
    "/%0d%0aLocation:%20https://evil.example",
    " //evil.example",
    "javascript:alert(1)",
]


def test_bad_85_next_leads_away_from_no_page(library):
    """Each page is sent two of the places, and each place to a quarter of the pages."""
    places = cycle(OUTWARD)
    for route in all_routes():
        if route.is_api or route.key.endswith(("_add", "_change", "_delete", "_history")):
            continue
        base = address_of(route, library)
        for who in ("stranger", "reader"):
            place = next(places)
            answer = library.clients[who].get(base, {"next": place, "url": place})
            judge_redirect(answer, base)


@pytest.mark.parametrize("place", OUTWARD)
def test_bad_85_next_never_leads_away_where_it_is_followed(library, place):
    for base in ("/accounts/login/", "/accounts/signup/", "/accounts/logout/", "/theme/"):
        for who in ("stranger", "reader"):
            answer = library.clients[who].get(base, {"next": place, "url": place})
            judge_redirect(answer, base)
    for base in ("/theme/", "/accounts/reauthenticate/"):
        data = {"next": place, "theme": "dark", "password": "a long enough passphrase"}
        judge_redirect(library.clients["reader"].post(base, data), base)


def judge_redirect(answer, base: str) -> None:
    location = answer.headers.get("Location", "/")
    assert location.startswith(("/", "?")), (base, location)
    assert not location.startswith(("//", "/\\")), (base, location)
    assert "\r" not in location, (base, location)
