"""What stands on lists, and what people say of it."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from newsletter.models import Entry
from papers.models import Paper
from prizes.models import Prize
from readinglists.models.lists import ListSection, ReadingList

User = settings.AUTH_USER_MODEL


class Audience(models.TextChoices):
    PRIVATE = "private", "only its author"
    MEMBERS = "members"
    PUBLIC = "public", "whoever may see the list"


class ItemQuerySet(models.QuerySet["Item"]):
    def listed_for(self, user) -> Self:
        """Items of all lists that are listed for this person; proposals only of their own."""
        return self.on_lists(ReadingList.objects.listed_for(user), user)

    def on_list(self, name: str, user) -> Self:
        """Of the list with this id, which opens it, or this slug, which anybody may guess."""
        try:
            lists = ReadingList.objects.visible_to(user).filter(pk=uuid.UUID(name))
        except ValueError:
            lists = ReadingList.objects.listed_for(user).filter(slug=name)
        return self.on_lists(lists, user)

    def on_lists(self, lists: models.QuerySet, user) -> Self:
        """Of lists that this person may open; proposals only of their own."""
        members = Q(reading_list__in=ReadingList.objects.of_members(user).values("pk"))
        return self.filter(
            Q(is_proposed=False) | members, deleted_at=None, reading_list__in=lists.values("pk")
        )


class Item(models.Model):
    """One thing on a list: a paper, an entry, a prize, or an address."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reading_list = models.ForeignKey(ReadingList, models.CASCADE, related_name="items")
    section = models.ForeignKey(
        ListSection, models.SET_NULL, null=True, blank=True, related_name="items"
    )
    # Place in the whole list, sections included; unique among the items that stand.
    position = models.PositiveIntegerField()
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="items")
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, blank=True, related_name="items")
    prize = models.ForeignKey(Prize, models.PROTECT, null=True, blank=True, related_name="items")
    url = models.TextField(null=True, blank=True)
    title = models.CharField(max_length=500, null=True, blank=True)
    # Of an address: what it was in the file it came from (a paper, an entry, a prize), where there
    # is no such thing here; so that nothing of it is lost when it goes out again.
    stands_for = models.JSONField(null=True, blank=True, editable=False)
    # The item of another list it was copied from; that list may be gone.
    copied_from = models.UUIDField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    is_proposed = models.BooleanField(default=False, help_text="waits for an editor's yes")
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering = ["reading_list", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["reading_list", "position"],
                condition=Q(deleted_at=None),
                name="readinglists_item_place_once",
                violation_error_message="Another item stands in that place.",
            ),
            models.CheckConstraint(
                condition=(
                    Q(paper__isnull=False, entry=None, prize=None, url=None)
                    | Q(paper=None, entry__isnull=False, prize=None, url=None)
                    | Q(paper=None, entry=None, prize__isnull=False, url=None)
                    | Q(paper=None, entry=None, prize=None, url__isnull=False)
                ),
                name="readinglists_item_one_target",
                violation_error_message="An item is a paper, an entry, a prize or an address.",
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"item {self.position}"


class Note(models.Model):
    """What one person says about an item, and to whom."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(Item, models.CASCADE, related_name="notes")
    author = models.ForeignKey(User, models.PROTECT, related_name="notes")
    audience = models.CharField(max_length=7, choices=Audience, default=Audience.PRIVATE)
    markdown = models.TextField(max_length=50_000)
    html = models.TextField(blank=True, editable=False)
    # Whose words these are, where the author only brought them in (a copy, an import). Shown with
    # the author beside it: nobody is made to say what they may not have said.
    credit = models.CharField(max_length=300, null=True, blank=True, editable=False)
    copied_from = models.UUIDField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["item", "created_at", "pk"]

    def __str__(self) -> str:
        return f"note by {self.author}"
