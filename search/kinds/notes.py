from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet

from api.filters import named
from readinglists.feed_entries import anchor_of, author_of, note_entries
from readinglists.labels import labels_of
from readinglists.models import Note
from readinglists.naming import list_path
from readinglists.rights import listed_notes
from search.kinds.kind import TOPIC, Hit, SearchKind, tally_of

_TOPIC = "item__reading_list__cover_topic"


def by_topic(keys: Sequence[Any], user) -> QuerySet:
    filed = Note.objects.filter(**{"pk__in": keys, f"{_TOPIC}__isnull": False})
    return tally_of(filed, TOPIC, f"{_TOPIC}__slug", f"{_TOPIC}__name", "pk")


def show(keys: Sequence[Any], user) -> Iterable[Hit]:
    notes = list(_with_parts(keys, user))
    labels = labels_of([note.item for note in notes], user)
    for note in notes:
        reading_list = note.item.reading_list
        yield Hit(
            kind="note",
            key=note.pk,
            title=f"On {labels[note.item_id]}",
            path=f"{list_path(reading_list.pk, reading_list.slug)}#{anchor_of(note.item)}",
            created_at=note.created_at,
            about="note",
            authors=[author_of(note)],
            place=reading_list.title,
            topics=[reading_list.cover_topic] if reading_list.cover_topic else [],
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
    show=show,
    entries=entries,
    newest_first=("-created_at", "pk"),
    scope="lists",
)
