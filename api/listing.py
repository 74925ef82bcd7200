"""A filtered list as a page shows it: its rows, its form, what is set, newer and older."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.forms import BoundField, Field, Form, NumberInput, Select, TextInput
from django.http import HttpRequest

from api.filters import FilterSet
from api.keyset import CursorError, Ordering, bounded_count, keyset_page
from api.parameters import read_moment
from api.relevance import MOST_RANKED, Relevance, relevance_page

PAGE_SIZE = 50
COUNTED_TO = 10_000
UNNAMED = "[invalid name]"  # django-filter's label for what is no column


@dataclass(frozen=True, slots=True)
class ActiveFilter:
    name: str
    label: str
    value: str
    without: str  # the address without it


@dataclass(frozen=True, slots=True)
class MarkedText:
    """What somebody typed, parted around the characters at fault."""

    before: str
    marked: str
    after: str


@dataclass(frozen=True, slots=True)
class SearchBox:
    """The field that searches texts, with how it was understood or what is wrong with it."""

    field: BoundField
    query: Any = None

    @property
    def errors(self) -> list[str]:
        return list(self.field.errors)

    @property
    def mistake(self) -> MarkedText | None:
        errors = self.field.form.errors.as_data().get(self.field.name, [])
        place = next(
            (each.params for each in errors if each.params and "start" in each.params), None
        )
        if place is None:
            return None
        text, start, end = self.field.value(), place["start"], place["end"]
        return MarkedText(text[:start], text[start:end], text[end:])


@dataclass(slots=True)
class Listing:
    search: SearchBox | None = None
    fields: list = field(default_factory=list)
    kept: list = field(default_factory=list)  # what is set and has no field of its own
    other_errors: list[str] = field(default_factory=list)
    active: list[ActiveFilter] = field(default_factory=list)
    rows: list = field(default_factory=list)
    count: int | None = None
    count_is_exact: bool = True
    query: str = ""  # what is filtered by, as a query string
    new_since: datetime | None = None  # rows that came later are marked
    without_marks: str = ""  # the address without it
    newer: str | None = None
    older: str | None = None

    @property
    def is_invalid(self) -> bool:
        return self.has_invalid_filter or bool(self.search and self.search.errors)

    @property
    def has_invalid_filter(self) -> bool:
        return bool(self.other_errors or any(each.errors for each in self.fields))

    @property
    def status(self) -> int:
        return 400 if self.is_invalid else 200

    @property
    def count_words(self) -> str:
        return f"{self.count:,}" if self.count_is_exact else f"More than {self.count:,}"


def listing_of(
    request: HttpRequest,
    filterset: FilterSet,
    order: Ordering,
    *,
    shown: Iterable[str],
    page_size: int = PAGE_SIZE,
) -> Listing:
    """The page of rows a request asks for; `shown` names the form's fields, in their order.

    A parameter that no filter has is nobody's mistake here: people follow addresses with such.
    """
    form = filterset.form
    for name, form_field in form.fields.items():
        _prepare(name, form_field)
    shown = tuple(shown)
    listing = Listing(fields=[form[name] for name in shown])
    if searched := type(filterset).search():
        listing.search = SearchBox(form[searched])
        shown = (searched, *shown)
    mistakes = filterset.mistakes()
    for name in mistakes.keys() & filterset.known():
        if name not in shown or name not in form.errors:
            listing.other_errors += [f"{name}: {mistake.text}" for mistake in mistakes[name]]
    if listing.is_invalid:
        return listing
    kept = [name for name in form.fields if name not in shown and request.GET.get(name)]
    listing.kept = [form[name] for name in kept]
    listing.active = _active(request, form)
    given = [(name, request.GET[name]) for name in form.fields if request.GET.get(name)]
    listing.query = urlencode(given)
    listing.new_since = read_new_since(request)
    listing.without_marks = _address(request, new_since=None)
    if listing.search:
        listing.search = SearchBox(listing.search.field, filterset.searched)
    if relevance := filterset.relevance():
        fill_by_relevance(listing, request, filterset, relevance, page_size)
    else:
        counted_to = MOST_RANKED if filterset.searched else COUNTED_TO
        fill(listing, request, filterset.qs, order, page_size, counted_to)
    return listing


def read_new_since(request: HttpRequest) -> datetime | None:
    """From when on rows are new to who came here from a saved search; none if it is no instant."""
    try:
        return read_moment(request.GET.get("new_since", ""))
    except ValueError:
        return None


def _prepare(name: str, form_field: Field) -> None:
    if str(form_field.label).startswith(UNNAMED):
        form_field.label = name.replace("_", " ").capitalize()
    if isinstance(form_field.widget, NumberInput):
        # A number field of the browser forgets what it cannot read; a text field keeps it.
        form_field.widget = TextInput({"inputmode": "decimal"})


def fill(
    listing: Listing,
    request: HttpRequest,
    queryset: QuerySet,
    order: Ordering,
    page_size: int = PAGE_SIZE,
    counted_to: int = COUNTED_TO,
) -> None:
    cursor = request.GET.get("cursor") or None
    try:
        page = keyset_page(queryset, order, cursor, page_size)
    except CursorError as error:
        listing.other_errors.append(str(error))
        return
    listing.rows = page.rows
    listing.newer = _address(request, cursor=page.previous) if page.previous else None
    listing.older = _address(request, cursor=page.next) if page.next else None
    if cursor or page.next:
        listing.count, listing.count_is_exact = bounded_count(queryset, counted_to)
    else:
        listing.count = len(page.rows)


def fill_by_relevance(
    listing: Listing,
    request: HttpRequest,
    filterset: FilterSet,
    relevance: Relevance,
    page_size: int = PAGE_SIZE,
) -> None:
    cursor = request.GET.get("cursor") or None
    try:
        page = relevance_page(relevance, filterset.queryset, filterset.asked, cursor, page_size)
    except CursorError as error:
        listing.other_errors.append(str(error))
        return
    listing.rows = page.rows
    listing.newer = _address(request, cursor=page.previous) if page.previous else None
    listing.older = _address(request, cursor=page.next) if page.next else None
    listing.count, listing.count_is_exact = page.count, page.is_exact


def _active(request: HttpRequest, form) -> list[ActiveFilter]:
    active = []
    for name, value in form.cleaned_data.items():
        if value in (None, "", []) or not request.GET.get(name):
            continue
        label = form[name].label
        words = _words(form[name], request.GET[name])
        active.append(
            ActiveFilter(name, label, words, _address(request, **{name: None, "cursor": None}))
        )
    return active


def _words(bound, raw: str) -> str:
    """What a choice is called in the form; a text is its own name."""
    for value, label in getattr(bound.field.widget, "choices", ()):
        if str(value) == raw:
            return str(label)
    return raw


def _address(request: HttpRequest, **changes: str | None) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = value
    return f"{request.path}?{query.urlencode()}" if query else request.path


def offer_choices(form: Form, name: str, choices: Iterable[tuple[str, str]]) -> None:
    """Let a reader choose where the address takes any id or slug."""
    if name in form.fields:
        form.fields[name].widget = Select(choices=[("", "any"), *choices])
