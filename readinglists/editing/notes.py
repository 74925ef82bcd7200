"""Notes: one person's words on an item, for themselves, the members or whoever sees the list.

A private note never touches the list: not its version, its history or its time of change.
"""

from typing import Any
from uuid import UUID, uuid4

from django.db.models import F
from django.utils import timezone

from readinglists.editing.states import State
from readinglists.editing.writing import Refused, rendered, sent_before, write
from readinglists.models import Audience, Item, Note, ReadingList
from readinglists.searching import index_notes

MOST_NOTES = 50  # of one person on one item


def add_note(
    reading_list: ReadingList,
    author: Any,
    item: Item,
    markdown: str,
    audience: str,
    *,
    pk: UUID | None = None,
) -> Note:
    """A new note; the one that is there already if its id has come before."""
    pk = pk or uuid4()
    if sent_before(Note, pk, item=item, author=author):
        return Note.objects.get(pk=pk)
    own = Note.objects.filter(item=item, author=author, deleted_at=None)
    if own.count() >= MOST_NOTES:
        raise Refused(f"At most {MOST_NOTES} notes of one person on an item.", code="too_many")
    if audience == Audience.PRIVATE:
        html = rendered(markdown)
        note = Note.objects.create(
            id=pk, item=item, author=author, audience=audience, markdown=markdown, html=html
        )
        index_notes([pk])
        return note
    state = _state(Note(item=item, author=author), markdown, audience)
    write(reading_list, author, "noted", {"note": {str(pk): state}}, audience=audience)
    return Note.objects.get(pk=pk)


def change_note(
    reading_list: ReadingList,
    actor: Any,
    note: Note,
    *,
    markdown: str | None = None,
    audience: str | None = None,
) -> Note:
    """Set a note's text, its audience, or both. To the list, a note made private is gone, and one
    made public is new."""
    markdown = note.markdown if markdown is None else markdown
    audience = note.audience if audience is None else audience
    if audience != Audience.PRIVATE:
        state = _state(note, markdown, audience)
        write(reading_list, actor, "noted", {"note": {str(note.pk): state}}, audience=audience)
    else:
        if note.audience != Audience.PRIVATE:
            _leave(reading_list, actor, note, "made private")
        Note.objects.filter(pk=note.pk).update(
            markdown=markdown,
            html=rendered(markdown),
            audience=audience,
            deleted_at=None,
            version=F("version") + 1,
            updated_at=timezone.now(),
        )
        index_notes([note.pk])
    note.refresh_from_db()
    return note


def remove_note(reading_list: ReadingList, actor: Any, note: Note) -> None:
    if note.audience == Audience.PRIVATE:
        Note.objects.filter(pk=note.pk).update(deleted_at=timezone.now())
        index_notes([note.pk])
        return
    _leave(reading_list, actor, note, "removed")


def _leave(reading_list: ReadingList, actor: Any, note: Note, verb: str) -> None:
    write(reading_list, actor, verb, {"note": {str(note.pk): None}}, audience=note.audience)


def _state(note: Note, markdown: str, audience: str) -> State:
    return {
        "item_id": str(note.item_id),
        "author_id": note.author_id,
        "audience": audience,
        "markdown": markdown,
    }
