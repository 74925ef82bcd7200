"""What the search takes, and what saved searches can be filtered by."""

from typing import Any

from django.db.models import QuerySet

from api.filters import ChoiceFilter, FilterSet, IntegerFilter, ReferenceFilter, TextFilter
from api.relevance import Relevance
from fulltext.filters import QueryFilter
from fulltext.query.fields import known_fields
from fulltext.query.limits import LONGEST, LONGEST_ADDRESS
from papers.filters import YEARS
from papers.models import Paper
from search.kinds import KINDS
from search.models import SavedSearch

LATEST = "-added"
ORDERINGS = [("relevance", "the best first"), (LATEST, "the latest in the catalogue first")]


class AnyQueryFilter(QueryFilter):
    """The query language over all kinds at once; `search.finding` does what it says."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(None, **kwargs)  # type: ignore[arg-type]

    @property
    def ranks(self) -> bool:
        return False

    def filter(self, queryset: QuerySet, value: Any) -> QuerySet:
        return queryset

    def relevance(self, others: QuerySet, value: Any) -> Relevance | None:
        return None

    def describe(self) -> dict[str, Any]:
        fields = ", ".join(f"`{name}:`" for name in known_fields())
        return {
            "type": "string",
            "maxLength": LONGEST_ADDRESS,
            "description": (
                f'What to look for, at most {LONGEST} characters: words, `"phrases"`, `prefix*`, '
                f"`-not`, `OR`, parentheses, and fields: {fields}. Nothing is found without it. "
                "A mistake is a 400 whose `position` counts characters from 0."
            ),
        }


class EverythingFilter(FilterSet):
    """Of all kinds; `search.finding` applies it to each."""

    q = AnyQueryFilter()
    kind = ChoiceFilter(choices=[(kind.name, kind.many) for kind in KINDS])
    topic = ReferenceFilter(help_text="A topic's id or slug.")
    year = IntegerFilter(
        help_text="Of a paper, when it appeared; of others, when an issue told of it.", **YEARS
    )
    issue = ReferenceFilter(help_text="Told of in the issue with this id or slug.")
    venue = TextFilter(help_text="Exactly as a facet names it; only papers have one.")
    ordering = ChoiceFilter(choices=ORDERINGS, help_text="The best first, unless told otherwise.")
    verbatim = ChoiceFilter(
        choices=[("yes", "yes")], help_text="Not to look for what a misspelt word may have meant."
    )

    class Meta:
        model = Paper  # for its checks alone: rows come from each kind
        fields = []


class SavedSearchFilter(FilterSet):
    page = ChoiceFilter(choices=SavedSearch.Page.choices)

    class Meta:
        model = SavedSearch
        fields = []
