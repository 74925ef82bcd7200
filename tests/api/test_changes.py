import threading

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction

from api.changes import catalogue_version, horizon, record, settled
from api.models import Change, FormerServer

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


@pytest.mark.parametrize("is_noticed", [True, False])
def test_what_is_written_after_a_move_to_another_server_comes_last(transactional_db, is_noticed):
    """A dump brings the ids of the server it was made on, far above those of the new one."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite numbers no transactions")
    Change.objects.create(kind="paper", key="old", verb="created", transaction=2**40)
    for _ in range(2):
        if is_noticed:
            call_command("migrate", verbosity=0)
        with transaction.atomic():
            record("paper", ["new"], "created")

    served = list(settled().values_list("key", flat=True))
    assert (served == ["old", "new", "new"]) == is_noticed
    assert FormerServer.objects.count() == is_noticed
