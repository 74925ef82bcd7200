"""What changed, in an order a reader can follow without missing anything.

A change is written in the transaction that makes it. Numbers are given out before transactions
end, so a later number may be seen before an earlier one: readers are served only what transactions
wrote that began before the oldest still in flight, in the order of transaction and number.
"""

from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import BigIntegerField, Func, Max, QuerySet
from django.dispatch import Signal

from api.models import Change, FormerServer

# Sent in the transaction that made the changes, once they are recorded: kind, keys, verb.
changes_recorded = Signal()

_BATCH = 500
OLDEST_IN_FLIGHT = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
_NEXT = "pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
_FORMER = "(SELECT coalesce(max(last_transaction), 0) FROM api_formerserver)"
# What was written before the oldest in flight is final, and known by its end. Of what is not yet
# final, late commits among so many later numbers are seen.
_VERSION_SQL = """
SELECT (SELECT max("transaction") FROM api_change WHERE "transaction" < {oldest}),
       (SELECT sum(seq) FROM (SELECT seq FROM api_change ORDER BY seq DESC LIMIT 200) AS latest)
"""


class CurrentTransaction(Func):
    """PostgreSQL's 64-bit id of the running transaction, which never wraps around, above those of
    a former server."""

    template = f"(pg_current_xact_id()::text::bigint + {_FORMER})"
    output_field = BigIntegerField()
    arity = 0


def record(
    kind: str,
    keys: Iterable[object],
    verb: Change.Verb | str,
    *,
    is_open: bool = True,
    reader: int | None = None,
) -> None:
    """Note that things of a kind (an API resource, such as "paper") came, changed or went.

    `is_open` where everybody saw them before or sees them now; if not, only those who see them are
    told, so whoever ceases to is told as the one `reader`, by their account's id.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "A change is recorded in the transaction that makes it."
        )
    keys = list(keys)
    running = CurrentTransaction() if connection.vendor == "postgresql" else None
    Change.objects.bulk_create(
        [
            Change(
                kind=kind,
                key=str(key),
                verb=verb,
                transaction=running,
                is_open=is_open,
                reader=reader,
            )
            for key in keys
        ],
        batch_size=_BATCH,
    )
    changes_recorded.send(sender=Change, kind=kind, keys=keys, verb=verb)


def horizon() -> int | None:
    """The oldest transaction still in flight; None where writers come one at a time."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {OLDEST_IN_FLIGHT} + {_FORMER}")
        return cursor.fetchone()[0]


def settled() -> QuerySet[Change]:
    """Changes before which nothing more can appear, in the order to serve them."""
    oldest = horizon()
    changes = Change.objects.order_by("transaction", "seq")
    return changes if oldest is None else changes.filter(transaction__lt=oldest)


def catalogue_version() -> str:
    """Differs after every committed change, in one query over the ends of indexes; after one that
    commits behind 200 later numbers only once nothing older than these is in flight."""
    if connection.vendor != "postgresql":
        return str(Change.objects.aggregate(latest=Max("seq"))["latest"])
    with connection.cursor() as cursor:
        cursor.execute(_VERSION_SQL.format(oldest=f"{OLDEST_IN_FLIGHT} + {_FORMER}"))
        return "{}+{}".format(*cursor.fetchone())


def notice_a_former_server(**_: object) -> None:
    """After each `migrate`: whether changes were written that no transaction of this server can
    have written. From a dump of another one they come with its ids; readers know these, and what is
    written here must come behind them."""
    if connection.vendor != "postgresql":
        return
    if FormerServer._meta.db_table not in connection.introspection.table_names():
        return  # migrated backwards
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_NEXT} + {_FORMER}")
        [upcoming] = cursor.fetchone()
    latest = Change.objects.aggregate(latest=Max("transaction"))["latest"] or 0
    if latest >= upcoming:
        FormerServer.objects.create(last_transaction=latest)
