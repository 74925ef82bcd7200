import logging

import pytest

from config import health


def test_the_process_answers_without_the_database(client):
    answer = client.get("/healthz")

    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_a_site_in_order_is_ready(client, db):
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ready",
        "checks": {"database": "ok", "cache": "ok", "migrations": "ok", "tasks": "ok"},
    }
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("name", ["database", "cache", "migrations"])
def test_what_is_missing_is_named_and_its_reason_logged_only(client, db, name, monkeypatch, caplog):
    def fail():
        raise RuntimeError("password of the database")

    monkeypatch.setitem(health.CHECKS, name, fail)

    with caplog.at_level(logging.ERROR):
        answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["checks"][name] == "failed"
    assert b"password" not in answer.content
    assert "password" in caplog.text


def test_a_migration_that_was_not_applied_is_seen(client, db, monkeypatch):
    monkeypatch.setattr(
        "django.db.migrations.executor.MigrationExecutor.migration_plan", lambda *a: ["one"]
    )

    assert client.get("/readyz").json()["checks"]["migrations"] == "failed"
