"""The one way in which a list is written: under its lock, in one transaction, with one event.

Nothing slow is done while the lock is held: texts are rendered before (`render_texts`).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Model
from django.utils import timezone
from django.utils.safestring import SafeString

from markup.render import render_markdown
from readinglists.editing import following
from readinglists.editing.states import (
    KINDS,
    REFERENCES,
    RENDERED,
    Patch,
    State,
    rows_of,
    state_of,
)
from readinglists.mentioning import addresses_in
from readinglists.models import Audience, ListEvent, ReadingList
from readinglists.naming import list_slug
from readinglists.searching import index_notes

# Places are taken two by two: out of the way first, since each may be held by one row only.
_OUT_OF_THE_WAY = 1_000_000_000


type Patches = dict[str, dict[str, State | None]]


class Stale(Exception):
    """The thing was changed since the version a write was based on."""

    def __init__(self, thing: Model) -> None:
        super().__init__("It was changed since.")
        self.thing = thing


class Refused(Exception):
    """What was asked for cannot be done; the message says why, `field` to what it belongs."""

    def __init__(self, message: str, *, field: str = "", code: str = "invalid") -> None:
        super().__init__(message)
        self.field = field
        self.code = code


@contextmanager
def locked(pk: UUID, *, based_on: int | None = None) -> Iterator[ReadingList]:
    """A list that nobody else writes until the block ends; Stale if it has another version."""
    with transaction.atomic():
        reading_list = ReadingList.objects.select_for_update(of=("self",)).get(pk=pk)
        require_version(reading_list, based_on)
        yield reading_list


def require_version(thing: Any, based_on: int | None) -> None:
    if based_on is not None and thing.version != based_on:
        raise Stale(thing)


def sent_before(model: type[Model], pk: UUID, **own: Any) -> bool:
    """Whether a form that carries the id of what it makes has made it already. Ids of what isn't
    the sender's own are nobody's to take."""
    there = model._base_manager.filter(pk=pk)
    if there.filter(**own).exists():
        return True
    if there.exists():
        raise Refused("Open the form anew: something else has its number.", code="taken")
    return False


def rendered(text: str) -> SafeString:
    """A text's HTML; what it costs was spent before the lock, by `render_texts`."""
    return _rendered(text, tuple(addresses_in(text).items())) if text else SafeString()


@lru_cache(maxsize=500)
def _rendered(text: str, mentions: tuple[tuple[str, str], ...]) -> SafeString:
    return render_markdown(text, mentions=dict(mentions))


def render_texts(patch: Patch) -> None:
    """Render what a patch will write, before any lock is taken."""
    for kind, (source, _) in RENDERED.items():
        for state in patch.get(kind, {}).values():
            if state and state.get(source):
                rendered(state[source])


def write(
    reading_list: ReadingList,
    actor: Any,
    verb: str,
    after: Patch,
    *,
    subject: tuple[str, UUID | str] | None = None,
    audience: str = Audience.MEMBERS,
    undoes: ListEvent | None = None,
) -> ListEvent | None:
    """Bring parts of a locked list into new states, as one event; None if nothing differs.

    States name the fields they change; a part that is not there yet is made of its state.
    """
    before, changed = _apply(reading_list, after)
    if not any(changed.values()):
        return None
    subject = subject or _only_part(changed) or ("list", reading_list.pk)
    return tell(
        reading_list, actor, verb, subject, before, changed, audience=audience, undoes=undoes
    )


def tell(
    reading_list: ReadingList,
    actor: Any,
    verb: str,
    subject: tuple[str, UUID | str],
    before: Any = None,
    after: Any = None,
    *,
    audience: str = Audience.MEMBERS,
    undoes: ListEvent | None = None,
) -> ListEvent:
    """Count a locked list's version up, and say in its history why: by itself for what is no
    text, such as members and share links, whose verbs cannot be undone."""
    reading_list.version = F("version") + 1
    reading_list.updated_at = timezone.now()
    reading_list.save(update_fields=["version", "updated_at"])
    reading_list.refresh_from_db(fields=["version", "updated_at"])
    kind, pk = subject
    event = ListEvent.objects.create(
        reading_list=reading_list,
        version=reading_list.version,
        actor=actor,
        verb=verb,
        subject_kind=kind,
        subject_id=pk,
        before=before,
        after=after,
        audience=audience,
        undoes=undoes,
    )
    following.record(reading_list, _own_fields(before))
    return event


