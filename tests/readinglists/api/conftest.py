"""Callers of the API of lists: one with a token for each part in a list."""

import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import ApiToken, User
from readinglists.models import ReadingList
from tests.factories import UserFactory
from tests.readinglists.making import join, make_list

PLACE = "/api/v1/lists/"
SCOPES = ["lists:read", "lists:write"]


class Caller:
    """Sends JSON with a token, and reads tags."""

    def __init__(self, user: User, scopes: list[str] | None = None, **limits: Any) -> None:
        self.user = user
        _, secret = ApiToken.issue(user, "script", SCOPES if scopes is None else scopes, **limits)
        self.client = Client(headers={"Authorization": f"Bearer {secret}"})

    def send(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        return send(self.client, method, path, body, **headers)

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(path, query)

    def tag(self, path: str) -> str:
        return self.get(path).headers["ETag"]

    def patch(self, path: str, body: object, tag: str | None = None) -> Any:
        return self.send("PATCH", path, body, If_Match=tag or self.tag(path))

    def delete(self, path: str, tag: str | None = None) -> Any:
        return self.send("DELETE", path, If_Match=tag or self.tag(path))


def send(client: Client, method: str, path: str, body: object = None, **headers: str) -> Any:
    raw = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.generic(method, path, raw, content_type="application/json", headers=names)


def place_of(reading_list: ReadingList, *parts: object) -> str:
    return "/".join([f"{PLACE}{reading_list.pk}", *map(str, parts), ""])


def codes(answer: Any) -> dict[str, str]:
    assert answer.headers["Content-Type"] == "application/problem+json", answer.content
    return {error["field"]: error["code"] for error in answer.json()["errors"]}


@pytest.fixture
def owner(db) -> Caller:
    return Caller(UserFactory())


@pytest.fixture
def reading_list(owner) -> ReadingList:
    """Open to its members."""
    return make_list(owner.user, "Reading", visibility="members")


@pytest.fixture
def editor(reading_list) -> Caller:
    return Caller(join(reading_list, "editor"))


@pytest.fixture
def contributor(reading_list) -> Caller:
    return Caller(join(reading_list, "contributor"))


@pytest.fixture
def viewer(reading_list) -> Caller:
    return Caller(join(reading_list, "viewer"))


@pytest.fixture
def somebody(db) -> Caller:
    return Caller(UserFactory())
