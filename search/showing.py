"""Hits as they are shown, of all kinds in one statement.

What is read of a kind is the same for every search and compiled once; who may see it is asked anew
each time.
"""

# ruff: noqa: S608, S611 - of the ORM's own SQL

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import CharField, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast

from fulltext import engine
from fulltext.registry import kind_named
from search.kinds import Hit, SearchKind
from search.kinds.columns import Columns, as_json, listed


@dataclass(frozen=True, slots=True)
class Shown:
    """Hits of a kind, by their numbers, among the rows that may be seen."""

    kind: SearchKind
    visible: QuerySet
    numbers: Sequence[int]
    user: Any


def read_hits(asked: Sequence[Shown]) -> list[dict[int, Hit]]:
    """Each by its number; what may not be seen is left out."""
    named, params = list[str](), list[Any]()
    read: list[tuple[str, list[Any]]] = []
    for place, each in enumerate(asked):
        try:
            sql, own = engine.allowed_keys(each.kind.name, each.visible, each.numbers)
        except EmptyResultSet:
            continue
        named.append(f"visible_{each.kind.number}(pk) AS ({sql})")
        params += own
        text, values = _compiled(each.kind, each.user)
        read.append((f"SELECT {place}, part.* FROM ({text}) AS part", values))
    found: list[dict[int, Hit]] = [{} for _ in asked]
    if not named:
        return found
    params += [value for _, values in read for value in values]
    selects = " UNION ALL ".join([text for text, _ in read])
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join(named)} {selects}", params)
        rows = cursor.fetchall()
    for place, number, text in rows:
        kind, values = asked[place].kind, listed(text)
        found[place][number] = kind.shown(engine.key_of(kind.name, values["key"]), values)
    return found


def _compiled(kind: SearchKind, user: Any) -> tuple[str, list[Any]]:
    return _select(kind, kind.columns(user)) if callable(kind.columns) else _compiled_once(kind)


@cache
def _compiled_once(kind: SearchKind) -> tuple[str, list[Any]]:
    return _select(kind, cast(Columns, kind.columns))


def _select(kind: SearchKind, columns: Columns) -> tuple[str, list[Any]]:
    visible = RawSQL(f"SELECT pk FROM visible_{kind.number}", [])
    rows = kind_named(kind.name).model._base_manager.filter(pk__in=visible).order_by()
    hit = as_json({**columns, "key": Cast("pk", CharField())})
    rows = rows.annotate(hit_number=engine.number_of(kind.name), hit=hit)
    sql, params = rows.values_list("hit_number", "hit").query.sql_with_params()
    return sql, list(params)
