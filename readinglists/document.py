"""A list as one document: all that a person may see of it, in order, in plain values.

Exports, revisions and copies are made of it. Places are no numbers here but the order itself, and
what stands on the list is named so that another instance finds it again.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from api.resources import grouped
from newsletter.models import Entry
from papers.models import Identifier, Paper
from prizes.models import Prize
from readinglists.models import Item, ListSection, ReadingList
from readinglists.rights import Standing, visible_notes

FORMAT = "shortlist/list"
FORMAT_VERSION = 1

type Document = dict[str, Any]


def document_of(reading_list: ReadingList, standing: Standing) -> Document:
    """In at most eight queries, whatever the list holds. Proposals are for members alone."""
    items = _standing_items(reading_list, standing)
    standing_sections = ListSection.objects.filter(reading_list=reading_list, deleted_at=None)
    sections = list(standing_sections.order_by("position"))
    notes = _notes(items, standing)
    papers, entries, prizes = _papers(items), _entries(items), _prizes(items)
    known = {section.pk for section in sections}
    shown = grouped(
        (
            item.section_id if item.section_id in known else None,
            {
                "id": str(item.pk),
                **_target(item, papers, entries, prizes),
                **({"is_proposed": True} if item.is_proposed else {}),
                "notes": notes.get(item.pk, []),
            },
        )
        for item in items
    )
    topic = reading_list.cover_topic
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "title": reading_list.title,
        "description": reading_list.description,
        "cover_topic": topic.slug if topic else None,
        "language": reading_list.language,
        "notes_licence": reading_list.notes_licence,
        "owner": str(reading_list.owner),
        "items": shown.get(None, []),
        "sections": [
            {
                "id": str(section.pk),
                "title": section.title,
                "prose": section.prose,
                "items": shown.get(section.pk, []),
            }
            for section in sections
        ],
    }


def _standing_items(reading_list: ReadingList, standing: Standing) -> list[Item]:
    items = Item.objects.filter(reading_list=reading_list, deleted_at=None)
    if not standing.is_member:
        items = items.filter(is_proposed=False)
    return list(items.order_by("position"))


def _notes(items: Iterable[Item], standing: Standing) -> Mapping[UUID, list[dict[str, Any]]]:
    notes = visible_notes(standing).filter(item__in=[item.pk for item in items])
    notes = notes.select_related("author").order_by("created_at", "pk")
    return grouped(
        (
            note.item_id,
            {
                "id": str(note.pk),
                "author": str(note.author),
                "audience": note.audience,
                "markdown": note.markdown,
                "created_at": note.created_at.isoformat(),
            },
        )
        for note in notes
    )


def _target(item: Item, papers: Any, entries: Any, prizes: Any) -> dict[str, Any]:
    own = {"title": item.title} if item.title else {}
    if item.paper_id:
        return {"paper": papers.get(item.paper_id), **own}
    if item.entry_id:
        return {"entry": entries.get(item.entry_id), **own}
    if item.prize_id:
        return {"prize": prizes.get(item.prize_id), **own}
    return {"url": item.url, **own}


def _papers(items: Iterable[Item]) -> dict[int, dict[str, Any]]:
    ids = [item.paper_id for item in items if item.paper_id]
    names = grouped(
        (paper, f"{scheme}:{value}")
        for paper, scheme, value in Identifier.objects.filter(paper__among=ids)
        .order_by("scheme", "value")
        .values_list("paper", "scheme", "value")
    )
    rows = Paper.objects.filter(pk__in=ids).values_list("pk", "citation_key", "title")
    return {
        pk: {"citation_key": key, "title": title, "identifiers": names.get(pk, [])}
        for pk, key, title in rows
    }


def _entries(items: Iterable[Item]) -> dict[int, dict[str, Any]]:
    ids = [item.entry_id for item in items if item.entry_id]
    rows = Entry.objects.filter(pk__in=ids).values_list("pk", "issue__slug", "anchor", "headline")
    return {
        pk: {"issue": slug, "anchor": anchor, "headline": headline}
        for pk, slug, anchor, headline in rows
    }


def _prizes(items: Iterable[Item]) -> dict[int, dict[str, Any]]:
    ids = [item.prize_id for item in items if item.prize_id]
    rows = Prize.objects.filter(pk__in=ids).values_list("pk", "slug", "name")
    return {pk: {"slug": slug, "name": name} for pk, slug, name in rows}
