"""Undo and restore: events read backwards. Each is an event itself, which can be undone too."""

from collections.abc import Iterable
from typing import Any

from readinglists.editing.fitting import fitted
from readinglists.editing.outline import Outline
from readinglists.editing.places import free_from
from readinglists.editing.states import Patch, State, merged, rows_of, state_of
from readinglists.editing.writing import Refused, locked, render_texts, write
from readinglists.models import Audience, ListEvent, ReadingList
from readinglists.rights import may_undo, standing_of

# Of these a later write need not hinder undo: places are found anew.
_PLACES = {"position"}
# What happened to people and links is not undone by bringing texts back.
CANNOT_BE_UNDONE = {
    "made",
    *("invited", "uninvited", "joined", "role changed", "member removed", "left"),
    *("offered", "transferred"),
    "hidden",  # by a maintainer
    *("shared", "rotated", "revoked"),
}


def undo(event: ListEvent, actor: Any) -> ListEvent | None:
    """Give what an event changed its former state; Refused if it has been changed since."""
    if event.verb in CANNOT_BE_UNDONE or event.before is None:
        raise Refused("This cannot be undone.", code="not_undoable")
    render_texts(event.before)
    with locked(event.reading_list_id) as reading_list:
        if not may_undo(standing_of(reading_list, actor), event):
            raise Refused("This is not yours to undo.", code="not_allowed")
        _require_unchanged(reading_list, event)
        after = _with_free_places(reading_list, event.before)
        return write(
            reading_list,
            actor,
            "undone",
            after,
            subject=(event.subject_kind, event.subject_id),
            audience=event.audience,
            undoes=event,
        )


def restore(reading_list: ReadingList, actor: Any, version: int) -> ListEvent | None:
    """Bring the list back to what it was in a version. Notes stay: they are their authors'."""
    back = way_back(reading_list, version)
    back.pop("note", None)
    for state in back.get("list", {}).values():
        # Who may see the list, and whose it is, is decided now, not then.
        for name in ("visibility", "owner_id", "is_trashed"):
            (state or {}).pop(name, None)
    render_texts(back)
    with locked(reading_list.pk, based_on=reading_list.version) as held:
        after = _with_free_places(held, back)
        subject = ("list", held.pk)
        return write(held, actor, f"restored {version}", after, subject=subject)


def way_back(reading_list: ReadingList, version: int) -> Patch:
    """One patch from what stands to what stood in a version."""
    later = ListEvent.objects.filter(reading_list=reading_list, version__gt=version)
    patches = later.order_by("-version").values_list("before", flat=True)
    return merged(patch for patch in patches.iterator(chunk_size=100) if patch)


def _require_unchanged(reading_list: ReadingList, event: ListEvent) -> None:
    for kind, states in (event.after or {}).items():
        rows = rows_of(kind, reading_list, states)
        for pk, then in states.items():
            now = state_of(kind, rows[pk]) if pk in rows else None
            if not _agrees(then, now) or _has_become_private(kind, rows.get(pk), event, pk):
                raise Refused("It has been changed since: undo that first.", code="changed_since")


def _has_become_private(kind: str, row: Any, event: ListEvent, pk: str) -> bool:
    """To the list a private note is not there; but what it says now is not to be lost, nor what it
    said before told again, but by the hand that made it private and has left it so."""
    if kind != "note" or row is None or row.deleted_at or row.audience != Audience.PRIVATE:
        return False
    before = (event.before or {}).get("note", {}).get(pk) or {}
    is_own = row.author_id == event.actor_id and event.verb == "made private"
    return not is_own or row.markdown != before.get("markdown")


def _agrees(then: State | None, now: State | None) -> bool:
    if then is None or now is None:
        return then is None and now is None
    return all(now[name] == value for name, value in then.items() if name not in _PLACES)


def _with_free_places(reading_list: ReadingList, patch: Patch) -> Patch:
    """The patch, with another place for what would come back to one that is taken by now."""
    patch = fitted(reading_list, patch)
    outline = Outline.of(reading_list)
    held = {"item": outline.item_places, "section": outline.section_places}
    settled: dict[str, dict[str, State | None]] = {}
    for kind, states in patch.items():
        settled[kind] = dict(states)
        if kind not in held:
            continue
        named = set(states)
        taken = {place for pk, place in held[kind].items() if str(pk) not in named}
        for pk, state in states.items():
            if state is not None and "position" in state:
                place = free_from(state["position"], taken)
                taken.add(place)
                settled[kind][pk] = {**state, "position": place}
    return settled


def visible_events(events: Iterable[ListEvent], user: Any, notes: dict[str, Any]) -> list[Any]:
    """Events as a member may read them: the words of a note only if they may read it now, so of
    one that is private or gone nobody but its author.

    `notes` are the notes of the events by id, as they stand.
    """
    shown = []
    for event in events:
        event.before = _readable(event.before, user, notes)
        event.after = _readable(event.after, user, notes)
        shown.append(event)
    return shown


def _readable(patch: Any, user: Any, notes: dict[str, Any]) -> Any:
    if not patch or "note" not in patch:
        return patch
    if all(_may_read(notes.get(pk), user) for pk in patch["note"]):
        return patch
    return {kind: states for kind, states in patch.items() if kind != "note"} or None


def _may_read(note: Any, user: Any) -> bool:
    if note is None:
        return False
    is_open = note.deleted_at is None and note.audience != Audience.PRIVATE
    return is_open or note.author_id == user.pk
