"""What has come into saved searches since their owner last looked."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import IntegerField, QuerySet, Subquery
from django.http import QueryDict

from accounts.models import User
from search.models import SavedSearch
from search.places import PLACES

COUNTED_TO = 99


class RowCount(Subquery):
    """How many rows a queryset has, as a column: many of them are one query."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"

    def __init__(self, queryset: QuerySet) -> None:
        super().__init__(queryset.values("pk"), output_field=IntegerField())


def new_counts(searches: Sequence[SavedSearch], user) -> dict[UUID, int | None]:
    """New things by search, up to one more than is counted; None for a search that has become
    mistaken, since what it names is no longer known."""
    columns: dict[str, RowCount] = {}
    owners: dict[str, UUID] = {}
    counts: dict[UUID, int | None] = {}
    for search in searches:
        place, query = PLACES[search.page], QueryDict(search.query)
        if place.filterset(query, user).mistakes():
            counts[search.pk] = None
            continue
        counts[search.pk] = 0
        for rows in place.new_rows(query, user, search.looked_at):
            name = f"new_{len(columns)}"
            columns[name] = RowCount(rows.order_by()[: COUNTED_TO + 1])
            owners[name] = search.pk
    for name, count in _counted(columns, user).items():
        counts[owners[name]] = min((counts[owners[name]] or 0) + (count or 0), COUNTED_TO + 1)
    return counts


def _counted(columns: dict[str, RowCount], user) -> dict[str, int | None]:
    if not columns:
        return {}
    return User.objects.filter(pk=user.pk).annotate(**columns).values(*columns)[0]


def with_new_counts(searches: Iterable[SavedSearch], user) -> list[SavedSearch]:
    """Each with `new_count` and, for people, `new_words`."""
    searches = list(searches)
    counts = new_counts(searches, user)
    for search in searches:
        search.new_count = counts[search.pk]
        search.new_words = count_words(search.new_count)
    return searches


def count_words(count: int | None) -> str:
    if count is None:
        return ""
    return f"{count}" if count <= COUNTED_TO else f"More than {COUNTED_TO}"
