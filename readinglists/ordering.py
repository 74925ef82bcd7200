"""The order of a list: told, read, and what it can be sorted by."""

from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from newsletter.models import Entry
from papers.models import Authorship, Paper
from prizes.models import Prize
from readinglists.editing.outline import SectionId
from readinglists.item_rows import shown_of
from readinglists.models import Item, ReadingList

type By = Literal["date", "title", "author"]
type Order = list[tuple[SectionId, list[UUID]]]

SORTED_BY: tuple[By, ...] = ("date", "title", "author")


def sort_keys(
    reading_list: ReadingList, by: str, user: Any, *, descending: bool = False
) -> dict[UUID, int]:
    """By item its rank for `sort_items`; items of which it is not known are left out. What this
    person may not see has no key: its place would tell of it."""
    items = Item.objects.filter(reading_list=reading_list, deleted_at=None)
    keys = _KEYS[by](items, user)
    ranks = {key: rank for rank, key in enumerate(sorted(set(keys.values())))}
    return {pk: -ranks[key] if descending else ranks[key] for pk, key in keys.items()}


def _titles(items: QuerySet[Item], user: Any) -> dict[UUID, Any]:
    rows = items.values_list("pk", "title", "url", "paper", "entry", "prize")
    kinds = ("paper", "entry", "prize")
    named = {
        pk: next(((kind, value) for kind, value in zip(kinds, ids, strict=True) if value), None)
        for pk, _, _, *ids in rows
    }
    shown = shown_of({target for target in named.values() if target}, user)
    keys = {}
    for pk, title, url, *_ in rows:
        target = named[pk]
        if target is None:
            keys[pk] = (title or url or "").casefold()
        elif target in shown:
            keys[pk] = (title or shown[target][0]).casefold()
    return keys


def _dates(items: QuerySet[Item], user: Any) -> dict[UUID, Any]:
    """When papers and entries appeared; `published_order` has what is known of a paper's day."""
    papers = Paper.objects.visible_to(user).filter(published_year__isnull=False)
    entries = Entry.objects.visible_to(user).filter(issue__published_at__isnull=False)
    keys = dict(_of_papers(items, papers.values("published_order")))
    issued = entries.filter(pk=OuterRef("entry")).values("issue__published_at")[:1]
    for pk, moment in (
        items.filter(entry__isnull=False).annotate(key=Subquery(issued)).values_list("pk", "key")
    ):
        if moment is not None:
            keys[pk] = moment.year * 10_000 + moment.month * 100 + moment.day
    return keys


def _authors(items: QuerySet[Item], user: Any) -> dict[UUID, Any]:
    """The last name of the first author; of a prize, who runs it."""
    first = Authorship.objects.filter(paper=OuterRef("pk")).order_by("position")
    papers = Paper.objects.visible_to(user).annotate(first=first.values("name_as_printed")[:1])
    keys = {
        pk: (name.split()[-1].casefold(), name.casefold())
        for pk, name in _of_papers(items, papers.values("first"))
        if name.strip()
    }
    run = Prize.objects.visible_to(user).filter(pk=OuterRef("prize")).values("organiser")[:1]
    prizes = items.filter(prize__isnull=False).annotate(key=Coalesce(Subquery(run), Value("")))
    for pk, name in prizes.values_list("pk", "key"):
        if name.strip():
            keys[pk] = (name.casefold(), name.casefold())
    return keys


def _of_papers(items: QuerySet[Item], values: QuerySet) -> list[tuple[UUID, Any]]:
    own = Subquery(values.filter(pk=OuterRef("paper"))[:1])
    rows = items.filter(paper__isnull=False).annotate(key=own)
    return [(pk, key) for pk, key in rows.values_list("pk", "key") if key is not None]


_KEYS: Mapping[str, Any] = {"date": _dates, "title": _titles, "author": _authors}
