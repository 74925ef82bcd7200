"""Lists and notes as entries of feeds."""

from collections.abc import Iterable
from typing import Any

from api.resources import absolute
from markup.feeds import Category, FeedEntry, Person
from readinglists.labels import labels_of
from readinglists.models import Item, Note, ReadingList
from readinglists.naming import list_path


def list_entry(reading_list: ReadingList) -> FeedEntry:
    topic = reading_list.cover_topic
    return FeedEntry(
        id=absolute(f"/api/v1/lists/{reading_list.pk}/"),
        url=absolute(list_path(reading_list.pk, reading_list.slug)),
        title=reading_list.title,
        updated=reading_list.updated_at,
        published=reading_list.created_at,
        content_html=reading_list.description_html,
        authors=[Person(str(reading_list.owner))],
        categories=[Category(topic.slug, topic.name)] if topic else [],
        rights=reading_list.notes_licence or "",
    )


def note_entries(notes: Iterable[Note], user: Any) -> list[FeedEntry]:
    """Of notes with their author, item and list."""
    notes = list(notes)
    labels = labels_of([note.item for note in notes], user)
    return [note_entry(note, labels[note.item_id]) for note in notes]


def note_entry(note: Note, label: str, page: str | None = None) -> FeedEntry:
    """`page` is the address of its list, if it is not the list's own."""
    reading_list = note.item.reading_list
    page = page or absolute(list_path(reading_list.pk, reading_list.slug))
    return FeedEntry(
        id=absolute(f"/api/v1/lists/{reading_list.pk}/notes/{note.pk}/"),
        url=f"{page}#{anchor_of(note.item)}",
        title=f"{author_of(note)} on {label}",
        updated=note.updated_at,
        published=note.created_at,
        content_html=note.html,
        authors=[Person(author_of(note))],
        rights=reading_list.notes_licence or "",
    )


def author_of(note: Note) -> str:
    """Whose words they are; who only brought them in is named beside."""
    return f"{note.credit} (brought in by {note.author})" if note.credit else str(note.author)


def anchor_of(item: Item) -> str:
    """Where on its list's page an item stands."""
    return f"item-{item.pk}"
