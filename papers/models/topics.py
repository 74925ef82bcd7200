"""What papers, entries and prizes are filed under."""

from typing import Self

from django.db import models
from django.db.models.functions import Coalesce
from django.urls import reverse
from simple_history.models import HistoricalRecords


class TopicQuerySet(models.QuerySet["Topic"]):
    def visible_to(self, user) -> Self:
        return self.all()

    def get_by_natural_key(self, slug: str) -> "Topic":
        return self.get(slug=slug)

    def with_counts(self, user) -> Self:
        """With `paper_count` and `entry_count` of what this person may see."""
        return self.annotate(
            paper_count=self._count("papers", "topics", user),
            entry_count=self._count("entries", "topic", user),
        )

    def _count(self, relation: str, back: str, user) -> Coalesce:
        # By the relation's name: entries stand above papers.
        related = self.model._meta.get_field(relation).related_model.objects  # type: ignore[union-attr]
        visible = related.visible_to(user).filter(**{back: models.OuterRef("pk")})
        return Coalesce(
            models.Subquery(
                visible.order_by().values(back).annotate(n=models.Count("pk")).values("n")
            ),
            0,
        )


class Topic(models.Model):
    """A field of work that sections, entries, papers and prizes are filed under."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    description = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    history = HistoricalRecords()

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name", "pk"]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    def get_absolute_url(self) -> str:
        return reverse("newsletter:topic", args=[self.slug])
