"""What is hidden, withdrawn or merged stands on no face of the site: no word, no count, no order.

The surest test of a count: with hidden things and without them, every answer is the same.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import product
from typing import Any

import pytest
import time_machine as clock
from django.db.models import QuerySet
from django.test.utils import override_settings
from django.utils import timezone

from config.api import COLLECTIONS
from newsletter.models import Entry, Image, Issue, Link, Publication, Section
from papers.citations.formats import FORMATS, REFERENCE_FORMATS
from papers.models import Paper
from prizes.models import Announcement, Deadline, Prize, PrizeMention
from tests.site.addresses import WRITING_ONLY, address_of, all_routes
from tests.site.crawl import ask
from tests.site.hidden import hide_everything
from tests.site.library import Library

pytestmark = pytest.mark.one_database

WORD = "zanzibarquagga"
# What differs between two answers that say the same.
PASSING = re.compile(
    rb'name="(?:csrfmiddlewaretoken|request_id)" value="[^"]*"|"recorded_at":"[^"]*"'
    rb'|"request_id":"[^"]*"'
)
OWN = {"saved-searches", "paper-imports", "deadline-imports", "list-imports", "trackings"}
PUBLIC = {name: view for name, view in COLLECTIONS.items() if name not in OWN}
DETAILS = ("publications", "issues", "entries", "papers", "prizes")


def public_addresses(library: Library) -> Iterator[str]:
    """Every page and endpoint, every filter with what is there, every format, the past."""
    for route in all_routes():
        # The log of changes grows by each; what it tells whom is held in tests of its own.
        is_private = route.is_admin or route.is_own or route.key == "api:changes"
        if not is_private and route.key not in WRITING_ONLY:
            yield address_of(route, library)
    for name, view in PUBLIC.items():
        yield from (f"/api/v1/{name}/?format={kind}" for kind in ("jsonl", "csv"))
        yield from (f"/api/v1/{name}/?ordering=-{key}" for key in view.orderings)
        known = view.filterset_class.known()
        values = filter_values(library)
        yield from (f"/api/v1/{name}/?{key}={values[key]}" for key in sorted(known & values.keys()))
    yield from ("/prizes/?as_of=2022-09-26", "/deadlines/?as_of=2022-09-26&status=open")
    yield from (f"/api/v1/{name}/?as_of=2022-09-26" for name in ("prizes", "deadlines"))
    yield f"/papers/?issue={library.issue.slug}"
    yield from (f"/papers/export/?format={name}" for name in FORMATS)
    yield from (f"/api/v1/papers/?format={name}" for name in REFERENCE_FORMATS)
    yield f"/api/v1/issues/{library.issue.pk}/?format=bibtex"
    yield f"/api/v1/topics/{library.topic.pk}/?format=ris"
    yield f"/papers/export/?style=apa&ids={library.paper.pk}"
    yield f"{library.paper.get_absolute_url()}cite/?format=bibtex"
    yield f"/unapi?id=papers/{library.paper.pk}&format=ris"
    yield "/prizes/?status=open&currency=USD&min_amount=1"
    # Nothing of the word is said back in these: its beginning, and one of its letters missing.
    for place in ("/search/?q=", "/api/v1/search/?facets=1&q=", "/feeds/search.json?q="):
        yield from (f"{place}{words}" for words in (f"{WORD[:8]}*", WORD.replace("gg", "g")))
        yield f"{place}paper&topic={library.topic.slug}"


def filter_values(library: Library) -> dict[str, Any]:
    return {
        "publication": library.publication.slug,
        "issue": library.issue.pk,
        "topic": library.topic.slug,
        "paper": library.paper.pk,
        "prize": library.prize.pk,
        "number": library.issue.number,
        "author": "Author",
        "venue": "venue",
        "title_source": "official",
        "organiser": "organiser",
        "currency": "USD",
        "status": "open",
        "after": "2022-01-01",
        "published_after": "2020-01-01",
        "published_before": "2030-01-01",
        "year_min": 2000,
    }


def answers_to(library: Library, who: str) -> Iterator[tuple[str, bytes]]:
    client = library.clients[who]
    for address in public_addresses(library):
        answer = ask(client, address)
        # Of a list everybody sees, its history is for members and its links are its owner's, who
        # cannot leave it.
        is_theirs = answer.status_code == 404 and address.endswith("/leave/")
        assert answer.status_code < 400 or answer.status_code in {401, 403} or is_theirs, address
        body = answer.getvalue() if answer.streaming else answer.content
        yield address, PASSING.sub(b"", body)


@pytest.fixture(scope="module")
def moment(shared_library: Library) -> datetime:
    """When all is asked: over midnight each page with a day on it would change."""
    return timezone.now()


@pytest.fixture(autouse=True)
def _then(moment: datetime, time_machine) -> None:
    time_machine.move_to(moment, tick=False)


@pytest.fixture(scope="module")
def without(shared_library: Library, moment: datetime) -> dict[str, dict[str, bytes]]:
    """What everybody is told while there is nothing hidden."""
    limits = {"anonymous": "100000/60", "user": "100000/60"}
    with clock.travel(moment, tick=False), override_settings(API_RATE_LIMITS=limits):
        return {who: dict(answers_to(shared_library, who)) for who in ("stranger", "reader")}


@pytest.mark.parametrize("who", ["stranger", "reader"])
def test_every_answer_is_the_same_with_hidden_things_and_without(library, without, who):
    hide_everything(library, WORD)
    among = dict(answers_to(library, who))

    assert [address for address, body in among.items() if WORD.encode() in body] == []
    assert [address for address, body in among.items() if body != without[who][address]] == []


def test_a_maintainer_sees_the_hidden_things(library):
    """Else the tests of this file would look for what is nowhere."""
    hide_everything(library, WORD)

    seen = answers_to(library, "maintainer")
    found = {address for address, body in seen if WORD.encode() in body}
    assert {"/issues/", "/papers/", "/prizes/"} <= found
    assert {f"/api/v1/{name}/" for name in DETAILS} <= found


def places_of(hidden: dict[str, list]) -> Iterator[tuple[str, str]]:
    """The addresses of hidden things, each beside one of the same kind that leads nowhere."""
    plural = {"publication": "publications", "issue": "issues", "entry": "entries"}
    plural |= {"paper": "papers", "prize": "prizes"}
    for kind, rows in hidden.items():
        for row in rows:
            yield f"/api/v1/{plural[kind]}/{row.pk}/", f"/api/v1/{plural[kind]}/987654321/"
    for issue in hidden["issue"]:
        yield f"/api/v1/issues/{issue.slug}/", "/api/v1/issues/nothing/"
        yield f"/issues/{issue.slug}/", "/issues/nothing/"
    paper, prize = hidden["paper"][0], hidden["prize"][0]
    yield paper.get_absolute_url(), "/papers/987654321/nothing/"
    yield f"/papers/{paper.pk}/", "/papers/987654321/"
    yield f"/prizes/{prize.slug}/", "/prizes/nothing/"
    yield f"/api/v1/prizes/{prize.slug}/", "/api/v1/prizes/nothing/"
    deadline = prize.deadlines.get()
    nowhere = "/api/v1/deadlines/00000000-0000-0000-0000-000000000000/"
    yield f"/api/v1/deadlines/{deadline.pk}/", nowhere
    value = paper.identifiers.get().value
    yield f"/papers/by/url/?url={value}", "/papers/by/url/?url=https://example.org/nothing"
    for number in ("issue", "prize", "paper", "publication"):
        for name, view in COLLECTIONS.items():
            if number in view.filterset_class.known():
                path = f"/api/v1/{name}/?{number}="
                yield f"{path}{hidden[number][0].pk}", f"{path}987654321"
    yield f"/papers/?issue={hidden['issue'][0].slug}", "/papers/?issue=nothing"
    yield f"/prizes/?issue={hidden['issue'][0].slug}", "/prizes/?issue=nothing"


@pytest.mark.parametrize("who", ["stranger", "reader"])
def test_a_hidden_thing_and_one_that_is_not_there_answer_alike(library, who):
    hidden = hide_everything(library, WORD)
    client = library.clients[who]
    for place, nowhere in places_of(hidden):
        if place.startswith("/api/v1/") and f"/{hidden['paper'][1].pk}/" in place:
            continue  # a merged paper leads to the one it was merged into
        if place.startswith("/api/v1/prizes/") and f"/{hidden['prize'][1].pk}/" in place:
            continue
        answer, other = ask(client, place), ask(client, nowhere)
        assert answer.status_code == other.status_code, place
        if "?" not in place:
            assert answer.status_code == 404, place
        if place.startswith("/api/"):
            ids = re.compile(rb"987654321|" + place.rpartition("=")[2].encode())
            assert ids.sub(b"", answer.content) == ids.sub(b"", other.content), place
        assert WORD not in answer.content.decode() or WORD in place, place


def test_a_merged_thing_leads_to_the_one_it_was_merged_into(library):
    hidden = hide_everything(library, WORD)
    for merged, target in product((hidden["paper"][1], hidden["prize"][1]), ("stranger", "reader")):
        answer = ask(library.clients[target], merged.get_absolute_url())
        assert answer.status_code in {301, 302}
        assert answer.headers["Location"] == merged.merged_into.get_absolute_url()


def forget_to_ask_who_is_looking(monkeypatch, model: type) -> None:
    """Let this model's `visible_to` hide nothing; others that share its queryset still do."""
    queryset = type(model.objects.all())
    careful = queryset.visible_to

    def careless(rows: QuerySet, user: Any) -> QuerySet:
        return rows.all() if rows.model is model else careful(rows, user)

    monkeypatch.setattr(queryset, "visible_to", careless)


@pytest.mark.parametrize(
    "model",
    [Publication, Issue, Entry, Link, Paper, Prize, Announcement, Deadline, PrizeMention],
    ids=lambda model: model.__name__,
)
def test_a_forgotten_visible_to_would_be_noticed(library, without, monkeypatch, model):
    hide_everything(library, WORD)
    forget_to_ask_who_is_looking(monkeypatch, model)

    among = answers_to(library, "stranger")
    assert any(body != without["stranger"][address] for address, body in among)


@pytest.mark.parametrize("model", [Section, Image], ids=lambda model: model.__name__)
def test_parts_are_reached_only_through_what_is_checked_itself(
    library, without, monkeypatch, model
):
    """Sections and images have no address: with their own check gone, their issue's stands."""
    hide_everything(library, WORD)
    forget_to_ask_who_is_looking(monkeypatch, model)

    assert dict(answers_to(library, "stranger")) == without["stranger"]
