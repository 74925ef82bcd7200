"""Reading lists: versioned, shared, annotated. The tables; their behaviour comes on top."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from newsletter.models import Entry
from papers.models import Paper, Topic
from prizes.models import Prize

User = settings.AUTH_USER_MODEL


class Role(models.TextChoices):
    OWNER = "owner"
    EDITOR = "editor"
    CONTRIBUTOR = "contributor"
    VIEWER = "viewer"


class Audience(models.TextChoices):
    PRIVATE = "private", "only its author"
    MEMBERS = "members"
    PUBLIC = "public", "whoever may see the list"


class ReadingListQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        """Lists this person may open. Unlisted ones open by address but are never listed."""
        standing = self.filter(deleted_at=None)
        anyone = Q(visibility__in=["unlisted", "public"])
        if not user.is_authenticated:
            return standing.filter(anyone)
        mine = Membership.objects.filter(user=user).values("reading_list")
        return standing.filter(anyone | Q(owner=user) | Q(pk__in=mine))

    def listed_for(self, user) -> Self:
        """Lists that may appear in indexes, search, feeds and counts this person sees."""
        return self.visible_to(user).exclude(visibility="unlisted")


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


class ListSection(models.Model):
    """A heading of a list with prose of its own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reading_list = models.ForeignKey(ReadingList, models.CASCADE, related_name="sections")
    title = models.CharField(max_length=300)
    prose = models.TextField(blank=True)
    prose_html = models.TextField(blank=True, editable=False)
    position = models.PositiveIntegerField()
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
    version = models.PositiveIntegerField(default=1, editable=False)
    is_proposed = models.BooleanField(default=False, help_text="waits for an editor's yes")
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

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
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["item", "created_at", "pk"]

    def __str__(self) -> str:
        return f"note by {self.author}"


class Membership(models.Model):
    """A person's part in a list; its owner stands on the list itself."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reading_list = models.ForeignKey(ReadingList, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=11, choices=Role)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reading_list", "user"],
                name="readinglists_membership_once",
                violation_error_message="This person is a member already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"


class ShareLink(models.Model):
    """An address that lets whoever holds it see one list; only the hash of its token is kept."""

    class Allows(models.TextChoices):
        VIEW = "view"
        VIEW_NOTES = "view_notes", "view with notes"
        PROPOSE = "propose", "propose, after sign-in"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reading_list = models.ForeignKey(ReadingList, models.CASCADE, related_name="share_links")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    allows = models.CharField(max_length=10, choices=Allows, default=Allows.VIEW)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    rotated_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "pk"]

    def __str__(self) -> str:
        return self.name


class ListEvent(models.Model):
    """One change to a list, in the transaction that made it: history, undo and restore."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reading_list = models.ForeignKey(ReadingList, models.CASCADE, related_name="events")
    # The list's version this event made; null for what never touches it (private notes).
    version = models.PositiveIntegerField(null=True)
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=30)
    subject_kind = models.CharField(max_length=12, help_text="list, section, item, note, member")
    subject_id = models.UUIDField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    audience = models.CharField(max_length=7, choices=Audience, default=Audience.MEMBERS)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["reading_list", "version", "at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["reading_list", "version"],
                condition=Q(version__isnull=False),
                name="readinglists_listevent_version_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.verb}"


class Revision(models.Model):
    """A frozen state of a list with public notes only, to cite and to serve unchanged."""

    reading_list = models.ForeignKey(ReadingList, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    version = models.PositiveIntegerField(help_text="the list's version it froze")
    # The very bytes that were hashed, not JSON that a database may write anew.
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["reading_list", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["reading_list", "number"], name="readinglists_revision_number_once"
            )
        ]

    def __str__(self) -> str:
        return f"revision {self.number}"


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

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "paper"], name="readinglists_readingstate_once")
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.paper} {self.state}"
