from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.shortcuts import get_object_or_404

from api.filters import FilterSet
from api.keyset import Key
from api.resources import Collection
from papers.detail_rows import add_details
from papers.filters import PaperFilter
from papers.models import Paper, Topic
from papers.rows import PAPER_COLUMNS, paper_rows, topic_rows
from papers.serializers import PaperDetailSerializer, PaperSerializer, TopicSerializer
from papers.standing import standing_paper


class PaperViewSet(Collection):
    """Works the newsletters point at, each once, however many addresses it has."""

    scope_resource = "papers"
    queryset = Paper.objects.none()
    serializer_class = PaperSerializer
    detail_serializer_class = PaperDetailSerializer
    filterset_class = PaperFilter
    # A date that is not known stands before all others: the order has to be an index.
    orderings = {
        "published": Key("published_order"),
        "title": Key("title_order", Lower("title")),
        "citation_key": Key("citation_key"),
    }
    default_ordering = "-published"

    def get_queryset(self) -> QuerySet:
        return Paper.objects.visible_to(self.request.user)

    def select(self, queryset: QuerySet) -> QuerySet:
        return queryset.values(*PAPER_COLUMNS)

    def shape(self, rows: Sequence[Any], *, detail: bool = False) -> list[dict[str, Any]]:
        papers = paper_rows(rows, self.request.user)
        return [add_details(paper, self.request.user) for paper in papers] if detail else papers

    def standing_name(self, name: str) -> str:
        paper = get_object_or_404(Paper, pk=int(name))
        return str(standing_paper(paper, self.request.user).pk)


class TopicFilter(FilterSet):
    class Meta:
        model = Topic
        fields = []


class TopicViewSet(Collection):
    """Fields of work that sections, entries, papers and prizes are filed under."""

    scope_resource = "topics"
    queryset = Topic.objects.none()
    serializer_class = TopicSerializer
    filterset_class = TopicFilter
    orderings = {"position": Key("position"), "name": Key("name"), "slug": Key("slug")}
    default_ordering = "position"
    has_slug = True

    def get_queryset(self) -> QuerySet:
        return Topic.objects.visible_to(self.request.user)

    def select(self, queryset: QuerySet) -> QuerySet:
        return queryset.with_counts(self.request.user).values()

    def shape(self, rows: Sequence[Any], *, detail: bool = False) -> list[dict[str, Any]]:
        return topic_rows(rows)
