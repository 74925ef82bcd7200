"""Which things somebody may see, or whatever else they have to meet, as SQL over their numbers."""

# ruff: noqa: S608, S611 - of numbers and names of our own, and of the ORM's own SQL

from collections.abc import Sequence
from weakref import WeakKeyDictionary

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from fulltext.databases import Select, index
from fulltext.numbering import bounds, is_numbered, key_of_number
from fulltext.registry import Kind, kind_named

# Finding and reading what is shown ask for the same rows; the ORM takes long to say which.
_said: WeakKeyDictionary[QuerySet, Select] = WeakKeyDictionary()


def own_number(kind: Kind) -> str:
    """SQL of the small number of the `chosen` document."""
    return f"chosen.id - {bounds(kind)[0]}"


def allowed(kind: Kind, queryset: QuerySet) -> Select:
    """Whether the `chosen` document is of a row of the queryset. Raises EmptyResultSet."""
    if queryset not in _said:
        key = "numbered.key" if is_numbered(kind) else own_number(kind)
        rows = queryset.order_by().filter(pk=RawSQL(key, [])).values("pk")
        sql, params = rows.query.sql_with_params()
        _said[queryset] = f"EXISTS ({sql})", list(params)
    return _said[queryset]


def allowed_keys(kind: str, queryset: QuerySet, numbers: Sequence[int]) -> Select:
    """Selects the keys of those of some numbers that are rows of the queryset. Raises
    EmptyResultSet."""
    searched = kind_named(kind)
    condition, params = allowed(searched, queryset)
    listed, values = index().listed(numbers)
    key, joined = key_of_number(searched, own_number(searched))
    base = bounds(searched)[0]
    chosen = f"SELECT number + {base} AS id FROM ({listed}) AS listed"
    return (
        f"SELECT {key} FROM ({chosen}) AS chosen{joined} WHERE {condition}",
        [*values, *params],
    )
