"""A list in its order, with what everything is called: what is shown where things are moved."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from readinglists.arranging.moves import Order, order_of
from readinglists.editing.outline import Outline, SectionId
from readinglists.item_rows import TARGETS, shown_of
from readinglists.models import Item, ListSection, ReadingList

UNAVAILABLE = "No longer available"


@dataclass(frozen=True, slots=True)
class Line:
    """One item; without a title for whoever may not see what it is."""

    pk: UUID
    title: str
    path: str
    is_proposed: bool


@dataclass(slots=True)
class Block:
    """A section, or what stands before all of them."""

    pk: SectionId
    title: str
    lines: list[Line] = field(default_factory=list)


def arranged(reading_list: ReadingList, user: Any, order: Order | None = None) -> list[Block]:
    """In the order that stands, or in another of the same; in four queries."""
    order = order or order_of(Outline.of(reading_list))
    sections = dict(
        ListSection.objects.filter(reading_list=reading_list, deleted_at=None).values_list(
            "pk", "title"
        )
    )
    items = Item.objects.filter(reading_list=reading_list, deleted_at=None)
    lines = {line.pk: line for line in lines_of(items.order_by("position", "pk"), user)}
    return [
        Block(name, sections[name] if name else "", [lines[pk] for pk in pks if pk in lines])
        for name, pks in order
        if name is None or name in sections
    ]


def lines_of(items: Any, user: Any) -> list[Line]:
    columns = ("pk", *TARGETS, "url", "title", "is_proposed")
    rows = list(items.values(*columns))
    shown = shown_of({(kind, row[kind]) for row in rows for kind in TARGETS if row[kind]}, user)
    return [_line(row, shown) for row in rows]


def _line(row: dict[str, Any], shown: dict[tuple[str, int], tuple[str, str]]) -> Line:
    title, path = row["title"] or row["url"] or "", ""
    for kind in TARGETS:
        if row[kind]:
            known = shown.get((kind, row[kind]))
            # A title somebody gave it would still tell what it was.
            title, path = (row["title"] or known[0], known[1]) if known else ("", "")
    return Line(row["pk"], title or UNAVAILABLE, path, row["is_proposed"])


def choices_of(blocks: list[Block]) -> list[tuple[str, str]]:
    """The sections, as a form offers them."""
    return [(str(block.pk), block.title) for block in blocks if block.pk is not None]
