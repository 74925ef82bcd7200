"""Deadlines imported over the API: looked at, taken, and taken back."""

import json

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import ApiToken
from imports.models import ImportRun
from prizes.models import Prize
from tests.factories import UserFactory
from tests.prizes.importing import samples

pytestmark = pytest.mark.django_db
PLACE = "/api/v1/deadline-imports/"
BOTH = ["deadlines:read", "deadlines:write"]


def client_of(user, scopes: list[str] | None = None) -> Client:
    _, secret = ApiToken.issue(user, "script", scopes or BOTH)
    return Client(headers={"Authorization": f"Bearer {secret}"})


def send(api: Client, path: str = PLACE, **body):
    return api.post(path, json.dumps(body), content_type="application/json")


@pytest.fixture
def api() -> Client:
    return client_of(UserFactory(is_staff=True, is_superuser=True))


@pytest.fixture
def importer():
    """Who may import, and not publish."""
    user = UserFactory(is_staff=True)
    names = ("add_importrun", "view_importrun", "add_prize")
    user.user_permissions.add(*Permission.objects.filter(codename__in=names))
    return user


AI = samples.AI.decode()


def test_a_preview_says_what_would_happen_and_saves_nothing(api):
    looked = send(api, text=AI, name="trackers", preview=True)
    assert looked.status_code == 200, looked.text
    body = looked.json()
    assert (body["counts"]["created"], body["counts"]["rejected"]) == (2, 2)
    first = body["rows"][0]
    assert (first["name"], first["match"]) == ("NovaConf 2026", None)
    assert [date["date"] for date in first["dates"]] == ["2026-05-15", "2026-05-22"]
    assert not Prize.objects.exists()
    assert not ImportRun.objects.exists()


def test_an_import_is_hidden_until_looked_at_and_can_be_taken_back(api):
    done = send(api, text=AI, name="trackers")
    assert done.status_code == 201, done.text
    run = done.json()
    assert (run["source"], run["state"], run["next_rows"]) == ("trackers", "finished", None)
    assert {row["prize"] for row in run["rows"] if row["prize"]} == set(
        Prize.objects.filter(is_hidden=True).values_list("pk", flat=True)
    )
    assert api.get(done.headers["Location"]).json()["rows"] == run["rows"]
    assert send(api, text=AI, name="trackers").json()["counts"]["unchanged"] == 2
    undone = send(api, f"{PLACE}{run['id']}/undo/").json()
    assert undone == {"taken_back": 2, "stay": []}
    assert not Prize.objects.exists()


def test_it_is_published_by_those_who_may_show_prizes(api, importer):
    refused = send(client_of(importer), text=AI, publish=True)
    assert refused.status_code == 403
    assert not ImportRun.objects.exists()
    assert send(api, text=AI, publish=True).status_code == 201
    assert Prize.objects.filter(is_hidden=False).count() == 2


def test_it_is_for_those_who_may_import(importer):
    staff = UserFactory(is_staff=True)
    assert send(client_of(staff), text=AI).status_code == 403
    assert send(client_of(importer, ["deadlines:read"]), text=AI).status_code == 403
    assert send(Client(), text=AI).status_code in (401, 403)
    assert send(client_of(importer), text=AI).status_code == 201


def test_other_peoples_imports_are_not_there(api, importer):
    run = send(client_of(importer), text=AI).json()
    for path in (f"{PLACE}{run['id']}/", f"{PLACE}{run['id']}/rows/"):
        assert api.get(path).status_code == 404
    assert send(api, f"{PLACE}{run['id']}/undo/").status_code == 404
    assert api.get(PLACE).json()["count"] == 0


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"text": "- colour: red"}, "text", "unreadable"),
        ({"name": "x"}, "text", "required"),
        ({"text": AI, "publish": "yes"}, "publish", "invalid"),
        ({"text": AI, "colour": 1}, "colour", "unknown"),
    ],
)
def test_what_cannot_be_taken_is_named_and_leaves_nothing(api, body, field, code):
    answer = send(api, **body)
    assert answer.status_code == 400
    assert [(e["field"], e["code"]) for e in answer.json()["errors"]] == [(field, code)]
    assert not ImportRun.objects.exists()
