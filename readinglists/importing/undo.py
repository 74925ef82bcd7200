"""Taking back what an import made of lists; what somebody has worked on since stays, named."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from imports.models import ImportRow
from imports.undo import BuiltOn, register
from readinglists.editing.items import remove_items
from readinglists.editing.lists import remove_section, trash_list
from readinglists.editing.writing import locked
from readinglists.models import Item, ListEvent, ListSection, Note, ReadingList
from readinglists.rights import standing_of

TAKEN_BACK = "taken back"
_MAY_NOT = "you may no longer edit the list"


def register_all() -> None:
    register("list item", take_back_item, take_back_items)
    register("list section", take_back_section)
    register("list", take_back_list)


def take_back_item(row: ImportRow) -> None:
    for reason in take_back_items([row]).values():
        raise BuiltOn(reason)


def take_back_items(rows: Sequence[ImportRow]) -> dict[int, str]:
    """Why rows stay, by their ids."""
    stay: dict[int, str] = {}
    for pk in {row.effect["list"] for row in rows}:
        own = [row for row in rows if row.effect["list"] == pk]
        if not ReadingList.objects.filter(pk=pk).exists():
            continue
        with locked(UUID(pk)) as held:
            stay |= _take_back(held, own)
    return stay


def _take_back(held: ReadingList, rows: Sequence[ImportRow]) -> dict[int, str]:
    actor = rows[0].run.started_by
    if not standing_of(held, actor).may_edit:
        return {row.pk: _MAY_NOT for row in rows}
    items = Item.objects.filter(reading_list=held, deleted_at=None)
    there = {str(pk): item for pk, item in items.in_bulk([row.key for row in rows]).items()}
    noted = _noted_since(there, rows)
    stay = {
        row.pk: f"“{there[row.key]}” was moved, changed or annotated since"
        for row in rows
        if row.key in there and (there[row.key].version > 1 or row.key in noted)
    }
    free = [UUID(row.key) for row in rows if row.key in there and row.pk not in stay]
    if free:
        remove_items(held, actor, free, verb=TAKEN_BACK)
    return stay


def _noted_since(items: dict[str, Item], rows: Sequence[ImportRow]) -> set[str]:
    """Items with notes that the import did not bring, or that were edited."""
    brought = {pk for row in rows for pk in row.effect.get("notes", ())}
    notes = Note.objects.filter(item__in=list(items), deleted_at=None)
    told = notes.values_list("pk", "item", "version")
    return {str(item) for pk, item, version in told if str(pk) not in brought or version > 1}


def take_back_section(row: ImportRow) -> None:
    section = ListSection.objects.filter(pk=row.key, deleted_at=None).first()
    if section is None:
        return
    with locked(section.reading_list_id) as held:
        _require_right(held, row.run.started_by)
        section.refresh_from_db()
        holds = Item.objects.filter(section=section, deleted_at=None).exists()
        if holds or section.version > 1:
            raise BuiltOn(f"the section “{section}” is in use")
        remove_section(held, row.run.started_by, section.pk)


def take_back_list(row: ImportRow) -> None:
    """The list itself, last of all: into the trash, from where it can be brought back."""
    found = ReadingList.objects.filter(pk=row.key, deleted_at=None).first()
    if found is None:
        return
    _require_right(found, row.run.started_by)
    later = ListEvent.objects.filter(reading_list=found, version__gt=row.effect["version"])
    is_touched = later.exclude(verb__in=[TAKEN_BACK, "removed"]).exists()
    if is_touched or Item.objects.filter(reading_list=found, deleted_at=None).exists():
        raise BuiltOn(f"the list “{found}” is in use")
    trash_list(found.pk, row.run.started_by, found.version)


def _require_right(reading_list: ReadingList, user: Any) -> None:
    if not standing_of(reading_list, user).may_edit:
        raise BuiltOn(_MAY_NOT)
