"""Much at once into a list, behind what is there: what copies and imports do, as one event."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from readinglists.editing.items import MOST_ITEMS
from readinglists.editing.lists import MOST_SECTIONS
from readinglists.editing.outline import Outline
from readinglists.editing.places import at_the_end
from readinglists.editing.states import Patch, state_of
from readinglists.editing.writing import Refused, tell
from readinglists.models import Item, ListEvent, ListSection, Note, ReadingList
from readinglists.searching import index_notes

_AT_ONCE = 500


@dataclass(slots=True)
class Filling:
    """Rows to come, in their order, their texts rendered already; places are given to them."""

    sections: list[ListSection] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.sections or self.items)


def fill(reading_list: ReadingList, actor: Any, verb: str, filling: Filling) -> ListEvent | None:
    """Write them into a locked list. Undo takes sections and items away again; notes go with their
    items, and history holds none of their words: they are their authors' to take back."""
    if filling.is_empty:
        return None
    outline = Outline.of(reading_list)
    if len(outline.item_places) + len(filling.items) > MOST_ITEMS:
        raise Refused(f"A list has at most {MOST_ITEMS:,} items.", code="too_many")
    if len(outline.sections) + len(filling.sections) > MOST_SECTIONS:
        raise Refused(f"A list has at most {MOST_SECTIONS} sections.", code="too_many")
    _place(filling.sections, outline.section_places.values())
    _place(filling.items, outline.item_places.values())
    for row in (*filling.sections, *filling.items):
        row.reading_list = reading_list
    _save(filling)
    kinds: tuple[tuple[str, Sequence[Any]], ...] = (
        ("section", filling.sections),
        ("item", filling.items),
    )
    after: Patch = {
        kind: {str(row.pk): state_of(kind, row) for row in rows} for kind, rows in kinds if rows
    }
    before = {kind: dict.fromkeys(states) for kind, states in after.items()}
    return tell(reading_list, actor, verb, ("list", reading_list.pk), before, after)


def _place(rows: Sequence[Any], taken: Any) -> None:
    for row, place in zip(rows, at_the_end(taken, len(rows)), strict=True):
        row.position = place


def _save(filling: Filling) -> None:
    ListSection.objects.bulk_create(filling.sections, batch_size=_AT_ONCE)
    Item.objects.bulk_create(filling.items, batch_size=_AT_ONCE)
    said = {note.pk: note.created_at for note in filling.notes if note.created_at}
    Note.objects.bulk_create(filling.notes, batch_size=_AT_ONCE)
    if said:
        # When they were written is told with them; a new row has the time of its making.
        dated = [note for note in filling.notes if note.pk in said]
        for note in dated:
            note.created_at = said[note.pk]
        Note.objects.bulk_update(dated, ["created_at"], batch_size=_AT_ONCE)
    if filling.notes:
        index_notes([note.pk for note in filling.notes])
