"""Dates of prizes."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Exists, F
from simple_history.models import HistoricalRecords

from prizes.models.prizes import IN_THE_OPEN, Prize, evidence
from prizes.models.stated import StatedDate, date_constraints


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def visible_to(self, user) -> Self:
        standing = self.filter(prize__merged_into=None, withdrawn_at=None)
        if user.is_authenticated and user.is_staff:
            return standing
        told = evidence(self.model, "announcements")
        # A date that only issues told that one may not see is not there.
        in_the_open = Exists(told.filter(IN_THE_OPEN)) | ~Exists(told)
        return standing.filter(in_the_open, prize__is_hidden=False)

    def known_by(self, instant: datetime) -> Self:
        known = self.model.objects.filter(announcements__announced_at__lte=instant)
        return self.filter(pk__in=known.values("pk"))


class Deadline(StatedDate):
    """A date of a prize. Its id is the UID that calendars know it by; its date is what the
    current announcement states, kept here so that it can be indexed."""

    class Kind(models.TextChoices):
        OPENS = "opens"
        REGISTRATION = "registration"
        ABSTRACT = "abstract"
        SUBMISSION = "submission"
        ROUND_END = "round_end", "end of a round"
        FINAL = "final"
        NOTIFICATION = "notification"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    prize = models.ForeignKey(Prize, models.CASCADE, related_name="deadlines")
    kind = models.CharField(max_length=12, choices=Kind)
    label = models.CharField(max_length=300, blank=True)
    is_cancelled = models.BooleanField(default=False, editable=False)
    is_postponed = models.BooleanField(default=False, editable=False)
    # RFC 5545: raised on each material change, so that calendars follow.
    sequence = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(null=True, editable=False)
    needs_review = models.BooleanField(default=False)
    review_note = models.TextField(null=True, blank=True, help_text="for maintainers")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    history = HistoricalRecords()

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        ordering = [F("earliest_utc").asc(nulls_last=True), "pk"]
        indexes = [
            models.Index(fields=["earliest_utc", "id"], name="prizes_deadline_earliest"),
            models.Index(fields=["latest_utc", "id"], name="prizes_deadline_latest"),
        ]
        constraints = [*date_constraints("prizes_deadline")]

    def __str__(self) -> str:
        return f"{self.prize}: {self.label or self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return f"{self.prize.get_absolute_url()}#deadline-{self.pk}"
