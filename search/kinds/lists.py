from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet

from api.filters import named
from readinglists.feed_entries import list_entry
from readinglists.models import ReadingList
from readinglists.naming import list_path
from search.kinds.kind import TOPIC, Hit, SearchKind, tally_of


def visible(user) -> QuerySet:
    return ReadingList.objects.listed_for(user)


def by_topic(keys: Sequence[Any], user) -> QuerySet:
    filed = ReadingList.objects.filter(pk__in=keys, cover_topic__isnull=False)
    return tally_of(filed, TOPIC, "cover_topic__slug", "cover_topic__name", "pk")


def show(keys: Sequence[Any], user) -> Iterable[Hit]:
    for reading_list in _with_parts(keys, user):
        yield Hit(
            kind="list",
            key=reading_list.pk,
            title=reading_list.title,
            path=list_path(reading_list.pk, reading_list.slug),
            created_at=reading_list.created_at,
            about="reading list",
            authors=[str(reading_list.owner)],
            topics=[reading_list.cover_topic] if reading_list.cover_topic else [],
        )


def entries(keys: Sequence[Any], user):
    return [(each.pk, list_entry(each)) for each in _with_parts(keys, user)]


def _with_parts(keys: Sequence[Any], user) -> QuerySet:
    return visible(user).filter(pk__in=keys).select_related("owner", "cover_topic")


LISTS = SearchKind(
    name="list",
    one="reading list",
    many="reading lists",
    visible=visible,
    narrow={TOPIC: lambda lists, value, user: lists.filter(named(value, "cover_topic"))},
    tally={TOPIC: by_topic},
    show=show,
    entries=entries,
    newest_first=("-created_at", "pk"),
    scope="lists",
)
