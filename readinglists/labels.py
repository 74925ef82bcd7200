"""What the things on lists are called, for one person."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from newsletter.models import Entry
from papers.models import Paper
from prizes.models import Prize
from readinglists.models import Item

# Says nothing of what it was.
GONE = "No longer available"


def labels_of(items: Iterable[Item], user: Any) -> dict[UUID, str]:
    """In three queries, whatever the items; what somebody may not see has no name for them."""
    items = list(items)
    papers = _names(Paper.objects.visible_to(user), "title", {item.paper_id for item in items})
    entries = _names(Entry.objects.visible_to(user), "headline", {item.entry_id for item in items})
    prizes = _names(Prize.objects.visible_to(user), "name", {item.prize_id for item in items})
    return {
        item.pk: label_of(
            item,
            [
                (item.paper_id, papers.get(item.paper_id)),
                (item.entry_id, entries.get(item.entry_id)),
                (item.prize_id, prizes.get(item.prize_id)),
            ],
        )
        for item in items
    }


def _names(rows: QuerySet, column: str, ids: set[int | None]) -> dict[int | None, str]:
    wanted = [pk for pk in ids if pk is not None]
    return dict(rows.filter(pk__in=wanted).values_list("pk", column)) if wanted else {}


def label_of(item: Item, things: Iterable[tuple[int | None, str | None]]) -> str:
    """`things` are what the item may lead to, one of them, with its name if that may be seen."""
    for pk, name in things:
        if pk is not None:
            return GONE if name is None else item.title or name
    return item.title or item.url or GONE
