"""Filters shared by pages and API: one parameter means the same in both.

Unknown and repeated parameters are mistakes that name the known ones; an empty value is no filter;
every number has bounds and every text a length, so that no database sees what it cannot hold.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.functional import SimpleLazyObject
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema_field
from rest_framework.request import Request

from api.errors import Mistake, ParameterErrors
from api.parameters import MAX_LENGTH, mistakes_in, read_moment
from api.relevance import Relevance, what_is_asked

LARGEST_ID = 2**63 - 1


class FilterSet(django_filters.FilterSet):
    """Pages give the whole form; the API sets up only the filters that are asked for."""

    def __init__(
        self,
        data: QueryDict | None = None,
        queryset: QuerySet | None = None,
        *,
        also_known: Iterable[str] = (),
        given_only: bool = False,
        **kwargs: Any,
    ) -> None:
        self.also_known = frozenset(also_known)
        self.given_only = given_only
        if given_only:
            given = {name for name, value in (data or {}).items() if value}
            filters = {k: v for k, v in type(self).base_filters.items() if k in given}
            # `super()` copies what the instance offers, and a copy of all is half its cost.
            self.base_filters = filters
        super().__init__(data, queryset, **kwargs)

    @classmethod
    def known(cls) -> frozenset[str]:
        return frozenset(cls.base_filters)

    def mistakes(self) -> dict[str, list[Mistake]]:
        """All that is wrong with the query string, by parameter."""
        data = self.data if isinstance(self.data, QueryDict) else QueryDict()
        known = self.known() | self.also_known
        found = {
            name: [Mistake(*each) for each in errors]
            for name, errors in mistakes_in(data, known).items()
        }
        for name, invalid in self.form.errors.as_data().items():
            if name not in found:
                found[name] = [_mistake(each) for error in invalid for each in error.error_list]
        return found

    def without(self, name: str) -> QuerySet:
        """The rows that all other filters leave."""
        given = self.form.cleaned_data
        self.form.cleaned_data = {**given, name: None}
        try:
            return self.filter_queryset(self.queryset.all())
        finally:
            self.form.cleaned_data = given

    @classmethod
    def search(cls) -> str | None:
        """The name of the filter that searches texts, if there is one."""
        names = (name for name, each in cls.base_filters.items() if isinstance(each, SearchFilter))
        return next(names, None)

    @classmethod
    def ranks(cls) -> bool:
        """Whether what is searched for has an order of its own: the best first."""
        name = cls.search()
        return name is not None and cls.base_filters[name].ranks

    @property
    def searched(self) -> Any:
        """What is searched for, or None."""
        name = type(self).search()
        return self.form.cleaned_data.get(name) if name else None

    def relevance(self) -> Relevance | None:
        """How the rows rank, if texts are searched for."""
        name, query = type(self).search(), self.searched
        if not query:
            return None
        return self.filters[name].relevance(self.without(name), query)

    @property
    def asked(self) -> str:
        """Names the set of rows, to tell one list's cursors from another's."""
        return what_is_asked(self.queryset.model._meta.label, self.data, self.known())


def _mistake(error: ValidationError) -> Mistake:
    place = (error.params or {}).get("start")
    return Mistake(error.code or "invalid", " ".join(error.messages), place)


class Filters(DjangoFilterBackend):
    """Applies the view's FilterSet; leaves it there for what the view shows beyond rows."""

    def filter_queryset(self, request: Request, queryset: QuerySet, view: Any) -> QuerySet:
        filterset = view.filterset_class(
            request.query_params,
            queryset,
            request=request,
            also_known=view.parameters,
            given_only=True,
        )
        if mistakes := filterset.mistakes():
            raise ParameterErrors(mistakes)
        view.filterset = filterset
        # Pages by relevance never ask for it, and to make it may cost a query of the text index.
        return SimpleLazyObject(lambda: filterset.qs)


