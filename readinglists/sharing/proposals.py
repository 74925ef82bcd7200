"""Proposals: items that wait for an editor's yes, and what became of those one has made."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.urls import reverse

from readinglists.editing import items
from readinglists.editing.items import Target
from readinglists.editing.writing import Refused, locked
from readinglists.models import Item, ListEvent, ReadingList
from readinglists.rights import Standing, role_of
from readinglists.sharing.holding import held_by_editor
from readinglists.sharing.links import working_links
from readinglists.targets import targets_of
from readinglists.wanted import Wanted, key_of, targets_for

MOST_WAITING = 100  # of one person on one list

type Outcome = Literal["waiting", "accepted", "declined", "withdrawn"]


@dataclass(slots=True)
class Proposal:
    """An item somebody proposed, as it may be shown to whoever looks."""

    item: Item
    outcome: Outcome
    title: str = ""
    url: str = ""
    page: str = ""


def waiting(reading_list: ReadingList) -> QuerySet[Item]:
    """What editors have to decide, the oldest first."""
    standing = Item.objects.filter(reading_list=reading_list, deleted_at=None, is_proposed=True)
    return standing.order_by("added_at", "pk")


def target_called(text: str, title: str, user: Any) -> Target:
    """What somebody named by identifier or address, as far as they may know of it."""
    [target] = targets_for([Wanted(identifier=text, title=title or None)], user)
    if isinstance(target, Refused):
        raise Refused(str(target), field="what", code=target.code)
    return target


def propose(
    reading_list: ReadingList,
    standing: Standing,
    targets: Sequence[Target],
    *,
    request_id: UUID | None = None,
) -> list[UUID]:
    """Put items on the list that members alone see until an editor accepts them."""
    user = standing.user
    with locked(reading_list.pk) as held:
        _require_right(held, standing)
        require_room(held, user, len(targets))
        _require_new(held, targets, user)
        return items.add_items(held, user, targets, is_proposed=True, pk=request_id)


def require_room(reading_list: ReadingList, user: Any, count: int) -> None:
    """For so many proposals more of one person; Refused if too many would wait."""
    if waiting(reading_list).filter(added_by=user).count() + count > MOST_WAITING:
        message = f"At most {MOST_WAITING} of your proposals wait at once."
        raise Refused(message, code="too_many")


def accept(pk: UUID, actor: Any, item: UUID) -> None:
    """An editor's yes; said twice it is one."""
    with held_by_editor(pk, actor) as reading_list:
        if _waits(reading_list, item):
            items.accept(reading_list, actor, item)


def decline(pk: UUID, actor: Any, item: UUID) -> None:
    """An editor's no: the item goes to the list's trash."""
    with held_by_editor(pk, actor) as reading_list:
        if _waits(reading_list, item):
            items.remove_items(reading_list, actor, [item], verb="declined")


def withdraw(pk: UUID, actor: Any, item: UUID) -> None:
    """Take back what one has proposed oneself and nobody has answered."""
    with locked(pk) as reading_list:
        own = Item.objects.filter(reading_list=reading_list, added_by=actor, pk=item).first()
        if own is None:
            raise Refused("You have proposed no such thing.", code="gone")
        if own.is_proposed and own.deleted_at is None:
            items.remove_items(reading_list, actor, [item], verb="withdrawn")


def proposals_of(reading_list: ReadingList, user: Any, most: int = 50) -> list[Proposal]:
    """What this person has proposed and what became of it, the latest first."""
    if not user.is_authenticated:
        return []
    told = ListEvent.objects.filter(reading_list=reading_list, actor=user, verb="proposed")
    patches = told.order_by("-version").values_list("after", flat=True)[:most]
    ids = [pk for patch in patches for pk in (patch or {}).get("item", {})]
    made = Item.objects.filter(reading_list=reading_list, pk__in=ids, added_by=user)
    found = list(made.order_by("-added_at", "pk"))
    # By deleting it over the API, too.
    taken_back = ListEvent.objects.filter(
        reading_list=reading_list,
        actor=user,
        verb__in=["withdrawn", "removed"],
        subject_id__in=[item.pk for item in found],
    )
    withdrawn = set(taken_back.values_list("subject_id", flat=True))
    return [Proposal(item, _outcome(item, withdrawn)) for item in found]


def shown(proposals: Sequence[Proposal], user: Any) -> list[Proposal]:
    """With titles and addresses, of what this person may see; nothing tells of the rest."""
    targets = targets_of([each.item for each in proposals], user)
    for each in proposals:
        each.title = _title(each.item, targets[each.item.pk])
        each.url = each.item.url or ""
        if each.title and each.item.paper_id:
            each.page = reverse("papers:short", args=[each.item.paper_id])
    return list(proposals)


def _title(item: Item, target: Any) -> str:
    if item.url:
        return item.title or item.url
    kind = "paper" if item.paper_id else "entry" if item.entry_id else "prize"
    known = target.get(kind)
    if known is None:
        return ""
    return known.get("title") or known.get("headline") or known.get("name") or kind


def _outcome(item: Item, withdrawn: set[UUID]) -> Outcome:
    if not item.is_proposed:
        return "accepted"
    if item.deleted_at is None:
        return "waiting"
    return "withdrawn" if item.pk in withdrawn else "declined"


def _waits(reading_list: ReadingList, item: UUID) -> bool:
    """Whether there is something to decide; Refused if the item is not on this list at all."""
    found = Item.objects.filter(reading_list=reading_list, pk=item).first()
    if found is None:
        raise Refused("There is no such proposal on this list.", code="gone")
    return found.is_proposed and found.deleted_at is None


def _require_new(reading_list: ReadingList, targets: Sequence[Target], user: Any) -> None:
    """Compared with what stands there and with one's own: of what others proposed nothing is
    told."""
    known = Item.objects.filter(reading_list=reading_list, deleted_at=None)
    seen = known.filter(Q(is_proposed=False) | Q(added_by=user))
    there = {key_of(item) for item in seen.only("paper", "entry", "prize", "url")}
    if any(key_of(target) in there for target in targets):
        raise Refused("It is on this list already.", field="what", code="duplicate")


def _require_right(reading_list: ReadingList, standing: Standing) -> None:
    """Role and link as they are now: either may have ended since the page was opened."""
    link = standing.link
    if link is not None:
        link = working_links().filter(pk=link.pk, digest=link.digest).first()
    user = standing.user
    now = Standing(user, role_of(reading_list, user), link)
    if reading_list.deleted_at is not None or not now.may_propose:
        raise PermissionDenied
