"""Who else may see or edit a list."""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone

from readinglists.models.lists import ReadingList

User = settings.AUTH_USER_MODEL


class Role(models.TextChoices):
    OWNER = "owner"
    EDITOR = "editor"
    CONTRIBUTOR = "contributor"
    VIEWER = "viewer"


class Membership(models.Model):
    """A person's part in a list; its owner stands on the list itself."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reading_list = models.ForeignKey(ReadingList, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=11, choices=Role)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reading_list", "user"],
                name="readinglists_membership_once",
                violation_error_message="This person is a member already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, at: datetime | None = None) -> Self:
        """Those that can still be accepted: of an account in use that is still the owner, and of a
        list that is not in the trash."""
        return self.filter(
            accepted_at=None,
            revoked_at=None,
            expires_at__gt=at or timezone.now(),
            invited_by__is_active=True,
            reading_list__owner=F("invited_by"),
            reading_list__deleted_at=None,
        )

    def open_to(self, user) -> Self:
        """Open ones that name this account; what is a link for anybody is found by its secret."""
        return self.open().filter(user=user) if user.is_authenticated else self.none()


class Invitation(models.Model):
    """An offer of a part in a list, to one account or to whoever opens its address; only the hash
    of that is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reading_list = models.ForeignKey(ReadingList, models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=11, choices=Role)
    # As it was typed, so that nothing tells whether an account answers to it. Empty: a link.
    addressee = models.CharField(max_length=254, blank=True)
    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="+")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(User, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(role=Role.OWNER),
                name="readinglists_invitation_to_no_ownership",
                violation_error_message="Ownership is handed over, not offered.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} of {self.reading_list}"


class OwnershipOffer(models.Model):
    """A list that its owner wants to hand to a member, who has not answered yet."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reading_list = models.OneToOneField(ReadingList, models.CASCADE, related_name="ownership_offer")
    to = models.ForeignKey(User, models.CASCADE, related_name="+")
    offered_by = models.ForeignKey(User, models.CASCADE, related_name="+")
    offered_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.reading_list} to {self.to}"


class ShareLink(models.Model):
    """An address that lets whoever holds it see one list; only the hash of its token is kept."""

    class Allows(models.TextChoices):
        VIEW = "view"
        VIEW_NOTES = "view_notes", "view with notes"
        PROPOSE = "propose", "propose, after sign-in"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reading_list = models.ForeignKey(ReadingList, models.CASCADE, related_name="share_links")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    allows = models.CharField(max_length=10, choices=Allows, default=Allows.VIEW)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    rotated_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def made_at(self) -> datetime:
        """Since when its address is what it is."""
        return self.rotated_at or self.created_at
