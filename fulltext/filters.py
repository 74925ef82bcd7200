"""`q`, one parameter for pages, API, feeds and exports."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from api.filters import SearchFilter
from api.relevance import Relevance
from fulltext.query.compiling import texts_wanted
from fulltext.query.fields import query_kind
from fulltext.query.limits import LONGEST, LONGEST_ADDRESS
from fulltext.query.mistakes import QueryMistake
from fulltext.query.ranking import rank
from fulltext.query.reading import Query, read_query


class QueryField(forms.CharField):
    """Its error points at the characters, in `params`: `start` and `end`. Of all kinds if `kind` is
    None."""

    widget = forms.TextInput(
        {"type": "search", "autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}
    )

    def __init__(self, *, kind: str | None = None, **kwargs: Any) -> None:
        self.kind = kind
        # Blanks before the query count: a mistake points into the text as it was typed.
        super().__init__(strip=False, **kwargs)

    def clean(self, value: str | None) -> Query | None:
        text = super().clean(value)
        try:
            return read_query(text, self.kind) if text else None
        except QueryMistake as mistake:
            place = {"start": mistake.start, "end": mistake.end}
            raise ValidationError(str(mistake), code=mistake.code, params=place) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data)


class QueryFilter(SearchFilter):
    """The query language over one kind, as registered in `fulltext.query.fields`."""

    field_class = QueryField

    def __init__(self, kind: str, **kwargs: Any) -> None:
        self.kind = kind
        super().__init__(label="Search", kind=kind, **kwargs)

    @property
    def ranks(self) -> bool:
        return query_kind(self.kind).is_ranked

    def filter(self, queryset: QuerySet, value: Query | None) -> QuerySet:
        if not value:
            return queryset
        return value.of(self.kind, queryset, self.parent.request).rows

    def relevance(self, others: QuerySet, value: Query) -> Relevance | None:
        if not texts_wanted(value.node, query_kind(self.kind)):
            return None
        # Only once it is asked for: reading a later page of a frozen list asks no index.
        return lambda limit: rank(value.of(self.kind, others, self.parent.request), limit)

    def describe(self) -> dict[str, Any]:
        fields = ", ".join(
            f"`{name}:{field.example}`"
            for name, field in sorted(query_kind(self.kind).fields.items())
        )
        return {
            "type": "string",
            "maxLength": LONGEST_ADDRESS,
            "description": (
                f'A query of at most {LONGEST} characters: words, `"phrases"`, `prefix*`, `-not`, '
                f"`OR`, parentheses, and fields: {fields}. An arXiv id, a DOI or an address alone "
                "finds what it names. A mistake is a 400 whose `position` counts characters from 0."
            ),
        }
