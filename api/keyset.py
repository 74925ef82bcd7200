"""Pages by key: as quick at row 990,000 as at the first, and no row twice or left out.

A page begins after the last row of the one before it, not at a number of rows, so rows written
meanwhile move nothing. Every order is total: it ends with a column that no two rows share.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.signing import BadSignature, Signer
from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import Combinable, OrderBy
from django.db.models.fields.tuple_lookups import (
    Tuple,
    TupleGreaterThan,
    TupleGreaterThanOrEqual,
    TupleLessThan,
    TupleLessThanOrEqual,
)

# The four places a page can begin at, from a row's keys, and whether it is read backwards.
AFTER, FROM, BEFORE, UNTIL = ">", ">=", "<", "<="
_BACKWARD = {BEFORE, UNTIL}
_INCLUSIVE = {FROM, UNTIL}


class CursorError(ValueError):
    """The cursor was not made here, or for another order."""


@dataclass(frozen=True, slots=True)
class Key:
    """Something rows can be ordered by; an expression is annotated under the column's name."""

    column: str
    expression: Combinable | None = None
    # Nulls stand last, whichever way the rest goes.
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    key: Key
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Ordering:
    """A total order: its terms, and the text that names it in cursors."""

    text: str
    terms: Sequence[Term]

    @classmethod
    def read(cls, text: str, known: Mapping[str, Key], tie: Key) -> "Ordering":
        """Of "-published,title"; raises KeyError with the first unknown or repeated name."""
        terms: list[Term] = []
        for name in text.split(","):
            term = Term(known[name.removeprefix("-")], descending=name.startswith("-"))
            if any(term.key == other.key for other in terms):
                raise KeyError(name)
            terms.append(term)
        if all(term.key != tie for term in terms):
            terms.append(Term(tie, terms[-1].descending))
        return cls(text, terms)

    def apply(self, queryset: QuerySet, *, backward: bool = False) -> QuerySet:
        return self.annotate(queryset).order_by(*(_order(term, backward) for term in self.terms))

    def annotate(self, queryset: QuerySet) -> QuerySet:
        computed = {
            term.key.column: term.key.expression
            for term in self.terms
            if term.key.expression is not None
        }
        return queryset.annotate(**computed) if computed else queryset

    def values_of(self, row: Mapping[str, Any] | Model) -> list[Any]:
        return [_plain(_value(row, term.key.column)) for term in self.terms]


@dataclass(frozen=True, slots=True)
class KeysetPage:
    """Rows in order, and the cursors of the pages around them, if there are any."""

    rows: list[Any]
    next: str | None
    previous: str | None


def keyset_page(
    queryset: QuerySet, ordering: Ordering, cursor: str | None, size: int
) -> KeysetPage:
    """One page of a queryset of models or of `values()` that hold the order's columns."""
    place, values = _read_cursor(cursor, ordering) if cursor else (None, [])
    backward = place in _BACKWARD
    queryset = ordering.apply(queryset, backward=backward)
    if place:
        queryset = queryset.filter(_beyond(ordering.terms, values, backward, place in _INCLUSIVE))
    rows = list(queryset[: size + 1])
    has_more = len(rows) > size
    rows = rows[:size]
    if backward:
        rows.reverse()
    has_next, has_previous = (True, has_more) if backward else (has_more, place is not None)
    if not rows:
        # All rows on that side are gone: the way back begins where this page would have.
        back = _write_cursor(ordering, FROM if backward else UNTIL, values) if place else None
        return KeysetPage([], back if backward else None, None if backward else back)
    first, last = ordering.values_of(rows[0]), ordering.values_of(rows[-1])
    return KeysetPage(
        rows,
        _write_cursor(ordering, AFTER, last) if has_next else None,
        _write_cursor(ordering, BEFORE, first) if has_previous else None,
    )


def bounded_count(queryset: QuerySet, cap: int) -> tuple[int, bool]:
    """How many rows there are, and whether that is exact: counting stops at the cap."""
    count = queryset.order_by().values("pk")[: cap + 1].count()
    return min(count, cap), count <= cap


def _write_cursor(ordering: Ordering, place: str, values: Sequence[Any]) -> str:
    return _signer().sign_object([ordering.text, place, values])


def _read_cursor(cursor: str, ordering: Ordering) -> tuple[str, list[Any]]:
    try:
        text, place, values = _signer().unsign_object(cursor)
    except (BadSignature, ValueError):
        raise CursorError("This is no cursor of this site.") from None
    if text != ordering.text or len(values) != len(ordering.terms):
        raise CursorError(f"This cursor belongs to the order {text!a}.")
    return place, values


def _signer() -> Signer:
    return Signer(salt="api.keyset")


def _order(term: Term, backward: bool) -> OrderBy:
    column = F(term.key.column)
    descending = term.descending != backward
    nulls: dict[str, bool] = {}
    if term.key.nullable:
        nulls = {"nulls_first": True} if backward else {"nulls_last": True}
    return column.desc(**nulls) if descending else column.asc(**nulls)


def _beyond(terms: Sequence[Term], values: Sequence[Any], backward: bool, inclusive: bool) -> Any:
    """The condition that a row stands beyond the one with these values."""
    if len({term.descending for term in terms}) == 1 and not any(t.key.nullable for t in terms):
        return _row_comparison(terms, values, backward, inclusive)
    condition, equal = Q(pk__in=[]), Q()
    for term, value in zip(terms, values, strict=True):
        condition |= equal & _beyond_one(term, value, backward)
        equal &= Q(**{f"{term.key.column}__isnull": True} if value is None else _is(term, value))
    return condition | equal if inclusive else condition


def _row_comparison(
    terms: Sequence[Term], values: Sequence[Any], backward: bool, inclusive: bool
) -> Any:
    """One comparison of rows, which an index over the same columns answers at once."""
    upwards = terms[0].descending == backward
    comparison: Any
    if upwards:
        comparison = TupleGreaterThanOrEqual if inclusive else TupleGreaterThan
    else:
        comparison = TupleLessThanOrEqual if inclusive else TupleLessThan
    return comparison(Tuple(*(F(term.key.column) for term in terms)), tuple(values))


def _is(term: Term, value: Any) -> dict[str, Any]:
    return {term.key.column: value}


def _beyond_one(term: Term, value: Any, backward: bool) -> Q:
    is_null = Q(**{f"{term.key.column}__isnull": True})
    if value is None:
        return ~is_null if backward else Q(pk__in=[])
    lookup = "gt" if term.descending == backward else "lt"
    further = Q(**{f"{term.key.column}__{lookup}": value})
    return further | is_null if term.key.nullable and not backward else further


def _value(row: Mapping[str, Any] | Model, column: str) -> Any:
    if isinstance(row, Mapping):
        return row[column]
    for name in column.split("__") if not hasattr(row, column) else [column]:
        row = getattr(row, name)
    return row


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
