"""Works: one row each, however many addresses they have."""

import re
import unicodedata
from functools import lru_cache
from string import ascii_lowercase, ascii_uppercase
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Lower
from simple_history.models import HistoricalRecords

from papers.models.topics import Topic

# Places 0 to 3, or 1 to 4: three names and whether there are more.
FIRST_AUTHORS = 3


class PaperQuerySet(models.QuerySet["Paper"]):
    def visible_to(self, user) -> Self:
        """Papers this person may see; a merged one only as a redirect (see `merged_into`)."""
        if user.is_authenticated and user.is_staff:
            return self.filter(merged_into=None)
        return self.filter(merged_into=None, is_hidden=False)

    def get_by_natural_key(self, citation_key: str) -> "Paper":
        return self.get(citation_key=citation_key)

    def mentioned_in_issue(self, issue_ids) -> Self:
        shown = self.model.objects.filter(
            mentions__issue__in=issue_ids, mentions__withdrawn_at=None
        )
        return self.filter(pk__in=shown.values("pk"))

    def newest_first(self) -> Self:
        return self.order_by("-published_order", "-pk")

    def with_first_authors(self) -> Self:
        """With `first_authorships`: enough to print three names and "et al.", of thousands."""
        return self.prefetch_related(first_authors())


def first_authors(way: str = "") -> models.Prefetch:
    """For `with_first_authors`, or for rows that lead to papers this way (`paper__`)."""
    authorships = Paper._meta.get_field("authorships").related_model.objects
    first = authorships.filter(position__lte=FIRST_AUTHORS).order_by("position")
    return models.Prefetch(f"{way}authorships", first, to_attr="first_authorships")


