"""Rows of several querysets in one statement, whatever models they are of."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


def rows_together(*querysets: QuerySet) -> list[list[tuple]]:
    """The rows of each, in its order, as the database gives them: no field converts them.

    Each is a `values_list()` of columns of the same types, and sliced: a database may forget the
    order of what has no limit.
    """
    selects, params = [], list[Any]()
    for place, queryset in enumerate(querysets):
        try:
            sql, own = queryset.query.sql_with_params()
        except EmptyResultSet:
            continue
        selects.append(f"SELECT {place}, part.* FROM ({sql}) AS part")  # noqa: S608 - of the ORM
        params += own
    found: list[list[tuple]] = [[] for _ in querysets]
    for place, *row in _fetched(" UNION ALL ".join(selects), params):
        found[place].append(tuple(row))
    return found


def _fetched(sql: str, params: list[Any]) -> Iterable[tuple]:
    if not sql:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
