"""What was told about prizes, when and by whom."""

import uuid
from datetime import UTC, datetime, time
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from newsletter.models import Entry, Issue
from prizes.models.deadlines import Deadline
from prizes.models.prizes import IN_THE_OPEN, Award, Prize
from prizes.models.stated import StatedDate, StatedMoney, date_constraints, money_constraints


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    def visible_to(self, user) -> Self:
        standing = self.filter(prize__merged_into=None)
        if user.is_authenticated and user.is_staff:
            return standing
        return standing.filter(IN_THE_OPEN, prize__is_hidden=False)

    def known_by(self, instant: datetime) -> Self:
        return self.filter(announced_at__lte=instant)

    def current_at(self, instant: datetime) -> Self:
        """Known by then and, then, superseded by nothing; what only confirms another one stands
        and falls with it."""
        superseded = Announcement.objects.filter(
            announced_at__lte=instant, supersedes__isnull=False
        )
        stating = self.known_by(instant).exclude(change=Announcement.Change.CONFIRMED)
        return stating.exclude(pk__in=superseded.values("supersedes"))


class Announcement(StatedMoney, StatedDate):
    """What somebody told the world about a prize on one day. It is never edited: a correction
    is another announcement that supersedes it. Two current ones that differ are a conflict."""

    class Change(models.TextChoices):
        ANNOUNCED = "announced"
        CONFIRMED = "confirmed"
        EXTENDED = "extended"
        MOVED_EARLIER = "moved_earlier", "moved earlier"
        CORRECTED = "corrected"
        POSTPONED = "postponed"
        CANCELLED = "cancelled"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    prize = models.ForeignKey(Prize, models.CASCADE, related_name="announcements")
    deadline = models.ForeignKey(
        Deadline, models.CASCADE, null=True, blank=True, related_name="announcements"
    )
    award = models.ForeignKey(
        Award, models.CASCADE, null=True, blank=True, related_name="announcements"
    )
    change = models.CharField(max_length=13, choices=Change, default=Change.ANNOUNCED)
    issue = models.ForeignKey(
        Issue, models.PROTECT, null=True, blank=True, related_name="announcements"
    )
    entry = models.ForeignKey(
        Entry, models.PROTECT, null=True, blank=True, related_name="announcements"
    )
    quote = models.TextField(null=True, blank=True, help_text="the sentence, as printed")
    # Around the quote, so that it is found again when the text is edited.
    quote_prefix = models.TextField(blank=True)
    quote_suffix = models.TextField(blank=True)
    evidence_lost = models.BooleanField(
        default=False, help_text="the quote no longer stands in the text"
    )
    source = models.CharField(max_length=300, help_text="who said so")
    source_url = models.TextField(null=True, blank=True)
    announced_on = models.DateField(help_text="when the world was told")
    announced_at = models.DateTimeField(
        db_index=True, help_text="the instant, or the start of that day in UTC"
    )
    recorded_at = models.DateTimeField(auto_now_add=True, help_text="when we learned")
    supersedes = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        ordering = ["announced_at", "recorded_at", "pk"]
        constraints = [
            *money_constraints("prizes_announcement"),
            *date_constraints("prizes_announcement"),
            models.CheckConstraint(
                condition=~Q(supersedes=F("id")),
                name="prizes_announcement_not_superseding_itself",
                violation_error_message="An announcement cannot supersede itself.",
            ),
            models.CheckConstraint(
                condition=Q(deadline=None) | Q(award=None),
                name="prizes_announcement_one_subject",
                violation_error_message="It concerns a deadline or an award, not both.",
            ),
        ]

    def clean(self) -> None:
        super().clean()
        try:
            self.set_window()
        except (KeyError, ValueError) as error:
            raise ValidationError(
                {"timezone": f"No zone has this name: {self.timezone}"}
            ) from error
        if self.announced_at is None and self.announced_on is not None:
            self.announced_at = datetime.combine(self.announced_on, time.min, UTC)

    def __str__(self) -> str:
        return f"{self.prize}: {self.get_change_display()} {self.announced_on}"
