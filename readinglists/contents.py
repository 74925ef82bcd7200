"""What stands on a list, in its order and a batch at a time: exports of any length read it so."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import batched
from typing import Any, Literal, NamedTuple
from uuid import UUID

from api.resources import grouped
from readinglists.models import Item, ListSection, Note, ReadingList
from readinglists.rights import Standing, visible_notes
from readinglists.targets import targets_of

AT_ONCE = 500


class Part(NamedTuple):
    """A section's heading, or an item; items without a section come before all headings."""

    kind: Literal["section", "item"]
    values: dict[str, Any]
    # By the id of a section or note, its text as it was rendered when it was saved, if at hand.
    html: Mapping[str, str] = {}


def parts_of(reading_list: ReadingList, standing: Standing) -> Iterator[Part]:
    """All that a person sees of a list. Proposals are for members alone."""
    sections = ListSection.objects.filter(reading_list=reading_list, deleted_at=None)
    headings = {section.pk: section for section in sections.order_by("position")}
    members = grouped(
        (section if section in headings else None, pk)
        for pk, section in _standing_items(reading_list, standing).values_list("pk", "section")
    )
    order = [pk for each in (None, *headings) for pk in (each, *members.get(each, ()))]
    for ids in batched(order[1:], AT_ONCE):  # behind the heading that is none
        parts = _items([pk for pk in ids if pk not in headings], reading_list, standing)
        for pk in ids:
            if pk in headings:
                yield _heading(headings[pk])
            elif pk in parts:
                yield parts[pk]


def _standing_items(reading_list: ReadingList, standing: Standing) -> Any:
    items = Item.objects.filter(reading_list=reading_list, deleted_at=None)
    if not standing.is_member:
        items = items.filter(is_proposed=False)
    return items.order_by("position")


def _heading(section: ListSection) -> Part:
    values = {"id": str(section.pk), "title": section.title, "prose": section.prose}
    return Part("section", values, {str(section.pk): section.prose_html})


def _items(ids: list[UUID], reading_list: ReadingList, standing: Standing) -> dict[UUID, Part]:
    # Asked for once more: what was taken away meanwhile is gone.
    found = _standing_items(reading_list, standing).in_bulk(ids) if ids else {}
    items = list(found.values())
    notes, targets = _notes(items, standing), targets_of(items, standing.user)
    return {item.pk: _item(item, targets[item.pk], notes.get(item.pk, ())) for item in items}


def _item(item: Item, target: Mapping[str, Any], said: Sequence[Note]) -> Part:
    proposed = {"is_proposed": True} if item.is_proposed else {}
    values = {"id": str(item.pk), **target, **proposed, "notes": list(map(_note, said))}
    return Part("item", values, {str(note.pk): note.html for note in said})


def _notes(items: Iterable[Item], standing: Standing) -> Mapping[UUID, list[Note]]:
    notes = visible_notes(standing).filter(item__in=[item.pk for item in items])
    notes = notes.select_related("author").order_by("created_at", "pk")
    return grouped((note.item_id, note) for note in notes)


def _note(note: Note) -> dict[str, Any]:
    # Words that somebody only brought in are told neither as theirs nor without them.
    said_by: dict[str, str] = {"author": str(note.author)}
    if note.credit:
        said_by = {"author": note.credit, "brought_in_by": str(note.author)}
    return {
        "id": str(note.pk),
        **said_by,
        "audience": note.audience,
        "markdown": note.markdown,
        "created_at": note.created_at.isoformat(),
    }
