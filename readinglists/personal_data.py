"""What reading lists hold on a person, and what of it goes with their account."""

from django.dispatch import receiver
from django.utils import timezone

from accounts.models import User
from accounts.personal_data import Rows, personal_data
from accounts.signals import account_deleted
from readinglists.models import Audience, Membership, Note, ReadingList, ReadingState, ShareLink


@personal_data("reading_lists")
def reading_lists(user: User) -> Rows:
    own = ReadingList.objects.filter(owner=user).order_by("created_at", "pk")
    return list(own.values("id", "title", "description", "visibility", "created_at"))


@personal_data("list_memberships")
def list_memberships(user: User) -> Rows:
    parts = Membership.objects.filter(user=user).order_by("joined_at", "pk")
    return list(parts.values("reading_list__title", "role", "joined_at"))


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
    Membership.objects.filter(user=user).delete()
    Note.objects.filter(author=user, audience=Audience.PRIVATE).delete()
    ShareLink.objects.filter(created_by=user, revoked_at=None).update(revoked_at=timezone.now())
