"""Lists and their sections."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from papers.models import Topic
from readinglists.naming import list_path

User = settings.AUTH_USER_MODEL


class ReadingListQuerySet(models.QuerySet["ReadingList"]):
    def visible_to(self, user) -> Self:
        """Lists this person may open. Unlisted ones open by address but are never listed; a
        private one is its owner's alone, whoever else was made a member of it."""
        anyone = Q(visibility__in=["unlisted", "public"])
        return self.filter(anyone | self._shared_with(user), deleted_at=None)

    def listed_for(self, user) -> Self:
        """Lists that may appear in indexes, search, feeds and counts this person sees."""
        return self.filter(Q(visibility="public") | self._shared_with(user), deleted_at=None)

    def in_trash_of(self, user) -> Self:
        """What this person may bring back."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(owner=user, deleted_at__isnull=False)

    def of_members(self, user) -> Self:
        """Lists that are this person's, or that they are a member of."""
        return self.filter(self._shared_with(user), deleted_at=None)

    def _shared_with(self, user) -> Q:
        # A feed or a task asks for accounts that may have been disabled since.
        if not (user.is_authenticated and user.is_active):
            return Q(pk__in=[])
        mine = self.model.objects.filter(memberships__user=user).values("pk")
        return Q(owner=user) | (Q(pk__in=mine) & ~Q(visibility="private"))


class ReadingList(models.Model):
    """A curated sequence of papers, entries, prizes and addresses, with notes."""

    class Visibility(models.TextChoices):
        PRIVATE = "private"
        MEMBERS = "members"
        UNLISTED = "unlisted", "whoever has the address"
        PUBLIC = "public"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=300)
    slug = models.SlugField(max_length=120)
    description = models.TextField(blank=True)
    description_html = models.TextField(blank=True, editable=False)
    owner = models.ForeignKey(User, models.PROTECT, related_name="reading_lists")
    cover_topic = models.ForeignKey(Topic, models.SET_NULL, null=True, blank=True)
    language = models.CharField(max_length=35, default="en")
    notes_licence = models.CharField(max_length=100, null=True, blank=True)
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.PRIVATE)
    # Raised by every event; private notes and reading states never touch it.
    version = models.PositiveIntegerField(default=1, editable=False)
    forked_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="forks"
    )
    forked_from_version = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True, blank=True, help_text="in the trash since")

    objects = ReadingListQuerySet.as_manager()

    class Meta:
        ordering = ["-updated_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title=""),
                name="readinglists_readinglist_has_title",
                violation_error_message="A list needs a title.",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return list_path(self.pk, self.slug)


class ListSection(models.Model):
    """A heading of a list with prose of its own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reading_list = models.ForeignKey(ReadingList, models.CASCADE, related_name="sections")
    title = models.CharField(max_length=300)
    prose = models.TextField(blank=True)
    prose_html = models.TextField(blank=True, editable=False)
    position = models.PositiveIntegerField()
    copied_from = models.UUIDField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["reading_list", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["reading_list", "position"],
                condition=Q(deleted_at=None),
                name="readinglists_listsection_place_once",
                violation_error_message="Another section stands in that place.",
            )
        ]

    def __str__(self) -> str:
        return self.title
