"""What an issue is read into."""

from typing import Self

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from newsletter.models.issues import Issue
from papers.models import Paper, Topic


class PartQuerySet(models.QuerySet):
    """Parts of issues: sections, entries, links and images."""

    def visible_to(self, user) -> Self:
        if user.is_authenticated and user.is_staff:
            return self
        return self.filter(
            withdrawn_at=None,
            issue__is_hidden=False,
            issue__withdrawn_at=None,
            issue__publication__is_hidden=False,
        )

    def standing(self) -> Self:
        return self.filter(withdrawn_at=None)


class AnchoredQuerySet(PartQuerySet):
    def get_by_natural_key(self, slug: str, anchor: str):
        return self.get(issue__slug=slug, anchor=anchor)


class PlacedQuerySet(PartQuerySet):
    def get_by_natural_key(self, slug: str, position: int):
        return self.get(issue__slug=slug, position=position, withdrawn_at=None)


class Section(models.Model):
    """A heading of an issue that groups entries, with the topic it names."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="sections")
    topic = models.ForeignKey(
        Topic, models.SET_NULL, null=True, blank=True, related_name="sections"
    )
    heading = models.TextField()
    level = models.PositiveSmallIntegerField()
    position = models.PositiveIntegerField()
    anchor = models.SlugField(max_length=120)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords()

    objects = AnchoredQuerySet.as_manager()

    class Meta:
        ordering = ["issue", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["issue", "anchor"],
                name="newsletter_section_anchor_once",
                violation_error_message="Another section of this issue has that anchor.",
            )
        ]

    def __str__(self) -> str:
        return self.heading

    def natural_key(self) -> tuple[str, str]:
        return (self.issue.slug, self.anchor)

    natural_key.dependencies = ["newsletter.issue", "papers.topic"]

    def get_absolute_url(self) -> str:
        return f"{self.issue.get_absolute_url()}#{self.anchor}"


class Entry(models.Model):
    """One thing an issue presents."""

    class Kind(models.TextChoices):
        FEATURE = "feature"
        BRIEF = "brief"
        NEWS = "news"
        OPPORTUNITY = "opportunity"

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="entries")
    section = models.ForeignKey(
        Section, models.SET_NULL, null=True, blank=True, related_name="entries"
    )
    topic = models.ForeignKey(Topic, models.SET_NULL, null=True, blank=True, related_name="entries")
    kind = models.CharField(max_length=11, choices=Kind)
    headline = models.TextField()
    markdown = models.TextField(blank=True)
    html = models.TextField(blank=True, editable=False, help_text="rendered once, at save")
    position = models.PositiveIntegerField()
    anchor = models.SlugField(max_length=120, help_text="never changes once handed out")
    editor_note = models.TextField(null=True, blank=True, help_text="shown to readers")
    needs_review = models.BooleanField(default=False)
    review_note = models.TextField(null=True, blank=True, help_text="for maintainers")
    locked_fields = models.JSONField(default=list, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    history = HistoricalRecords()

    objects = AnchoredQuerySet.as_manager()

    class Meta:
        ordering = ["-issue", "position", "pk"]
        verbose_name_plural = "entries"
        indexes = [models.Index(fields=["topic", "kind"], name="newsletter_entry_topic_kind")]
        constraints = [
            models.UniqueConstraint(
                fields=["issue", "anchor"],
                name="newsletter_entry_anchor_once",
                violation_error_message="Another entry of this issue has that anchor.",
            ),
            models.CheckConstraint(
                condition=~Q(headline=""),
                name="newsletter_entry_has_headline",
                violation_error_message="An entry needs a headline.",
            ),
        ]

    def __str__(self) -> str:
        return self.headline

    def natural_key(self) -> tuple[str, str]:
        return (self.issue.slug, self.anchor)

    natural_key.dependencies = ["newsletter.section"]

    def get_absolute_url(self) -> str:
        return f"{self.issue.get_absolute_url()}#{self.anchor}"


class Link(models.Model):
    """A hyperlink as printed, in order; outside entries it hangs on the issue alone."""

    class Role(models.TextChoices):
        PRIMARY = "primary"
        VIDEO = "video"
        CODE = "code"
        WEBSITE = "website"
        ARTICLE = "article"
        INLINE = "inline"
        SHARE = "share"

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="links")
    entry = models.ForeignKey(Entry, models.CASCADE, null=True, blank=True, related_name="links")
    position = models.PositiveIntegerField(help_text="place in the issue")
    url = models.TextField(help_text="as printed")
    href = models.TextField(null=True, blank=True, help_text="safe to follow; empty if not")
    label = models.TextField(blank=True)
    role = models.CharField(max_length=7, choices=Role)
    paper = models.ForeignKey(
        Paper, models.SET_NULL, null=True, blank=True, related_name="mentions"
    )
    fragment = models.CharField(max_length=500, null=True, blank=True, help_text="#page=3")
    version = models.PositiveSmallIntegerField(null=True, blank=True, help_text="arXiv v2: 2")
    editor_note = models.TextField(null=True, blank=True, help_text="shown to readers")
    locked_fields = models.JSONField(default=list, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords()

    objects = PlacedQuerySet.as_manager()

    class Meta:
        ordering = ["issue", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["issue", "position"],
                condition=Q(withdrawn_at=None),
                name="newsletter_link_place_once",
                violation_error_message="Another link of this issue stands in that place.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.label or self.url} ({self.role})"

    def natural_key(self) -> tuple[str, int]:
        return (self.issue.slug, self.position)

    natural_key.dependencies = ["newsletter.entry", "papers.paper"]


class Image(models.Model):
    """A picture of an issue; shown only when a maintainer keeps a copy, else a captioned link."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="images")
    entry = models.ForeignKey(Entry, models.CASCADE, null=True, blank=True, related_name="images")
    position = models.PositiveIntegerField(help_text="place in the issue")
    url = models.TextField(help_text="as printed")
    href = models.TextField(null=True, blank=True, help_text="safe to follow; empty if not")
    link_url = models.TextField(null=True, blank=True, help_text="what it links to, as printed")
    alt = models.TextField(blank=True)
    caption = models.TextField(null=True, blank=True)
    copy = models.FileField(upload_to="images/", null=True, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords()

    objects = PlacedQuerySet.as_manager()

    class Meta:
        ordering = ["issue", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["issue", "position"],
                condition=Q(withdrawn_at=None),
                name="newsletter_image_place_once",
                violation_error_message="Another image of this issue stands in that place.",
            )
        ]

    def __str__(self) -> str:
        return self.caption or self.alt or self.url

    def natural_key(self) -> tuple[str, int]:
        return (self.issue.slug, self.position)

    natural_key.dependencies = ["newsletter.entry"]
