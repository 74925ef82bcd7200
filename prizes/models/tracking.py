"""What readers do about prizes, and what they were reminded of; nobody else's business."""

import secrets
import uuid
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from accounts.models import digest
from prizes.models.deadlines import Deadline
from prizes.models.prizes import Prize

User = settings.AUTH_USER_MODEL
MOST_DAYS = 90
MOST_REMINDERS = 8
DEFAULT_DAYS = (7, 1)


def default_days() -> list[int]:
    return list(DEFAULT_DAYS)


def validate_days(value: object) -> None:
    """Days before a deadline: whole numbers from 0 to 90, each once, at most eight of them."""
    if not isinstance(value, list) or any(
        type(day) is not int or not 0 <= day <= MOST_DAYS for day in value
    ):
        raise ValidationError(f"Days are whole numbers from 0 to {MOST_DAYS}.", code="invalid")
    if len(value) > MOST_REMINDERS or len(set(value)) != len(value):
        raise ValidationError(f"At most {MOST_REMINDERS} days, each once.", code="invalid")


class TrackingQuerySet(models.QuerySet["Tracking"]):
    def visible_to(self, user) -> Self:
        """One's own, of prizes one may see."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(user=user, prize__in=Prize.objects.visible_to(user).values("pk"))

    def reminded(self) -> Self:
        """Of readers who can still enter and want to be told in time."""
        return self.filter(stage__in=Tracking.REMINDED, user__is_active=True)


class Tracking(models.Model):
    """One reader's way with one prize: the stage, private notes and links, and their reminders."""

    class Stage(models.TextChoices):
        INTERESTED = "interested"
        PREPARING = "preparing"
        SUBMITTED = "submitted"
        WON = "won"
        NOT_WON = "not_won", "not won"
        WITHDRAWN = "withdrawn"

    # Whoever has handed in, or given up, needs no reminder.
    REMINDED = (Stage.INTERESTED, Stage.PREPARING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="trackings")
    prize = models.ForeignKey(Prize, models.PROTECT, related_name="trackings")
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.INTERESTED)
    notes = models.TextField(blank=True, max_length=50_000, help_text="Markdown; only you see it")
    notes_html = models.TextField(blank=True, editable=False)
    links = models.JSONField(default=list, blank=True)
    days_before = models.JSONField(
        null=True, blank=True, validators=[validate_days], help_text="empty: as for all prizes"
    )
    # What had its hour before one asked for it is not made up for.
    reminding_since = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = TrackingQuerySet.as_manager()

    class Meta:
        ordering = ["-updated_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "prize"],
                name="prizes_tracking_once",
                violation_error_message="You track this prize already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()}: {self.prize}"

    def get_absolute_url(self) -> str:
        return f"/tracked/{self.pk}/"


class ReminderPlan(models.Model):
    """When one reader wants to be reminded, of all prizes that have no plan of their own."""

    user = models.OneToOneField(User, models.CASCADE, related_name="reminder_plan")
    is_on = models.BooleanField(default=True)
    days_before = models.JSONField(default=default_days, validators=[validate_days])
    since = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"reminders of {self.user}"


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def unconfirmed(self) -> Self:
        """Claimed, and never heard of again: the mail may have gone out or not."""
        return self.filter(state=Reminder.State.CLAIMED)


class Reminder(models.Model):
    """One mail about one date of one prize to one reader, written down before it is sent.

    The row comes first and is committed: whoever is killed between it and the mail server's yes
    leaves it `claimed`, for a maintainer to settle. Nobody gets a mail twice.
    """

    class State(models.TextChoices):
        CLAIMED = "claimed", "claimed, not confirmed"
        SENT = "sent"
        FAILED = "failed", "refused, will be tried again"
        COVERED = "covered", "told by a later one"
        MISSED = "missed", "closed before it could be sent"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tracking = models.ForeignKey(Tracking, models.CASCADE, related_name="reminders")
    deadline = models.ForeignKey(Deadline, models.CASCADE, related_name="reminders")
    days_before = models.PositiveSmallIntegerField()
    # Of which date: one that was moved is another to be reminded of.
    about = models.DateTimeField(help_text="the earliest instant at which it may close")
    state = models.CharField(max_length=8, choices=State, default=State.CLAIMED, db_index=True)
    attempts = models.PositiveSmallIntegerField(default=1)
    error = models.TextField(blank=True)
    claimed_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        ordering = ["-claimed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tracking", "deadline", "days_before", "about"],
                name="prizes_reminder_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.days_before} days before {self.deadline}"


class TrackedCalendarQuerySet(models.QuerySet["TrackedCalendar"]):
    def behind(self, secret: str) -> Self:
        """The one with this secret in its address, while its owner's account stands."""
        return self.filter(digest=digest(secret), user__is_active=True)


class TrackedCalendar(models.Model):
    """The secret address of a calendar with what one reader tracks; only its hash is kept."""

    user = models.OneToOneField(User, models.CASCADE, related_name="tracked_calendar")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    alarm_days = models.JSONField(default=list, blank=True, validators=[validate_days])
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = TrackedCalendarQuerySet.as_manager()

    def __str__(self) -> str:
        return f"calendar of {self.user}"

    @classmethod
    def make(cls, user, alarm_days: list[int]) -> str:
        """A fresh address, shown once; the one before it ends."""
        secret = secrets.token_urlsafe(24)
        values = {"digest": digest(secret), "alarm_days": alarm_days, "made_at": timezone.now()}
        cls.objects.update_or_create(user=user, defaults=values)
        return secret
