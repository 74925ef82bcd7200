"""Bringing papers in over the API: one by its fields, many by a text."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import (
    APIException,
    ErrorDetail,
    PermissionDenied,
    ValidationError,
)
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import HasScope, IsSignedIn
from api.filters import FilterSet
from api.idempotency import idempotent
from api.keyset import Key
from api.parameters import read_number, refuse_mistakes
from api.resources import Collection, absolute, uuid_lookup
from imports.jsonl import UnreadableSource
from imports.models import ImportRun
from imports.runs import RunBusy
from imports.undo import CannotUndo, undo
from papers.importing.access import may_import
from papers.importing.bodies import PaperBody, PaperImportBody
from papers.importing.planning import Options, Outcome, Plan, Planner
from papers.importing.rows import import_row, preview_row, rows_behind, run_rows
from papers.importing.run import Watch, import_papers, look
from papers.importing.serializers import (
    PaperImportDetailSerializer,
    PaperImportSerializer,
    PreviewSerializer,
    RowsSerializer,
    UndoneSerializer,
)
from papers.importing.sources import Source, from_text
from papers.importing.writing import Writer
from papers.models import Paper
from papers.references import Format

BY_API = "added over the API"


class Conflict(APIException):
    status_code = HTTPStatus.CONFLICT
    default_code = "conflict"


class MayImport(BasePermission):
    """Writing is for those who may add papers; reading for whoever the queryset shows a thing."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.method in ("GET", "HEAD", "OPTIONS") or may_import(request.user):
            return True
        raise PermissionDenied("This account may not add papers.", code="not_allowed")


class FiledOneByOne:
    """A POST to the collection of papers files one, unless it is there already."""

    body_class = PaperBody

    @extend_schema(request=PaperBody)
    @idempotent
    def create(self, request: Request) -> HttpResponse:
        refuse_mistakes(request.query_params, self.detail_parameters)
        if not may_import(request.user):
            raise PermissionDenied("This account may not add papers.", code="not_allowed")
        body = PaperBody(data=request.data, context={"read_only": self._shown()})
        body.is_valid(raise_exception=True)
        with transaction.atomic():
            paper = file_one(body, request.user)
            rows = list(self.select(self.get_queryset().filter(pk=paper.pk)))
            row = self.shape(rows, detail=True)[0]
        place = absolute(reverse("api:papers-detail", args=[paper.pk]))
        return Response(row, status=HTTPStatus.CREATED, headers={"Location": place})

    def _shown(self) -> frozenset[str]:
        return frozenset(self.get_serializer_class()().fields)


def file_one(body: PaperBody, user: Any) -> Paper:
    [plan] = Planner().plan([body.reference()])
    if plan.outcome != Outcome.CREATED:
        raise _already_here(plan)
    Writer(BY_API, {"source": "api"}, user).write([plan])
    assert plan.paper is not None  # noqa: S101
    return plan.paper


def _already_here(plan: Plan) -> Conflict:
    error = Conflict(f"This paper is here already: {plan.reason}.", code="duplicate")
    if plan.match:
        paper = plan.match.paper
        error.members = {"paper": {"id": paper.pk, "web_url": absolute(paper.get_absolute_url())}}
    return error


class PaperImportFilter(FilterSet):
    class Meta:
        model = ImportRun
        fields: list[str] = []


class PaperImportViewSet(Collection):
    """Imports of papers that the caller has made, row by row, to be looked at and taken back."""

    scope_resource = "papers"
    permission_classes = [HasScope, IsSignedIn, MayImport]
    http_method_names = ["get", "head", "options", "post"]
    queryset = ImportRun.objects.none()
    serializer_class = PaperImportSerializer
    detail_serializer_class = PaperImportDetailSerializer
    body_class = PaperImportBody
    filterset_class = PaperImportFilter
    orderings = {"started": Key("started_at")}
    default_ordering = "-started"

    def get_queryset(self) -> QuerySet:
        runs = ImportRun.objects.visible_to(self.request.user)
        return runs.filter(kind=ImportRun.Kind.PAPERS, started_by=self.request.user)

    def select(self, queryset: QuerySet) -> QuerySet:
        return queryset

    def lookup(self, name: str) -> Q:
        return uuid_lookup(name)

    def shape(self, rows: Sequence[Any], *, detail: bool = False) -> list[dict[str, Any]]:
        shown = run_rows(rows)
        if detail:
            for run, row in zip(rows, shown, strict=True):
                row["rows"], last = rows_behind(run)
                row["next_rows"] = self._address(run, last)
        return shown

    @extend_schema(
        request=PaperImportBody,
        responses={200: PreviewSerializer, 201: PaperImportDetailSerializer},
    )
    @idempotent
    def create(self, request: Request) -> HttpResponse:
        """With `preview`, what would happen (200); without, what did (201)."""
        refuse_mistakes(request.query_params, self.detail_parameters)
        body = PaperImportBody(data=request.data, context={"read_only": frozenset()})
        body.is_valid(raise_exception=True)
        values = body.validated_data
        source = _source(values)
        how = {
            "options": Options(values.get("all_addresses", False)),
            "choices": values.get("choices", {}),
        }
        if values.get("preview"):
            plans: list[Plan] = []
            watch = Watch(lambda source, plan: plans.append(plan))
            result = look([source], watch=watch, **how)
            return Response(preview_row(source, result, plans))
        try:
            result = import_papers([source], started_by=request.user, **how)
        except RunBusy as error:
            raise Conflict(str(error), code="busy") from error
        assert result.run is not None  # noqa: S101
        place = absolute(reverse("api:paper-imports-detail", args=[result.run.pk]))
        [row] = self.shape([result.run], detail=True)
        return Response(row, status=HTTPStatus.CREATED, headers={"Location": place})

    @extend_schema(
        responses=RowsSerializer,
        parameters=[OpenApiParameter("after", int, description="as `next` gives it")],
    )
    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=[])
    def rows(self, request: Request, pk: str) -> Response:
        """The rows behind those that the import shows itself."""
        refuse_mistakes(request.query_params, self.detail_parameters, {"after"})
        after = read_number(request.query_params, "after", 0, lowest=0, highest=2**63 - 1)
        run = self.get_one(self.get_queryset().filter(self.lookup(pk)))
        found, last = rows_behind(run, after)
        return Response({"results": found, "next": self._address(run, last)})

    @extend_schema(request=None, responses=UndoneSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def undo(self, request: Request, pk: str) -> HttpResponse:
        """Take it back; rows that somebody has built on since stay, and are named."""
        refuse_mistakes(request.query_params, self.detail_parameters)
        run = self.get_one(self.get_queryset().filter(self.lookup(pk)))
        try:
            undone = undo(run)
        except CannotUndo as error:
            raise Conflict(str(error)) from error
        stay = [import_row(row) | {"reason": reason} for row, reason in undone.stay]
        return Response({"taken_back": undone.taken_back, "stay": stay})

    def _address(self, run: ImportRun, after: int | None) -> str | None:
        if after is None:
            return None
        return f"{absolute(reverse('api:paper-imports-rows', args=[run.pk]))}?after={after}"


def _source(values: dict[str, Any]) -> Source:
    form = Format(values["format"]) if "format" in values else None
    try:
        return from_text(values.get("name", "API"), values["text"], form)
    except UnreadableSource as error:
        raise ValidationError({"text": [ErrorDetail(str(error), code="unreadable")]}) from error
