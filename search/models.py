"""Searches that people keep."""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User, digest
from accounts.secret_feeds import HasFeed


class SavedSearchQuerySet(models.QuerySet["SavedSearch"]):
    def visible_to(self, user) -> Self:
        return self.filter(owner=user) if user.is_authenticated else self.none()

    def behind(self, secret: str) -> Self:
        """The one whose feed has this secret in its address, while its owner's account stands."""
        return self.filter(feed_digest=digest(secret), owner__is_active=True)


class SavedSearch(HasFeed):
    """What somebody looks for again and again: a page of the site with its filters.

    `query` is canonical: two ways to ask for the same are one text. `version` counts changes of
    name, page and query; what is looked at is no change of them.
    """

    class Page(models.TextChoices):
        SEARCH = "search", "everything"
        PAPERS = "papers"
        ISSUES = "issues"
        PRIZES = "prizes"

    NAME_LENGTH, QUERY_LENGTH = 120, 4000
    MOST = 100  # of one account; their new hits are counted in one query

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_searches"
    )
    name = models.CharField(max_length=NAME_LENGTH)
    page = models.CharField(max_length=10, choices=Page)
    query = models.TextField(blank=True, help_text="query string of that page")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    looked_at = models.DateTimeField(
        default=timezone.now, help_text="what came after this is new to its owner"
    )

    objects = SavedSearchQuerySet.as_manager()

    class Meta(HasFeed.Meta):
        ordering = ["name", "pk"]
        verbose_name_plural = "saved searches"
        constraints = [
            *HasFeed.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(name=""),
                name="search_savedsearch_has_name",
                violation_error_message="A saved search needs a name.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Where its owner changes it; `results_url` is where it looks."""
        return reverse("search:saved", args=[self.pk])

    @property
    def results_url(self) -> str:
        path = f"/{self.page}/"
        return f"{path}?{self.query}" if self.query else path

    def change(self, *, looked_at: datetime | None = None, **said: str) -> None:
        """Take over what differs; another name, page or query makes another version."""
        differs = {name: value for name, value in said.items() if getattr(self, name) != value}
        for name, value in differs.items():
            setattr(self, name, value)
        if differs:
            self.version += 1
        if looked_at is not None:
            self.looked_at = looked_at
        self.save()

    @classmethod
    def has_room(cls, user: User) -> bool:
        return cls.objects.visible_to(user).count() < cls.MOST
