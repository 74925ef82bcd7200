"""The stage of deadlines that calendars and other faces are held to, set once a module."""

from collections.abc import Iterator

import pytest
import time_machine
from django.db import transaction

from prizes.models import Deadline
from tests.prizes.calendar_stage import NOW, set_the_stage


@pytest.fixture(scope="module")
def stage_of_module(django_db_setup, django_db_blocker) -> Iterator[dict[str, Deadline]]:
    with (
        django_db_blocker.unblock(),
        time_machine.travel(NOW, tick=False),
        transaction.atomic(),
    ):
        yield set_the_stage()
        transaction.set_rollback(True)


@pytest.fixture
def stage(stage_of_module, db) -> dict[str, Deadline]:
    return stage_of_module
