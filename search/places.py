"""Pages whose searches can be kept: how each is asked, and what has come into it since."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict

import newsletter.feeds
import papers.feeds
import prizes.feed_entries
from api.errors import ParameterErrors
from api.filters import FilterSet
from markup.feeds import FeedEntry
from newsletter.filters import IssueFilter
from newsletter.models import Issue
from papers.filters import PaperFilter
from papers.models import Paper
from prizes.as_of import AsOf, prizes_as_of
from prizes.filters import PrizeFilter
from prizes.money import with_pool
from search.models import SavedSearch

# Places in a list, and looks into the past, which nothing new comes into.
NOT_KEPT = frozenset({"cursor", "as_of", "saved"})


@dataclass(frozen=True, slots=True)
class Asker:
    """Who looks, for filters that ask their request for it."""

    user: Any


@dataclass(frozen=True, slots=True)
class Place:
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
        """What fits and came later, each kind of thing in a queryset of its own."""
        return [self.filterset(query, user).qs.filter(created_at__gt=since)]


def _prizes(user) -> QuerySet:
    now = AsOf.now()
    return with_pool(prizes_as_of(now, user), now)


PLACES: Mapping[str, Place] = {
    SavedSearch.Page.PAPERS: Place(
        "Papers",
        PaperFilter,
        lambda user: Paper.objects.visible_to(user),
        papers.feeds.with_feed_parts,
        papers.feeds.paper_entries,
    ),
    SavedSearch.Page.ISSUES: Place(
        "Issues",
        IssueFilter,
        lambda user: Issue.objects.visible_to(user),
        newsletter.feeds.with_issue_parts,
        newsletter.feeds.issue_entries,
    ),
    SavedSearch.Page.PRIZES: Place(
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
    kept = sorted((name, value) for name, value in asked.items() if value)
    return urlencode([each for each in kept if each[0] not in NOT_KEPT])
