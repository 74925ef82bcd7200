"""Saved searches over the API: written with a version, never over what somebody has not seen."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import ApiToken
from search.models import SavedSearch
from tests import factories

pytestmark = pytest.mark.django_db
PLACE = "/api/v1/saved-searches/"


@pytest.fixture
def user():
    return factories.UserFactory()


@pytest.fixture
def api(user) -> Client:
    _, secret = ApiToken.issue(user, "script", ["saved-searches:read", "saved-searches:write"])
    return Client(headers={"Authorization": f"Bearer {secret}"})


def send(api: Client, method: str, path: str, body: object = None, **headers: str):
    raw = (
        body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
    )
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return api.generic(method, path, raw, content_type="application/json", headers=names)


def saved(user, **fields) -> SavedSearch:
    usual = {"name": "Trojans", "page": "papers", "query": "topic=monitoring"}
    return SavedSearch.objects.create(owner=user, **{**usual, **fields})


def place_of(search: SavedSearch) -> str:
    return f"{PLACE}{search.pk}/"


def codes(answer) -> dict[str, str]:
    assert answer.headers["Content-Type"] == "application/problem+json"
    return {error["field"]: error["code"] for error in answer.json()["errors"]}


class TestMaking:
    BODY = {"name": "Trojans", "page": "papers", "query": ""}

    def test_gives_the_thing_its_place_and_its_version(self, api):
        body = {**self.BODY, "query": "year=2022&topic=monitoring&kind=&cursor=x"}
        answer = send(api, "POST", PLACE, body)

        assert answer.status_code == 201, answer.content
        made = answer.json()
        assert made["query"] == "topic=monitoring&year=2022"
        assert (made["version"], made["new_count"], made["has_feed"]) == (1, 0, False)
        assert answer.headers["Location"].endswith(f"{PLACE}{made['id']}/")
        read = send(api, "GET", f"{PLACE}{made['id']}/")
        assert read.json() == made
        assert read.headers["ETag"] == answer.headers["ETag"]
        assert read.headers["ETag"].startswith('"1-')

    @pytest.mark.parametrize("raw", [b"", b"{}"])
    def test_bad_50_a_body_of_nothing_names_all_that_is_missing(self, api, raw):
        answer = send(api, "POST", PLACE, raw)

        assert answer.status_code == 400
        assert codes(answer) == {"name": "required", "page": "required"}

    @pytest.mark.parametrize("raw", [b"[]", b"null", b'"x"', b"3"])
    def test_bad_51_a_body_that_is_no_object(self, api, raw):
        assert send(api, "POST", PLACE, raw).status_code == 400

    @pytest.mark.parametrize(
        ("change", "field", "code"),
        [
            ({"colour": "red"}, "colour", "unknown"),
            ({"owner": 1}, "owner", "unknown"),
            ({"version": 7}, "version", "read_only"),
            ({"id": str(uuid4())}, "id", "read_only"),
            ({"created_at": "2020-01-01T00:00:00Z"}, "created_at", "read_only"),
            ({"name": 5}, "name", "invalid"),
            ({"name": None}, "name", "null"),
            ({"name": " \u200b "}, "name", "blank"),
            ({"name": "x" * 1_000_000}, "name", "max_length"),
            ({"page": "lists"}, "page", "invalid_choice"),
            ({"page": ["papers"]}, "page", "invalid_choice"),
            ({"query": "topc=x"}, "topc", "unknown"),
            ({"query": "year=20x0"}, "year", "invalid"),
            ({"query": "year=1&year=2"}, "year", "repeated"),
            ({"looked_at": "2999-01-01T00:00:00Z"}, "looked_at", "future"),
            ({"looked_at": "soon"}, "looked_at", "invalid"),
        ],
    )
    def test_bad_60_61_what_is_unfit_is_named_and_nothing_made(self, api, change, field, code):
        body = {"name": "A", "page": "papers", "query": "", **change}
        answer = send(api, "POST", PLACE, body)

        assert answer.status_code == 400
        assert codes(answer)[field] == code
        assert not SavedSearch.objects.exists()

    def test_bad_67_sent_again_with_its_key_is_made_once(self, api):
        body = {"name": "A", "page": "issues"}
        first = send(api, "POST", PLACE, body, Idempotency_Key="one")
        again = send(api, "POST", PLACE, body, Idempotency_Key="one")
        other = send(api, "POST", PLACE, {**body, "name": "B"}, Idempotency_Key="one")

        assert first.content == again.content
        assert (first.headers["ETag"], first.headers["Location"]) == (
            again.headers["ETag"],
            again.headers["Location"],
        )
        assert other.status_code == 422
        assert SavedSearch.objects.count() == 1

    def test_there_is_an_end_to_it(self, api, user, monkeypatch):
        monkeypatch.setattr(SavedSearch, "MOST", 1)
        saved(user)
        answer = send(api, "POST", PLACE, {"name": "A", "page": "issues"})
        assert (answer.status_code, codes(answer)) == (400, {None: "too_many"})


class TestChanging:
    def test_a_change_counts_the_version_up(self, api, user):
        search = saved(user)
        etag = send(api, "GET", place_of(search)).headers["ETag"]
        answer = send(api, "PATCH", place_of(search), {"name": "Others"}, If_Match=etag)

        assert answer.status_code == 200, answer.content
        assert answer.json()["name"] == "Others"
        assert answer.headers["ETag"].startswith('"2-')
        assert send(api, "GET", place_of(search)).headers["ETag"] == answer.headers["ETag"]

    def test_to_have_looked_is_no_new_version(self, api, user):
        search = saved(user, looked_at=timezone.now() - timedelta(days=3))
        factories.PaperFactory(topics=[factories.TopicFactory(slug="monitoring")])
        before = send(api, "GET", place_of(search))
        assert before.json()["new_count"] == 1
        now = timezone.now().isoformat()
        answer = send(
            api, "PATCH", place_of(search), {"looked_at": now}, If_Match=before.headers["ETag"]
        )
        assert (answer.json()["version"], answer.json()["new_count"]) == (1, 0)
        assert answer.headers["ETag"] != before.headers["ETag"]  # it shows something else

    def test_bad_64_without_if_match(self, api, user):
        search = saved(user)
        for method in ("PATCH", "DELETE"):
            assert send(api, method, place_of(search), {"name": "X"}).status_code == 428
        search.refresh_from_db()
        assert search.name == "Trojans"

    def test_bad_65_a_stale_one_is_refused_with_the_current_state(self, api, user):
        search = saved(user)
        etag = send(api, "GET", place_of(search)).headers["ETag"]
        search.change(name="Changed elsewhere")
        for method in ("PATCH", "DELETE"):
            answer = send(api, method, place_of(search), {"name": "Mine"}, If_Match=etag)
            current = send(api, "GET", place_of(search))
            assert answer.status_code == 412
            assert answer.json()["current"] == current.json()
            assert answer.headers["ETag"] == current.headers["ETag"]
        search.refresh_from_db()
        assert search.name == "Changed elsewhere"

    @pytest.mark.parametrize(
        ("tag", "status"),
        [
            ("*", 428),
            ('W/"1"', 400),
            ('"abc"', 400),
            ('"1", "2"', 400),
            ("1", 400),
            ('"-1"', 400),
            ('"0"', 412),
            ('"999999999999999999"', 412),
            ('"' + "9" * 5000 + '"', 400),
        ],
    )
    def test_bad_66_an_if_match_that_is_none_never_writes(self, api, user, tag, status):
        search = saved(user)
        for method in ("PATCH", "DELETE"):
            answer = send(api, method, place_of(search), {"name": "X"}, If_Match=tag)
            assert answer.status_code == status
        search.refresh_from_db()
        assert (search.name, search.version) == ("Trojans", 1)

    def test_a_condition_of_reading_is_none_of_writing(self, api, user):
        search = saved(user)
        answer = send(
            api, "PATCH", place_of(search), {"name": "X"}, If_Match='"1"', If_None_Match="*"
        )
        assert answer.status_code == 200

    def test_the_query_is_held_to_its_page(self, api, user):
        search = saved(user, page="issues", query="number=9")
        for body in ({"query": "author=x"}, {"page": "papers"}):
            answer = send(api, "PATCH", place_of(search), body, If_Match='"1"')
            assert answer.status_code == 400, body
        body = {"page": "papers", "query": "author=x"}
        assert send(api, "PATCH", place_of(search), body, If_Match='"1"').status_code == 200

    def test_a_deleted_one_is_gone(self, api, user):
        search = saved(user)
        assert send(api, "DELETE", place_of(search), If_Match='"1"').status_code == 204
        assert send(api, "DELETE", place_of(search), If_Match='"1"').status_code == 404
        assert not SavedSearch.objects.exists()


class TestWhoMay:
    def test_strangers_are_asked_who_they_are(self, client, user):
        search = saved(user)
        for path in (PLACE, place_of(search)):
            answer = client.get(path)
            assert answer.status_code == 401
            assert "Bearer" in answer.headers["WWW-Authenticate"]
            assert "Trojans" not in answer.text

    def test_somebody_elses_is_not_there(self, api):
        search = saved(factories.UserFactory(is_staff=True, is_superuser=True))
        for method in ("GET", "PATCH", "DELETE"):
            mine = send(api, method, place_of(search), {"name": "X"}, If_Match='"1"')
            none = send(api, method, f"{PLACE}{uuid4()}/", {"name": "X"}, If_Match='"1"')
            assert (mine.status_code, mine.content) == (404, none.content)
        assert send(api, "POST", f"{place_of(search)}feed/").status_code == 404
        ending = send(api, "DELETE", f"{place_of(search)}feed/", If_Match='"1"')
        assert ending.status_code == 404
        assert send(api, "GET", PLACE).json()["count"] == 0

    def test_each_verb_needs_its_scope(self, user):
        search = saved(user)
        _, secret = ApiToken.issue(user, "reader", ["saved-searches:read", "papers:read"])
        reader = Client(headers={"Authorization": f"Bearer {secret}"})
        assert send(reader, "GET", place_of(search)).status_code == 200
        for method, path in (
            ("POST", PLACE),
            ("PATCH", place_of(search)),
            ("DELETE", place_of(search)),
            ("POST", f"{place_of(search)}feed/"),
            ("DELETE", f"{place_of(search)}feed/"),
        ):
            answer = send(reader, method, path, {"name": "X"}, If_Match='"1"')
            assert answer.status_code == 403
            assert "saved-searches:write" in answer.json()["detail"]

    def test_bad_73_a_session_needs_its_token_of_the_form(self, user):
        search = saved(user)
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(user)
        for method, path in (("POST", PLACE), ("DELETE", place_of(search))):
            answer = send(browser, method, path, {"name": "X", "page": "papers"}, If_Match='"1"')
            assert answer.status_code == 403
        assert SavedSearch.objects.count() == 1

    @pytest.mark.parametrize("name", ["x", "1", "not-a-uuid", "0" * 31])
    def test_bad_63_what_is_no_uuid_names_nothing(self, api, name):
        assert send(api, "GET", f"{PLACE}{name}/").status_code == 404

    def test_bad_70_a_collection_is_not_deleted(self, api):
        answer = send(api, "DELETE", PLACE)
        assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS, POST")


def test_the_list_counts_what_is_new_in_one_query_for_all(api, user, django_assert_max_num_queries):
    topic = factories.TopicFactory(slug="monitoring")
    long_ago = timezone.now() - timedelta(days=3)
    for number in range(12):
        saved(user, name=f"Search {number:02}", looked_at=long_ago)
    saved(user, name="Zulu", page="issues", query="", looked_at=timezone.now())
    saved(user, name="Yankee", page="prizes", query="status=open", looked_at=long_ago)
    for _ in range(3):
        factories.PaperFactory(topics=[topic])
    factories.PaperFactory(topics=[topic], is_hidden=True)
    factories.PaperFactory()

    with django_assert_max_num_queries(6):
        rows = send(api, "GET", PLACE).json()["results"]
    counts = {row["name"]: row["new_count"] for row in rows}
    assert {counts[f"Search {number:02}"] for number in range(12)} == {3}
    assert (counts["Zulu"], counts["Yankee"]) == (0, 0)


def test_a_search_that_has_become_mistaken_says_so_and_breaks_nothing(api, user):
    saved(user, query="no_longer_known=1")
    (row,) = send(api, "GET", PLACE).json()["results"]
    assert row["new_count"] is None


def test_what_is_new_is_counted_to_an_end(api, user, monkeypatch):
    for module in ("search.saved", "search.rows"):
        monkeypatch.setattr(f"{module}.COUNTED_TO", 2)
    saved(user, query="", looked_at=timezone.now() - timedelta(days=1))
    for _ in range(4):
        factories.PaperFactory()
    (row,) = send(api, "GET", PLACE).json()["results"]
    assert (row["new_count"], row["new_count_is_exact"]) == (2, False)
