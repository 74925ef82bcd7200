"""Invitations to a list: as an address to pass on, or to a name or e-mail address.

Nothing tells whoever invites whether an account answers to what they typed: it is looked up
silently, shown as it was typed, and any mail goes out later, from a background task.
"""

import unicodedata
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from accounts.models import User
from markup.text import clean_line
from readinglists.editing.writing import Refused, locked, sent_before, tell
from readinglists.models import Invitation, Membership, ReadingList
from readinglists.rights import role_of
from readinglists.sharing.holding import held_by_owner
from readinglists.sharing.links import digest_of, new_secret
from readinglists.sharing.members import GIVEN, add_member
from readinglists.tasks import send_invitation

LIFETIME = timedelta(days=14)
MOST_OPEN = 100  # of one list
MOST_ADDRESSED = 50  # by one account in a day: each may be a mail to somebody
KEPT = timedelta(days=30)  # once they are over


@sensitive_variables("secret")
def invite(
    pk: UUID, actor: Any, role: str, addressee: str = "", *, request_id: UUID | None = None
) -> tuple[Invitation, str]:
    """A new invitation and, if it is to be passed on, its secret: returned once, kept nowhere.

    Sent again with the same `request_id` it is the same invitation, and its secret is gone.
    """
    request_id, addressee = request_id or uuid4(), clean_line(addressee)
    if role not in GIVEN:
        raise Refused("Invite an editor, a contributor or a viewer.", field="role")
    secret, digest = new_secret()
    with held_by_owner(pk, actor) as reading_list:
        if sent_before(Invitation, request_id, reading_list=reading_list):
            return Invitation.objects.get(pk=request_id), ""
        _require_room(reading_list, actor, addressee)
        invitation = Invitation.objects.create(
            pk=request_id,
            reading_list=reading_list,
            role=role,
            addressee=addressee,
            user=_account(addressee) if addressee else None,
            digest=digest,
            invited_by=actor,
            expires_at=timezone.now() + LIFETIME,
        )
        after = {"invitation": {str(invitation.pk): {"role": str(role)}}}
        tell(reading_list, actor, "invited", ("invitation", invitation.pk), None, after)
        if addressee:
            send_invitation.enqueue(str(invitation.pk))
    return invitation, "" if addressee else secret


def withdraw(pk: UUID, actor: Any, invitation: UUID) -> None:
    with held_by_owner(pk, actor) as reading_list:
        found = Invitation.objects.filter(reading_list=reading_list, pk=invitation)
        found = found.filter(accepted_at=None, revoked_at=None)
        if found.update(revoked_at=timezone.now()):
            tell(reading_list, actor, "uninvited", ("invitation", invitation))


def offered_to(user: Any) -> QuerySet[Invitation]:
    """What waits for this person's answer."""
    open_to = Invitation.objects.open_to(user).select_related("reading_list", "invited_by")
    return open_to.exclude(reading_list__memberships__user=user)


@sensitive_variables("secret")
def behind(secret: str, user: Any) -> Invitation | None:
    """The open invitation with this secret: one that names an account opens for it alone, and for
    whoever has yet to sign in."""
    found = Invitation.objects.open().filter(digest=digest_of(secret))
    if user.is_authenticated:
        found = found.filter(Q(user=None) | Q(user=user))
    return found.select_related("reading_list", "invited_by").first()


def accept(invitation: Invitation, user: Any) -> Membership:
    """Become a member; only one caller ever does by one invitation."""
    with locked(invitation.reading_list_id) as reading_list:
        still_open = Invitation.objects.open().filter(pk=invitation.pk)
        if not still_open.filter(Q(user=None) | Q(user=user)).exists():
            raise Refused("This invitation is no longer open.", code="gone")
        if reading_list.owner_id == user.pk:
            raise Refused("It is your own list.", code="owner")
        if Membership.objects.filter(reading_list=reading_list, user=user).exists():
            raise Refused("You are a member already.", code="member")
        still_open.update(accepted_at=timezone.now())
        return add_member(reading_list, user, invitation.role, invited_by=invitation.invited_by)


def decline(invitation: Invitation, user: Any) -> None:
    """Say no to what names oneself. It leaves no trace in the list's history."""
    if invitation.user_id != user.pk:
        raise PermissionDenied
    open_to = Invitation.objects.open_to(user).filter(pk=invitation.pk)
    open_to.update(revoked_at=timezone.now())


def forget_over() -> int:
    """Delete invitations that have been over for a while, with the addresses typed into them."""
    before = timezone.now() - KEPT
    over = Q(expires_at__lt=before) | Q(accepted_at__lt=before) | Q(revoked_at__lt=before)
    return Invitation.objects.filter(over).delete()[0]


def _require_room(reading_list: ReadingList, actor: Any, addressee: str) -> None:
    still_open = Invitation.objects.open().filter(reading_list=reading_list)
    if still_open.count() >= MOST_OPEN:
        raise Refused(f"At most {MOST_OPEN} invitations wait at once.", code="too_many")
    if not addressee:
        return
    # Not left to the database, which may take look-alike letters for the same.
    waiting = {each.casefold() for each in still_open.values_list("addressee", flat=True)}
    if addressee.casefold() in waiting:
        raise Refused(
            "An invitation to them is waiting already.", field="addressee", code="duplicate"
        )
    today = timezone.now() - timedelta(days=1)
    sent = Invitation.objects.filter(invited_by=actor, created_at__gt=today).exclude(addressee="")
    if sent.count() >= MOST_ADDRESSED:
        raise Refused(
            f"At most {MOST_ADDRESSED} people a day: pass on a link instead.", code="too_many"
        )
    named = _called(addressee)
    # Members see each other's names, so this tells nothing; of an address it would.
    if named is not None and role_of(reading_list, named) is not None:
        raise Refused("They are a member already.", field="addressee", code="member")


def _account(addressee: str) -> User | None:
    if "@" not in addressee:
        return _called(addressee)
    # Exactly as it was confirmed: look-alike letters are other letters.
    confirmed = EmailAddress.objects.filter(email=addressee.lower(), verified=True)
    found = confirmed.filter(user__is_active=True).select_related("user").first()
    return found.user if found else None


def _called(name: str) -> User | None:
    name = unicodedata.normalize("NFKC", name)
    found = User.objects.filter(username__iexact=name, is_active=True).first()
    # A database may take more letters for equal than the rules for names do.
    return found if found and found.username.lower() == name.lower() else None
