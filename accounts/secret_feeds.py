"""Feeds of one's own: whoever has the address reads them, and only its hash is kept."""

import secrets
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import digest


class HasFeed(models.Model):
    """Something that can have a feed at a secret address; its Meta takes over `constraints`."""

    feed_digest = models.CharField(
        max_length=64, null=True, blank=True, unique=True, editable=False
    )
    feed_made_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(feed_digest=None) | Q(feed_made_at__isnull=False),
                name="%(app_label)s_%(class)s_feed_has_a_date",
                violation_error_message="A feed's address has a date.",
            ),
        ]

    def make_feed(self) -> str:
        """A fresh secret for the feed's address, kept nowhere; the one before it ends."""
        secret = secrets.token_urlsafe(32)
        self.feed_digest, self.feed_made_at = digest(secret), timezone.now()
        self.save(update_fields=["feed_digest", "feed_made_at"])
        return secret

    def end_feed(self) -> None:
        self.feed_digest = self.feed_made_at = None
        self.save(update_fields=["feed_digest", "feed_made_at"])
