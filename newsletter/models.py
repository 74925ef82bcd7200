"""Publications and their issues, read into sections, entries, links and images."""

from typing import Self

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from papers.models import Paper, Topic


class PublicationQuerySet(models.QuerySet):
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


class IssueQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        if user.is_authenticated and user.is_staff:
            return self
        return self.filter(is_hidden=False, withdrawn_at=None, publication__is_hidden=False)

    def get_by_natural_key(self, slug: str) -> "Issue":
        return self.get(slug=slug)

    def newest_first(self) -> Self:
        return self.order_by(models.F("published_at").desc(nulls_last=True), "-pk")


class Issue(models.Model):
    """One mailing, kept as it came, beside what was read from it."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="issues")
    number = models.PositiveIntegerField(null=True, blank=True)
    title = models.CharField(max_length=300)
    slug = models.SlugField(max_length=120, unique=True)
    source_id = models.CharField(max_length=300, null=True, blank=True)
    source_url = models.TextField(null=True, blank=True, help_text="as it came, shown as text")
    url = models.TextField(null=True, blank=True, help_text="original address; empty if not safe")
    authors = models.JSONField(default=list, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_raw = models.TextField(null=True, blank=True, help_text="the date as it came")
    highlights = models.JSONField(default=list, blank=True, help_text="its own table of contents")
    markdown = models.TextField(blank=True, help_text="the text, cleaned for display")
    html = models.TextField(blank=True, editable=False, help_text="rendered once, at save")
    reading_minutes = models.PositiveSmallIntegerField(default=0, editable=False)
    # The JSON object as it came, to the byte: `export_newsletter` gives it back.
    source_record = models.TextField(null=True, blank=True, editable=False)
    source_digest = models.CharField(max_length=64, blank=True, editable=False)
    extra = models.JSONField(default=dict, blank=True, help_text="fields we have no place for")
    is_hidden = models.BooleanField(default=False, help_text="only maintainers see it")
    needs_review = models.BooleanField(default=False)
    review_note = models.TextField(null=True, blank=True, help_text="for maintainers")
    locked_fields = models.JSONField(default=list, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    history = HistoricalRecords()

    objects = IssueQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-pk"]
        indexes = [
            models.Index(fields=["-published_at", "-id"], name="newsletter_issue_newest_first")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "number"],
                condition=Q(number__isnull=False, withdrawn_at=None),
                name="newsletter_issue_number_once",
                violation_error_message="This publication has an issue of that number already.",
            ),
            models.CheckConstraint(
                condition=~Q(title=""),
                name="newsletter_issue_has_title",
                violation_error_message="An issue needs a title.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    natural_key.dependencies = ["newsletter.publication"]

    def get_absolute_url(self) -> str:
        return f"/issues/{self.slug}/"


class IssueSourceManager(models.Manager):
    def get_by_natural_key(self, source_id: str, slug: str) -> "IssueSource":
        return self.get(source_id=source_id, issue__slug=slug)


class IssueSource(models.Model):
    """A source id or address under which an issue has come in; forum cross-posts add more."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="sources")
    # Opaque, never recomputed: four rules make them, mixed in one file (DATA_FORMAT.md).
    source_id = models.CharField(max_length=300, null=True, blank=True)
    canonical_url = models.CharField(max_length=1000, null=True, blank=True)
    note = models.TextField(blank=True)

    objects = IssueSourceManager()

    class Meta:
        ordering = ["issue", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source_id"],
                condition=Q(source_id__isnull=False),
                name="newsletter_issuesource_id_once",
                violation_error_message="Another issue has this source id.",
            ),
            models.UniqueConstraint(
                fields=["canonical_url"],
                condition=Q(canonical_url__isnull=False),
                name="newsletter_issuesource_url_once",
                violation_error_message="Another issue has this address.",
            ),
        ]

    def __str__(self) -> str:
        return self.source_id or self.canonical_url or "unknown"

    def natural_key(self) -> tuple[str | None, str]:
        return (self.source_id, self.issue.slug)

    natural_key.dependencies = ["newsletter.issue"]


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
