"""Prizes and what is known about them: a history of announcements, never one bare date."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from newsletter.models import Entry, Issue, Link
from papers.models import Topic


class Qualifier(models.TextChoices):
    EXACT = "exact"
    UP_TO = "up_to", "up to"
    AT_LEAST = "at_least", "at least"
    ABOUT = "about"
    RANGE = "range"


class Precision(models.TextChoices):
    INSTANT = "instant"
    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"
    ROLLING = "rolling"
    TBA = "tba", "to be announced"


CURRENCY = r"^[A-Z]{3}$"


class StatedMoney(models.Model):
    """An amount as somebody stated it; null is not known, never 0."""

    amount = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    amount_max = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, null=True, blank=True, help_text="ISO 4217")
    qualifier = models.CharField(max_length=8, choices=Qualifier, null=True, blank=True)

    class Meta:
        abstract = True


def money_constraints(prefix: str) -> list[models.CheckConstraint]:
    """What holds for every stated amount, named for the table it guards."""
    return [
        models.CheckConstraint(
            condition=Q(amount=None) | Q(amount__gte=0, currency__regex=CURRENCY),
            name=f"{prefix}_amount_has_currency",
            violation_error_message="An amount needs a currency, three capital letters.",
        ),
        models.CheckConstraint(
            condition=Q(amount_max=None) | Q(amount_max__gte=F("amount")),
            name=f"{prefix}_range_in_order",
            violation_error_message="A range goes from the smaller to the larger amount.",
        ),
    ]


class StatedDate(models.Model):
    """A date as somebody stated it, with the two instants between which it may fall."""

    date = models.DateField(null=True, blank=True)
    time = models.TimeField(null=True, blank=True)
    timezone = models.CharField(max_length=64, null=True, blank=True, help_text="IANA name or AoE")
    precision = models.CharField(max_length=7, choices=Precision, null=True, blank=True)
    inclusive = models.BooleanField(default=True, help_text='"before October 27" is not')
    year_inferred = models.BooleanField(default=False, help_text="the year was not printed")
    earliest_utc = models.DateTimeField(null=True, blank=True, editable=False)
    latest_utc = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True


def date_constraints(prefix: str) -> list[models.CheckConstraint]:
    return [
        models.CheckConstraint(
            condition=(
                Q(precision=None)
                | Q(precision__in=["rolling", "tba"], date=None)
                | Q(precision__in=["day", "month"], date__isnull=False, time=None)
                | Q(precision__in=["instant", "minute"], date__isnull=False, time__isnull=False)
            ),
            name=f"{prefix}_precision_fits",
            violation_error_message=(
                "A day or month needs a date and no time; a minute or instant needs both; "
                "rolling and to-be-announced have neither."
            ),
        ),
        models.CheckConstraint(
            condition=(
                Q(earliest_utc=None, latest_utc=None)
                | Q(earliest_utc__isnull=False, latest_utc__gte=F("earliest_utc"))
            ),
            name=f"{prefix}_window_in_order",
            violation_error_message="The earliest instant cannot lie after the latest.",
        ),
    ]


class PrizeQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        """Prizes this person may see; a merged one only as a redirect (see `merged_into`)."""
        standing = self.filter(merged_into=None)
        if user.is_authenticated and user.is_staff:
            return standing
        return standing.filter(is_hidden=False)

    def get_by_natural_key(self, slug: str) -> "Prize":
        return self.get(slug=slug)

    def known_by(self, instant: datetime) -> Self:
        """Prizes that had been announced by then, whenever we learned of them."""
        known = Announcement.objects.filter(announced_at__lte=instant)
        return self.filter(pk__in=known.values("prize"))


class Prize(models.Model):
    """A prize, competition, grant, call or job that somebody can win or apply for."""

    class Kind(models.TextChoices):
        PRIZE = "prize"
        COMPETITION = "competition"
        GRANT = "grant"
        CALL = "call"
        JOB = "job"

    slug = models.SlugField(max_length=120, unique=True)
    name = models.CharField(max_length=300)
    kind = models.CharField(max_length=11, choices=Kind)
    organiser = models.CharField(max_length=200, null=True, blank=True)
    website = models.TextField(null=True, blank=True)
    description = models.TextField(null=True, blank=True)
    topics = models.ManyToManyField(Topic, blank=True, related_name="prizes")
    # The pool as currently announced; its history is in the announcements.
    pool_amount = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    pool_currency = models.CharField(max_length=3, null=True, blank=True)
    pool_qualifier = models.CharField(max_length=8, choices=Qualifier, null=True, blank=True)
    # How well the place presented it that gave it its name: 0 best (`recording.RANKS`).
    told_rank = models.PositiveSmallIntegerField(default=0, editable=False)
    editor_note = models.TextField(null=True, blank=True, help_text="shown to readers")
    needs_review = models.BooleanField(default=False)
    review_note = models.TextField(null=True, blank=True, help_text="for maintainers")
    locked_fields = models.JSONField(default=list, blank=True)
    is_hidden = models.BooleanField(default=False, help_text="only maintainers see it")
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    history = HistoricalRecords(m2m_fields=[topics])

    objects = PrizeQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name=""),
                name="prizes_prize_has_name",
                violation_error_message="A prize needs a name.",
            ),
            models.CheckConstraint(
                condition=Q(pool_amount=None)
                | Q(pool_amount__gte=0, pool_currency__regex=CURRENCY),
                name="prizes_prize_pool_has_currency",
                violation_error_message="A pool needs a currency, three capital letters.",
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=F("id")),
                name="prizes_prize_not_merged_into_itself",
                violation_error_message="A prize cannot be merged into itself.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    natural_key.dependencies = ["papers.topic"]

    def get_absolute_url(self) -> str:
        return f"/prizes/{self.slug}/"


class PrizeAlias(models.Model):
    """A slug once handed out that now names another row, or the same under a better name."""

    slug = models.SlugField(max_length=120, unique=True)
    prize = models.ForeignKey(Prize, models.CASCADE, related_name="aliases")

    class Meta:
        verbose_name_plural = "prize aliases"

    def __str__(self) -> str:
        return self.slug

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    natural_key.dependencies = ["prizes.prize"]


class AwardManager(models.Manager):
    def get_by_natural_key(self, slug: str, position: int) -> "Award":
        return self.get(prize__slug=slug, position=position)


class Award(StatedMoney):
    """What one winner, or a group of winners, gets."""

    class Basis(models.TextChoices):
        TOTAL = "total"
        EACH = "each"

    prize = models.ForeignKey(Prize, models.CASCADE, related_name="awards")
    position = models.PositiveSmallIntegerField(default=0)
    label = models.CharField(max_length=300, blank=True)
    basis = models.CharField(max_length=5, choices=Basis, default=Basis.TOTAL)
    count = models.PositiveIntegerField(null=True, blank=True)
    part_of_pool = models.BooleanField(default=True)
    quote = models.TextField(null=True, blank=True)
    history = HistoricalRecords()

    objects = AwardManager()

    class Meta:
        ordering = ["prize", "position", "pk"]
        constraints = [
            *money_constraints("prizes_award"),
            models.UniqueConstraint(
                fields=["prize", "position"],
                name="prizes_award_place_once",
                violation_error_message="Another award of this prize stands in that place.",
            ),
        ]

    def __str__(self) -> str:
        return self.label or f"{self.amount} {self.currency}"

    def natural_key(self) -> tuple[str, int]:
        return (self.prize.slug, self.position)

    natural_key.dependencies = ["prizes.prize"]


class DeadlineQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        standing = self.filter(prize__merged_into=None, withdrawn_at=None)
        if user.is_authenticated and user.is_staff:
            return standing
        return standing.filter(prize__is_hidden=False)

    def known_by(self, instant: datetime) -> Self:
        known = Announcement.objects.filter(announced_at__lte=instant, deadline__isnull=False)
        return self.filter(pk__in=known.values("deadline"))


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
        constraints = date_constraints("prizes_deadline")

    def __str__(self) -> str:
        return f"{self.prize}: {self.label or self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return f"{self.prize.get_absolute_url()}#deadline-{self.pk}"


class AnnouncementQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        standing = self.filter(prize__merged_into=None)
        if user.is_authenticated and user.is_staff:
            return standing
        return standing.filter(prize__is_hidden=False)

    def known_by(self, instant: datetime) -> Self:
        return self.filter(announced_at__lte=instant)

    def current_at(self, instant: datetime) -> Self:
        """Known by then and, then, superseded by nothing."""
        superseded = Announcement.objects.filter(
            announced_at__lte=instant, supersedes__isnull=False
        )
        return self.known_by(instant).exclude(pk__in=superseded.values("supersedes"))


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

    def __str__(self) -> str:
        return f"{self.prize}: {self.get_change_display()} {self.announced_on}"


class PrizeMentionQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        standing = self.filter(prize__merged_into=None)
        if user.is_authenticated and user.is_staff:
            return standing
        return standing.filter(
            prize__is_hidden=False,
            issue__is_hidden=False,
            issue__withdrawn_at=None,
            issue__publication__is_hidden=False,
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
