"""Databases filled once a run: what took seconds to fill is put back from a file in a tenth.

The rows are those that were there, as the database holds them, taken by whichever process of the
run needed them first; triggers and indexes work as on any other rows.
"""

import fcntl
import os
import pickle
from collections.abc import Callable
from pathlib import Path

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection
from django.db.models import Model

# Made by migrations: the database has them already.
NOT_KEPT = {"contenttypes.ContentType", "auth.Permission", "sites.Site"}

# By table: its columns, and its rows as the database gave them.
type Rows = dict[str, tuple[list[str], object]]


def fill(name: str, by: Callable[[], object]) -> None:
    """Bring an empty database to where `by` brings it, within the transaction that is open."""
    assert connection.in_atomic_block
    folder = Path(os.environ["SHORTLIST_TEST_FOLDER"])
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(os.getpid())
    path = folder / f"{name}-{connection.vendor}-{run}.snapshot"
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            by()
            path.write_bytes(pickle.dumps(_taken()))
            return
    _put_back(pickle.loads(path.read_bytes()))


def _kept_models() -> list[type[Model]]:
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.label not in NOT_KEPT
    ]


def _columns(model: type[Model]) -> list[str]:
    return [
        connection.ops.quote_name(field.column)
        for field in model._meta.local_concrete_fields
        if not field.generated
    ]


def _taken() -> Rows:
    rows = {}
    for model in _kept_models():
        table, columns = connection.ops.quote_name(model._meta.db_table), _columns(model)
        if model._base_manager.exists():
            rows[table] = (columns, _read(table, columns))
    return rows


def _read(table: str, columns: list[str]) -> object:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({', '.join(columns)}) TO STDOUT") as copy:
                return b"".join(bytes(block) for block in copy)
        # An expression has no declared type: sqlite3 hands over what is stored, unconverted.
        cursor.execute(f"SELECT {', '.join(f'+{column}' for column in columns)} FROM {table}")
        return cursor.fetchall()


def _put_back(rows: Rows) -> None:
    with connection.cursor() as cursor:
        for table, (columns, found) in rows.items():
            names = ", ".join(columns)
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                    copy.write(found)
            else:
                marks = ", ".join(["?"] * len(columns))
                connection.connection.executemany(
                    f"INSERT INTO {table} ({names}) VALUES ({marks})", found
                )
        for statement in connection.ops.sequence_reset_sql(no_style(), _kept_models()):
            cursor.execute(statement)
