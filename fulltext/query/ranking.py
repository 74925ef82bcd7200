"""The rows that fit a query, the best first."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from api.keyset import bounded_count
from api.relevance import Ranked
from fulltext import engine
from fulltext.expressions import Expression
from fulltext.query.compiling import Compiled


def rank(compiled: Compiled, limit: int) -> Ranked:
    """Rows that hold the texts, the best first; where a field may stand for a text ("gpt OR
    topic:alignment") also the others, the newest first."""
    if compiled.text is not None:
        return _ranked(compiled.kind.name, compiled.text, compiled.narrowed, limit)
    rows, keys = compiled.narrowed.order_by(), list[Any]()
    if compiled.wish is not None:
        keys += _ranked(compiled.kind.name, compiled.wish, rows, limit).keys
    if len(keys) < limit:  # then they are all that hold a text
        others = rows.exclude(pk__in=keys).order_by("-pk").values_list("pk", flat=True)
        keys += others[: limit - len(keys)]
    if len(keys) < limit:
        return Ranked(keys, len(keys), True)
    return Ranked(keys, *bounded_count(compiled.narrowed, limit))


def _ranked(kind: str, text: Expression, rows: QuerySet, limit: int) -> Ranked:
    found = engine.ranked(kind, text, rows, limit)
    keys: Sequence[Any] = found.keys
    return Ranked(keys, found.total, found.is_exact)
