"""Whole-site tests share one library a module: they read, and what they write is taken back."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from tests.site.library import Library, make_library


@pytest.fixture(scope="module")
def shared_library(django_db_setup, django_db_blocker) -> Iterator[Library]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_library()
        transaction.set_rollback(True)


@pytest.fixture
def library(shared_library: Library, db: None) -> Library:
    """`db` takes back what a test writes, within the transaction that holds the library."""
    return shared_library


@pytest.fixture(autouse=True)
def _no_limits(settings, db: None) -> None:
    settings.API_RATE_LIMITS = {"anonymous": "100000/60", "user": "100000/60"}
    settings.ACCOUNT_RATE_LIMITS = False
