"""What the search has to know of a kind of things, beside what the index knows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import CharField, Count, QuerySet, Value
from django.db.models.functions import Cast
from django.utils.safestring import SafeString

from fulltext.registry import Document, kind_named
from markup.feeds import FeedEntry
from search.kinds.columns import Columns, Values

TOPIC, YEAR, ISSUE, VENUE = "topic", "year", "issue", "venue"
FACETS = (TOPIC, YEAR, ISSUE, VENUE)

type Narrowing = Callable[[QuerySet, str, Any], QuerySet]
type Tally = Callable[[Sequence[Any], Any], QuerySet]


@dataclass(slots=True)
class Hit:
    """One thing as results show it, on pages and in the API."""

    kind: str
    key: int | UUID
    title: str
    path: str
    created_at: datetime
    texts: Document  # what can be marked in it
    about: str = ""  # "paper", "brief", "competition": what sort of its kind it is
    authors: list[str] = field(default_factory=list)
    published: str | None = None
    venue: str | None = None
    topics: list[Any] = field(default_factory=list)
    issue: Any = None
    place: str = ""  # that it stands in, if that is no issue
    highlights: dict[str, SafeString] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class SearchKind:
    """`narrow` and `tally` hold what the kind knows of each facet; a value of a facet that it does
    not know fits none of its rows."""

    name: str  # as in fulltext.registry
    one: str
    many: str
    visible: Callable[[Any], QuerySet]
    narrow: Mapping[str, Narrowing]
    tally: Mapping[str, Tally]
    # What is read of a row that is shown; a function of the user, where it differs for them.
    columns: Columns | Callable[[Any], Columns]
    shown: Callable[[Any, Values], Hit]
    entries: Callable[[Sequence[Any], Any], Iterable[tuple[Any, FeedEntry]]]
    newest_first: Sequence[str] = ("-pk",)
    scope: str | None = None  # without which a token finds only what everybody does

    @property
    def number(self) -> int:
        return kind_named(self.name).number

    def visible_to(self, user: Any) -> QuerySet:
        """What `visible` says, which tells strangers neither from each other nor the time."""
        return self.visible(user) if user.is_authenticated else seen_by_strangers(self)


@cache
def seen_by_strangers(kind: SearchKind) -> QuerySet:
    """Rows that were never read, and are only narrowed: as long as the ORM takes to say which rows
    a stranger may see, it would take for each kind again in every search."""
    return kind.visible(AnonymousUser())


def tally_of(rows: QuerySet, facet: str, value: str, label: str, counted: str) -> QuerySet:
    """Rows of facet, value, label and how many different things have the value."""
    grouped = rows.order_by().values(value, label).annotate(n=Count(counted, distinct=True))
    return grouped.values_list(
        Value(facet, CharField()), Cast(value, CharField()), Cast(label, CharField()), "n"
    )


def year_bounds(year: int) -> tuple[datetime, datetime]:
    """In UTC, wherever the reader is."""
    return datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
