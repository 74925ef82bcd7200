import threading

import pytest
from django.db import connection, connections, transaction

from api.changes import catalogue_version, horizon, record, settled
from api.models import Change

pytestmark = pytest.mark.usefixtures("own_horizon")


def test_a_change_goes_with_its_transaction(transactional_db):
    with transaction.atomic():
        record("paper", [1], "created")
        transaction.set_rollback(True)
    with transaction.atomic():
        record("paper", [2, 3], Change.Verb.DELETED)

    assert list(settled().values_list("kind", "key", "verb")) == [
        ("paper", "2", "deleted"),
        ("paper", "3", "deleted"),
    ]


def test_a_change_needs_a_transaction(transactional_db):
    with pytest.raises(transaction.TransactionManagementError):
        record("paper", [1], "created")


def test_a_reader_misses_nothing_of_a_transaction_that_ends_late(transactional_db):
    """One writes first and commits last: nothing after it is served until it has, and when it has
    the catalogue is another, however much was written since."""
    quick = [f"quick {n}" for n in range(300)]
    written, may_end = threading.Event(), threading.Event()

    def write_slowly():
        with transaction.atomic():
            record("paper", ["slow"], "created")
            written.set()
            may_end.wait(30)
        connections.close_all()

    slow = threading.Thread(target=write_slowly)
    slow.start()
    assert written.wait(30)
    if connection.vendor == "postgresql":  # SQLite lets the second wait for the first
        with transaction.atomic():
            record("paper", quick, "created")
    before = catalogue_version()
    early = list(settled().values_list("key", flat=True))
    may_end.set()
    slow.join()
    if connection.vendor != "postgresql":
        with transaction.atomic():
            record("paper", quick, "created")

    assert early == []
    assert list(settled().values_list("key", flat=True)) == ["slow", *quick]
    assert before != catalogue_version() == catalogue_version()


def test_the_horizon_is_known_where_writers_run_side_by_side(db):
    assert (horizon() is not None) == (connection.vendor == "postgresql")
