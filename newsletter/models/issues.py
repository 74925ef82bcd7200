"""Single mailings, kept as they came."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from simple_history.models import HistoricalRecords

from newsletter.models.publications import Publication


class IssueQuerySet(models.QuerySet["Issue"]):
    def visible_to(self, user) -> Self:
        if user.is_authenticated and user.is_staff:
            return self
        return self.filter(is_hidden=False, withdrawn_at=None, publication__is_hidden=False)

    def get_by_natural_key(self, slug: str) -> "Issue":
        return self.get(slug=slug)

    def newest_first(self) -> Self:
        return self.order_by(models.F("published_at").desc(nulls_last=True), "-pk")

    def with_counts(self) -> Self:
        """With `entry_count` and `paper_count` of what stands in each issue."""
        entries = self._parts("entries").annotate(n=models.Count("pk")).values("n")
        links = self._parts("links").filter(paper__merged_into=None, paper__is_hidden=False)
        papers = links.annotate(n=models.Count("paper", distinct=True)).values("n")
        return self.annotate(
            entry_count=Coalesce(models.Subquery(entries), 0),
            paper_count=Coalesce(models.Subquery(papers), 0),
        )

    def _parts(self, name: str) -> models.QuerySet:
        parts = self.model._meta.get_field(name).related_model.objects  # type: ignore[union-attr]
        standing = parts.filter(issue=models.OuterRef("pk"), withdrawn_at=None)
        return standing.order_by().values("issue")


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
    source_digest = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
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


class IssueSourceManager(models.Manager["IssueSource"]):
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
