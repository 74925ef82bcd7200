"""What reading lists hold on a person, and what of it goes with their account."""

from django.db.models import OuterRef, Q, Subquery
from django.dispatch import receiver
from django.utils import timezone

from accounts.models import User
from accounts.personal_data import Rows, personal_data
from accounts.signals import account_deleted
from readinglists.models import (
    Audience,
    Invitation,
    Membership,
    Note,
    OwnershipOffer,
    ReadingList,
    ReadingState,
    ShareLink,
)
from readinglists.sharing.members import leave


@personal_data("reading_lists")
def reading_lists(user: User) -> Rows:
    own = ReadingList.objects.filter(owner=user).order_by("created_at", "pk")
    return list(own.values("id", "title", "description", "visibility", "created_at"))


@personal_data("list_memberships")
def list_memberships(user: User) -> Rows:
    """A list that is its owner's alone at the moment does not tell its name here either."""
    parts = Membership.objects.filter(user=user).order_by("joined_at", "pk")
    visible = ReadingList.objects.visible_to(user).filter(pk=OuterRef("reading_list"))
    title = Subquery(visible.values("title"))
    return list(parts.values("reading_list", "role", "joined_at", title=title))


@personal_data("list_invitations")
def list_invitations(user: User) -> Rows:
    made = Invitation.objects.filter(invited_by=user).order_by("created_at", "pk")
    dates = ["created_at", "expires_at", "accepted_at", "revoked_at"]
    return list(made.values("reading_list", "addressee", "role", *dates))


@personal_data("share_links")
def share_links(user: User) -> Rows:
    made = ShareLink.objects.filter(created_by=user).order_by("created_at", "pk")
    dates = ["created_at", "rotated_at", "expires_at", "last_used_at", "revoked_at"]
    return list(made.values("reading_list", "name", "allows", *dates))


@personal_data("notes")
def notes(user: User) -> Rows:
    written = Note.objects.filter(author=user, deleted_at=None).order_by("created_at", "pk")
    return list(written.values("item__title", "audience", "markdown", "created_at", "updated_at"))


@personal_data("reading_states")
def reading_states(user: User) -> Rows:
    states = ReadingState.objects.filter(user=user).order_by("updated_at", "pk")
    return list(states.values("paper__title", "state", "on", "updated_at"))


@receiver(account_deleted)
def remove_what_was_theirs_alone(sender, user: User, **kwargs) -> None:
    ReadingState.objects.filter(user=user).delete()
    for reading_list in Membership.objects.filter(user=user).values_list("reading_list", flat=True):
        leave(reading_list, user)
    Note.objects.filter(author=user, audience=Audience.PRIVATE).delete()
    Invitation.objects.filter(Q(user=user) | Q(invited_by=user)).delete()
    OwnershipOffer.objects.filter(Q(to=user) | Q(offered_by=user)).delete()
    ShareLink.objects.filter(created_by=user, revoked_at=None).update(revoked_at=timezone.now())
