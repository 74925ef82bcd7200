"""Prizes, and what their winners get."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from simple_history.models import HistoricalRecords

from papers.models import Topic
from prizes.models.stated import CURRENCY, Qualifier, StatedMoney, money_constraints

# Of announcements and mentions: what stands in no issue, or in one that everybody may see.
IN_THE_OPEN = Q(issue=None) | Q(
    issue__is_hidden=False, issue__withdrawn_at=None, issue__publication__is_hidden=False
)


def evidence(model: type[models.Model], name: str) -> models.QuerySet:
    """The related rows of each row of an outer query."""
    relation = model._meta.get_field(name)
    related = relation.related_model._base_manager  # type: ignore[union-attr]
    return related.filter(**{relation.field.name: OuterRef("pk")})  # type: ignore[union-attr]


class PrizeQuerySet(models.QuerySet["Prize"]):
    def visible_to(self, user) -> Self:
        """Prizes this person may see; a merged one only as a redirect (see `merged_into`).

        What only issues tell that one may not see is not there.
        """
        standing = self.filter(merged_into=None)
        if user.is_authenticated and user.is_staff:
            return standing
        told, mentioned = evidence(self.model, "announcements"), evidence(self.model, "mentions")
        nowhere = ~Exists(told) & ~Exists(mentioned)  # entered by hand
        in_the_open = Exists(told.filter(IN_THE_OPEN)) | Exists(mentioned.filter(IN_THE_OPEN))
        return standing.filter(in_the_open | nowhere, is_hidden=False)

    def get_by_natural_key(self, slug: str) -> "Prize":
        return self.get(slug=slug)

    def known_by(self, instant: datetime) -> Self:
        """Prizes that had been announced by then, whenever we learned of them."""
        known = self.model.objects.filter(announcements__announced_at__lte=instant)
        return self.filter(pk__in=known.values("pk"))


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
                | Q(pool_amount__gte=0, pool_currency__isnull=False, pool_currency__regex=CURRENCY),
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


class AwardManager(models.Manager["Award"]):
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
