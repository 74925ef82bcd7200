from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from api.filters import named
from newsletter.models import Entry
from papers.models import Paper
from prizes.models import Prize
from readinglists.feed_entries import anchor_of, author_of, note_entries
from readinglists.labels import label_of
from readinglists.models import Item, Note
from readinglists.naming import list_path
from readinglists.rights import listed_notes
from readinglists.searching import note_document
from search.kinds.columns import Columns, Values, listed, moment, person, topic
from search.kinds.kind import TOPIC, Hit, SearchKind, tally_of

_TOPIC = "item__reading_list__cover_topic"


def by_topic(keys: Sequence[Any], user) -> QuerySet:
    filed = Note.objects.filter(**{"pk__in": keys, f"{_TOPIC}__isnull": False})
    return tally_of(filed, TOPIC, f"{_TOPIC}__slug", f"{_TOPIC}__name", "pk")


def columns(user) -> Columns:
    return {
        **{name: name for name in ("html", "credit", "created_at")},
        "author": "author__username",
        "author_deleted_at": "author__deleted_at",
        "item": JSONObject(pk="item", title="item__title", url="item__url"),
        **{name: f"item__{name}" for name in ("paper", "entry", "prize")},
        "paper_name": _name(Paper.objects.visible_to(user), "paper", "title"),
        "entry_name": _name(Entry.objects.visible_to(user), "entry", "headline"),
        "prize_name": _name(Prize.objects.visible_to(user), "prize", "name"),
        "list": "item__reading_list",
        "list_slug": "item__reading_list__slug",
        "list_title": "item__reading_list__title",
        "topic_slug": f"{_TOPIC}__slug",
        "topic_name": f"{_TOPIC}__name",
    }


def _name(rows: QuerySet, kind: str, column: str) -> Subquery:
    return Subquery(rows.filter(pk=OuterRef(f"item__{kind}")).order_by().values(column)[:1])


def shown(key: UUID, values: Values) -> Hit:
    said = listed(values["item"])
    item = Item(pk=UUID(said["pk"]), title=said["title"], url=said["url"])
    things = [(values[name], values[f"{name}_name"]) for name in ("paper", "entry", "prize")]
    path = list_path(UUID(values["list"]), values["list_slug"])
    author = person(values["author"], values["author_deleted_at"])
    return Hit(
        kind="note",
        key=key,
        title=f"On {label_of(item, things)}",
        path=f"{path}#{anchor_of(item)}",
        created_at=moment(values["created_at"]),
        about="note",
        authors=[author_of(Note(credit=values["credit"], author=author))],
        place=values["list_title"],
        topics=topic(values["topic_slug"], values["topic_name"]),
        texts=note_document(key, values["html"]),
    )


def entries(keys: Sequence[Any], user):
    notes = list(_with_parts(keys, user))
    return zip([note.pk for note in notes], note_entries(notes, user), strict=True)


def _with_parts(keys: Sequence[Any], user) -> QuerySet:
    parts = ("author", "item__reading_list__owner", _TOPIC)
    return listed_notes(user).filter(pk__in=keys).select_related(*parts)


NOTES = SearchKind(
    name="note",
    one="note",
    many="notes",
    visible=listed_notes,
    narrow={TOPIC: lambda notes, value, user: notes.filter(named(value, _TOPIC))},
    tally={TOPIC: by_topic},
    columns=columns,
    shown=shown,
    entries=entries,
    newest_first=("-created_at", "pk"),
    scope="lists",
)
