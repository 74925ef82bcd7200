"""The history of a list as the API shows it: what changed, in the words its reader may read now."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from accounts.models import User
from readinglists.editing.undoing import visible_events
from readinglists.item_rows import shown_of
from readinglists.models import Item, ListEvent, Note
from readinglists.rights import Standing

TARGETS = {"paper_id": "paper", "entry_id": "entry", "prize_id": "prize"}
PEOPLE = {
    "owner_id": "owner",
    "added_by_id": "added_by",
    "author_id": "author",
    "user_id": "user",
}
_WORDS = ("title", "stands_for")


def event_rows(events: Sequence[ListEvent], standing: Standing) -> list[dict[str, Any]]:
    """Of events with their actors, in four queries more."""
    # Counted before what nobody may read is taken out of them.
    shown = visible_events(events, standing.user, _notes_of(events))
    items = list(_states(shown, "item"))
    targets = _targets_of(pk for pk, _ in items)
    seen = _seen(items, targets, standing.user)
    names = _names_of(shown)
    return [_event_row(event, targets, seen, names) for event in shown]


def _event_row(
    event: ListEvent,
    targets: dict[str, tuple[str, int]],
    seen: frozenset[tuple[str, int]],
    names: dict[int, str | None],
) -> dict[str, Any]:
    def told(patch: Any) -> Any:
        if patch is None:
            return None
        return {
            kind: {
                pk: _told(state, targets.get(pk) if kind == "item" else None, seen, names)
                for pk, state in states.items()
            }
            for kind, states in patch.items()
        }

    actor = event.actor
    return {
        "id": str(event.pk),
        "version": event.version,
        "actor": actor.username if actor and not actor.deleted_at else None,
        "verb": event.verb,
        "subject_kind": event.subject_kind,
        "subject": str(event.subject_id),
        "before": told(event.before),
        "after": told(event.after),
        "reason": event.reason,
        "undoes": str(event.undoes_id) if event.undoes_id else None,
        "at": event.at,
    }


def _told(
    state: Any,
    target: tuple[str, int] | None,
    seen: frozenset[tuple[str, int]],
    names: dict[int, str | None],
) -> Any:
    """A state with people by their names, and nothing of what its reader may not see."""
    if not isinstance(state, dict):
        return state
    named = _target_in(state) or target
    is_there = named is None or named in seen
    told = {}
    for name, value in state.items():
        if name in PEOPLE:
            told[PEOPLE[name]] = names.get(value)
        elif name in TARGETS:
            told[TARGETS[name]] = value if is_there else None
        elif name in _WORDS and not is_there:
            told[name] = None
        else:
            told[name.removesuffix("_id")] = value
    return told


def _target_in(state: Any) -> tuple[str, int] | None:
    for name, kind in TARGETS.items():
        if isinstance(state, dict) and state.get(name):
            return kind, state[name]
    return None


def _states(events: Iterable[ListEvent], kind: str) -> Iterator[tuple[str, Any]]:
    for event in events:
        for patch in (event.before, event.after):
            yield from ((patch or {}).get(kind) or {}).items()


def _notes_of(events: Iterable[ListEvent]) -> dict[str, Note]:
    ids = [event.subject_id for event in events if event.subject_kind == "note"]
    return {str(pk): note for pk, note in Note.objects.in_bulk(ids).items()} if ids else {}


def _targets_of(items: Iterable[str]) -> dict[str, tuple[str, int]]:
    rows = Item.objects.filter(pk__in=set(items)).values_list("pk", *TARGETS)
    found = {}
    for pk, *ids in rows:
        for kind, value in zip(TARGETS.values(), ids, strict=True):
            if value:
                found[str(pk)] = (kind, value)
    return found


def _seen(
    items: Iterable[tuple[str, Any]], targets: dict[str, tuple[str, int]], user: Any
) -> frozenset[tuple[str, int]]:
    """Of all that is named, what this person may see."""
    named = {target for _, state in items if (target := _target_in(state))}
    return frozenset(shown_of(named | set(targets.values()), user))


def _names_of(events: Iterable[ListEvent]) -> dict[int, str | None]:
    ids = {
        value
        for event in events
        for patch in (event.before, event.after)
        for states in (patch or {}).values()
        for state in states.values()
        if isinstance(state, dict)
        for name, value in state.items()
        if name in PEOPLE
    }
    people = User.objects.filter(pk__in=ids, deleted_at=None)
    return dict(people.values_list("pk", "username"))
