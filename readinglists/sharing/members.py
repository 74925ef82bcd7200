"""Members of a list: their role changed, removed, left. What they wrote stays, with their name."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Case, IntegerField, QuerySet, Value, When

from readinglists.editing import following
from readinglists.editing.writing import Refused, locked, tell
from readinglists.models import Membership, OwnershipOffer, ReadingList, Role
from readinglists.sharing.holding import held_by_owner

MOST_MEMBERS = 500
# The parts one can be given; the owner is one alone, and stands on the list itself.
GIVEN = (Role.EDITOR, Role.CONTRIBUTOR, Role.VIEWER)
ROLES = [(role.value, role.label) for role in GIVEN]


def members_of(reading_list: ReadingList) -> QuerySet[Membership]:
    """All but the owner: editors first, then by when they joined."""
    rank = Case(
        *[When(role=role, then=Value(place)) for place, role in enumerate(GIVEN)],
        output_field=IntegerField(),
    )
    members = Membership.objects.filter(reading_list=reading_list).select_related("user")
    return members.order_by(rank, "joined_at", "pk")


def add_member(
    reading_list: ReadingList, user: Any, role: str, *, invited_by: Any = None
) -> Membership:
    """Of a locked list; in its history as the new member's own act."""
    if Membership.objects.filter(reading_list=reading_list).count() >= MOST_MEMBERS:
        raise Refused(f"A list has at most {MOST_MEMBERS} members.", code="too_many")
    membership = Membership.objects.create(
        reading_list=reading_list, user=user, role=role, invited_by=invited_by
    )
    _tell(reading_list, user, "joined", membership, before=None, after=role)
    return membership


def change_role(pk: UUID, actor: Any, member: UUID, role: str) -> Membership:
    """Ownership is handed over, not given as a role."""
    if role not in GIVEN:
        raise Refused("A member is an editor, a contributor or a viewer.", field="role")
    with held_by_owner(pk, actor) as reading_list:
        membership = _member(reading_list, member)
        if membership.role != role:
            before, membership.role = membership.role, Role(role)
            membership.save(update_fields=["role"])
            _tell(reading_list, actor, "role changed", membership, before=before, after=role)
    return membership


def remove_member(pk: UUID, actor: Any, member: UUID) -> None:
    with held_by_owner(pk, actor) as reading_list:
        _end(reading_list, actor, "member removed", _member(reading_list, member))


def leave(pk: UUID, user: Any) -> None:
    """End one's own part in a list, also while it is private and waits for its owner."""
    with locked(pk) as reading_list:
        if reading_list.owner_id == user.pk:
            raise Refused("Hand the list over before you leave it.", code="owner")
        membership = Membership.objects.filter(reading_list=reading_list, user=user).first()
        if membership is None:
            raise PermissionDenied
        _end(reading_list, user, "left", membership)


def _member(reading_list: ReadingList, member: UUID) -> Membership:
    found = Membership.objects.filter(reading_list=reading_list, pk=member)
    membership = found.select_related("user").first()
    if membership is None:
        raise Refused("This person is no member any more.", code="gone")
    return membership


def _end(reading_list: ReadingList, actor: Any, verb: str, membership: Membership) -> None:
    OwnershipOffer.objects.filter(reading_list=reading_list, to=membership.user_id).delete()
    _tell(reading_list, actor, verb, membership, before=membership.role, after=None)
    membership.delete()
    following.tell_readers(reading_list, [membership.user_id])


def _tell(
    reading_list: ReadingList,
    actor: Any,
    verb: str,
    membership: Membership,
    *,
    before: str | None,
    after: str | None,
) -> None:
    """Names are not kept in history: an account that is deleted takes its own along."""
    tell(
        reading_list,
        actor,
        verb,
        ("member", membership.pk),
        _state(membership, before),
        _state(membership, after),
    )


def _state(membership: Membership, role: str | None) -> dict[str, Any] | None:
    if role is None:
        return None
    return {"member": {str(membership.pk): {"user_id": membership.user_id, "role": str(role)}}}
