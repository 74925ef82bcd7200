"""Bad inputs of the API that reads (the numbers are those of the list of bad inputs)."""

import http.client
import json
from urllib.parse import quote

import pytest

from tests import factories
from tests.api.conftest import COLLECTIONS

HUGE = "99999999999999999999999"


def refused(client, path: str, *, status: int = 400, **kwargs) -> list[tuple[str, str]]:
    """The fields and codes of a problem document."""
    answer = client.get(path, **kwargs)
    assert answer.status_code == status, (path, answer.content)
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert {"type", "title", "detail", "errors"} <= set(body)
    return [(error["field"], error["code"]) for error in body["errors"]]


@pytest.mark.one_database
@pytest.mark.parametrize("size", ["1000000", "201", "-1", "0", "abc", "1.5", "٣", HUGE, "1e2"])
@pytest.mark.parametrize("name", COLLECTIONS)
def test_bad_74_a_page_size_that_is_none(client, db, name, size):
    assert refused(client, f"/api/v1/{name}/?page_size={quote(size)}") == [("page_size", "invalid")]


@pytest.mark.parametrize(
    "cursor",
    ["abc", "WzFd:abc", "a" * 900, "%ff", "0", "é", "WyItcHVibGlzaGVkIiwiPiIsWzAsMV1d", ":::"],
)
@pytest.mark.parametrize("name", COLLECTIONS)
def test_bad_75_a_broken_cursor(client, db, name, cursor):
    assert refused(client, f"/api/v1/{name}/?cursor={cursor}") == [("cursor", "invalid")]


def test_bad_75_a_cursor_of_another_order_or_somebody_elses_hand(client, library):
    library(3)
    following = client.get("/api/v1/papers/?page_size=1").json()["next"]

    assert refused(client, f"{following}&ordering=title") == [("cursor", "invalid")]
    assert refused(client, following.replace("cursor=W", "cursor=V")) == [("cursor", "invalid")]


@pytest.mark.parametrize(
    "ordering",
    [
        "password",
        "owner__email",
        "x.y",
        "title,title",
        "-title,title",
        ",",
        "--title",
        "?",
        "title;drop",
        "pk",
    ],
)
@pytest.mark.parametrize("name", COLLECTIONS)
def test_bad_76_an_order_by_what_is_not_documented(client, db, name, ordering):
    assert refused(client, f"/api/v1/{name}/", data={"ordering": ordering}) == [
        ("ordering", "invalid")
    ]


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("year=1&year=2", ("year", "repeated")),
        ("year[]=1", ("year[]", "unknown")),
        ("year=x", ("year", "invalid")),
        (f"year={HUGE}", ("year", "max_value")),
        ("year=-99999999999", ("year", "min_value")),
        ("year=%00", ("year", "null_character")),
        ("venue=a%00b", ("venue", "null_character")),
        ("kind=nonsense", ("kind", "invalid_choice")),
        (f"venue={'a' * 1001}", ("venue", "too_long")),
        ("topic=%27%20OR%201", ("topic", "invalid")),
        ("_connector=OR", ("_connector", "unknown")),
        ("format=json&format=csv", ("format", "repeated")),
        ("title__startswith=a", ("title__startswith", "unknown")),
    ],
)
def test_bad_77_a_filter_twice_or_of_the_wrong_kind(client, db, query, error):
    assert refused(client, f"/api/v1/papers/?{query}") == [error]


def test_bad_77_an_empty_filter_is_no_filter(client, library):
    library(2)

    answer = client.get("/api/v1/papers/?year=&kind=&topic=&cursor=&page_size=&ordering=")

    assert answer.json()["count"] == 2


def test_bad_77_an_id_too_large_for_any_database_finds_nothing(client, library):
    library(1)

    assert client.get(f"/api/v1/papers/?topic={HUGE}").json()["count"] == 0
    assert refused(client, f"/api/v1/entries/?paper={HUGE}") == [("paper", "max_value")]
    for name in COLLECTIONS:
        refused(client, f"/api/v1/{name}/{HUGE}/", status=404)


@pytest.mark.parametrize("wrong", ["xml%00", "xml", "html", "api", "JSON", "json%00", "."])
def test_bad_78_a_format_that_is_not_made_here(client, db, wrong):
    assert refused(client, f"/api/v1/papers/?format={wrong}", status=404) == [(None, "not_found")]


def test_bad_78_an_accept_header_that_nothing_fits(client, db):
    refused(client, "/api/v1/papers/", status=406, headers={"Accept": "application/xml"})


def test_bad_79_one_request_more_than_the_limit(client, db, settings):
    settings.API_RATE_LIMITS = {"anonymous": "100/3600", "user": "600/60"}

    answers = [client.get("/api/v1/") for _ in range(101)]

    assert {answer.status_code for answer in answers[:100]} == {200}
    assert [a.headers["RateLimit-Remaining"] for a in answers[98:]] == ["1", "0", "0"]
    assert answers[100].status_code == 429
    assert answers[100].headers["Content-Type"] == "application/problem+json"
    assert 0 < int(answers[100].headers["Retry-After"]) <= 3600
    assert answers[100].headers["RateLimit-Limit"] == "100"


@pytest.mark.parametrize(
    "headers",
    [
        {"X-HTTP-Method-Override": "DELETE"},
        {"X-HTTP-Method": "DELETE"},
        {"X-Method-Override": "PUT"},
    ],
)
def test_bad_80_a_method_override_is_ignored(client, library, headers):
    library(1)

    assert client.get("/api/v1/papers/", headers=headers).status_code == 200
    assert client.post("/api/v1/issues/", {"_method": "DELETE"}, headers=headers).status_code == 405
    assert refused(client, "/api/v1/papers/?_method=DELETE") == [("_method", "unknown")]
    assert factories.Paper.objects.count() == 1


@pytest.mark.parametrize("method", ["TRACE", "FOO", "PROPFIND", "POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["", "issues/", "papers/1/", "schema/", "docs/"])
def test_bad_81_a_method_that_is_not_offered(client, db, method, path):
    answer = client.generic(method, f"/api/v1/{path}")

    assert answer.status_code == 405
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("host", ["evil.com", "testserver.evil.com", "a b", "testserver:80:80"])
def test_bad_93_a_host_that_is_not_ours(client, db, host):
    answer = client.get("/api/v1/papers/", headers={"Host": host})

    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_bad_93_what_a_proxy_says_of_the_host_is_not_believed(client, library):
    library(2)

    answer = client.get("/api/v1/papers/?page_size=1", headers={"X-Forwarded-Host": "evil.com"})

    assert answer.json()["next"].startswith("http://testserver/")


def test_bad_93_a_request_line_with_another_host(live_server):
    address = live_server.url.removeprefix("http://")
    connection = http.client.HTTPConnection(address, timeout=20)
    connection.request("GET", "http://evil.com/api/v1/papers/", headers={"Host": "evil.com"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()

    assert answer.status in {400, 404}
    assert b"evil.com" not in body


def test_what_a_script_sends_is_never_repeated_as_markup(client, db):
    answer = client.get("/api/v1/papers/", {"<script>alert(1)</script>": "x"})

    assert answer.headers["Content-Type"] == "application/problem+json"
    assert json.loads(answer.content)["errors"][0]["code"] == "unknown"
