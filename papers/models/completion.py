"""Completing papers from public services: what is to do, what was answered, when to ask again."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from papers.models.works import Paper


class CompletionQuerySet(models.QuerySet["Completion"]):
    def due(self, now: datetime | None = None) -> Self:
        """Those to do now, the longest waiting first."""
        ready = Q(next_try_at=None) | Q(next_try_at__lte=now or timezone.now())
        waiting = self.filter(ready, state=Completion.State.WAITING, paper__merged_into=None)
        return waiting.order_by("asked_at", "pk")


class Completion(models.Model):
    """What became of completing a paper, and when it is tried again."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"

    class Outcome(models.TextChoices):
        COMPLETED = "completed", "something was added"
        UNCHANGED = "unchanged", "nothing new was found"
        NOT_FOUND = "not_found", "no service knows it"
        NOTHING_TO_ASK = "nothing_to_ask", "it has neither an arXiv id nor a DOI"
        POSTPONED = "postponed", "a service asked to come back later"
        FAILED = "failed", "a service did not answer as documented"

    paper = models.OneToOneField(Paper, models.CASCADE, related_name="completion")
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    outcome = models.CharField(max_length=14, choices=Outcome, null=True, blank=True)
    detail = models.TextField(null=True, blank=True, help_text="what went wrong")
    tries = models.PositiveSmallIntegerField(default=0, help_text="in vain, one after another")
    asked_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True, blank=True)
    next_try_at = models.DateTimeField(null=True, blank=True)

    objects = CompletionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["asked_at"],
                condition=Q(state="waiting"),
                name="papers_completion_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.paper_id}: {self.outcome or self.state}"


class ServiceAnswer(models.Model):
    """What a service answered to a question, so that it is not asked again too soon."""

    digest = models.CharField(max_length=64, primary_key=True)
    service = models.CharField(max_length=20)
    question = models.TextField(help_text="path and query, without who asks")
    body = models.BinaryField(null=True, help_text="none: the service knows no such work")
    etag = models.TextField(null=True, blank=True)
    last_modified = models.TextField(null=True, blank=True)
    fetched_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.service} {self.question}"


class ServicePace(models.Model):
    """When a service may be asked next, by whichever process."""

    service = models.CharField(max_length=20, primary_key=True)
    next_allowed_at = models.DateTimeField()
    failures = models.PositiveSmallIntegerField(default=0, help_text="one after another")

    def __str__(self) -> str:
        return self.service
