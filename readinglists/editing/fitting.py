"""A patch that leads back, fitted to what there is now: things that it names may have been deleted
for good since it was written, and an id may stand for something else."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.db.models import Model

from newsletter.models import Entry
from papers.models import Paper, Topic
from prizes.models import Prize
from readinglists.editing.states import KINDS, Patch, State, rows_of
from readinglists.editing.writing import Refused
from readinglists.models import ReadingList

_TARGETS: dict[str, type[Model]] = {"paper_id": Paper, "entry_id": Entry, "prize_id": Prize}

type States = dict[str, State | None]


def fitted(reading_list: ReadingList, patch: Patch) -> dict[str, States]:
    """Refused if nothing of it can come back, or notes have lost what they were written on."""
    whole = {kind: dict(states) for kind, states in patch.items() if states}
    _give_new_ids(reading_list, whole)
    _leave_out_lost_topic(whole.get("list", {}))
    _leave_out_lost_targets(whole)
    _leave_lost_sections(reading_list, whole)
    _require_noted(reading_list, whole)
    if any(patch.values()) and not any(whole.values()):
        raise Refused("What stood there is no longer in the catalogue.", code="gone")
    return whole


def _give_new_ids(reading_list: ReadingList, patch: dict[str, States]) -> None:
    """To what would come back under an id that something on another list has by now."""
    given: dict[str, str] = {}
    for kind in ("section", "item", "note"):
        states = patch.get(kind, {})
        known = rows_of(kind, reading_list, states)
        made = [pk for pk, state in states.items() if state is not None and pk not in known]
        there = KINDS[kind]._base_manager.filter(pk__in=made).values_list("pk", flat=True)
        given |= {str(pk): str(uuid4()) for pk in (there if made else ())}
    for states in patch.values() if given else ():
        renamed = {given.get(pk, pk): _renamed(state, given) for pk, state in states.items()}
        states.clear()
        states.update(renamed)


def _renamed(state: State | None, given: Mapping[str, str]) -> State | None:
    if state is None:
        return None
    parts = ("section_id", "item_id")
    return state | {name: given.get(state[name], state[name]) for name in parts if name in state}


def _leave_out_lost_topic(states: States) -> None:
    for pk, state in states.items():
        topic = (state or {}).get("cover_topic_id")
        if topic and not Topic._base_manager.filter(pk=topic).exists():
            states[pk] = {**(state or {}), "cover_topic_id": None}


def _leave_out_lost_targets(patch: dict[str, States]) -> None:
    states = patch.get("item", {})
    for name, model in _TARGETS.items():
        named = {state[name] for state in states.values() if state and state.get(name)}
        if not named:
            continue
        lost = named - set(model._base_manager.filter(pk__in=named).values_list("pk", flat=True))
        for pk in [pk for pk, state in states.items() if state and state.get(name) in lost]:
            del states[pk]


def _leave_lost_sections(reading_list: ReadingList, patch: dict[str, States]) -> None:
    """What stood in a section that was deleted for good stands before all sections."""
    states = patch.get("item", {})
    named = {state["section_id"] for state in states.values() if state and state.get("section_id")}
    lost = named - {*rows_of("section", reading_list, named), *patch.get("section", {})}
    for pk, state in states.items():
        if state and state.get("section_id") in lost:
            states[pk] = {**state, "section_id": None}


def _require_noted(reading_list: ReadingList, patch: dict[str, States]) -> None:
    states: dict[str, Any] = patch.get("note", {})
    noted = {state["item_id"] for state in states.values() if state and "item_id" in state}
    if noted - {*rows_of("item", reading_list, noted), *patch.get("item", {})}:
        raise Refused("What it was written on has been deleted for good.", code="gone")
