"""What was thrown away: kept thirty days, brought back until then, deleted for good after."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from readinglists.access import Access
from readinglists.arranging.saving import held_to_edit
from readinglists.arranging.shown import Line, lines_of
from readinglists.editing import lists
from readinglists.editing.outline import Outline
from readinglists.editing.places import free_from
from readinglists.editing.states import state_of
from readinglists.editing.undoing import undo
from readinglists.editing.writing import Refused, locked, write
from readinglists.models import Item, ListEvent, ListSection, Note, ReadingList
from readinglists.noting.saving import held

KEPT_FOR = timedelta(days=30)
# So much of a list's trash is shown, the latest first.
MOST_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Thrown:
    """An item or a section in the trash, and until when it lies there."""

    kind: str
    pk: UUID
    title: str
    thrown_at: datetime

    @property
    def until(self) -> datetime:
        return self.thrown_at + KEPT_FOR


# --- Lists -------------------------------------------------------------------------------------
def lists_in_trash(user: Any) -> QuerySet[ReadingList]:
    """One's own, the latest first."""
    mine = ReadingList.objects.in_trash_of(user).filter(deleted_at__gt=timezone.now() - KEPT_FOR)
    return mine.order_by("-deleted_at", "pk")


def throw_away(access: Access, based_on: int) -> ListEvent | None:
    """By whoever owns it still, and saw it as it is."""
    with held(access) as (reading_list, standing):
        if not standing.is_owner:
            raise PermissionDenied
        return lists.trash_list(reading_list.pk, standing.user, based_on)


def bring_list_back(pk: UUID, user: Any) -> ReadingList:
    """Asked twice, it is back once; 404 for what is not in one's own trash."""
    if not ReadingList.objects.filter(pk=pk, owner=user).exists():
        raise Http404
    with locked(pk) as reading_list:
        if reading_list.owner_id != user.pk:
            raise Http404
        lists.untrash_list(pk, user)
    return ReadingList.objects.get(pk=pk)


# --- Parts of a list ---------------------------------------------------------------------------
def thrown_of(reading_list: ReadingList, user: Any) -> list[Thrown]:
    """Of an item nothing is told that one may not see."""
    since = Q(reading_list=reading_list, deleted_at__gt=timezone.now() - KEPT_FOR)
    sections = ListSection.objects.filter(since).order_by("-deleted_at", "pk")[:MOST_SHOWN]
    thrown = [Thrown("section", s.pk, s.title, s.deleted_at) for s in sections if s.deleted_at]
    items = Item.objects.filter(since).order_by("-deleted_at", "pk")
    when = dict(items.values_list("pk", "deleted_at")[:MOST_SHOWN])
    lines: list[Line] = lines_of(Item.objects.filter(pk__in=when), user)
    at = {pk: moment for pk, moment in when.items() if moment is not None}
    thrown += [Thrown("item", line.pk, line.title, at[line.pk]) for line in lines]
    return sorted(thrown, key=lambda each: each.thrown_at, reverse=True)


def bring_item_back(access: Access, pk: UUID) -> ListEvent | None:
    """To where it stood, as near as can be."""
    with held_to_edit(access) as reading_list:
        item = Item.objects.filter(reading_list=reading_list, pk=pk).first()
        if item is None:
            raise Http404
        if item.deleted_at is None:
            return None
        taken = Outline.of(reading_list).item_places.values()
        item.deleted_at = None
        state = {**(state_of("item", item) or {}), "position": free_from(item.position, set(taken))}
        return write(reading_list, access.standing.user, "brought back", {"item": {str(pk): state}})


def bring_section_back(access: Access, pk: UUID) -> ListEvent | None:
    """With what stood in it, as long as none of that has been moved since."""
    user = access.standing.user
    with held_to_edit(access) as reading_list:
        section = ListSection.objects.filter(reading_list=reading_list, pk=pk).first()
        if section is None:
            raise Http404
        if section.deleted_at is None:
            return None
        removal = ListEvent.objects.filter(
            reading_list=reading_list, subject_kind="section", subject_id=pk, verb="removed"
        )
        event = removal.order_by("-version").first()
        try:
            if event is not None:
                return undo(event, user)
        except Refused:
            pass  # then it comes back alone
        taken = Outline.of(reading_list).section_places.values()
        section.deleted_at = None
        place = free_from(section.position, set(taken))
        state = {**(state_of("section", section) or {}), "position": place}
        return write(reading_list, user, "brought back", {"section": {str(pk): state}})


# --- For good ----------------------------------------------------------------------------------
def empty_trash(now: datetime | None = None) -> int:
    """Delete what has lain there long enough; how many things. Each list is taken by itself, under
    its lock: what is brought back meanwhile stays."""
    before = (now or timezone.now()) - KEPT_FOR
    old_lists = ReadingList.objects.filter(deleted_at__lte=before).order_by("pk")
    deleted = sum(_delete_list(pk, before) for pk in list(old_lists.values_list("pk", flat=True)))
    old = {"deleted_at__lte": before}
    of_list = {"reading_list": OuterRef("pk")}
    with_old_parts = ReadingList.objects.filter(
        Exists(Item.objects.filter(**of_list, **old))
        | Exists(ListSection.objects.filter(**of_list, **old))
        | Exists(Note.objects.filter(item__reading_list=OuterRef("pk"), **old))
    )
    for pk in list(with_old_parts.order_by("pk").values_list("pk", flat=True)):
        deleted += _delete_parts(pk, before)
    return deleted


def _delete_list(pk: UUID, before: datetime) -> int:
    with transaction.atomic():
        held_list = ReadingList.objects.select_for_update(of=("self",)).filter(
            pk=pk, deleted_at__lte=before
        )
        found = held_list.first()
        if found is None:
            return 0
        found.delete()
        return 1


def _delete_parts(pk: UUID, before: datetime) -> int:
    """The history keeps what they were."""
    old = {"deleted_at__lte": before}
    try:
        with locked(pk):
            notes, _ = Note.objects.filter(item__reading_list=pk, **old).delete()
            items, _ = Item.objects.filter(reading_list=pk, **old).delete()
            sections, _ = ListSection.objects.filter(reading_list=pk, **old).delete()
    except ReadingList.DoesNotExist:  # gone meanwhile, with all of them
        return 0
    return notes + items + sections
