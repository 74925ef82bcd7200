"""Deleting an account: what is somebody's own goes, a nameless stub stays as actor."""

from uuid import uuid4

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.access import end_sessions
from accounts.models import EntryLink, User
from accounts.signals import account_deleted


@transaction.atomic
def delete_account(user: User, *, with_texts: bool = False) -> None:
    """Turn the account into a stub that nobody can sign in to and that names nobody.

    What they wrote for others stays, as a former member's, or goes with them."""
    forget_traces(user)
    end_sessions(user)
    Authenticator.objects.filter(user=user).delete()
    EmailAddress.objects.filter(user=user).delete()
    user.api_tokens.all().delete()
    user.groups.clear()
    user.user_permissions.clear()
    make_nameless(user)
    account_deleted.send(sender=User, user=user, with_texts=with_texts)


def forget_traces(user: User) -> None:
    """Remove name and address from what others did with the account."""
    arrivals = Q(used_by=user) | (Q(email__iexact=user.email) & ~Q(email=""))
    EntryLink.objects.filter(arrivals).update(email="")
    LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(User), object_id=str(user.pk)
    ).update(object_repr="a former member", change_message="")


def make_nameless(user: User) -> None:
    user.username = f"former-{uuid4().hex}"
    user.email = user.first_name = user.last_name = ""
    user.set_unusable_password()
    user.is_active = user.is_staff = user.is_superuser = False
    user.time_zone = user.last_login = None
    user.theme = User.Theme.SYSTEM
    user.deleted_at = timezone.now()
    user.save()
