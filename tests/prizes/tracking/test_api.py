"""Tracked prizes over the API: one's own, written with the version one has seen."""

import json
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import ApiToken
from prizes.models import Prize, Tracking
from tests.factories import PrizeFactory, UserFactory

pytestmark = pytest.mark.django_db
PLACE = "/api/v1/trackings/"
FIRST = f'"1-{"0" * 32}"'
BOTH = ["trackings:read", "trackings:write"]


@pytest.fixture
def user():
    return UserFactory()


@pytest.fixture
def prize() -> Prize:
    return PrizeFactory()


@pytest.fixture
def api(user) -> Client:
    return client_of(user)


def client_of(user, scopes: list[str] | None = None) -> Client:
    _, secret = ApiToken.issue(user, "script", scopes or BOTH)
    return Client(headers={"Authorization": f"Bearer {secret}"})


def send(api: Client, method: str, path: str = PLACE, body: object = None, tag: str = ""):
    headers = {"If-Match": tag} if tag else {}
    raw = json.dumps(body) if body is not None else ""
    return api.generic(method, path, raw, content_type="application/json", headers=headers)


def codes(answer) -> dict[str, str]:
    assert answer.status_code == 400, answer.text
    return {error["field"]: error["code"] for error in answer.json()["errors"]}


def test_a_prize_is_tracked_read_changed_and_forgotten(api, user, prize):
    body = {
        "prize": prize.pk,
        "stage": "preparing",
        "notes": "*Draft*",
        "links": [{"url": "https://example.org/draft", "label": "draft"}],
        "days_before": [1, 14],
    }
    made = send(api, "POST", body=body)
    assert made.status_code == 201, made.text
    row = made.json()
    assert (row["version"], row["days_before"]) == (1, [14, 1])
    assert "<em>Draft</em>" in row["notes_html"]
    place = f"{PLACE}{row['id']}/"
    read = api.get(place)
    assert (read.json(), read.headers["ETag"]) == (row, made.headers["ETag"])
    changed = send(api, "PATCH", place, {"stage": "won", "notes": ""}, made.headers["ETag"])
    assert changed.status_code == 200, changed.text
    assert {k: changed.json()[k] for k in ("version", "stage", "notes", "notes_html")} == {
        "version": 2,
        "stage": "won",
        "notes": None,
        "notes_html": None,
    }
    assert changed.json()["links"] == body["links"]
    assert [r["id"] for r in api.get(PLACE, {"stage": "won"}).json()["results"]] == [row["id"]]
    assert api.get(PLACE, {"prize": prize.slug, "stage": "interested"}).json()["count"] == 0
    assert send(api, "DELETE", place, tag=changed.headers["ETag"]).status_code == 204
    assert not Tracking.objects.exists()


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_nobody_writes_over_what_they_have_not_seen(api, user, prize, method):
    tracking = Tracking.objects.create(user=user, prize=prize, version=3)
    place, body = f"{PLACE}{tracking.pk}/", {"stage": "won"} if method == "PATCH" else None
    assert send(api, method, place, body).status_code == 428
    stale = send(api, method, place, body, f'"2-{"0" * 32}"')
    assert stale.status_code == 412
    assert "won" not in Tracking.objects.values_list("stage", flat=True)


def test_what_others_track_is_not_there(api, prize):
    theirs = Tracking.objects.create(user=UserFactory(), prize=prize)
    for path in (f"{PLACE}{theirs.pk}/", f"{PLACE}{uuid4()}/", f"{PLACE}x/"):
        assert api.get(path).status_code == 404
        assert send(api, "PATCH", path, {"stage": "won"}, FIRST).status_code == 404
        assert send(api, "DELETE", path, tag=FIRST).status_code == 404
    assert api.get(PLACE).json()["count"] == 0
    assert Tracking.objects.get() == theirs


def test_a_prize_is_tracked_once(api, user, prize):
    standing = Tracking.objects.create(user=user, prize=prize)
    again = send(api, "POST", body={"prize": prize.pk})
    assert (again.status_code, again.json()["tracking"]) == (409, str(standing.pk))


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"colour": "red"}, "colour", "unknown"),
        ({"version": 2}, "version", "read_only"),
        ({"stage": "lost"}, "stage", "invalid_choice"),
        ({"days_before": [1, 1]}, "days_before", "invalid"),
        ({"days_before": ["7"]}, "days_before", "invalid"),
        ({"days_before": [True]}, "days_before", "invalid"),
        ({"links": [{"url": "javascript:alert(1)"}]}, "links.0.url", "invalid"),
        ({"prize": 2**62}, "prize", "unknown"),
        ({"prize": True}, "prize", "unknown"),
    ],
)
def test_a_mistake_is_named(api, prize, change, field, code):
    mistakes = codes(send(api, "POST", body={"prize": prize.pk, **change}))
    assert list(mistakes.values()) == [code]
    assert [*mistakes] == [field]


def test_a_hidden_prize_is_not_tracked_and_a_tracked_one_stays_that_one(api, user, prize):
    hidden = PrizeFactory(is_hidden=True)
    assert codes(send(api, "POST", body={"prize": hidden.pk})) == {"prize": "unknown"}
    tracking = Tracking.objects.create(user=user, prize=prize)
    place, other = f"{PLACE}{tracking.pk}/", PrizeFactory()
    assert codes(send(api, "PATCH", place, {"prize": other.pk}, FIRST)) == {"prize": "read_only"}


def test_a_token_needs_the_scope(user, prize):
    reader = client_of(user, ["trackings:read"])
    assert send(reader, "POST", body={"prize": prize.pk}).status_code == 403
    assert client_of(user, ["prizes:read"]).get(PLACE).status_code == 403
    assert Client().get(PLACE).status_code in (401, 403)
