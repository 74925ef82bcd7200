"""Handing a list over: its owner offers it to a member, and it is theirs once they accept.

The former owner stays, as an editor. What they had handed out ends with their ownership: share
links lead nowhere, and invitations that wait are withdrawn.
"""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from readinglists.editing.lists import MOST_LISTS
from readinglists.editing.writing import Refused, locked, tell, write
from readinglists.models import (
    Invitation,
    ListEvent,
    Membership,
    OwnershipOffer,
    ReadingList,
    Role,
    ShareLink,
)
from readinglists.rights import role_of
from readinglists.sharing.holding import held_by_owner


def offer(pk: UUID, actor: Any, member: UUID) -> OwnershipOffer:
    """To one member at a time: a new offer takes the place of the one before."""
    with held_by_owner(pk, actor) as reading_list:
        found = Membership.objects.filter(reading_list=reading_list, pk=member)
        membership = found.select_related("user").first()
        if membership is None or not membership.user.is_active:
            raise Refused("Choose one of the members.", field="member")
        if role_of(reading_list, membership.user) is None:
            raise Refused("It is private: let its members see it first.", code="private")
        made, _ = OwnershipOffer.objects.update_or_create(
            reading_list=reading_list, defaults={"to": membership.user, "offered_by": actor}
        )
        tell(reading_list, actor, "offered", ("member", membership.pk))
    return made


def take_back(pk: UUID, actor: Any) -> None:
    with held_by_owner(pk, actor) as reading_list:
        OwnershipOffer.objects.filter(reading_list=reading_list).delete()


def offer_to(reading_list: ReadingList, user: Any) -> OwnershipOffer | None:
    """The offer that waits for this person, if its maker still has the list to give."""
    if not user.is_authenticated:
        return None
    found = OwnershipOffer.objects.filter(
        reading_list=reading_list,
        to=user,
        offered_by=reading_list.owner_id,
        offered_by__is_active=True,
    )
    return found.select_related("offered_by").first()


def decline(pk: UUID, user: Any) -> None:
    OwnershipOffer.objects.filter(reading_list=pk, to=user).delete()


def accept(pk: UUID, user: Any) -> ListEvent | None:
    with locked(pk) as reading_list:
        offer = offer_to(reading_list, user)
        if reading_list.deleted_at or offer is None or role_of(reading_list, user) is None:
            raise PermissionDenied
        if ReadingList.objects.filter(owner=user, deleted_at=None).count() >= MOST_LISTS:
            raise Refused(f"An account has at most {MOST_LISTS} lists.", code="too_many")
        former = offer.offered_by
        end_what_was_handed_out(reading_list)
        Membership.objects.filter(reading_list=reading_list, user=user).delete()
        offer.delete()
        Membership.objects.create(reading_list=reading_list, user=former, role=Role.EDITOR)
        return write(reading_list, user, "transferred", {"list": {str(pk): {"owner_id": user.pk}}})


def end_what_was_handed_out(reading_list: ReadingList) -> None:
    now = timezone.now()
    waiting = Invitation.objects.filter(reading_list=reading_list, accepted_at=None)
    waiting.filter(revoked_at=None).update(revoked_at=now)
    ShareLink.objects.filter(reading_list=reading_list, revoked_at=None).update(revoked_at=now)
