"""What of a list its history keeps: the fields of its parts, as plain values.

A *state* is a part's fields, or None where the part is not there (or in the trash). A *patch* maps
kinds of part ("list", "section", "item", "note") to ids to states of the fields it is about.
Every event holds two patches, before and after; so undo is the patch before, applied once more.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet

from readinglists.models import Audience, Item, ListSection, Note, ReadingList

type State = dict[str, Any]
type Patch = Mapping[str, Mapping[str, State | None]]

KINDS: dict[str, type[Model]] = {
    "list": ReadingList,
    "section": ListSection,
    "item": Item,
    "note": Note,
}
# By kind, the columns that history keeps; HTML follows from the text beside it.
FIELDS: dict[str, tuple[str, ...]] = {
    "list": (
        "title",
        "description",
        "cover_topic_id",
        "language",
        "notes_licence",
        "visibility",
        "owner_id",
    ),
    "section": ("title", "prose", "position", "copied_from"),
    "item": (
        "section_id",
        "position",
        "paper_id",
        "entry_id",
        "prize_id",
        "url",
        "title",
        "is_proposed",
        "added_by_id",
        "stands_for",
        "copied_from",
    ),
    "note": ("item_id", "author_id", "audience", "markdown", "credit", "copied_from"),
}
# Which column's HTML is kept in which other one.
RENDERED = {"list": ("description", "description_html"), "section": ("prose", "prose_html")}
RENDERED |= {"note": ("markdown", "html")}
# Ids of parts, as JSON has them.
REFERENCES = {"section_id", "item_id", "copied_from"}


def state_of(kind: str, row: Model) -> State | None:
    """All that history keeps of a part; None for one in the trash, and for a private note, which is
    nothing to the list. A list's own trash is a field (`is_trashed`): it is never absent from its
    own history."""
    if kind == "list":
        return plain(row, FIELDS[kind]) | {"is_trashed": row.deleted_at is not None}
    if kind == "note" and row.audience == Audience.PRIVATE:
        return None
    return None if row.deleted_at is not None else plain(row, FIELDS[kind])


def plain(row: Model, names: Iterable[str]) -> State:
    return {name: _plain(getattr(row, name)) for name in names}


def rows_of(kind: str, reading_list: ReadingList, ids: Iterable[str]) -> dict[str, Any]:
    """Parts of this list by id, those in the trash among them; none of any other list."""
    rows: QuerySet = KINDS[kind]._base_manager.filter(pk__in=list(ids))
    if kind == "list":
        rows = rows.filter(pk=reading_list.pk)
    elif kind == "note":
        rows = rows.filter(item__reading_list=reading_list)
    else:
        rows = rows.filter(reading_list=reading_list)
    return {str(row.pk): row for row in rows}


def merged(patches: Iterable[Patch]) -> dict[str, dict[str, State | None]]:
    """Patches applied one after the other, as one: a later field wins, None takes all away."""
    whole: dict[str, dict[str, State | None]] = {}
    for patch in patches:
        for kind, parts in patch.items():
            known = whole.setdefault(kind, {})
            for pk, state in parts.items():
                before = known.get(pk)
                known[pk] = None if state is None else {**(before or {}), **state}
    return whole


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value
