"""Changes of a list told in words: who did what to what, and which words went and came.

Told from `event_rows`, which leaves out what the reader may not see; so nothing here knows more.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from accounts.models import User
from readinglists.differences import Piece, difference, shortened
from readinglists.editing.undoing import CANNOT_BE_UNDONE
from readinglists.event_rows import event_rows
from readinglists.history.then import Places, named
from readinglists.history.words import (
    AUDIENCE,
    MANY,
    NAMES,
    ON_A_NOTE,
    ON_THE_LIST,
    TEXTS,
    VISIBILITY,
    a,
    and_,
    quoted,
)
from readinglists.models import Item, ListEvent, ListSection, ReadingList
from readinglists.rights import Standing, may_undo

# Of a change to many things so many are named.
MOST_NAMED = 8
# What telling the differences of one page may cost is bounded by what one of them may.
STEPS = 6_000


@dataclass(frozen=True, slots=True)
class Change:
    """Words that went and came, under the name of what they are."""

    label: str
    pieces: list[Piece]


@dataclass(slots=True)
class Told:
    """One event, as it is read."""

    version: int
    actor: str
    at: datetime
    sentence: str
    changes: list[Change] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    more: int = 0
    undone_in: int | None = None
    may_be_undone: bool = False
    reason: str = ""


def told(reading_list: ReadingList, events: Sequence[ListEvent], standing: Standing) -> list[Told]:
    """Of events in their order backwards, the latest first."""
    if not events:
        return []
    kept = {event.pk: (may_undo(standing, event), event.before) for event in events}
    people = _people(events)
    undone, versions = _versions(events)
    rows = event_rows(events, standing)
    teller = _Teller(reading_list, rows, standing, events[0].version or 0)
    teller.people, teller.versions = people, versions
    shown = []
    for event, row in zip(events, rows, strict=True):
        may_be, before = kept[event.pk]
        each = teller.tell(row, before)
        each.undone_in = undone.get(event.pk)
        can_be = event.verb not in CANNOT_BE_UNDONE and before is not None
        each.may_be_undone = may_be and can_be and each.undone_in is None
        shown.append(each)
    return shown


class _Teller:
    """What things are called, and where they stood, while events are told backwards."""

    def __init__(
        self,
        reading_list: ReadingList,
        rows: Sequence[Mapping[str, Any]],
        standing: Standing,
        latest: int,
    ) -> None:
        self.people: Mapping[str, str] = {}
        self.versions: Mapping[str, int | None] = {}
        items = Item._base_manager.filter(reading_list=reading_list, pk__in=_items_in(rows))
        self.items = named(items, standing.user)
        sections = ListSection._base_manager.filter(reading_list=reading_list)
        titles = sections.filter(pk__in=_sections_in(rows)).values_list("pk", "title")
        self.sections = {str(pk): title for pk, title in titles}
        moved = any(row["verb"] == "moved" for row in rows)
        self.places = Places.at(reading_list, latest) if moved else None

    def tell(self, row: Mapping[str, Any], before: Any) -> Told:
        """`before` is the patch as it was written, to know where things stood."""
        pk, kind = row["subject"], row["subject_kind"]
        after_place = self.places.place_of(pk) if self.places else None
        if self.places:
            self.places.step_back(before)
        before_place = self.places.place_of(pk) if self.places else None
        told = Told(
            version=row["version"],
            actor=row["actor"] or "A former member",
            at=row["at"],
            sentence=self._sentence(row, before_place, after_place),
            changes=list(_changes(row)),
            reason=row["reason"] or "",
        )
        if kind == "list":
            self._name_parts(told, row)
        return told

    # --- Sentences -----------------------------------------------------------------------------
    def _sentence(self, row: Mapping[str, Any], was: int | None, now: int | None) -> str:
        verb, kind = row["verb"], row["subject_kind"]
        if verb == "undone":
            version = self.versions.get(row["undoes"])
            undid = f"undid version {version}," if version else "undid"
            return f"{undid} a change of {self._thing(kind, row)}"
        if verb.startswith("restored "):
            return f"brought the list back to version {verb.removeprefix('restored ')}"
        if verb.startswith("frozen "):
            return f"froze the list as revision {verb.removeprefix('frozen ')}"
        if kind == "note":
            return self._of_note(row)
        if kind == "member" and verb in ("role changed", "member removed"):
            return self._of_member(row)
        if kind in ("item", "section"):
            if kind == "item" and verb == "moved":
                return self._of_move(row, was, now)
            return f"{MANY.get(verb, verb)} {self._thing(kind, row)}{self._where(row)}"
        return self._of_list(row)

    def _of_list(self, row: Mapping[str, Any]) -> str:
        verb = row["verb"]
        after = (row["after"] or {}).get("list", {}).get(row["subject"]) or {}
        if verb == "published":
            return VISIBILITY.get(after.get("visibility", ""), "changed who may see the list")
        if verb == "changed":
            before = (row["before"] or {}).get("list", {}).get(row["subject"]) or {}
            changed = {name for name, value in after.items() if before.get(name) != value}
            names = [label.lower() for name, label in NAMES.items() if name in changed]
            return f"changed the list’s {and_(names)}" if names else "changed the list"
        count = len((row["after"] or {}).get("item", {}))
        if verb in MANY and count:
            return f"{MANY[verb]} {count} thing{'s' if count > 1 else ''}"
        return ON_THE_LIST.get(verb, verb)

    def _of_note(self, row: Mapping[str, Any]) -> str:
        before = (row["before"] or {}).get("note", {}).get(row["subject"])
        after = (row["after"] or {}).get("note", {}).get(row["subject"])
        item = (after or before or {}).get("item")
        on = quoted(self.items.get(item, "")) if item else "something"
        if row["verb"] != "noted":
            return ON_A_NOTE.get(row["verb"], f"{row['verb']} a note on {{}}").format(on)
        if after is None:
            return "wrote a note"
        if before is None:
            audience = AUDIENCE.get(after.get("audience", ""), "")
            return f"wrote a note on {on} {audience}".rstrip()
        return f"changed a note on {on}"

    def _of_member(self, row: Mapping[str, Any]) -> str:
        name = self.people.get(row["subject"], "a former member")
        if row["verb"] == "member removed":
            return f"removed {name} from the members"
        after = (row["after"] or {}).get("member", {}).get(row["subject"]) or {}
        return f"made {name} {a(after.get('role', 'member'))}"

    def _of_move(self, row: Mapping[str, Any], was: int | None, now: int | None) -> str:
        pk = row["subject"]
        before = (row["before"] or {}).get("item", {}).get(pk) or {}
        after = (row["after"] or {}).get("item", {}).get(pk) or {}
        moved = f"moved {self._thing('item', row)}"
        from_, to = before.get("section"), after.get("section")
        if from_ != to:
            place = f", to place {now}" if now else ""
            return f"{moved} from {self._section(from_)} to {self._section(to)}{place}"
        if was and now:
            moved += f" from {was} to {now}"
        return f"{moved} in {self._section(to)}" if "section" in after else moved

    # --- Names ---------------------------------------------------------------------------------
    def _thing(self, kind: str, row: Mapping[str, Any]) -> str:
        pk = row["subject"]
        if kind == "section":
            return f"the section {self._section(pk, row)}"
        if kind == "item":
            return quoted(self.items.get(pk) or _title_in(row, "item", pk))
        return {"note": "a note", "list": "the list"}.get(kind, f"a {kind}")

    def _section(self, pk: str | None, row: Mapping[str, Any] | None = None) -> str:
        if pk is None:
            return "the beginning of the list"
        title = self.sections.get(pk) or (_title_in(row, "section", pk) if row else "")
        return quoted(title) if title else "a former section"

    def _where(self, row: Mapping[str, Any]) -> str:
        after = (row["after"] or {}).get("item", {}).get(row["subject"])
        section = (after or {}).get("section")
        return f" to {self._section(section)}" if section and row["verb"] == "added" else ""

    def _name_parts(self, told: Told, row: Mapping[str, Any]) -> None:
        """The first of many things that were added or taken away."""
        if row["verb"] not in MANY:
            return
        parts = list((row["after"] or {}).get("item", {}))
        names = [self.items.get(pk) or _title_in(row, "item", pk) for pk in parts[:MOST_NAMED]]
        told.named = [name or "no longer available" for name in names]
        told.more = max(0, len(parts) - MOST_NAMED)


def _changes(row: Mapping[str, Any]) -> Iterable[Change]:
    """The differences of texts, each part once; of what is made or gone, its own words."""
    kind, pk = row["subject_kind"], row["subject"]
    if kind not in TEXTS or row["verb"] in ("moved", "reordered", "sorted"):
        return
    before = (row["before"] or {}).get(kind, {}).get(pk) or {}
    after = (row["after"] or {}).get(kind, {}).get(pk) or {}
    is_text_alone = bool(before) and bool(after)
    for name, label in TEXTS[kind].items():
        one, other = before.get(name) or "", after.get(name) or ""
        # The title of what was added or removed stands in the sentence already.
        is_told = not is_text_alone and name in ("title", "url")
        if one != other and not is_told:
            yield Change(label, shortened(difference(one, other, STEPS)))
    if kind == "note" and is_text_alone and before.get("audience") != after.get("audience"):
        was, now = (AUDIENCE.get(each.get("audience", ""), "") for each in (before, after))
        yield Change("Who may read it", difference(was, now))


def _items_in(rows: Iterable[Mapping[str, Any]]) -> set[str]:
    found = {row["subject"] for row in rows if row["subject_kind"] == "item"}
    for row in rows:
        for patch in (row["before"], row["after"]):
            found.update(list((patch or {}).get("item", {}))[:MOST_NAMED])
            for state in (patch or {}).get("note", {}).values():
                found.update([state["item"]] if state and state.get("item") else [])
    return found


def _sections_in(rows: Iterable[Mapping[str, Any]]) -> set[str]:
    found = {row["subject"] for row in rows if row["subject_kind"] == "section"}
    for row in rows:
        for patch in (row["before"], row["after"]):
            state = (patch or {}).get("item", {}).get(row["subject"]) or {}
            found.update([state["section"]] if state.get("section") else [])
    return found


def _title_in(row: Mapping[str, Any], kind: str, pk: str) -> str:
    """What a thing that is gone for good was called when it was there."""
    for patch in (row["after"], row["before"]):
        state = (patch or {}).get(kind, {}).get(pk) or {}
        if state.get("title") or state.get("url"):
            return str(state.get("title") or state["url"])
    return ""


def _people(events: Iterable[ListEvent]) -> dict[str, str]:
    """By membership, who it was of."""
    states = {
        pk: state["user_id"]
        for event in events
        if event.subject_kind == "member"
        for patch in (event.before, event.after)
        for pk, state in ((patch or {}).get("member") or {}).items()
        if state and "user_id" in state
    }
    known = User.objects.in_bulk(set(states.values()))
    return {pk: str(known[user]) for pk, user in states.items() if user in known}


def _versions(events: Sequence[ListEvent]) -> tuple[dict[Any, int | None], dict[str, int | None]]:
    """By event in which version it was undone, and of those that undo, what they undid."""
    ids = [event.pk for event in events]
    undone = [event.undoes_id for event in events if event.undoes_id]
    related = ListEvent.objects.filter(Q(undoes__in=ids) | Q(pk__in=undone)).order_by("version")
    found = list(related.values_list("pk", "undoes", "version"))
    undone_in = {undoes: version for _, undoes, version in found if undoes}
    return undone_in, {str(pk): version for pk, _, version in found}
