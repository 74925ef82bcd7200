"""Items of a list as the API shows them, with the notes that the caller may read."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, F, IntegerField, Q, QuerySet, UUIDField, Value, When
from django.db.models.functions import Cast

from api.resources import absolute, grouped
from newsletter.models import Entry
from papers.models import Paper
from papers.models.works import paper_path
from prizes.models import Prize
from readinglists.models import Item, Note, ReadingList
from readinglists.rights import Standing, visible_notes

ITEM_COLUMNS = (
    *("id", "version", "reading_list", "shown_section", "section_place", "position"),
    *("paper", "entry", "prize", "url", "title", "is_proposed", "added_at"),
    *("added_by__username", "added_by__deleted_at"),
)
# What stands in no section, or in one that is in the trash, comes before all sections.
BEFORE_ALL = -1

TARGETS = ("paper", "entry", "prize")

type Target = tuple[str, int]  # kind and id
type Shown = tuple[str, str]  # title and path


def standing_items(reading_list: ReadingList, standing: Standing) -> QuerySet[Item]:
    """Items that somebody of this standing sees, each with the place of its section."""
    items = Item.objects.filter(reading_list=reading_list, deleted_at=None)
    if not standing.is_member:
        items = items.filter(is_proposed=False)
    stands = Q(section__isnull=False, section__deleted_at=None)
    return items.annotate(
        shown_section=Case(When(stands, then=F("section_id")), output_field=UUIDField()),
        section_place=Case(
            When(stands, then=F("section__position")),
            default=BEFORE_ALL,
            output_field=IntegerField(),
        ),
    )


def item_rows(
    rows: Sequence[Mapping[str, Any]], reading_list: ReadingList, standing: Standing
) -> list[dict[str, Any]]:
    """From values of ITEM_COLUMNS, in three queries more."""
    if not rows:
        return []
    places = places_in(reading_list, standing)
    shown = titles_of(rows, standing.user)
    notes = notes_on([row["id"] for row in rows], standing)
    return [
        _item_row(row, shown, places.get(row["id"], 0), notes.get(row["id"], [])) for row in rows
    ]


def places_in(reading_list: ReadingList, standing: Standing) -> dict[UUID, int]:
    """By item its place in its section (or before all sections), counted from 1."""
    items = standing_items(reading_list, standing).order_by("section_place", "position", "pk")
    places: dict[UUID, int] = {}
    section, place = None, 0
    for pk, of_section in items.values_list("pk", "section_place"):
        place = place + 1 if of_section == section else 1
        section = of_section
        places[pk] = place
    return places


def _item_row(
    row: Mapping[str, Any],
    shown: Mapping[Target, Shown],
    place: int,
    notes: list[dict[str, Any]],
) -> dict[str, Any]:
    kind = next((each for each in TARGETS if row[each]), "url")
    known = shown.get((kind, row[kind])) if kind != "url" else None
    # Of what one may not see nothing is told: not even by the title somebody gave it.
    is_there = kind == "url" or known is not None
    title = row["title"] or (known[0] if known else None)
    return {
        "id": str(row["id"]),
        "version": row["version"],
        "list": str(row["reading_list"]),
        "section": str(row["shown_section"]) if row["shown_section"] else None,
        "position": place,
        "kind": kind,
        "is_available": is_there,
        **{each: row[each] if is_there else None for each in TARGETS},
        "url": row["url"],
        "title": title if is_there else None,
        "web_url": absolute(known[1]) if known else None,
        "is_proposed": row["is_proposed"],
        "added_by": None if row["added_by__deleted_at"] else row["added_by__username"],
        "added_at": row["added_at"],
        "notes": notes,
    }


def titles_of(rows: Iterable[Mapping[str, Any]], user: Any) -> dict[Target, Shown]:
    """Of what these items are; rows as `item_rows` takes them."""
    return shown_of({(kind, row[kind]) for row in rows for kind in TARGETS if row[kind]}, user)


def shown_of(named: Iterable[Target], user: Any) -> dict[Target, Shown]:
    """Title and path of what items can be, as far as this person may see it, in one query."""
    ids: dict[str, list[int]] = {kind: [] for kind in TARGETS}
    for kind, pk in named:
        ids[kind].append(pk)
    if not any(ids.values()):
        return {}
    papers = Paper.objects.visible_to(user).filter(pk__in=ids["paper"]).order_by()
    entries = Entry.objects.visible_to(user).filter(pk__in=ids["entry"]).order_by()
    prizes = Prize.objects.visible_to(user).filter(pk__in=ids["prize"]).order_by()
    text = CharField()
    found = papers.values_list(
        Value("paper", text), "pk", Cast("title", text), Value("", text), Value("", text)
    ).union(
        entries.values_list(
            Value("entry", text),
            "pk",
            Cast("headline", text),
            Cast("issue__slug", text),
            Cast("anchor", text),
        ),
        prizes.values_list(
            Value("prize", text), "pk", Cast("name", text), Cast("slug", text), Value("", text)
        ),
        all=True,
    )
    return {
        (kind, pk): (title, target_path(kind, pk, title, name, anchor))
        for kind, pk, title, name, anchor in found
    }


def target_path(kind: str, pk: int, title: str, name: str, anchor: str = "") -> str:
    match kind:
        case "paper":
            return paper_path(pk, title)
        case "entry":
            return f"/issues/{name}/#{anchor}"
    return f"/prizes/{name}/"


def notes_on(items: Sequence[UUID], standing: Standing) -> dict[UUID, list[dict[str, Any]]]:
    """By item the notes that somebody of this standing may read, the oldest first."""
    notes = visible_notes(standing).filter(item__in=items).select_related("author")
    return grouped((note.item_id, note_row(note)) for note in notes.order_by("created_at", "pk"))


def note_row(note: Note) -> dict[str, Any]:
    return {
        "id": str(note.pk),
        "version": note.version,
        "item": str(note.item_id),
        "author": None if note.author.deleted_at else note.author.username,
        "credit": note.credit,
        "audience": note.audience,
        "markdown": note.markdown,
        "html": note.html,
        "created_at": note.created_at,
        "updated_at": note.updated_at,
    }
