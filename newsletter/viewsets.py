from collections.abc import Sequence
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from api.keyset import Key, Ordering
from api.resources import Collection
from newsletter.filters import EntryFilter, IssueFilter, PublicationFilter
from newsletter.models import Entry, Issue, Link, Publication
from newsletter.rows import (
    ENTRY_COLUMNS,
    ISSUE_COLUMNS,
    entry_rows,
    issue_details,
    issue_rows,
    publication_rows,
)
from newsletter.serializers import (
    EntrySerializer,
    IssueDetailSerializer,
    IssueSerializer,
    PublicationSerializer,
)
from papers.citations.renderers import WithPapersOfEach
from papers.models import Paper


class PublicationViewSet(Collection):
    """Newsletters: who writes them, where they appear."""

    scope_resource = "publications"
    queryset = Publication.objects.none()
    serializer_class = PublicationSerializer
    filterset_class = PublicationFilter
    orderings = {"name": Key("name"), "slug": Key("slug")}
    default_ordering = "name"
    has_slug = True

    def get_queryset(self) -> QuerySet:
        return Publication.objects.visible_to(self.request.user)

    def select(self, queryset: QuerySet) -> QuerySet:
        issues = Issue.objects.visible_to(self.request.user).filter(publication=OuterRef("pk"))
        counted = issues.order_by().values("publication").annotate(n=Count("pk")).values("n")
        return queryset.annotate(issue_count=Coalesce(Subquery(counted), 0)).values()

    def shape(self, rows: Sequence[Any], *, detail: bool = False) -> list[dict[str, Any]]:
        return publication_rows(rows)


class IssueViewSet(WithPapersOfEach, Collection):
    """Single mailings."""

    scope_resource = "issues"
    queryset = Issue.objects.none()
    serializer_class = IssueSerializer
    detail_serializer_class = IssueDetailSerializer
    filterset_class = IssueFilter
    orderings = {
        "published": Key("published_at", nullable=True),
        "number": Key("number", nullable=True),
        "title": Key("title"),
    }
    default_ordering = "-published"
    has_slug = True

    def get_queryset(self) -> QuerySet:
        return Issue.objects.visible_to(self.request.user)

    def select(self, queryset: QuerySet) -> QuerySet:
        return queryset.with_counts().values(*ISSUE_COLUMNS)

    def papers_of(self, thing: int) -> tuple[QuerySet, Ordering]:
        """In the order in which the issue first links to each."""
        links = Link.objects.visible_to(self.request.user).standing().filter(issue=thing)
        papers = Paper.objects.visible_to(self.request.user)
        first = links.filter(paper=OuterRef("pk")).order_by("position").values("position")[:1]
        place = Key("place", Subquery(first))
        ordering = Ordering.read("place", {"place": place}, Key("id"))
        return papers.filter(pk__in=links.filter(paper__isnull=False).values("paper")), ordering

    def shape(self, rows: Sequence[Any], *, detail: bool = False) -> list[dict[str, Any]]:
        issues = issue_rows(rows, self.request.user)
        if detail:
            for issue in issues:
                issue.update(issue_details(issue["id"], issue["slug"], self.request.user))
        return issues


class EntryViewSet(Collection):
    """What issues present: features, briefs, news and opportunities."""

    scope_resource = "entries"
    queryset = Entry.objects.none()
    serializer_class = EntrySerializer
    filterset_class = EntryFilter
    orderings = {
        "published": Key("issue__published_at", nullable=True),
        "issue": Key("issue_id"),
        "position": Key("position"),
    }
    default_ordering = "-published,-issue,position"

    def get_queryset(self) -> QuerySet:
        return Entry.objects.visible_to(self.request.user).standing()

    def select(self, queryset: QuerySet) -> QuerySet:
        return queryset.values(*ENTRY_COLUMNS)

    def shape(self, rows: Sequence[Any], *, detail: bool = False) -> list[dict[str, Any]]:
        return entry_rows(rows, self.request.user)