class Paper(models.Model):
    """A work, not an address: its addresses are `Identifier` rows."""

    class Kind(models.TextChoices):
        PAPER = "paper"
        REPORT = "report"
        POST = "post"
        DATASET = "dataset"
        CODE = "code"
        PROJECT = "project"

    class TitleSource(models.TextChoices):
        OFFICIAL = "official", "the work itself"
        NEWSLETTER = "newsletter", "the newsletter's words"
        LINK_TEXT = "link_text", "the text of a link"

    kind = models.CharField(max_length=8, choices=Kind, default=Kind.PAPER)
    title = models.CharField(max_length=500)
    title_source = models.CharField(max_length=10, choices=TitleSource)
    alternative_titles = models.JSONField(
        default=list, blank=True, help_text="earlier or other titles, as a list"
    )
    published_year = models.PositiveSmallIntegerField(null=True, blank=True)
    published_month = models.PositiveSmallIntegerField(null=True, blank=True)
    published_day = models.PositiveSmallIntegerField(null=True, blank=True)
    # 20220307, 20220300, 20220000, or 0 for not known: one indexed, never-null order.
    published_order = models.GeneratedField(
        expression=(
            Coalesce(F("published_year"), 0) * 10_000
            + Coalesce(F("published_month"), 0) * 100
            + Coalesce(F("published_day"), 0)
        ),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    venue = models.CharField(max_length=300, null=True, blank=True)
    abstract = models.TextField(null=True, blank=True)
    citation_key = models.CharField(max_length=80, unique=True)
    url = models.TextField(null=True, blank=True, help_text="landing page; empty if none is safe")
    pdf_url = models.TextField(null=True, blank=True)
    code_url = models.TextField(null=True, blank=True)
    retraction_note = models.TextField(
        null=True, blank=True, help_text="retracted or withdrawn: since when, and who says so"
    )
    retraction_url = models.TextField(null=True, blank=True, help_text="where it is announced")
    topics = models.ManyToManyField(Topic, blank=True, related_name="papers")
    authors: models.ManyToManyField = models.ManyToManyField(
        "Author", through="Authorship", related_name="papers"
    )
    locked_fields = models.JSONField(
        default=list, blank=True, help_text="edited by hand: no import or enrichment changes them"
    )
    sources = models.JSONField(default=dict, blank=True, help_text="where each value came from")
    editor_note = models.TextField(null=True, blank=True, help_text="shown to readers")
    needs_review = models.BooleanField(default=False)
    review_note = models.TextField(null=True, blank=True, help_text="for maintainers")
    is_hidden = models.BooleanField(default=False, help_text="only maintainers see it")
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", db_index=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    history = HistoricalRecords(m2m_fields=[topics])

    objects = PaperQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["-published_order", "-id"], name="papers_paper_newest_first"),
            models.Index(fields=["-created_at", "-id"], name="papers_paper_latest"),
            models.Index(Lower("title"), "id", name="papers_paper_by_title"),
            models.Index(fields=["kind", "-id"], name="papers_paper_by_kind"),
            models.Index(
                fields=["kind", "-published_order", "-id"], name="papers_paper_newest_of_kind"
            ),
            # Of merged papers alone: SQLite would take an index of all for every list of those
            # that are not merged, and then sort the whole catalogue.
            models.Index(
                fields=["merged_into"],
                condition=Q(merged_into__isnull=False),
                name="papers_paper_merged",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title=""),
                name="papers_paper_has_title",
                violation_error_message="A paper needs a title.",
            ),
            models.CheckConstraint(
                condition=Q(published_year=None) | Q(published_year__range=(1000, 2999)),
                name="papers_paper_year_is_a_year",
                violation_error_message="The year has four digits.",
            ),
            models.CheckConstraint(
                condition=(
                    Q(published_month=None)
                    | Q(published_year__isnull=False, published_month__range=(1, 12))
                ),
                name="papers_paper_month_needs_year",
                violation_error_message="A month is from 1 to 12 and needs a year.",
            ),
            models.CheckConstraint(
                condition=(
                    Q(published_day=None)
                    # Said outright, since a CHECK lets pass what it finds unknown.
                    | Q(published_month__isnull=False)
                    & (
                        Q(published_month__in=[1, 3, 5, 7, 8, 10, 12], published_day__range=(1, 31))
                        | Q(published_month__in=[4, 6, 9, 11], published_day__range=(1, 30))
                        | Q(published_month=2, published_day__range=(1, 29))
                    )
                ),
                name="papers_paper_day_needs_month",
                violation_error_message="A day must exist in its month, and needs one.",
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=F("id")),
                name="papers_paper_not_merged_into_itself",
                violation_error_message="A paper cannot be merged into itself.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def natural_key(self) -> tuple[str]:
        return (self.citation_key,)

    natural_key.dependencies = ["papers.topic"]

    @property
    def slug(self) -> str:
        return title_slug(self.title)

    def get_absolute_url(self) -> str:
        return paper_path(self.pk, self.title)

    @property
    def is_retracted(self) -> bool:
        return bool(self.retraction_note)

    @property
    def published(self) -> str | None:
        return printed_date(self.published_year, self.published_month, self.published_day)


# Of ASCII, in which capitals become small, and hyphens and all white space spaces.
_SPACES = "-\x1c\x1d\x1e\x1f"
_SLUG_BYTES = bytes.maketrans(
    f"{ascii_uppercase}{_SPACES}".encode(), f"{ascii_lowercase}{' ' * len(_SPACES)}".encode()
)
_LEFT_OUT = bytes(byte for byte in range(128) if not re.match(r"[\w\s-]", chr(byte)))


def title_slug(title: str) -> str:
    """What Django's `slugify` gives, at a sixth of its cost: every row of an export has one."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore")
    words = plain.translate(_SLUG_BYTES, _LEFT_OUT).split()
    return b"-".join(words).decode().strip("-_")[:80].strip("-") or "paper"


def paper_path(pk: int, title: str) -> str:
    return f"/papers/{pk}/{title_slug(title)}/"


@lru_cache(maxsize=10_000)
def printed_date(year: int | None, month: int | None, day: int | None) -> str | None:
    """ "2022", "2022-03" or "2022-03-07": never more than is known."""
    if year is None:
        return None
    if month is None:
        return f"{year:04d}"
    return f"{year:04d}-{month:02d}" if day is None else f"{year:04d}-{month:02d}-{day:02d}"


class CitationKeyAlias(models.Model):
    """A key once handed out that now names another row, such as a merged paper's."""

    key = models.CharField(max_length=80, unique=True)
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="key_aliases")

    class Meta:
        verbose_name_plural = "citation key aliases"

    def __str__(self) -> str:
        return self.key
