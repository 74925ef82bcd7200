"""What came of prizes after they had closed."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from newsletter.models import Entry, Issue
from prizes.models.prizes import IN_THE_OPEN, Award, Prize


class OutcomeQuerySet(models.QuerySet["Outcome"]):
    def visible_to(self, user) -> Self:
        standing = self.filter(prize__merged_into=None)
        if user.is_authenticated and user.is_staff:
            return standing
        return standing.filter(IN_THE_OPEN, prize__is_hidden=False)


class Outcome(models.Model):
    """One thing that became known after a prize closed: who won, or that nobody did."""

    class Kind(models.TextChoices):
        WINNER = "winner"
        RESULTS = "results", "results announced"
        NOT_AWARDED = "not_awarded", "not awarded"
        ORGANISER_GONE = "organiser_gone", "organiser gone"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    prize = models.ForeignKey(Prize, models.CASCADE, related_name="outcomes")
    kind = models.CharField(max_length=14, choices=Kind)
    who = models.CharField(max_length=300, blank=True, help_text="winners, as printed")
    what = models.TextField(blank=True, help_text="what they won with, or what happened")
    award = models.ForeignKey(
        Award, models.SET_NULL, null=True, blank=True, related_name="outcomes"
    )
    announced_on = models.DateField(null=True, blank=True)
    issue = models.ForeignKey(Issue, models.PROTECT, null=True, blank=True, related_name="outcomes")
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, blank=True, related_name="outcomes")
    quote = models.TextField(null=True, blank=True, help_text="the sentence, as printed")
    source = models.CharField(max_length=300, help_text="who said so")
    source_url = models.TextField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    history = HistoricalRecords()

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        ordering = ["prize", "announced_on", "created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="winner", who=""),
                name="prizes_outcome_winner_has_name",
                violation_error_message="A winner has a name.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.who or self.prize}"
