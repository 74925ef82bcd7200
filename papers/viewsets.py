# `list` is a method below, and a type in the annotations after it.
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from rest_framework.request import Request

from api.filters import FilterSet
from api.keyset import Key, Ordering
from api.pagination import read_ordering
from api.resources import Collection
from papers.citations.downloads import NEWEST_FIRST, download
from papers.citations.gathering import citations_of
from papers.citations.renderers import REFERENCE_RENDERERS, WithPapersOfEach, asked_format
from papers.detail_rows import add_details
from papers.filters import PaperFilter
from papers.importing.viewsets import FiledOneByOne
from papers.models import Paper, Topic
from papers.rows import PAPER_COLUMNS, paper_rows, topic_rows
from papers.serializers import PaperDetailSerializer, PaperSerializer, TopicSerializer
from papers.standing import standing_paper


class PaperViewSet(FiledOneByOne, Collection):
    """Works the newsletters point at, each once, however many addresses it has."""

    scope_resource = "papers"
    http_method_names = ["get", "head", "options", "post"]
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
    renderer_classes = [*Collection.renderer_classes, *REFERENCE_RENDERERS]

    def get_queryset(self) -> QuerySet:
        return Paper.objects.visible_to(self.request.user)

    def list(self, request: Request) -> HttpResponseBase:
        """Works that issues point at, each once.

        Reference files hold all that fits, unless a page is asked for.
        """
        form = asked_format(request)
        if form is None or {"page_size", "cursor"} & request.query_params.keys():
            return super().list(request)
        papers = self.filter_queryset(self.get_queryset())
        text = request.query_params.get("ordering")
        ordering = read_ordering(text, self.orderings, self.default_ordering)
        return download(request, form, papers, ordering=ordering)

    def select(self, queryset: QuerySet) -> QuerySet:
        form = asked_format(self.request)
        return queryset.values(*(form.columns if form else PAPER_COLUMNS))

    def shape(self, rows: Sequence[Any], *, detail: bool = False) -> Sequence[Any]:
        if asked_format(self.request):
            return citations_of(rows, self.request.user)
        papers = paper_rows(rows, self.request.user)
        return [add_details(paper, self.request.user) for paper in papers] if detail else papers

    def standing_name(self, name: str) -> str:
        paper = get_object_or_404(Paper, pk=int(name))
        return str(standing_paper(paper, self.request.user).pk)


class TopicFilter(FilterSet):
    class Meta:
        model = Topic
        fields = []


class TopicViewSet(WithPapersOfEach, Collection):
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

    def papers_of(self, thing: int) -> tuple[QuerySet, Ordering]:
        return Paper.objects.visible_to(self.request.user).filter(topics=thing), NEWEST_FIRST

    def shape(self, rows: Sequence[Any], *, detail: bool = False) -> list[dict[str, Any]]:
        return topic_rows(rows)
