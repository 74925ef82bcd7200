"""The limit counts every request once, whichever process answers it."""

import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import caches
from django.db import connections, transaction
from django.test import RequestFactory

from accounts.models import ApiToken
from api import throttling
from api.models import RateCount
from api.throttling import client_address, count, forget_ended, network_of
from tests import factories

# 2100: a window that is over may be forgotten by whoever counts next.
MIDNIGHT = 4_102_444_800.0

SCRIPT = f"""
import django; django.setup()
from api import in_passing
from api.throttling import count
in_passing._SQLITE_WAIT_MS = 60_000  # on a loaded machine; what gives up goes uncounted
for _ in range(100):
    count("together", 1000, 3600, now={MIDNIGHT})
"""


def test_two_processes_count_together(site_environment):
    processes = [
        subprocess.Popen([sys.executable, "-W", "ignore", "-c", SCRIPT], env=site_environment)
        for _ in range(2)
    ]

    assert [process.wait(timeout=120) for process in processes] == [0, 0]
    assert count("together", 1000, 3600, now=MIDNIGHT).used == 201


def test_threads_count_together(transactional_db):
    def ask():
        for _ in range(25):
            count("together", 1000, 3600, now=MIDNIGHT)
        connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert count("together", 1000, 3600, now=MIDNIGHT).used == 101


def test_a_window_ends_and_begins_again(db):
    assert [count("me", 2, 60, now=MIDNIGHT + second).is_over for second in range(3)] == [
        False,
        False,
        True,
    ]
    assert count("me", 2, 60, now=MIDNIGHT + 59.5).resets_in == 1
    assert count("me", 2, 60, now=MIDNIGHT + 60).used == 1


def test_counting_is_one_query(db, django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(throttling, "_CLEAN_ONE_IN", 1)
    count("me", 2, 60)

    with django_assert_num_queries(1):
        count("me", 2, 60)


def test_what_is_over_is_forgotten(db):
    RateCount.objects.create(key="old", count=5, ends_at=datetime.now(UTC) - timedelta(seconds=1))
    RateCount.objects.create(key="new", count=5, ends_at=datetime.now(UTC) + timedelta(seconds=60))

    assert forget_ended() == 1
    assert RateCount.objects.get().key == "new"


def test_a_new_caller_now_and_then_cleans_up_after_the_others(db, monkeypatch):
    RateCount.objects.create(key="old", count=5, ends_at=datetime(2020, 1, 1, tzinfo=UTC))
    monkeypatch.setattr(throttling, "_CLEAN_ONE_IN", 1)

    count("me", 2, 60)

    assert not RateCount.objects.filter(key="old").exists()


def test_a_shared_cache_counts_instead_of_the_database(db, monkeypatch):
    monkeypatch.setattr(throttling, "_has_shared_cache", lambda: True)
    monkeypatch.setattr(throttling, "cache", caches["pages"])

    assert [count("me", 10, 60, now=9e9).used for _ in range(3)] == [1, 2, 3]
    assert not RateCount.objects.exists()


def test_a_long_write_elsewhere_keeps_no_reader_waiting(client, transactional_db):
    writing, may_end = threading.Event(), threading.Event()

    def write():
        with transaction.atomic():
            factories.TopicFactory()
            writing.set()
            may_end.wait(60)
        connections.close_all()

    writer = threading.Thread(target=write)
    writer.start()
    assert writing.wait(30)
    began = time.monotonic()
    answer = client.get("/api/v1/topics/")
    took = time.monotonic() - began
    may_end.set()
    writer.join()

    assert (answer.status_code, answer.json()["count"]) == (200, 0)
    assert took < 10


def test_each_account_token_and_address_has_its_own_count(client, db, settings):
    settings.API_RATE_LIMITS = {"anonymous": "2/3600", "user": "3/3600"}
    user = factories.UserFactory()
    _, first = ApiToken.issue(user, "first", ["papers:read"])
    _, second = ApiToken.issue(user, "second", ["papers:read"])

    def remaining(**headers: str) -> str:
        return client.get("/api/v1/papers/", headers=headers).headers["RateLimit-Remaining"]

    assert [remaining(), remaining()] == ["1", "0"]
    assert remaining(Authorization=f"Bearer {first}") == "2"
    assert remaining(Authorization=f"Bearer {second}") == "2"
    assert client.get("/api/v1/papers/").status_code == 429


def test_a_forged_address_is_the_same_caller(client, db, settings):
    settings.API_RATE_LIMITS = {"anonymous": "2/3600", "user": "3/3600"}

    statuses = [
        client.get("/api/v1/", headers={"X-Forwarded-For": f"203.0.113.{n}"}).status_code
        for n in range(3)
    ]

    assert statuses == [200, 200, 429]


@pytest.mark.parametrize(
    ("proxies", "address"), [(0, "10.0.0.1"), (1, "203.0.113.7"), (2, "6.6.6.6"), (3, "10.0.0.1")]
)
def test_an_address_is_what_the_proxies_we_know_of_say(settings, proxies, address):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get(
        "/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": "6.6.6.6, 203.0.113.7"}
    )

    assert client_address(request) == address


@pytest.mark.parametrize(
    ("address", "caller"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("nonsense", "unknown"),
        ("", "unknown"),
    ],
)
def test_an_ipv6_household_is_one_caller(address, caller):
    assert network_of(address) == caller
