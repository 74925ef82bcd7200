"""Where issues speak of prizes."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from newsletter.models import Entry, Issue, Link
from prizes.models.prizes import Prize


class PrizeMentionQuerySet(models.QuerySet["PrizeMention"]):
    def visible_to(self, user) -> Self:
        standing = self.filter(prize__merged_into=None)
        if user.is_authenticated and user.is_staff:
            return standing
        return standing.filter(
            prize__is_hidden=False,
            issue__is_hidden=False,
            issue__withdrawn_at=None,
            issue__publication__is_hidden=False,
            entry__withdrawn_at=None,
            link__withdrawn_at=None,
        )


class PrizeMention(models.Model):
    """A place in an issue that speaks of a prize: an entry, a link, or the issue's own text."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    prize = models.ForeignKey(Prize, models.CASCADE, related_name="mentions")
    issue = models.ForeignKey(Issue, models.CASCADE, related_name="prize_mentions")
    entry = models.ForeignKey(
        Entry, models.CASCADE, null=True, blank=True, related_name="prize_mentions"
    )
    link = models.ForeignKey(
        Link, models.CASCADE, null=True, blank=True, related_name="prize_mentions"
    )
    quote = models.TextField(null=True, blank=True)
    needs_review = models.BooleanField(default=False)
    history = HistoricalRecords()

    objects = PrizeMentionQuerySet.as_manager()

    class Meta:
        ordering = ["prize", "issue", "pk"]
        constraints = [
            # Three rules for one: SQLite cannot treat nulls as equal in a unique index.
            models.UniqueConstraint(
                fields=["prize", "link"],
                condition=Q(link__isnull=False),
                name="prizes_prizemention_link_once",
            ),
            models.UniqueConstraint(
                fields=["prize", "entry"],
                condition=Q(link=None, entry__isnull=False),
                name="prizes_prizemention_entry_once",
            ),
            models.UniqueConstraint(
                fields=["prize", "issue"],
                condition=Q(link=None, entry=None),
                name="prizes_prizemention_issue_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prize} in {self.issue}"
