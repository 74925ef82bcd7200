"""Notes saved under the list's lock, where rights are looked at once more."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from readinglists.access import Access
from readinglists.editing import notes
from readinglists.editing.writing import locked, rendered, require_version
from readinglists.models import Audience, Item, Note, ReadingList
from readinglists.rights import Standing, standing_of, visible_notes
from readinglists.sharing.links import working_links
from readinglists.voices import may_remove, may_write_any


@contextmanager
def held(access: Access) -> Iterator[tuple[ReadingList, Standing]]:
    """The list, and what the visitor is to it by now."""
    with locked(access.reading_list.pk) as reading_list:
        if reading_list.deleted_at is not None:
            raise Http404
        standing = standing_of(reading_list, access.standing.user, access.standing.link)
        if not _may_see(access, reading_list, standing):
            raise Http404
        yield reading_list, standing


def _may_see(access: Access, reading_list: ReadingList, standing: Standing) -> bool:
    if access.standing.link is not None:
        return working_links().filter(pk=access.standing.link.pk).exists()
    lists = ReadingList.objects.visible_to(standing.user)
    return standing.is_member or lists.filter(pk=reading_list.pk).exists()


def item_here(reading_list: ReadingList, standing: Standing, pk: UUID) -> Item:
    """An item that stands on the list, for whoever sees it there."""
    item = Item.objects.filter(reading_list=reading_list, pk=pk, deleted_at=None).first()
    if item is None or (item.is_proposed and not standing.is_member):
        raise Http404
    return item


def notes_here(reading_list: ReadingList) -> QuerySet[Note]:
    notes = Note.objects.select_related("item", "author")
    return notes.filter(item__reading_list=reading_list, item__deleted_at=None)


def note_here(reading_list: ReadingList, standing: Standing, pk: UUID) -> Note:
    """A note that somebody may read."""
    seen = visible_notes(standing).filter(pk=pk)
    note = notes_here(reading_list).filter(pk__in=seen.values("pk")).first()
    if note is None or (note.item.is_proposed and not standing.is_member):
        raise Http404
    return note


def own_note(reading_list: ReadingList, standing: Standing, pk: UUID) -> Note:
    """One's own note; of others' one only learns that they are not to be changed."""
    note = note_here(reading_list, standing, pk)
    if note.author_id != standing.user.pk:
        raise PermissionDenied
    return note


def require_audience(standing: Standing, audience: str) -> None:
    if not may_write_any(standing) or (audience != Audience.PRIVATE and not standing.may_note):
        raise PermissionDenied


def add(access: Access, item: UUID, markdown: str, audience: str, pk: UUID) -> Note:
    rendered(markdown)
    with held(access) as (reading_list, standing):
        require_audience(standing, audience)
        thing = item_here(reading_list, standing, item)
        return notes.add_note(reading_list, standing.user, thing, markdown, audience, pk=pk)


def change(access: Access, pk: UUID, based_on: int, **fields: str) -> Note:
    rendered(fields.get("markdown", ""))
    with held(access) as (reading_list, standing):
        note = own_note(reading_list, standing, pk)
        require_version(note, based_on)
        require_audience(standing, fields.get("audience", note.audience))
        return notes.change_note(reading_list, standing.user, note, **fields)


def remove(access: Access, pk: UUID) -> Note:
    with held(access) as (reading_list, standing):
        note = note_here(reading_list, standing, pk)
        if not may_remove(note, standing):
            raise PermissionDenied
        notes.remove_note(reading_list, standing.user, note)
        return note


def bring_back(access: Access, pk: UUID) -> Note:
    """Undo of one's own removal."""
    with held(access) as (reading_list, standing):
        removed = notes_here(reading_list).exclude(deleted_at=None)
        note = removed.filter(author=standing.user, pk=pk).first()
        if note is None:
            raise Http404
        require_audience(standing, note.audience)
        return notes.change_note(reading_list, standing.user, note)
