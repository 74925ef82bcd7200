"""The first maintainer: let in by a one-time link, never by a password known beforehand."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import EntryLink, User

LIFETIME = timedelta(hours=24)


def maintainer_exists() -> bool:
    return User.objects.filter(is_superuser=True, is_active=True).exists()


@transaction.atomic
def make_maintainer_link() -> str:
    """A fresh address that makes one maintainer; those made before it end."""
    now = timezone.now()
    earlier = EntryLink.objects.usable(now).filter(purpose=EntryLink.Purpose.MAINTAINER)
    earlier.update(expires_at=now)
    _, secret = EntryLink.issue(EntryLink.Purpose.MAINTAINER, LIFETIME)
    return settings.SITE_URL + reverse("accounts:maintainer", args=[secret])


@transaction.atomic
def create_maintainer(link: EntryLink, username: str, email: str, password: str) -> User | None:
    """A new account with every right; None if somebody else used the link first."""
    user = User.objects.create_superuser(username, email, password)
    if not link.use(user):
        transaction.set_rollback(True)
        return None
    # Who reads the server's terminal needs no mail to prove who they are.
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


@transaction.atomic
def promote(link: EntryLink, user: User) -> bool:
    if not link.use(user):
        return False
    user.is_staff = user.is_superuser = True
    user.save(update_fields=["is_staff", "is_superuser"])
    return True
