"""Lists as a whole and their sections: made, changed, moved, trashed, brought back."""

from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from api import changes
from readinglists.editing.outline import Outline
from readinglists.editing.places import at_the_end, between, spread
from readinglists.editing.states import Patch, State
from readinglists.editing.writing import (
    Refused,
    locked,
    render_texts,
    rendered,
    sent_before,
    write,
)
from readinglists.models import ListEvent, ListSection, ReadingList
from readinglists.naming import list_slug

MOST_LISTS = 1_000
MOST_SECTIONS = 500


def make_list(owner: Any, title: str, *, pk: UUID | None = None, **fields: Any) -> ReadingList:
    """A new list, private unless said otherwise, with its first event; the one that is there
    already if its id has come before."""
    pk = pk or uuid4()
    try:
        return _make_list(pk, owner, title, **fields)
    except IntegrityError:  # the same form twice at once: the other one was first
        if not sent_before(ReadingList, pk, owner=owner):
            raise
        return ReadingList.objects.get(pk=pk)


def _make_list(pk: UUID, owner: Any, title: str, **fields: Any) -> ReadingList:
    description = fields.get("description", "")
    rendered(description)
    with transaction.atomic():
        if sent_before(ReadingList, pk, owner=owner):
            return ReadingList.objects.get(pk=pk)
        if ReadingList.objects.filter(owner=owner, deleted_at=None).count() >= MOST_LISTS:
            raise Refused(f"An account has at most {MOST_LISTS} lists.", code="too_many")
        reading_list = ReadingList.objects.create(
            pk=pk,
            title=title,
            slug=list_slug(title),
            owner=owner,
            description_html=rendered(description),
            updated_at=timezone.now(),
            **fields,
        )
        ListEvent.objects.create(
            reading_list=reading_list,
            version=reading_list.version,
            actor=owner,
            verb="made",
            subject_kind="list",
            subject_id=reading_list.pk,
            after={"list": {str(reading_list.pk): {"title": title}}},
        )
        is_open = reading_list.visibility == ReadingList.Visibility.PUBLIC
        changes.record("list", [reading_list.pk], "created", is_open=is_open)
    return reading_list


def change_list(pk: UUID, actor: Any, based_on: int | None, **fields: Any) -> ListEvent | None:
    """Set the list's own fields; the verb says when it is its visibility."""
    after = {"list": {str(pk): fields}}
    render_texts(after)
    verb = "published" if set(fields) == {"visibility"} else "changed"
    with locked(pk, based_on=based_on) as reading_list:
        return write(reading_list, actor, verb, after)


def trash_list(pk: UUID, actor: Any, based_on: int | None = None) -> ListEvent | None:
    """Into the trash, where it stays thirty days; its links lead nowhere meanwhile."""
    with locked(pk, based_on=based_on) as reading_list:
        return write(reading_list, actor, "trashed", {"list": {str(pk): {"is_trashed": True}}})


def untrash_list(pk: UUID, actor: Any) -> ListEvent | None:
    with locked(pk) as reading_list:
        return write(reading_list, actor, "restored", {"list": {str(pk): {"is_trashed": False}}})


def add_section(
    pk: UUID,
    actor: Any,
    title: str,
    *,
    prose: str = "",
    at: int | None = None,
    section: UUID | None = None,
) -> ListSection:
    """A new section at the end, or at a place among the others (0 is the first); the one that is
    there already if its id has come before."""
    section = section or uuid4()
    rendered(prose)
    with locked(pk) as reading_list:
        if sent_before(ListSection, section, reading_list=reading_list):
            return ListSection.objects.get(pk=section)
        outline = Outline.of(reading_list)
        if len(outline.sections) >= MOST_SECTIONS:
            raise Refused(f"A list has at most {MOST_SECTIONS} sections.", code="too_many")
        states: dict[str, State | None] = dict(_place_section(outline, section, at))
        states[str(section)] = {**(states[str(section)] or {}), "title": title, "prose": prose}
        write(reading_list, actor, "added", {"section": states}, subject=("section", section))
    return ListSection.objects.get(pk=section)


def change_section(
    reading_list: ReadingList, actor: Any, section: UUID, **fields: Any
) -> ListEvent | None:
    """Of a locked list, whose section was compared with what the caller has seen."""
    return write(reading_list, actor, "changed", {"section": {str(section): fields}})


def move_section(reading_list: ReadingList, actor: Any, section: UUID, at: int) -> ListEvent | None:
    outline = Outline.of(reading_list)
    states = _place_section(outline, section, at)
    subject = ("section", section)
    return write(reading_list, actor, "moved", {"section": dict(states)}, subject=subject)


def remove_section(reading_list: ReadingList, actor: Any, section: UUID) -> ListEvent | None:
    """Its items stay: they stand at the end of what comes before all sections."""
    outline = Outline.of(reading_list)
    ends = at_the_end(outline.item_places.values(), len(outline.items[section]))
    moved: dict[str, State | None] = {
        str(item): {"section_id": None, "position": place}
        for item, place in zip(outline.items[section], ends, strict=True)
    }
    after: Patch = {"section": {str(section): None}, "item": moved}
    return write(reading_list, actor, "removed", after, subject=("section", section))


def _place_section(outline: Outline, section: UUID, at: int | None) -> dict[str, State]:
    others = [pk for pk in outline.sections if pk != section]
    at = len(others) if at is None else max(0, min(at, len(others)))
    before = outline.section_places[others[at - 1]] if at else None
    after = outline.section_places[others[at]] if at < len(others) else None
    taken = {outline.section_places[pk] for pk in others}
    place = between(before, after, taken)
    if place is not None:
        return {str(section): {"position": place}}
    others.insert(at, section)
    return {str(pk): {"position": place} for pk, place in spread(others).items()}
