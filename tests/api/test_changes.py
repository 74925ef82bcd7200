import threading

import pytest
from django.db import connection, connections, transaction

from api import changes
from api.changes import horizon, record, settled
from api.models import Change

# As the site's own, but of this database alone: the server also tells of what other tests, in
# databases of their own, have begun and not ended.
OLDEST_HERE = """
    SELECT coalesce(
        min(backend_xid::text::bigint), pg_snapshot_xmax(pg_current_snapshot())::text::bigint
    )
    FROM pg_stat_activity
    WHERE datname = current_database() AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()
"""


@pytest.fixture(autouse=True)
def _among_its_own_transactions(monkeypatch) -> None:
    def oldest_here() -> int | None:
        if horizon() is None:
            return None
        with connection.cursor() as cursor:
            cursor.execute(OLDEST_HERE)
            return cursor.fetchone()[0]

    monkeypatch.setattr(changes, "horizon", oldest_here)


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
    """One writes first and commits last: nothing after it is served until it has."""
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
            record("paper", ["quick"], "created")
    early = list(settled().values_list("key", flat=True))
    may_end.set()
    slow.join()
    if connection.vendor != "postgresql":
        with transaction.atomic():
            record("paper", ["quick"], "created")

    assert early == []
    assert list(settled().values_list("key", flat=True)) == ["slow", "quick"]


def test_the_horizon_is_known_where_writers_run_side_by_side(db):
    assert (horizon() is not None) == (connection.vendor == "postgresql")
