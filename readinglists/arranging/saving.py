"""Changes of sections, items and order, under the list's lock, where rights are asked once more."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404

from readinglists.access import Access
from readinglists.arranging.moves import (
    Order,
    gathered,
    order_of,
    place_of,
    section_stepped,
    stepped,
)
from readinglists.editing import items, lists
from readinglists.editing.outline import Outline, SectionId
from readinglists.editing.writing import Refused, rendered, require_version
from readinglists.models import Item, ListEvent, ListSection, ReadingList
from readinglists.noting.saving import held
from readinglists.ordering import sort_keys

type Event = ListEvent | None


@contextmanager
def held_to_edit(access: Access, based_on: int | None = None) -> Iterator[ReadingList]:
    """The list, for whoever may still edit it; Stale if it has another version."""
    with held(access) as (reading_list, standing):
        if not standing.may_edit:
            raise PermissionDenied
        require_version(reading_list, based_on)
        yield reading_list


# --- Sections ----------------------------------------------------------------------------------
def section_here(reading_list: ReadingList, pk: UUID) -> ListSection:
    found = ListSection.objects.filter(reading_list=reading_list, pk=pk, deleted_at=None).first()
    if found is None:
        raise Http404
    return found


def add_section(access: Access, pk: UUID, **fields: Any) -> ListSection:
    rendered(fields.get("prose", ""))
    with held_to_edit(access) as held_list:
        return lists.add_section(held_list.pk, access.standing.user, section=pk, **fields)


def change_section(access: Access, pk: UUID, based_on: int, **fields: Any) -> Event:
    rendered(fields.get("prose", ""))
    with held_to_edit(access) as held_list:
        require_version(section_here(held_list, pk), based_on)
        return lists.change_section(held_list, access.standing.user, pk, **fields)


def remove_section(access: Access, pk: UUID, based_on: int) -> Event:
    """Its items stay, before all sections."""
    with held_to_edit(access) as held_list:
        require_version(section_here(held_list, pk), based_on)
        return lists.remove_section(held_list, access.standing.user, pk)


# --- Items -------------------------------------------------------------------------------------
def item_here(reading_list: ReadingList, pk: UUID) -> Item:
    found = Item.objects.filter(reading_list=reading_list, pk=pk, deleted_at=None).first()
    if found is None:
        raise Http404
    return found


def change_item(access: Access, pk: UUID, based_on: int, **fields: Any) -> Event:
    with held_to_edit(access) as held_list:
        require_version(item_here(held_list, pk), based_on)
        # Without a title of its own it is called what it is.
        fields = {name: value or None for name, value in fields.items()}
        return items.change_item(held_list, access.standing.user, pk, **fields)


def remove_items(access: Access, pks: Sequence[UUID], based_on: int | None = None) -> Event:
    """Into the list's trash; what lies there already is none of it."""
    with held_to_edit(access, based_on) as held_list:
        standing = Item.objects.filter(reading_list=held_list, pk__in=pks, deleted_at=None)
        found = list(standing.values_list("pk", flat=True))
        if not found:
            raise Refused("It is not on this list any more.", code="gone")
        return items.remove_items(held_list, access.standing.user, found)


# --- Order -------------------------------------------------------------------------------------
def step_item(access: Access, based_on: int, item: UUID, step: int) -> Event:
    with held_to_edit(access, based_on) as held_list:
        order = stepped(order_of(Outline.of(held_list)), item, step)
        section, at = place_of(order, item)
        return items.move_item(held_list, access.standing.user, item, section, at)


def move_items(
    access: Access, based_on: int, pks: Sequence[UUID], section: SectionId, at: int | None
) -> Event:
    user = access.standing.user
    with held_to_edit(access, based_on) as held_list:
        order = gathered(order_of(Outline.of(held_list)), pks, section, at)
        if len(pks) == 1:
            section, place = place_of(order, pks[0])
            return items.move_item(held_list, user, pks[0], section, place)
        return items.reorder(held_list, user, order, verb="moved")


def step_section(access: Access, based_on: int, section: UUID, step: int) -> Event:
    with held_to_edit(access, based_on) as held_list:
        at = section_stepped(order_of(Outline.of(held_list)), section, step)
        return lists.move_section(held_list, access.standing.user, section, at)


def set_order(access: Access, based_on: int, order: Order) -> Event:
    with held_to_edit(access, based_on) as held_list:
        return items.reorder(held_list, access.standing.user, order)


def sort(access: Access, based_on: int, by: str, *, descending: bool) -> Event:
    """Once, within each section; what its sorter may not see comes last."""
    user = access.standing.user
    with held_to_edit(access, based_on) as held_list:
        keys = sort_keys(held_list, by, user, descending=descending)
        return items.sort_items(held_list, user, keys)
