"""The server is killed in the midst of writes, again and again; what it acknowledged stands."""

import random
import sqlite3
import threading
import time
from http.client import HTTPException

import pytest
from django.db import connection, connections

from accounts.models import ApiToken
from tests.readinglists.crowd.editors import Answer, Editor, Ledger, OverHttp, assert_nothing_lost
from tests.readinglists.crowd.server import Site
from tests.readinglists.making import join, make_list, put_on

SCOPES = ["lists:read", "lists:write"]
WRITERS = 3


class Patient(OverHttp):
    """Asks again when the server went away before it answered."""

    def ask(self, method, path, body=None, headers=None) -> Answer:
        while True:
            try:
                return super().ask(method, path, body, headers)
            except (OSError, HTTPException):
                time.sleep(0.01)


@pytest.fixture
def site(site_environment):
    site = Site(site_environment)
    yield site
    site.close()


def integrity() -> str:
    if connection.vendor != "sqlite":
        return "ok"
    beside = sqlite3.connect(connection.settings_dict["NAME"])
    try:
        return beside.execute("PRAGMA integrity_check").fetchone()[0]
    finally:
        beside.close()


@pytest.mark.parametrize(
    "kills", [pytest.param(20, id="20"), pytest.param(1000, id="1000", marks=pytest.mark.trial)]
)
def test_no_acknowledged_write_is_lost_to_a_kill(kills, site, transactional_db):
    chance = random.Random(kills)
    made = make_list()
    put_on(made, "https://example.org/1", "https://example.org/2")
    ledgers, stop, failures = [], threading.Event(), []

    def write(user) -> None:
        _, secret = ApiToken.issue(user, "a token", SCOPES)
        ledger = Ledger()
        ledgers.append(ledger)
        path = f"/api/v1/lists/{made.pk}/"
        editor = Editor(Patient(site.port, secret), path, ledger, random.Random(user.pk))
        try:
            while not stop.is_set():
                editor.act()
        except BaseException as error:
            failures.append(error)
        finally:
            connections.close_all()

    people = [made.owner, *(join(made, "editor") for _ in range(WRITERS - 1))]
    connections.close_all()
    site.start()
    threads = [threading.Thread(target=write, args=(user,)) for user in people]
    for thread in threads:
        thread.start()
    for _ in range(kills):
        time.sleep(chance.uniform(0.03, 0.2))
        site.kill()
        assert integrity() == "ok"
        site.start()
    stop.set()
    for thread in threads:
        thread.join()
    assert failures == []
    whole = Ledger(words=[word for ledger in ledgers for word in ledger.words])
    assert_nothing_lost(made, whole)
    assert len(whole.words) > kills
    print(f"{kills} kills: {len(whole.words)} acknowledged writes, none lost")  # noqa: T201
