"""Invitations: one-time links by which somebody may sign up where sign-up is not open to all."""

from datetime import timedelta
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import EntryLink, User

LIFETIME = timedelta(days=7)
SESSION_KEY = "invitation"


def invite(inviter: User, email: str = "") -> tuple[EntryLink, str]:
    """Make an invitation and return its address; one for an e-mail address is sent there."""
    link, secret = EntryLink.issue(
        EntryLink.Purpose.INVITATION, LIFETIME, email=email, invited_by=inviter
    )
    url = settings.SITE_URL + reverse("accounts:invitation", args=[secret])
    if email:
        get_adapter().send_mail(
            "accounts/email/invitation",
            email,
            {"invitation_url": url, "inviter": inviter, "expires_at": link.expires_at},
        )
    return link, url


def accept(request: HttpRequest, link: EntryLink) -> None:
    """Remember the invitation until sign-up; who got it by mail has shown the address is theirs."""
    request.session[SESSION_KEY] = str(link.pk)
    if link.email:
        get_adapter().stash_verified_email(request, link.email)


def accepted_invitation(request: HttpRequest) -> EntryLink | None:
    pk = request.session.get(SESSION_KEY)
    if pk is None:
        return None
    return EntryLink.objects.usable().filter(pk=UUID(pk)).first()


def forget_invitation(request: HttpRequest) -> None:
    request.session.pop(SESSION_KEY, None)
