"""Lists that somebody can add to, and what of some things stands on them already."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from readinglists.editing.items import Target
from readinglists.models import Item, Membership, ReadingList, Role
from readinglists.rights import with_roles
from readinglists.wanted import among, key_of

# So many are offered, the latest changed first.
MOST_OFFERED = 200
ADDING = (Role.OWNER, Role.EDITOR, Role.CONTRIBUTOR)


@dataclass(frozen=True, slots=True)
class Offer:
    """A list, as one chooses among one's own."""

    reading_list: ReadingList
    is_proposing: bool
    # How many of the things stand on it, and how many there are.
    held: int
    wanted: int

    @property
    def words(self) -> str:
        if not self.held:
            return ""
        if self.wanted == 1:
            return "already in this list"
        return (
            "all already in this list"
            if self.held == self.wanted
            else (f"{self.held} of {self.wanted} already in this list")
        )


def offers(user: Any, targets: Sequence[Target]) -> list[Offer]:
    """In two queries."""
    lists = list(lists_to_add_to(user)[:MOST_OFFERED])
    keys = {key_of(target) for target in targets}
    held = _held(lists, targets)
    return [Offer(each, each.role == Role.CONTRIBUTOR, held[each.pk], len(keys)) for each in lists]


def lists_to_add_to(user: Any) -> Any:
    mine = Membership.objects.filter(user=user, role__in=[Role.EDITOR, Role.CONTRIBUTOR])
    lists = ReadingList.objects.visible_to(user)
    lists = lists.filter(Q(owner=user) | Q(pk__in=mine.values("reading_list")))
    return with_roles(lists, user).filter(role__in=ADDING).order_by("-updated_at", "pk")


def _held(lists: Sequence[ReadingList], targets: Sequence[Target]) -> Counter:
    if not (lists and targets):
        return Counter()
    items = Item.objects.filter(among(targets), reading_list__in=lists, deleted_at=None)
    rows = items.values_list("reading_list", "paper", "entry", "prize", "url").order_by()
    return Counter(row[0] for row in rows.distinct())
