"""What every test may use. Database and settings are chosen in `database.py` and `settings.py`."""

import gc
import hashlib
import os
import sys
from collections.abc import Iterable, Iterator

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import caches
from django.db import connection
from django.test import Client, SimpleTestCase
from hypothesis import HealthCheck, settings

from api import throttling
from fulltext import matches
from search.kinds.kind import seen_by_strangers
from tests.database import url_of

pytest_plugins = ["tests.browser_fixtures", "tests.catalogue", "tests.horizon"]

settings.register_profile(
    "default",
    max_examples=25,
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "trial", settings.get_profile("default"), max_examples=2000, derandomize=False
)
# Of a second database: it is the rows that may come out otherwise, not the examples.
settings.register_profile("brief", settings.get_profile("default"), max_examples=8)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_collection_finish() -> None:
    """What is loaded by now stays until the end: let the collector not look through it again."""
    gc.collect()
    gc.freeze()


def pytest_report_header() -> str:
    return f"database: {connection.vendor}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With `TEST_ONLY=database`, leave out what was tried on another database and cannot come out
    otherwise on this one."""
    if os.environ.get("TEST_ONLY") == "database":
        wanted = [item for item in items if needs_database(item)]
        config.hook.pytest_deselected(items=[item for item in items if not needs_database(item)])
        items[:] = wanted


def needs_database(item: pytest.Item) -> bool:
    # Sign-in, tokens and deletion go through Django's and allauth's own tables and queries.
    is_tried = "tests/accounts/" in str(item.path)
    if is_tried or item.get_closest_marker("one_database") is not None:
        return False
    names = {"db", "transactional_db", "django_db_setup", "live_server"}
    is_marked = item.get_closest_marker("django_db") is not None
    is_case = issubclass(getattr(item, "cls", None) or object, SimpleTestCase)
    return is_marked or is_case or bool(names & set(getattr(item, "fixturenames", ())))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """PostgreSQL drops no database that a thread of a live server still has open."""
    if connection.vendor == "postgresql":
        connection.ops.sql_flush = _deletions
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def _deletions(style: object, tables: Iterable[str], **_: object) -> list[str]:
    """Empty what has rows, instead of giving a hundred tables new files as TRUNCATE does."""
    name = connection.ops.quote_name
    are_filled = ", ".join(f"EXISTS (SELECT 1 FROM {name(table)})" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {are_filled}")
        filled = cursor.fetchone()
    return [
        f"DELETE FROM {name(table)}"
        for table, is_filled in zip(tables, filled, strict=True)
        if is_filled
    ]


@pytest.fixture(scope="session", autouse=True)
def _nothing_by_chance() -> None:
    """One request in fifty, by chance, tidies up: a test that counts queries would count it."""
    throttling._CLEAN_ONE_IN = sys.maxsize


@pytest.fixture(autouse=True)
def _caches_of_its_own(request: pytest.FixtureRequest) -> None:
    """Let no test see what another one cached, nor the sign-ins and requests it was counted for.

    A prefix instead of clearing: the shared cache is a table, which flushing tests leave as it is
    and which tests without a database may not touch. Other threads read it from the settings.
    """
    caches["pages"].clear()
    # What a process says once for good; a mutant says it otherwise.
    seen_by_strangers.cache_clear()
    matches.of_whole_words.cache_clear()
    prefix = hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:16]
    caches.settings["default"]["KEY_PREFIX"] = caches["default"].key_prefix = prefix


@pytest.fixture
def site_environment(transactional_db: None) -> dict[str, str]:
    """The environment of a `manage.py` process that works on this test's own database."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": url_of(connection.settings_dict),
    }


@pytest.fixture
def admin_desk(db: None) -> Client:
    """The admin as a maintainer sees it."""
    maintainer = get_user_model().objects.create_superuser("desk", password="a long passphrase")
    client = Client()
    client.force_login(maintainer)
    return client
