"""Where readers are with papers, and how long papers take them."""

from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from papers.models import Paper

User = settings.AUTH_USER_MODEL
SHORTEST, LONGEST = 1, 10_000  # minutes


class ReadingStateQuerySet(models.QuerySet["ReadingState"]):
    def visible_to(self, user) -> Self:
        """A reader's own, of papers they may see."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(user=user, paper__in=Paper.objects.visible_to(user).values("pk"))


class ReadingState(models.Model):
    """Where one reader is with one paper; nobody else's business."""

    class State(models.TextChoices):
        TO_READ = "to_read", "to read"
        READING = "reading"
        READ = "read"

    user = models.ForeignKey(User, models.CASCADE, related_name="reading_states")
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="reading_states")
    state = models.CharField(max_length=7, choices=State)
    on = models.DateField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ReadingStateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "paper"], name="readinglists_readingstate_once")
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.paper} {self.state}"


def minutes(default: int) -> models.PositiveSmallIntegerField:
    validators = [MinValueValidator(SHORTEST), MaxValueValidator(LONGEST)]
    return models.PositiveSmallIntegerField(default=default, validators=validators)


class ReadingPace(models.Model):
    """How many minutes one reader needs for works of each length. Nobody else sees it."""

    user = models.OneToOneField(User, models.CASCADE, related_name="reading_pace")
    paper = minutes(60)
    report = minutes(120)
    shorter = minutes(15)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    paper__range=(SHORTEST, LONGEST),
                    report__range=(SHORTEST, LONGEST),
                    shorter__range=(SHORTEST, LONGEST),
                ),
                name="readinglists_readingpace_in_bounds",
                violation_error_message=f"Between {SHORTEST} and {LONGEST:,} minutes.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.paper} min a paper"
