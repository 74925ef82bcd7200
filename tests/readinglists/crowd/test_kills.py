"""The server is killed in the midst of writes, again and again; what it acknowledged stands."""

import random
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


class Over(Exception):
    """Nobody is there to answer any more."""


class Patient(OverHttp):
    """Asks again when the server went away before it answered, until all is over."""

    def __init__(self, port: int, secret: str, stop: threading.Event) -> None:
        super().__init__(port, secret)
        self.stop = stop

    def ask(self, method, path, body=None, headers=None) -> Answer:
        while True:
            try:
                return super().ask(method, path, body, headers)
            except (OSError, HTTPException):
                if self.stop.is_set():
                    raise Over from None
                time.sleep(0.01)


@pytest.fixture
def site(site_environment):
    site = Site(site_environment)
    yield site
    site.close()


def integrity() -> str:
    if connection.vendor != "sqlite":
        return "ok"
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        return cursor.fetchone()[0]


def wait_for_a_write(ledgers: list[Ledger]) -> None:
    """Let each life of the server acknowledge something, so that there is something to lose."""
    before, end = sum(ledger.accepted for ledger in ledgers), time.monotonic() + 10
    while sum(ledger.accepted for ledger in ledgers) == before and time.monotonic() < end:
        time.sleep(0.002)


@pytest.mark.parametrize(
    "kills", [pytest.param(20, id="20"), pytest.param(1000, id="1000", marks=pytest.mark.trial)]
)
def test_no_acknowledged_write_is_lost_to_a_kill(kills, site, transactional_db):
    chance = random.Random(kills)
    made = make_list(visibility="members")
    put_on(made, "https://example.org/1", "https://example.org/2")
    ledgers, stop, failures = [], threading.Event(), []

    def write(user) -> None:
        _, secret = ApiToken.issue(user, "a token", SCOPES)
        ledger = Ledger()
        ledgers.append(ledger)
        path = f"/api/v1/lists/{made.pk}/"
        editor = Editor(Patient(site.port, secret, stop), path, ledger, random.Random(user.pk))
        try:
            while not stop.is_set():
                editor.act()
        except Over:
            pass
        except BaseException as error:
            failures.append(error)
        finally:
            connections.close_all()

    people = [made.owner, *(join(made, "editor") for _ in range(WRITERS - 1))]
    connections.close_all()
    site.start()
    threads = [threading.Thread(target=write, args=(user,), daemon=True) for user in people]
    for thread in threads:
        thread.start()
    try:
        for _ in range(kills):
            wait_for_a_write(ledgers)
            time.sleep(chance.uniform(0, 0.1))
            site.kill()
            assert integrity() == "ok"
            site.start()
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)
    assert failures == []
    whole = Ledger(words=[word for ledger in ledgers for word in ledger.words])
    assert_nothing_lost(made, whole)
    accepted = sum(ledger.accepted for ledger in ledgers)
    assert accepted >= kills
    print(f"{kills} kills: {accepted} acknowledged writes, none lost")  # noqa: T201
