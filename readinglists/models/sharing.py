"""Who else may see or edit a list."""

import uuid

from django.conf import settings
from django.db import models

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


class Invitation(models.Model):
    """An offer of a part in a list, to one account or to whoever opens its address; only the hash
    of that is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reading_list = models.ForeignKey(ReadingList, models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=11, choices=Role)
    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="+")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(User, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

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


class Following(models.Model):
    """Somebody who wants to know what is new on a list, and up to which version they looked."""

    reading_list = models.ForeignKey(ReadingList, models.CASCADE, related_name="followings")
    user = models.ForeignKey(User, models.CASCADE, related_name="followed_lists")
    looked_at_version = models.PositiveIntegerField(default=0)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reading_list", "user"], name="readinglists_following_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} follows {self.reading_list}"


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
