"""Newsletters as such."""

from typing import Self

from django.db import models
from simple_history.models import HistoricalRecords


class PublicationQuerySet(models.QuerySet["Publication"]):
    def visible_to(self, user) -> Self:
        return self if user.is_authenticated and user.is_staff else self.filter(is_hidden=False)

    def get_by_natural_key(self, slug: str) -> "Publication":
        return self.get(slug=slug)


class Publication(models.Model):
    """A newsletter: who writes it, where it appears."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    # What the JSONL calls it (`source`, or `initial_source`); an import finds it by this.
    source = models.CharField(max_length=100, unique=True)
    url = models.TextField(null=True, blank=True)
    authors = models.JSONField(default=list, blank=True)
    language = models.CharField(max_length=35, default="en")
    description = models.TextField(null=True, blank=True)
    image_hosts = models.JSONField(
        default=list, blank=True, help_text="hosts that fetch_images may keep copies from"
    )
    is_hidden = models.BooleanField(default=False, help_text="only maintainers see it")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    history = HistoricalRecords()

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)
