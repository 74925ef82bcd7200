"""Pages whose searches can be kept: how each is asked, and what has come into it since."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict

import newsletter.feeds
import papers.feeds
import prizes.feed_entries
from api.errors import ParameterErrors
from api.feeds import PAGE_SIZE, PAGING, FeedPage, feed_page, page_at
from api.filters import FilterSet
from api.keyset import Key, Ordering
from api.parameters import refuse_mistakes
from fulltext.query.reading import Query
from markup.feeds import FeedEntry
from newsletter.filters import IssueFilter
from newsletter.models import Issue
from papers.filters import PaperFilter
from papers.models import Paper
from prizes.as_of import AsOf, prizes_as_of
from prizes.filters import PrizeFilter
from prizes.money import with_pool
from search.asking import Asked, ask, found_page
from search.filters import LATEST, EverythingFilter
from search.models import SavedSearch

# Places in a list, marks, and looks into the past, which nothing new comes into.
NOT_KEPT = frozenset({"cursor", "as_of", "new_since"})
LATEST_FIRST = Ordering.read("-created", {"created": Key("created_at")}, Key("pk"))


@dataclass(frozen=True, slots=True)
class Asker:
    """Who looks, for filters that ask their request for it."""

    user: Any


class Place(Protocol):
    @property
    def title(self) -> str: ...

    def filterset(self, query: QueryDict, user) -> FilterSet: ...

    def new_rows(self, query: QueryDict, user, since: datetime) -> list[QuerySet]:
        """What fits and came later, each kind of thing in a queryset of its own."""

    def feed_page(self, request: HttpRequest, query: QueryDict) -> FeedPage:
        """What fits and everybody may see, the latest in the catalogue first, as entries."""


@dataclass(frozen=True, slots=True)
class ListPlace:
    """A list of one kind of things."""

    title: str
    filterset_class: type[FilterSet]
    rows: Callable[[Any], QuerySet]  # what a user may see
    with_feed_parts: Callable[[QuerySet], QuerySet]
    entries: Callable[[Iterable[Any], Any], list[FeedEntry]]

    def filterset(self, query: QueryDict, user) -> FilterSet:
        return self.filterset_class(
            query, self.rows(user), request=Asker(user), also_known=NOT_KEPT
        )

    def new_rows(self, query: QueryDict, user, since: datetime) -> list[QuerySet]:
        return [self.filterset(query, user).qs.filter(created_at__gt=since)]

    def feed_page(self, request: HttpRequest, query: QueryDict) -> FeedPage:
        anybody = AnonymousUser()
        rows = self.filterset(query, anybody).qs
        page = feed_page(request, self.with_feed_parts(rows), LATEST_FIRST)
        return replace(page, rows=self.entries(page.rows, anybody))


class SearchPlace:
    """The search of the whole site."""

    title = "Search"

    def filterset(self, query: QueryDict, user) -> FilterSet:
        rows = Paper.objects.none()
        return EverythingFilter(query, rows, request=Asker(user), also_known=NOT_KEPT)

    def new_rows(self, query: QueryDict, user, since: datetime) -> list[QuerySet]:
        search = self._ask(query, user).search
        if search is None:
            return []
        found = (search.compiled(kind).rows for kind in search.chosen)
        return [rows.filter(created_at__gt=since) for rows in found]

    def feed_page(self, request: HttpRequest, query: QueryDict) -> FeedPage:
        refuse_mistakes(request.GET, PAGING)
        asked = self._ask(query, AnonymousUser())
        cursor = request.GET.get("cursor") or None
        return page_at(request, found_page(asked, cursor, PAGE_SIZE, as_entries=True))

    def _ask(self, query: QueryDict, user) -> Asked:
        """In its very words: what was saved is not taken for something else when it is empty."""
        data = query.copy()
        data["ordering"], data["verbatim"] = LATEST, "yes"
        return ask(Asker(user), data, NOT_KEPT)


def _prizes(user) -> QuerySet:
    now = AsOf.now()
    return with_pool(prizes_as_of(now, user), now)


PLACES: Mapping[str, Place] = {
    SavedSearch.Page.SEARCH: SearchPlace(),
    SavedSearch.Page.PAPERS: ListPlace(
        "Papers",
        PaperFilter,
        lambda user: Paper.objects.visible_to(user),
        papers.feeds.with_feed_parts,
        papers.feeds.paper_entries,
    ),
    SavedSearch.Page.ISSUES: ListPlace(
        "Issues",
        IssueFilter,
        lambda user: Issue.objects.visible_to(user),
        newsletter.feeds.with_issue_parts,
        newsletter.feeds.issue_entries,
    ),
    SavedSearch.Page.PRIZES: ListPlace(
        "Prizes",
        PrizeFilter,
        _prizes,
        prizes.feed_entries.with_feed_parts,
        prizes.feed_entries.prize_entries,
    ),
}
PAGES = [(page, place.title) for page, place in PLACES.items()]


def canonical_query(page: str, query: str, user) -> str:
    """The query string in one spelling; raises ParameterErrors over what the page does not take."""
    asked = QueryDict(query)
    filterset = PLACES[page].filterset(asked, user)
    if mistakes := filterset.mistakes():
        raise ParameterErrors(mistakes)
    kept = {name: value for name, value in asked.items() if value and name not in NOT_KEPT}
    words = filterset.form.cleaned_data.get("q")
    if isinstance(words, Query):
        kept["q"] = words.text
    return urlencode(sorted(kept.items()))
