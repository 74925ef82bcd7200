"""What this site decides where allauth asks: who may join, where links lead, how limits count."""

import logging
import unicodedata
from types import SimpleNamespace
from urllib.parse import urlsplit, urlunsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.invitations import accepted_invitation, forget_invitation
from accounts.middleware import CLEAR_SITE_DATA

logger = logging.getLogger(__name__)


def at_site(url: str) -> str:
    """The same place under SITE_URL: what a request calls its host is not to be believed."""
    parts = urlsplit(url)
    return settings.SITE_URL + urlunsplit(("", "", parts.path, parts.query, parts.fragment))


def is_local_path(url: str) -> bool:
    """Whether this stays on the site: one leading slash, no host, no scheme, no control characters.

    Browsers read a backslash as a slash and drop tabs and line ends, so those never pass.
    """
    if not url.startswith("/") or "\\" in url:
        return False
    if any(unicodedata.category(character) == "Cc" for character in url):
        return False
    return url_has_allowed_host_and_scheme(url, allowed_hosts=None)


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        if settings.SIGN_UP == "invitation":
            return accepted_invitation(request) is not None
        return settings.SIGN_UP == "open"

    def save_user(self, request, user, form, commit=True):
        """Save the account and use up its invitation, or neither."""
        try:
            with transaction.atomic():
                saved = super().save_user(request, user, form, commit)
                self.use_invitation(request, saved)
        except IntegrityError:
            messages.error(request, "Somebody took that name a moment ago. Choose another.")
            raise ImmediateHttpResponse(redirect("account_signup")) from None
        return saved

    def use_invitation(self, request: HttpRequest, user) -> None:
        invitation = accepted_invitation(request)
        used = invitation is not None and invitation.use(user)
        if settings.SIGN_UP == "invitation" and not used:
            raise ImmediateHttpResponse(redirect("account_signup"))
        forget_invitation(request)

    def clean_username(self, username: str, shallow: bool = False) -> str:
        username = unicodedata.normalize("NFKC", username)
        if "@" in username:
            # It could be somebody else's address, and sign-in takes either.
            raise ValidationError("A name cannot contain “@”.", code="invalid")
        return super().clean_username(username, shallow)

    def is_safe_url(self, url: str | None) -> bool:
        return url is not None and is_local_path(url)

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        try:
            self.deliver(template_prefix, email, context)
        except OSError:  # SMTP's own errors among them
            # The page says whom to ask when no mail comes; an error would tell who has an account.
            logger.exception("A mail could not be sent: %s", template_prefix)

    def deliver(self, template_prefix: str, email: str, context: dict) -> None:
        """Every mail passes here: its links and the site's name are never the Host header's. Raises
        OSError if it could not be sent, for tasks, which are tried again."""
        links = {name: at_site(link) for name, link in context.items() if name.endswith("_url")}
        domain = urlsplit(settings.SITE_URL).netloc
        about = {
            "email": email,
            "request": self.request,
            "current_site": SimpleNamespace(name=settings.SITE_NAME, domain=domain),
        }
        self.render_mail(template_prefix, email, {**about, **context, **links}).send()

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials) -> str:
        # allauth counts per host name; ours has several, and each would be five tries more.
        login = credentials.get("email", credentials.get("username", ""))
        return f"{settings.SITE_URL}:{login.lower()}"

    def logout(self, request: HttpRequest) -> None:
        super().logout(request)
        setattr(request, CLEAR_SITE_DATA, True)
