"""Where the caller is with papers, over the API: one's own alone."""

# `list` is a method below, and a type in the annotations after it.
from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import HasScope, IsSignedIn, reader_of
from api.filters import LARGEST_ID, ChoiceFilter, FilterSet, IntegerFilter, ReferenceFilter
from api.keyset import Key
from api.parameters import refuse_mistakes
from api.resources import Collection, absolute
from papers.models import Paper
from papers.models.works import paper_path
from readinglists.models import Item, ReadingState
from readinglists.reading.states import clear_state, set_state
from readinglists.serializers.readers import ReadingStateBody, ReadingStateSerializer

COLUMNS = ("paper", "paper__title", "state", "on", "updated_at")


class ReadingStateFilter(FilterSet):
    state = ChoiceFilter(choices=ReadingState.State.choices)
    paper = IntegerFilter(lowest=1, highest=LARGEST_ID, help_text="A paper's id.")
    list = ReferenceFilter(
        method="filter_list", help_text="Of papers on the reading list with this id or slug."
    )

    class Meta:
        model = ReadingState
        fields: tuple[str, ...] = ()

    def filter_list(self, states: QuerySet, name: str, value: str) -> QuerySet:
        items = Item.objects.on_list(value, reader_of(self.request, "lists"))
        return states.filter(paper__in=items.filter(paper__isnull=False).values("paper"))


class ReadingStateViewSet(Collection):
    """What the caller wants to read, reads and has read; nobody else sees it. A state has no
    version: it is one word, and what is sent takes the place of what was there."""

    http_method_names = ["get", "head", "options", "put", "delete"]
    is_versioned = False
    scope_resource = "reading-states"
    permission_classes = [HasScope, IsSignedIn]
    queryset = ReadingState.objects.none()
    serializer_class = ReadingStateSerializer
    body_class = ReadingStateBody
    filterset_class = ReadingStateFilter
    orderings = {"updated": Key("updated_at"), "on": Key("on", nullable=True)}
    default_ordering = "-updated"

    def get_queryset(self) -> QuerySet:
        return ReadingState.objects.visible_to(self.request.user)

    def select(self, queryset: QuerySet) -> QuerySet:
        return queryset.values("id", *COLUMNS)

    def shape(self, rows: Sequence[Any], *, detail: bool = False) -> list[dict[str, Any]]:
        return [state_row(row) for row in rows]

    def lookup(self, name: str) -> Q:
        return Q(paper=self.paper_id(name))

    def paper_id(self, name: str) -> int:
        if not (name.isascii() and name.isdigit() and int(name[:20]) <= LARGEST_ID):
            raise Http404
        return int(name)

    @extend_schema(request=ReadingStateBody)
    def update(self, request: Request, pk: str) -> Response:
        """Note where one is with a paper."""
        refuse_mistakes(request.query_params, self.detail_parameters)
        paper = self.get_one(Paper.objects.visible_to(request.user).filter(pk=self.paper_id(pk)))
        body = ReadingStateBody(data=request.data, context={"read_only": self.shown_fields()})
        body.is_valid(raise_exception=True)
        is_new = not self.get_queryset().filter(paper=paper).exists()
        set_state(request.user, paper, body.validated_data["state"], body.validated_data.get("on"))
        [row] = self.shape(list(self.select(self.get_queryset().filter(paper=paper))))
        return Response(row, status=HTTPStatus.CREATED if is_new else HTTPStatus.OK)

    def destroy(self, request: Request, pk: str) -> Response:
        """Forget it; a paper of which nothing is noted is nothing to forget."""
        refuse_mistakes(request.query_params, self.detail_parameters)
        paper = self.get_one(Paper.objects.visible_to(request.user).filter(pk=self.paper_id(pk)))
        if not clear_state(request.user, paper):
            raise Http404
        return Response(status=HTTPStatus.NO_CONTENT)

    def shown_fields(self) -> frozenset[str]:
        return frozenset(self.get_serializer_class()().fields)


def state_row(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": row["paper"],
        "paper": row["paper"],
        "paper_title": row["paper__title"],
        "state": row["state"],
        "on": row["on"],
        "updated_at": row["updated_at"],
        "web_url": absolute(paper_path(row["paper"], row["paper__title"])),
    }
