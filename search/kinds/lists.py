from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from api.filters import named
from readinglists.feed_entries import list_entry
from readinglists.models import ListSection, ReadingList
from readinglists.naming import list_path
from readinglists.searching import list_document
from search.kinds.columns import Columns, Values, moment, parts, person, related, topic
from search.kinds.kind import TOPIC, Hit, SearchKind, tally_of


def visible(user) -> QuerySet:
    return ReadingList.objects.listed_for(user)


def by_topic(keys: Sequence[Any], user) -> QuerySet:
    filed = ReadingList.objects.filter(pk__in=keys, cover_topic__isnull=False)
    return tally_of(filed, TOPIC, "cover_topic__slug", "cover_topic__name", "pk")


def columns() -> Columns:
    sections = ListSection.objects.filter(deleted_at=None)
    return {
        **{name: name for name in ("title", "slug", "description_html", "created_at")},
        "owner": "owner__username",
        "owner_deleted_at": "owner__deleted_at",
        "topic_slug": "cover_topic__slug",
        "topic_name": "cover_topic__name",
        "sections": related(sections, "reading_list", "position", "title", "prose_html"),
    }


def shown(key: UUID, values: Values) -> Hit:
    said = [part[1:] for part in parts(values["sections"])]
    return Hit(
        kind="list",
        key=key,
        title=values["title"],
        path=list_path(key, values["slug"]),
        created_at=moment(values["created_at"]),
        about="reading list",
        authors=[str(person(values["owner"], values["owner_deleted_at"]))],
        topics=topic(values["topic_slug"], values["topic_name"]),
        texts=list_document(key, values["title"], values["description_html"], said),
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
    columns=columns(),
    shown=shown,
    entries=entries,
    newest_first=("-created_at", "pk"),
    scope="lists",
)