def _own_fields(before: Any) -> State:
    """Of the fields of the list itself, those that were changed, as they were."""
    return next(iter((before or {}).get("list", {}).values()), None) or {}


def _only_part(patch: Patch) -> tuple[str, str] | None:
    parts = [(kind, pk) for kind, states in patch.items() for pk in states]
    return parts[0] if len(parts) == 1 else None


def _apply(reading_list: ReadingList, after: Patch) -> tuple[Patches, Patches]:
    """Write what differs; the patches that lead back and that led there."""
    before: Patches = {}
    changed: Patches = {}
    # Sections before the items in them, items before the notes on them.
    for kind in KINDS:
        states = after.get(kind)
        if not states:
            continue
        own: dict[str, Any] = {str(reading_list.pk): reading_list}
        rows = own if kind == "list" else rows_of(kind, reading_list, states)
        differing = {pk: state for pk, state in states.items() if _differs(kind, rows, pk, state)}
        if not differing:
            continue
        before[kind] = {pk: _before(kind, rows.get(pk), s) for pk, s in differing.items()}
        changed[kind] = dict(differing)
        _write(kind, reading_list, rows, differing)
    return before, changed


def _differs(kind: str, rows: Mapping[str, Any], pk: str, state: State | None) -> bool:
    row = rows.get(pk)
    now = state_of(kind, row) if row is not None else None
    if state is None or now is None:
        return (state is None) != (now is None)
    return any(now[name] != value for name, value in state.items())


def _before(kind: str, row: Model | None, after: State | None) -> State | None:
    now = state_of(kind, row) if row is not None else None
    if now is None or after is None:
        return now
    return {name: now[name] for name in after}


def _write(
    kind: str,
    reading_list: ReadingList,
    rows: Mapping[str, Any],
    states: Mapping[str, State | None],
) -> None:
    model = KINDS[kind]
    made, kept, columns = [], [], {"version", "deleted_at"}
    for pk, state in states.items():
        row = rows.get(pk)
        if row is None:
            row = model(pk=UUID(pk))
            if kind != "note":
                row.reading_list = reading_list
            made.append(row)
        else:
            kept.append(row)
        columns |= _fill(kind, row, state)
    if kind == "list":
        columns.discard("version")  # counted up by the event itself
    else:
        for row in kept:
            row.version += 1
    if kept and "position" in columns:
        ids = [row.pk for row in kept]
        held = model._base_manager.filter(pk__in=ids)
        held.update(position=F("position") + _OUT_OF_THE_WAY)
    if made:
        model._base_manager.bulk_create(made)
    if kept:
        # All are there, so all of them conflict; `bulk_update` would write a CASE for each row and
        # column, and take seconds for a thousand.
        model._base_manager.bulk_create(
            kept, update_conflicts=True, unique_fields=["pk"], update_fields=sorted(columns)
        )
    if kind == "note":
        index_notes(states)


def _fill(kind: str, row: Any, state: State | None) -> set[str]:
    """Set the fields of a state on a row; the columns that were set."""
    if state is None:
        row.deleted_at = timezone.now()
        return set()
    values = dict(state)
    if kind == "list":
        if "is_trashed" in values:
            row.deleted_at = timezone.now() if values.pop("is_trashed") else None
        if "title" in values:
            values["slug"] = list_slug(values["title"])
    else:
        row.deleted_at = None
    if kind in RENDERED:
        source, html = RENDERED[kind]
        if source in values:
            values[html] = rendered(values[source])
    if kind == "note":
        row.updated_at = timezone.now()
    for name, value in values.items():
        setattr(row, name, UUID(value) if name in REFERENCES and value else value)
    touched = {name.removesuffix("_id") for name in values}
    return touched | ({"updated_at"} if kind == "note" else set())
