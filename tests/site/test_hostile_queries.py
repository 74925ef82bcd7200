"""Query strings that nobody's browser writes: each is answered, none is believed or repeated."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.http import QueryDict

from config.api import COLLECTIONS
from papers.filters import PaperFilter
from prizes.filters import DeadlineFilter, PrizeFilter
from tests.site.addresses import Route, address_of, all_routes
from tests.site.crawl import ask

MARKUP = '"><script>alert(1)</script>'
# As they stand in an address, quoted: some are no text at all.
HOSTILE = {
    "markup": quote(MARKUP),
    "quotes": quote("' OR 1=1 --"),
    "template": quote("{{ 7|add:'7' }}{% debug %}"),
    "pattern": quote("%_\\[a-z]*("),
    "too large a number": "99999999999999999999999",
    "below zero": "-1",
    "digits of another script": quote("٣٤"),
    "no number": "NaN",
    "endless": "Infinity",
    "very large": "1e999999",
    "far past": quote("0001-01-01T00:00:00+14:00"),
    "far future": quote("9999-12-31T23:59:59-14:00"),
    "no such day": "2023-02-30",
    "nul": "a%00b",
    "no text": "%ff%fe",
    "half a character": "%ed%a0%80",
    "line break": "a%0d%0aSet-Cookie:%20a=b",
    "long": "a" * 3000,
    "traversal": quote("../../etc/passwd"),
    "nothing": "",
}
PARAMETERS = ("q", "page", "cursor", "as_of", "next", "format", "page_size", "ordering", "fields")
FILTERS = {
    "papers:list": PaperFilter,
    "prizes:list": PrizeFilter,
    "prizes:deadlines": DeadlineFilter,
    **{f"api:{name}-list": view.filterset_class for name, view in COLLECTIONS.items()},
}
# By a share link the same pages are reached as by the list's own address.
AGAIN = [r for r in all_routes() if r.key.startswith("readinglists:shared:")][1:]
SHOWN = [r for r in all_routes() if not (r.is_admin or r.is_own) and r not in AGAIN]
OWN = [r for r in all_routes() if r.is_own and not r.is_api]
ADMIN_LISTS = [r for r in all_routes() if r.key.startswith("admin:") and "changelist" in r.key]


def queries_of(route: Route) -> Iterator[str]:
    """Each value for all parameters at once; the API, which reads them one by one, also alone."""
    filterset = FILTERS.get(route.key)
    filters = sorted(filterset.known()) if filterset else []
    for value in HOSTILE.values():
        together = "&".join(f"{name}={value}" for name in (*PARAMETERS, *filters, "url", "theme"))
        yield f"{together}&{value}={value}"
        if filterset:
            yield f"cursor={value}"
            yield f"currency=USD&min_amount={value}"
        if filterset and route.is_api:
            yield from (f"{name}={value}" for name in ("page_size", "ordering", value))
    yield "&".join(f"{n}=1&{n}=2&{n}[]=1&{n}[a]=2" for n in (*PARAMETERS, *filters))
    yield "&".join(f"a{number}=1" for number in range(900))


def judge(route: Route, address: str, answer) -> None:
    place = f"{route}: {address[:200]!r}"
    assert answer.status_code in {200, 301, 302, 400, 401, 403, 404, 405}, (place, answer.exc_info)
    assert "Set-Cookie" not in answer.headers, place
    kind = answer.headers.get("Content-Type", "")
    if kind.startswith("text/html"):
        body = answer.getvalue() if answer.streaming else answer.content
        assert MARKUP.encode() not in body, place
        assert b"<script>alert" not in body, place
        assert b"77" not in body or b"{{" not in address.encode(), place
    elif answer.status_code >= 400 and route.is_api:
        assert kind == "application/problem+json", place


@pytest.mark.one_database
@pytest.mark.parametrize("route", SHOWN, ids=str)
def test_bad_94_no_query_makes_a_page_fail_or_repeats_itself_as_markup(library, route):
    client = library.clients["stranger"]
    base = address_of(route, library)
    for query in queries_of(route):
        address = f"{base}{'&' if '?' in base else '?'}{query}"
        judge(route, address, ask(client, address))


@pytest.mark.parametrize("key", FILTERS)
def test_what_a_filter_refuses_does_not_depend_on_the_database(library, key):
    """The filters say so before any database is asked: SQLite and PostgreSQL disagree on much."""
    route = next(route for route in all_routes() if route.key == key)
    base, known = address_of(route, library), FILTERS[key]
    for parameter in known.known():
        refused = set()
        for value in HOSTILE.values():
            query = f"{parameter}={value}"
            if known(QueryDict(query), known._meta.model.objects.none()).mistakes():
                refused.add(query)
            else:
                answer = ask(library.clients["maintainer"], f"{base}?{query}")
                assert answer.status_code == 200, (query, answer.exc_info)
        asker = library.clients["maintainer" if route.is_own else "stranger"]
        for query in sorted(refused)[:1]:
            assert ask(asker, f"{base}?{query}").status_code == 400, query


def test_no_query_makes_an_account_page_fail(library):
    for route in OWN:
        base = address_of(route, library)
        for value in ("markup", "nul", "no text", "line break"):
            address = f"{base}?next={HOSTILE[value]}&page={HOSTILE[value]}&q={HOSTILE[value]}"
            judge(route, address, ask(library.clients["reader"], address))


@pytest.mark.parametrize("name", ["q", "p", "o", "pk__exact", "_changelist_filters", "no__such"])
def test_no_query_makes_an_admin_list_fail(library, name):
    for route in ADMIN_LISTS:
        base = address_of(route, library)
        for value in ("markup", "too large a number", "nul"):
            address = f"{base}?{name}={HOSTILE[value]}"
            judge(route, address, ask(library.clients["maintainer"], address))


@pytest.mark.parametrize(
    "path",
    [
        "/issues/{}/",
        "/topics/{}/",
        "/papers/{}/",
        "/papers/1/{}/",
        "/papers/by/arxiv/{}",
        "/papers/by/doi/{}",
        "/papers/by/openreview/{}",
        "/papers/by/url/{}",
        "/papers/by/{}/1",
        "/prizes/{}/",
        "/accounts/invitation/{}/",
        "/accounts/maintainer/{}/",
        "/accounts/confirm-email/{}/",
        "/admin/papers/paper/{}/change/",
        "/admin/prizes/deadline/{}/change/",
        "/admin/r/{}/1/",
        *(f"/api/v1/{name}/{{}}/" for name in COLLECTIONS),
    ],
)
def test_bad_63_a_hostile_path_leads_nowhere(library, path):
    who = "maintainer" if path.startswith("/admin/") else "stranger"
    for value in HOSTILE.values():
        address = path.format(value)
        answer = ask(library.clients[who], address)
        assert answer.status_code in {200, 301, 302, 400, 401, 404}, (address, answer.exc_info)
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            assert b"<script>alert" not in answer.content, address
        location = answer.headers.get("Location", "")
        assert not location.startswith("//"), (address, location)
        assert "\n" not in location, (address, location)
