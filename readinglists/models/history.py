"""How lists came to be what they are."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from readinglists.models.items import Audience
from readinglists.models.lists import ReadingList

User = settings.AUTH_USER_MODEL


class ListEvent(models.Model):
    """One change to a list, in the transaction that made it: history, undo and restore."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reading_list = models.ForeignKey(ReadingList, models.CASCADE, related_name="events")
    # The list's version this event made; null for what never touches it (private notes).
    version = models.PositiveIntegerField(null=True)
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=30)
    subject_kind = models.CharField(max_length=12, help_text="list, section, item, note, member")
    subject_id = models.UUIDField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    audience = models.CharField(max_length=7, choices=Audience, default=Audience.MEMBERS)
    undoes = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="undone_by"
    )
    reason = models.TextField(
        null=True, blank=True, help_text="what a maintainer said when they stepped in"
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["reading_list", "version", "at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["reading_list", "version"],
                condition=Q(version__isnull=False),
                name="readinglists_listevent_version_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.verb}"


class Revision(models.Model):
    """A frozen state of a list with public notes only, to cite and to serve unchanged."""

    reading_list = models.ForeignKey(ReadingList, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    version = models.PositiveIntegerField(help_text="the list's version it froze")
    # The very bytes that were hashed, not JSON that a database may write anew.
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["reading_list", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["reading_list", "number"], name="readinglists_revision_number_once"
            )
        ]

    def __str__(self) -> str:
        return f"revision {self.number}"
