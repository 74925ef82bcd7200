"""What followers of the change log are told of a list: whoever sees it now or saw it until now."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from api import changes
from readinglists.models import Membership, ReadingList


def record(reading_list: ReadingList, before: dict[str, Any]) -> None:
    """A change of a list, of whose own fields `before` holds those that were changed."""
    then: dict[str, Any] = {
        "visibility": reading_list.visibility,
        "owner_id": reading_list.owner_id,
        "is_trashed": reading_list.deleted_at is not None,
    } | before
    is_gone = reading_list.deleted_at is not None
    was_open = _is_open(then["visibility"], then["is_trashed"])
    is_open = was_open or _is_open(reading_list.visibility, is_gone)
    verb = "deleted" if is_gone else "updated"
    changes.record("list", [reading_list.pk], verb, is_open=is_open)
    if {"visibility", "owner_id", "is_trashed"} & set(before) and not then["is_trashed"]:
        members = Membership.objects.filter(reading_list=reading_list)
        saw = {then["owner_id"]}
        if then["visibility"] != ReadingList.Visibility.PRIVATE:
            saw |= set(members.values_list("user", flat=True))
        tell_readers(reading_list, saw)


def tell_readers(reading_list: ReadingList, readers: Iterable[int]) -> None:
    """That they may have lost sight of a list; whoever still sees it reads of a change."""
    for reader in sorted(readers):
        changes.record("list", [reading_list.pk], "deleted", is_open=False, reader=reader)


def tell_of_name(user: Any) -> None:
    """That what this person is called has changed: lists say whose they are, and whose words."""
    named = Q(owner=user) | Q(items__notes__author=user)
    lists = ReadingList.objects.filter(named, deleted_at=None).order_by("pk").distinct()
    for is_open in (True, False):
        open_ones = Q(visibility=ReadingList.Visibility.PUBLIC)
        found = lists.filter(open_ones if is_open else ~open_ones)
        changes.record("list", found.values_list("pk", flat=True), "updated", is_open=is_open)


def _is_open(visibility: str, is_trashed: bool) -> bool:
    return visibility == ReadingList.Visibility.PUBLIC and not is_trashed