class Filter(django_filters.Filter):
    """Says in the schema what it takes; `help_text` is its description there and in forms."""

    schema: Mapping[str, Any] = {"type": "string"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        text = kwargs.get("help_text")
        extend_schema_field({**self.schema, **({"description": text} if text else {})})(self)


class SearchFilter(django_filters.Filter):
    """Searches texts, and knows what fits best."""

    @property
    def ranks(self) -> bool:
        return True

    @property
    def _spectacular_annotation(self) -> dict[str, Any]:
        # Where the generator of the schema looks; what can be searched is known only after start.
        return {"field": self.describe()}

    def describe(self) -> dict[str, Any]:
        """Its schema, with a description."""
        raise NotImplementedError

    def relevance(self, others: QuerySet, value: Any) -> Relevance | None:
        """Of the rows that all other filters leave; None if nothing in the value can rank."""
        raise NotImplementedError


class IntegerFilter(Filter):
    field_class = forms.IntegerField

    def __init__(self, *args: Any, lowest: int = 0, highest: int = 2**31 - 1, **kwargs: Any):
        self.schema = {"type": "integer", "minimum": lowest, "maximum": highest}
        super().__init__(*args, min_value=lowest, max_value=highest, **kwargs)


class TextField(forms.CharField):
    """Django's own refuses NUL; without `strip`, blanks would be a filter."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": MAX_LENGTH, **kwargs})


class TextFilter(Filter):
    field_class = TextField


class WordsFilter(TextFilter):
    """Each word must occur, in any order, in upper or lower case."""

    def filter(self, queryset: QuerySet, value: str) -> QuerySet:
        for word in (value or "").split()[:20]:
            queryset = queryset.filter(**{f"{self.field_name}__icontains": word})
        return queryset


class ReferenceFilter(Filter):
    """Rows by the id or slug of what they belong to; one that is not there has no rows."""

    field_class = TextField

    def __init__(self, *args: Any, slug_field: str = "slug", **kwargs: Any) -> None:
        self.slug_field = slug_field
        kwargs.setdefault(
            "validators", [RegexValidator(r"^[-\w]{1,120}\Z", "Enter an id or a slug.")]
        )
        super().__init__(*args, **kwargs)

    def filter(self, queryset: QuerySet, value: str) -> QuerySet:
        if not value:
            return queryset
        if self.method is not None:
            return super().filter(queryset, value)
        return queryset.filter(named(value, self.field_name, self.slug_field))


def named(value: str, path: str, slug_field: str = "slug") -> Q:
    """Where `path` leads to a row with this slug or, if it is a number, this id."""
    condition = Q(**{f"{path}__{slug_field}": value})
    if value.isascii() and value.isdigit() and int(value) <= LARGEST_ID:
        condition |= Q(**{path: int(value)})
    return condition


class MomentField(forms.Field):
    def to_python(self, value: str | None) -> Any:
        if value in self.empty_values:
            return None
        try:
            return read_moment(value)
        except ValueError:
            raise ValidationError(
                "Enter a date such as 2022-09-26, or an instant such as 2022-09-26T12:00:00Z.",
                code="invalid",
            ) from None


class MomentFilter(Filter):
    """A date, meaning its first moment in UTC, or an instant."""

    field_class = MomentField
    schema = {"type": "string", "examples": ["2022-09-26", "2022-09-26T12:00:00Z"]}


class MoneyFilter(Filter):
    """An amount, never negative and no larger than what is stored."""

    field_class = forms.DecimalField
    schema = {"type": "number", "minimum": 0}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 16)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(*args, min_value=0, **kwargs)


class ChoiceField(forms.ChoiceField):
    default_error_messages = {"invalid_choice": "%(value)s is not among the choices."}

    def validate(self, value: str) -> None:
        if value and not self.valid_value(value):
            listed = ", ".join(str(choice) for choice, _ in self.choices if choice)
            raise ValidationError(f"Choose one of: {listed}.", code="invalid_choice")


class ChoiceFilter(Filter):
    """One of a closed set; the mistake names the set."""

    field_class = ChoiceField

    def __init__(self, *args: Any, choices: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        listed = [(value, label) for value, label in choices]
        self.schema = {"type": "string", "enum": [value for value, _ in listed]}
        super().__init__(*args, choices=[("", "any"), *listed], **kwargs)


def without_doubles(queryset: QuerySet, condition: Q) -> QuerySet:
    """Rows for which the condition holds of some related row, each once.

    A join would repeat rows, and DISTINCT over long texts is dear; a subquery does neither.
    """
    matching = queryset.model._base_manager.filter(condition)
    return queryset.filter(pk__in=matching.values("pk"))
