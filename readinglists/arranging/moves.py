"""Orders of a list, and what moving something makes of them. Nothing here knows a database.

An order names each section and item once: first the items in no section, then each section with
its own.
"""

import json
from collections.abc import Iterable, Sequence
from uuid import UUID

from readinglists.editing.outline import Outline, SectionId
from readinglists.editing.writing import Refused

type Order = list[tuple[SectionId, list[UUID]]]
# Of a list of as many items and sections as there may be.
LONGEST_SENT = 600_000


def order_of(outline: Outline) -> Order:
    return [(section, list(outline.items[section])) for section in (None, *outline.sections)]


def place_of(order: Order, item: UUID) -> tuple[SectionId, int]:
    for section, items in order:
        if item in items:
            return section, items.index(item)
    raise Refused("It is not on this list any more.", code="gone")


def stepped(order: Order, item: UUID, step: int) -> Order:
    """An item one place up (-1) or down (1): at the edge of its section into the next one."""
    section, at = place_of(order, item)
    names = [name for name, _ in order]
    there = dict(order)
    to = at + step
    if not 0 <= to < len(there[section]):
        neighbour = names.index(section) + step
        if not 0 <= neighbour < len(names):
            return order
        section = names[neighbour]
        to = len(there[section]) if step < 0 else 0
    return gathered(order, [item], section, to)


def gathered(
    order: Order, items: Sequence[UUID], section: SectionId, at: int | None = None
) -> Order:
    """Items brought together, as they stand to each other, at a place of a section (0 is the
    first) or at its end."""
    chosen = set(items)
    sequence = [item for _, each in order for item in each if item in chosen]
    if missing := chosen - set(sequence):
        message = "Some of it is" if len(missing) > 1 else "It is"
        raise Refused(f"{message} not on this list any more.", code="gone")
    left = [(name, [item for item in each if item not in chosen]) for name, each in order]
    if section not in dict(left):
        raise Refused("There is no such section on this list.", field="section", code="unknown")
    there = dict(left)[section]
    at = len(there) if at is None else max(0, min(at, len(there)))
    there[at:at] = sequence
    return left


def section_stepped(order: Order, section: UUID, step: int) -> int:
    """The place among the sections that one comes to by a step up or down."""
    names = [name for name, _ in order if name is not None]
    if section not in names:
        raise Refused("This section is not on the list any more.", code="gone")
    return max(0, min(names.index(section) + step, len(names) - 1))


def read_order(text: str) -> Order:
    """As a page sends it: `[[null, [items]], [section, [items]], …]`."""
    try:
        sent = json.loads(text)
        if not isinstance(sent, list):
            raise TypeError
        order = [
            (None if section is None else UUID(section), [UUID(item) for item in items])
            for section, items in sent
        ]
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise Refused("That is no order of a list.", code="invalid") from None
    if not order or order[0][0] is not None:
        order.insert(0, (None, []))
    return order


def written_order(order: Order) -> str:
    """As `read_order` reads it."""
    plain = [
        [str(section) if section else None, [str(item) for item in items]]
        for section, items in order
    ]
    return json.dumps(plain, separators=(",", ":"))


def merged(mine: Order, standing: Order) -> Order:
    """An order that came too late, over what stands now: what is gone is left out, and what has
    come since stands behind what it stands behind there, or first."""
    known = {item for _, items in standing for item in items}
    names = _behind(
        _once(name for name, _ in mine if name is not None), [n for n, _ in standing if n]
    )
    held: dict[SectionId, list[UUID]] = {None: [], **{name: [] for name in names}}
    seen: set[UUID] = set()
    for name, items in mine:
        # What stood in a section that is gone by now stands before all sections.
        into = held[name if name in held else None]
        for item in items:
            if item in known and item not in seen:
                seen.add(item)
                into.append(item)
    where = {item: name for name, items in held.items() for item in items}
    for name, items in standing:
        before: UUID | None = None
        for item in items:
            if item not in where:
                where[item] = where[before] if before else name
                there = held[where[item]]
                there.insert(there.index(before) + 1 if before else 0, item)
            before = item
    return list(held.items())


def _once(names: Iterable[UUID]) -> list[UUID]:
    return list(dict.fromkeys(names))


def _behind(mine: list[UUID], standing: Sequence[UUID]) -> list[UUID]:
    """Names of both that stand: in one's own order, new ones behind what they stand behind."""
    names = [name for name in mine if name in standing]
    before: UUID | None = None
    for name in standing:
        if name not in names:
            names.insert(names.index(before) + 1 if before else 0, name)
        before = name
    return names
