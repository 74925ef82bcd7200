"""A list as it stood in one of its versions: what stands now, and the way back from there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.safestring import SafeString

from api.resources import grouped
from readinglists.editing.states import FIELDS, Patch, State, plain
from readinglists.editing.undoing import way_back
from readinglists.editing.writing import rendered
from readinglists.item_rows import titles_of
from readinglists.models import Item, ListSection, ReadingList

# So many changes are read backwards to tell at which place of how many something stood.
MOST_STEPS = 200
# Of sections and items together.
PARTS_A_PAGE = 200
TARGETS = ("paper", "entry", "prize")

type States = dict[str, State]


def standing_states(reading_list: ReadingList, kind: str) -> States:
    model = {"section": ListSection, "item": Item}[kind]
    rows = model._base_manager.filter(reading_list=reading_list, deleted_at=None)
    return {str(row.pk): plain(row, FIELDS[kind]) for row in rows}


def taken_back(states: States, patch: Mapping[str, State | None]) -> States:
    """States with a patch applied: of what was there, what was taken away, what came back."""
    whole = dict(states)
    for pk, state in patch.items():
        if state is None:
            whole.pop(pk, None)
        else:
            whole[pk] = {**whole.get(pk, {}), **state}
    return whole


@dataclass(frozen=True, slots=True)
class OldItem:
    title: str
    path: str
    is_proposed: bool = False


@dataclass(slots=True)
class OldSection:
    title: str = ""
    prose_html: SafeString | str = ""
    items: list[OldItem] = field(default_factory=list)
    # One that began on an earlier page: its words were said there.
    is_continued: bool = False


@dataclass(frozen=True, slots=True)
class Then:
    """Texts and order of a version, without notes: those are their authors', as they stand."""

    version: int
    title: str
    description_html: SafeString
    # Of one page. The first is for what stood before all sections.
    sections: list[OldSection]
    page: Page


def as_it_stood(reading_list: ReadingList, version: int, user: Any, number: Any = 1) -> Then:
    """A page of the list in that version; titles are looked up for what is on it alone."""
    back = way_back(reading_list, version)
    own = plain(reading_list, FIELDS["list"])
    own |= back.get("list", {}).get(str(reading_list.pk)) or {}
    sections = taken_back(standing_states(reading_list, "section"), back.get("section", {}))
    items = taken_back(standing_states(reading_list, "item"), back.get("item", {}))
    page = Paginator(_parts(sections, items), PARTS_A_PAGE).get_page(number)
    titles = titles_of([_targets(state) for _, state in page if state], user)
    shown = {None: OldSection()}
    for pk, state in page:
        if state is None:
            shown[pk] = OldSection(sections[pk]["title"], rendered(sections[pk]["prose"]))
            continue
        if pk not in shown:
            shown[pk] = OldSection(sections[pk]["title"], is_continued=True)
        shown[pk].items.append(_old_item(state, titles))
    description = rendered(own["description"])
    return Then(version, own["title"], description, list(shown.values()), page)


def _parts(sections: States, items: States) -> list[tuple[Any, State | None]]:
    """Each section, with None for its heading, and the items in it, in the order of the list."""
    members = grouped(
        (state["section_id"] if state["section_id"] in sections else None, state)
        for _, state in in_order(items)
    )
    ordered = [pk for pk, _ in in_order(sections)]
    return [
        (pk, state)
        for pk in (None, *ordered)
        for state in ([None] if pk else []) + members.get(pk, [])
    ]


def in_order(states: States) -> list[tuple[str, State]]:
    return sorted(states.items(), key=lambda each: (each[1]["position"], each[0]))


def _targets(state: State) -> dict[str, Any]:
    return {kind: state.get(f"{kind}_id") for kind in TARGETS}


def _old_item(state: State, titles: Mapping[tuple[str, int], tuple[str, str]]) -> OldItem:
    proposed = bool(state.get("is_proposed"))
    for kind, pk in _targets(state).items():
        if pk:
            title, path = titles.get((kind, pk), ("", ""))
            # Of what one may not see nothing is told, not even what it was called here.
            return OldItem((state["title"] or title) if path else "", path, proposed)
    return OldItem(state["title"] or state["url"] or "", "", proposed)


class Places:
    """At which place of its section an item stood, version by version, backwards."""

    def __init__(self, states: States) -> None:
        self.states = states

    @classmethod
    def at(cls, reading_list: ReadingList, version: int) -> "Places | None":
        """None if it is too long ago to be counted."""
        if reading_list.version - version > MOST_STEPS:
            return None
        patch = way_back(reading_list, version) if version < reading_list.version else {}
        return cls(taken_back(standing_states(reading_list, "item"), patch.get("item", {})))

    def step_back(self, before: Patch | None) -> None:
        self.states = taken_back(self.states, (before or {}).get("item", {}))

    def place_of(self, pk: str) -> int | None:
        """Counted from 1."""
        state = self.states.get(pk)
        if state is None:
            return None
        section, position = state["section_id"], state["position"]
        return 1 + sum(
            each["section_id"] == section and each["position"] < position
            for each in self.states.values()
        )


def named(items: Iterable[Item], user: Any) -> dict[str, str]:
    """What items are called, as far as somebody may know; also of those in the trash."""
    rows = {str(item.pk): plain(item, FIELDS["item"]) for item in items}
    titles = titles_of(map(_targets, rows.values()), user)
    return {pk: _old_item(state, titles).title for pk, state in rows.items()}
