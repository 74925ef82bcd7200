"""Who uses the site: accounts, the tokens their scripts use, and the links that let people in."""

import hashlib
import secrets
import uuid
from datetime import datetime, timedelta
from typing import Self

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone


def digest(secret: str) -> str:
    """SHA-256 of a secret we made ourselves: 256 random bits need no slow hash (ASVS V6.5.2)."""
    return hashlib.sha256(secret.encode()).hexdigest()


class User(AbstractUser):
    """Somebody with an account, or the nameless stub that a deleted account leaves as actor."""

    class Theme(models.TextChoices):
        SYSTEM = "system", "as the system"
        LIGHT = "light"
        DARK = "dark"
        CONTRAST = "contrast", "high contrast"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    time_zone = models.CharField(
        max_length=64, null=True, blank=True, help_text="IANA name; empty: the browser's"
    )
    theme = models.CharField(max_length=10, choices=Theme, default=Theme.SYSTEM)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="accounts_user_username_once",
                violation_error_message="That name is taken.",
            ),
            models.UniqueConstraint(
                Lower("email"),
                condition=~Q(email=""),
                name="accounts_user_email_once",
                violation_error_message="That address belongs to another account.",
            ),
            models.CheckConstraint(
                condition=Q(deleted_at=None) | Q(is_active=False, email="", first_name=""),
                name="accounts_user_deleted_is_nameless",
                violation_error_message="A deleted account keeps neither name nor address.",
            ),
        ]

    def __str__(self) -> str:
        return "a former member" if self.deleted_at else self.username


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def visible_to(self, user) -> Self:
        return self.filter(user=user) if user.is_authenticated else self.none()

    def usable(self, at: datetime | None = None) -> Self:
        at = at or timezone.now()
        return self.filter(revoked_at=None, user__is_active=True).filter(
            Q(expires_at=None) | Q(expires_at__gt=at)
        )


class ApiToken(models.Model):
    """A named, scoped, revocable key of one account; only its digest is stored."""

    PREFIX = "rl_"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(max_length=12, editable=False, help_text="first characters, to tell it")
    scopes = models.JSONField(default=list, help_text="such as papers:read")
    # Not a foreign key: reading lists stand above accounts.
    only_list = models.UUIDField(null=True, blank=True, help_text="limited to this reading list")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]
        verbose_name = "API token"

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"

    @classmethod
    def issue(cls, user: User, name: str, scopes: list[str], **fields) -> tuple["ApiToken", str]:
        """Make a token; its secret is returned once and kept nowhere."""
        secret = cls.PREFIX + secrets.token_urlsafe(32)
        token = cls.objects.create(
            user=user, name=name, scopes=scopes, digest=digest(secret), hint=secret[:7], **fields
        )
        return token, secret

    @property
    def is_usable(self) -> bool:
        expired = self.expires_at is not None and self.expires_at <= timezone.now()
        return self.revoked_at is None and not expired


class EntryLinkQuerySet(models.QuerySet["EntryLink"]):
    def usable(self, at: datetime | None = None) -> Self:
        return self.filter(used_at=None, expires_at__gt=at or timezone.now())

    def behind(self, purpose: str, secret: str) -> Self:
        """The usable link that opens with this secret, or nothing."""
        return self.usable().filter(purpose=purpose, digest=digest(secret))


class EntryLink(models.Model):
    """A one-time link that lets somebody in: the first maintainer, or an invited reader."""

    class Purpose(models.TextChoices):
        MAINTAINER = "maintainer"
        INVITATION = "invitation"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(max_length=12, choices=Purpose)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    email = models.EmailField(blank=True)
    invited_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="invitations"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = EntryLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} link, {self.created_at:%Y-%m-%d}"

    @classmethod
    def issue(cls, purpose: str, lifetime: timedelta, **fields) -> tuple["EntryLink", str]:
        """Make a link; its secret is returned once and kept nowhere."""
        secret = secrets.token_urlsafe(32)
        link = cls.objects.create(
            purpose=purpose,
            digest=digest(secret),
            expires_at=timezone.now() + lifetime,
            **fields,
        )
        return link, secret

    def use(self, user: User) -> bool:
        """Let this account in by it; only one caller ever hears True."""
        now = timezone.now()
        used = EntryLink.objects.usable(now).filter(pk=self.pk).update(used_at=now, used_by=user)
        return used == 1
