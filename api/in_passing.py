"""Writes that go along with reading: counts, and when something was last used."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection

logger = logging.getLogger(__name__)

# SQLite has one writer: behind a long import a reader waits this long, then goes by unnoted.
_SQLITE_WAIT_MS = 250


@contextmanager
def in_passing(what: str) -> Iterator[None]:
    """Reading goes on without the one statement within, if the database is busy with a writer."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    connection.ensure_connection()
    database = connection.connection
    patience = database.execute("PRAGMA busy_timeout").fetchone()[0]
    database.execute(f"PRAGMA busy_timeout={_SQLITE_WAIT_MS}")
    try:
        yield
    except OperationalError as error:
        if not _is_busy(error):
            raise
        logger.warning("Not noted, the database was busy: %s", what)
    finally:
        database.execute(f"PRAGMA busy_timeout={patience}")


def _is_busy(error: OperationalError) -> bool:
    """And not, say, full or damaged."""
    code = getattr(error.__cause__, "sqlite_errorcode", 0)
    return code & 0xFF == sqlite3.SQLITE_BUSY  # the low byte, whatever it was busy with
