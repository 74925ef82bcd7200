"""Reading goes on behind a writer that holds SQLite's lock, and what it would note stays out."""

import sqlite3
from contextlib import closing

import pytest
from django.db import OperationalError, connection
from django.test import Client

from accounts.models import ApiToken
from api import in_passing
from readinglists.models import ShareLink
from tests.factories import UserFactory
from tests.readinglists.making import make_link, make_list

only_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="has many writers")


@pytest.fixture
def held(transactional_db, monkeypatch):
    """A writer that holds the lock, begun by calling it."""
    monkeypatch.setattr(in_passing, "_SQLITE_WAIT_MS", 20)
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as writer:
        yield lambda: writer.execute("BEGIN IMMEDIATE")


@only_sqlite
def test_what_a_token_or_a_share_link_opens_is_read_though_its_use_cannot_be_noted(held):
    secret = make_link(make_list(title="To read"), "view")
    _, token = ApiToken.issue(UserFactory(), "script", ["papers:read"])
    patience = "PRAGMA busy_timeout"
    with connection.cursor() as cursor:
        before = cursor.execute(patience).fetchone()
    held()

    assert "To read" in Client().get(f"/s/{secret}/").text
    answer = Client().get("/api/v1/papers/", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    assert (ApiToken.objects.get().last_used_at, ShareLink.objects.get().last_used_at) == (
        None,
    ) * 2
    with connection.cursor() as cursor:
        assert cursor.execute(patience).fetchone() == before


def test_no_other_failure_is_passed_over(transactional_db):
    with pytest.raises(OperationalError, match="full"), in_passing.in_passing("a use"):
        raise OperationalError("database or disk is full")
