"""One shelf for each module of tests: they read, and what they write is taken back."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from django.test import override_settings

from tests.readinglists.leaks.shelf import Shelf

WITHOUT_LIMITS = {
    "API_RATE_LIMITS": {"anonymous": "100000/60", "user": "100000/60"},
    "ACCOUNT_RATE_LIMITS": False,
}


@contextmanager
def quietly() -> Iterator[None]:
    """Most of what is asked is refused; telling the log costs more than refusing it."""
    logging.disable()
    try:
        with override_settings(**WITHOUT_LIMITS):
            yield
    finally:
        logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def shelf(django_db_setup, django_db_blocker) -> Iterator[Shelf]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield Shelf()
        transaction.set_rollback(True)
