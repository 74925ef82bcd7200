import os
import subprocess
import sys

import pytest
from django.core.management import call_command
from django.db import connection, connections

from config import checks

GOOD = {"transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL;"}


@pytest.fixture
def database(monkeypatch):
    """Settings of an only database, as the check reads them."""

    def configured(engine: str, options: dict) -> None:
        class Only:
            settings_dict = {"ENGINE": engine, "OPTIONS": options}

        monkeypatch.setattr(checks, "connections", {"default": Only})

    return configured


class TestSqliteSettings:
    @pytest.mark.parametrize(
        ("options", "warned"),
        [
            (GOOD, []),
            ({}, ["shortlist.W001", "shortlist.W002"]),
            (GOOD | {"transaction_mode": "DEFERRED"}, ["shortlist.W001"]),
            (GOOD | {"init_command": "PRAGMA synchronous=FULL;"}, ["shortlist.W002"]),
            (GOOD | {"init_command": "pragma Journal_Mode = wal"}, []),
        ],
    )
    def test_are_warned_about_when_writers_would_fail(self, database, options, warned):
        database("django.db.backends.sqlite3", options)

        assert [warning.id for warning in checks.sqlite_settings(None)] == warned

    def test_do_not_matter_on_postgresql(self, database):
        database("django.db.backends.postgresql", {})

        assert checks.sqlite_settings(None) == []

    def test_are_right_as_shipped(self):
        assert checks.sqlite_settings(None) == []


@pytest.mark.django_db
class TestSqliteInFact:
    def test_is_right_in_the_tests_as_on_the_site(self):
        assert checks.sqlite_in_fact(None, list(connections)) == []

    def test_is_warned_about_when_the_file_has_no_log(self, monkeypatch):
        monkeypatch.setattr(checks, "journal_mode", lambda alias: "delete")
        expected = [checks.NO_WAL] if connection.vendor == "sqlite" else []

        assert checks.sqlite_in_fact(None, ["default"]) == expected

    def test_is_asked_by_the_command(self, capsys):
        call_command("check", databases=["default"])

        assert "no issues" in capsys.readouterr().out


def test_deployment_checks_find_nothing_in_the_shipped_settings(tmp_path):
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        "SECRET_KEY": "0123456789" * 6 + "abcdefghij",
        "SITE_URL": "https://library.example",
        "VAR_DIR": str(tmp_path),
    }
    command = ["-W", "error", "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    ran = subprocess.run(
        [sys.executable, *command], env=environment, capture_output=True, text=True, check=False
    )

    assert ran.returncode == 0, ran.stderr
    assert "no issues" in ran.stdout
