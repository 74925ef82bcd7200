"""The fields of the language: `topic:alignment` means what `?topic=alignment` means.

Each kind of things registers the fields it knows. A package further up may add fields to a kind
that stands below it, as reading lists do with `list:` for papers.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict

from api.filters import FilterSet
from fulltext import engine
from fulltext.expressions import Expression

type Words = Callable[[str], str]
# Which rows hold a text; the request is of whoever asks.
type Matching = Callable[[Expression, HttpRequest], Q]


@dataclass(frozen=True, slots=True)
class Field:
    """`words` says the condition in a sentence about the things, such as "by Hendrycks"."""

    name: str
    words: Words
    example: str

    def check(self, kind: "QueryKind", value: str) -> None:
        """Raises ValidationError; asks no database."""

    def choices(self, kind: "QueryKind") -> list[str]:
        """All values there are, if they are a few and known."""
        return []

    def narrow(
        self, kind: "QueryKind", queryset: QuerySet, value: str, request: HttpRequest
    ) -> QuerySet:
        """The rows for which the field has the value, each once."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class ParameterField(Field):
    """What parameters of the kind's FilterSet do; by default the one of the same name."""

    parameters: Callable[[str], Mapping[str, str]] | None = None

    def check(self, kind: "QueryKind", value: str) -> None:
        filterset = self._filterset(kind, kind.filterset._meta.model._default_manager.none(), value)
        for errors in filterset.form.errors.as_data().values():
            raise errors[0]

    def narrow(
        self, kind: "QueryKind", queryset: QuerySet, value: str, request: HttpRequest
    ) -> QuerySet:
        return self._filterset(kind, queryset, value, request=request).qs

    def _filterset(self, kind: "QueryKind", queryset: QuerySet, value: str, **more: Any):
        data = QueryDict(mutable=True)
        data.update(self.parameters(value) if self.parameters else {self.name: value})
        return kind.filterset(data, queryset, given_only=True, **more)


@dataclass(frozen=True, slots=True)
class KindField(ParameterField):
    """`kind:report` as the parameter says; the kind's own name, `kind:issue`, is all of them."""

    def check(self, kind: "QueryKind", value: str) -> None:
        if value not in (*self.choices(kind), kind.plural):
            raise ValidationError(one_of(self.choices(kind)), code="invalid_choice")

    def choices(self, kind: "QueryKind") -> list[str]:
        return list(dict.fromkeys([kind.name, *self._choices(kind)]))

    def narrow(
        self, kind: "QueryKind", queryset: QuerySet, value: str, request: HttpRequest
    ) -> QuerySet:
        if value not in self._choices(kind):
            return queryset
        # Not `super()`: a dataclass with slots is another class than its methods were written in.
        return ParameterField.narrow(self, kind, queryset, value, request)

    def _choices(self, kind: "QueryKind") -> list[str]:
        known = kind.filterset.base_filters.get("kind")
        return [value for value, _ in known.extra["choices"] if value] if known else []


@dataclass(frozen=True, slots=True)
class LookupField(Field):
    """By a function of its own, where the kind's FilterSet has no parameter for it."""

    rows: Callable[[QuerySet, str, HttpRequest], QuerySet]
    validate: Callable[[str], object] | None = None

    def check(self, kind: "QueryKind", value: str) -> None:
        if self.validate:
            self.validate(value)

    def narrow(
        self, kind: "QueryKind", queryset: QuerySet, value: str, request: HttpRequest
    ) -> QuerySet:
        return self.rows(queryset, value, request)


@dataclass(frozen=True, slots=True)
class TextField(Field):
    """Words that stand in one field of the index: `title:robustness`."""

    column: str


@dataclass(frozen=True, slots=True)
class QueryKind:
    """Things of one sort, named as in `fulltext.registry`.

    What has no texts of its own in the index, such as a deadline, says by `matching` how texts
    reach it; nothing ranks it then.
    """

    name: str
    plural: str
    filterset: type[FilterSet]
    fields: dict[str, Field]
    matching: Matching
    is_ranked: bool = True


_kinds: dict[str, QueryKind] = {}


def register_kind(
    name: str,
    plural: str,
    filterset: type[FilterSet],
    fields: Iterable[Field],
    matching: Matching | None = None,
) -> None:
    _kinds[name] = QueryKind(
        name,
        plural,
        filterset,
        {field.name: field for field in fields},
        matching or (lambda expression, request: engine.matching(name, expression)),
        matching is None,
    )


def register_field(kind: str, field: Field) -> None:
    _kinds[kind].fields[field.name] = field


def query_kind(name: str) -> QueryKind:
    return _kinds[name]


def query_kinds() -> tuple[QueryKind, ...]:
    return tuple(_kinds.values())


def indexed_kinds() -> tuple[QueryKind, ...]:
    """Those with texts of their own, which the search of the whole site finds."""
    return tuple(kind for kind in _kinds.values() if kind.is_ranked)


def known_fields() -> dict[str, Field]:
    """Of all kinds: each name once, in the order of the alphabet."""
    found: dict[str, Field] = {}
    for kind in _kinds.values():
        found = {**kind.fields, **found}
    return dict(sorted(found.items()))


def one_of(values: Iterable[str]) -> str:
    return f"Choose one of: {', '.join(values)}."


def said(words: str) -> Words:
    """ "filed under {}": the value stands in the words."""
    return words.format


# --- Years ---------------------------------------------------------------------------------------
_YEARS = re.compile(r"(?P<one>[12]\d{3})|(?P<low>[12]\d{3})?(?:\.{2,3}|[-–])(?P<high>[12]\d{3})?")


def read_years(text: str) -> tuple[int | None, int | None]:
    """The first and the last year, either None if it is open; ValidationError for other text."""
    match = _YEARS.fullmatch(text)
    if match is None or not any(match.groups()):
        raise ValidationError(
            "Write a year as 2021, or years as 2021..2023, 2021.. or ..2023.", code="invalid_years"
        )
    if match["one"]:
        return int(match["one"]), int(match["one"])
    low, high = match["low"], match["high"]
    if low and high and low > high:
        raise ValidationError(
            f"{low} comes after {high}: write {high}..{low}.", code="invalid_years"
        )
    return int(low) if low else None, int(high) if high else None


def years_said(text: str) -> str:
    low, high = read_years(text)
    if low == high:
        return f"of {low}"
    if low and high:
        return f"from {low} to {high}"
    return f"from {low} on" if low else f"up to {high}"


def years_as_numbers(lower: str, upper: str) -> Callable[[str], dict[str, str]]:
    """For parameters that take years."""

    def parameters(text: str) -> dict[str, str]:
        low, high = read_years(text)
        return {lower: str(low or ""), upper: str(high or "")}

    return parameters


def years_as_days(lower: str, upper: str) -> Callable[[str], dict[str, str]]:
    """For parameters that take the first day and the day after the last."""

    def parameters(text: str) -> dict[str, str]:
        low, high = read_years(text)
        return {
            lower: f"{low:04d}-01-01" if low else "",
            upper: f"{high + 1:04d}-01-01" if high else "",
        }

    return parameters
