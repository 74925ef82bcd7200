"""Items of a list: added one or many at a time, changed, moved, sorted, trashed, proposed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4, uuid5

from readinglists.editing.outline import Outline, SectionId
from readinglists.editing.places import FIRST, GAP, between, in_order, spread
from readinglists.editing.states import State
from readinglists.editing.writing import Refused, sent_before, write
from readinglists.models import Item, ListEvent, ReadingList

MOST_ITEMS = 10_000


@dataclass(frozen=True, slots=True)
class Target:
    """What an item is: exactly one of a paper, an entry, a prize (by id) or a clean address."""

    paper: int | None = None
    entry: int | None = None
    prize: int | None = None
    url: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """An item to come, at the end of a section or at a place in it (0 is the first); `pk` is the id
    it is to have, where whoever asks for it knows that already."""

    target: Target
    section: SectionId = None
    at: int | None = None
    pk: UUID | None = None


def add_items(
    reading_list: ReadingList,
    actor: Any,
    targets: Sequence[Target],
    *,
    section: SectionId = None,
    at: int | None = None,
    is_proposed: bool = False,
    pk: UUID | None = None,
) -> list[UUID]:
    """Items for all targets, in their order, at the end of a section or from a place in it on.
    With an id that has come before nothing is added: the ids are those of then."""
    made = _ids(pk or uuid4(), len(targets))
    if made and sent_before(Item, made[0], reading_list=reading_list, added_by=actor):
        return made
    placed = [
        Placed(target, section, None if at is None else at + number, item)
        for number, (item, target) in enumerate(zip(made, targets, strict=True))
    ]
    return put_items(reading_list, actor, placed, is_proposed=is_proposed)


def put_items(
    reading_list: ReadingList, actor: Any, placed: Sequence[Placed], *, is_proposed: bool = False
) -> list[UUID]:
    """Items, each where it is to stand when those before it are there; as one event."""
    outline = Outline.of(reading_list)
    if len(outline.item_places) + len(placed) > MOST_ITEMS:
        raise Refused(f"A list has at most {MOST_ITEMS:,} items.", code="too_many")
    made = [each.pk or uuid4() for each in placed]
    states: dict[str, State | None] = {}
    place = _Placing(outline)
    for pk, each in zip(made, placed, strict=True):
        place.put(pk, each.section, each.at)
        states[str(pk)] = {
            "section_id": _text(each.section),
            "position": outline.item_places[pk],
            "paper_id": each.target.paper,
            "entry_id": each.target.entry,
            "prize_id": each.target.prize,
            "url": each.target.url,
            "title": each.target.title,
            "is_proposed": is_proposed,
            "added_by_id": actor.pk,
        }
    if place.is_crowded:
        for item, position in spread(outline.sequence).items():
            states[str(item)] = {**(states.get(str(item)) or {}), "position": position}
    verb = "proposed" if is_proposed else "added"
    subject = ("item", made[0]) if len(made) == 1 else ("list", reading_list.pk)
    write(reading_list, actor, verb, {"item": states}, subject=subject)
    return made


def _ids(first: UUID, count: int) -> list[UUID]:
    """As many ids, the same each time."""
    return [first, *(uuid5(first, str(number)) for number in range(1, count))][:count]


class _Placing:
    """Finds places in an outline for items to come, moving none that stand if it can."""

    def __init__(self, outline: Outline) -> None:
        self.outline = outline
        self.taken = set(outline.item_places.values())
        self.last = max(self.taken, default=FIRST - GAP)
        self.is_crowded = False

    def put(self, pk: UUID, section: SectionId, at: int | None) -> None:
        if section not in self.outline.items:
            raise Refused("There is no such section on this list.", field="section", code="unknown")
        there, places = self.outline.items[section], self.outline.item_places
        at = len(there) if at is None else max(0, min(at, len(there)))
        place = None
        if at < len(there):
            before = places[there[at - 1]] if at else None
            place = between(before, places[there[at]], self.taken)
            self.is_crowded |= place is None
        if place is None:
            place = self.last + GAP
        places[pk] = place
        self.last = max(self.last, place)
        self.taken.add(place)
        there.insert(at, pk)


def change_item(reading_list: ReadingList, actor: Any, item: UUID, **fields: Any) -> Any:
    return write(reading_list, actor, "changed", {"item": {str(item): fields}})


def move_item(
    reading_list: ReadingList, actor: Any, item: UUID, section: SectionId, at: int | None = None
) -> ListEvent | None:
    """To the end of a section, or to a place in it (0 is the first)."""
    outline = Outline.of(reading_list)
    if section not in outline.items:
        raise Refused("There is no such section on this list.", field="section", code="unknown")
    others = [pk for pk in outline.items[section] if pk != item]
    at = len(others) if at is None else max(0, min(at, len(others)))
    if outline.items[section][at : at + 1] == [item]:
        return None
    before = outline.item_places[others[at - 1]] if at else None
    after = outline.item_places[others[at]] if at < len(others) else None
    place = between(before, after, set(outline.item_places.values()))
    states: dict[str, State | None] = {str(item): {"section_id": _text(section)}}
    if place is None:
        outline.items[outline.section_of(item)].remove(item)
        outline.items[section].insert(at, item)
        for pk, each in spread(outline.sequence).items():
            states[str(pk)] = {**(states.get(str(pk)) or {}), "position": each}
    else:
        states[str(item)] = {"section_id": _text(section), "position": place}
    return write(reading_list, actor, "moved", {"item": states}, subject=("item", item))


def reorder(
    reading_list: ReadingList,
    actor: Any,
    order: Sequence[tuple[SectionId, Sequence[UUID]]],
    *,
    verb: str = "reordered",
) -> ListEvent | None:
    """The whole list in a new order, sections and items; Refused unless each is named once."""
    outline = Outline.of(reading_list)
    sections = [section for section, _ in order if section is not None]
    sequence = [item for _, items in order for item in items]
    _require_all(sections, outline.sections, "sections")
    _require_all(sequence, list(outline.item_places), "items")
    if order and None in [s for s, _ in order[1:]]:
        raise Refused("What stands in no section comes first.", field="sections")
    states: dict[str, State | None] = {}
    for section, items in order:
        for item in items:
            states[str(item)] = {"section_id": _text(section)}
    for item, place in in_order(sequence, outline.item_places).items():
        states[str(item)] = {**(states[str(item)] or {}), "position": place}
    moved = in_order(sections, outline.section_places)
    parts: dict[str, State | None] = {str(pk): {"position": place} for pk, place in moved.items()}
    after = {"section": parts, "item": states}
    return write(reading_list, actor, verb, after, subject=("list", reading_list.pk))


def sort_items(reading_list: ReadingList, actor: Any, keys: Mapping[UUID, Any]) -> ListEvent | None:
    """Sort once, within each section; what has no key keeps its order, last. Undo brings the
    chosen order back."""
    outline = Outline.of(reading_list)

    def known_first(item: UUID) -> tuple[Any, ...]:
        return (1,) if keys.get(item) is None else (0, keys[item])

    order = [(section, sorted(items, key=known_first)) for section, items in outline.items.items()]
    return reorder(reading_list, actor, order, verb="sorted")


def remove_items(
    reading_list: ReadingList, actor: Any, items: Sequence[UUID], *, verb: str = "removed"
) -> ListEvent | None:
    """Into the list's trash, with their notes; undo brings them back where they stood."""
    return write(reading_list, actor, verb, {"item": {str(item): None for item in items}})


def accept(reading_list: ReadingList, actor: Any, item: UUID) -> ListEvent | None:
    """An editor's yes to what a contributor proposed."""
    after = {"item": {str(item): {"is_proposed": False}}}
    return write(reading_list, actor, "accepted", after)


def _require_all(named: Sequence[UUID], there: Sequence[UUID], what: str) -> None:
    if len(set(named)) != len(named):
        raise Refused(f"Some {what} are named twice.", field=what, code="duplicate")
    if foreign := set(named) - set(there):
        listed = ", ".join(sorted(map(str, foreign))[:5])
        raise Refused(f"Not {what} of this list: {listed}.", field=what, code="unknown")
    if missing := set(there) - set(named):
        listed = ", ".join(sorted(map(str, missing))[:5])
        raise Refused(f"Some {what} are missing: {listed}.", field=what, code="missing")


def _text(section: SectionId) -> str | None:
    return str(section) if section else None


def standing_item(reading_list: ReadingList, item: UUID) -> Item:
    return Item.objects.get(reading_list=reading_list, pk=item, deleted_at=None)
