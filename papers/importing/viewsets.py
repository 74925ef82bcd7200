"""Bringing papers in over the API: one by its fields, many by a text."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.exceptions import ErrorDetail, PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import HasScope, IsSignedIn
from api.errors import Conflict
from api.idempotency import idempotent
from api.parameters import refuse_mistakes
from api.resources import absolute
from imports.jsonl import UnreadableSource
from imports.models import ImportRow, ImportRun
from imports.runs import RunBusy
from imports.viewsets import MayImport, RunCollection
from papers.importing.access import may_import
from papers.importing.bodies import PaperBody, PaperImportBody
from papers.importing.planning import Options, Outcome, Plan, Planner
from papers.importing.rows import import_row, paper_run_row, preview_row
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
NOT_ALLOWED = "This account may not add papers."


class FiledOneByOne:
    """A POST to the collection of papers files one, unless it is there already."""

    body_class = PaperBody

    @extend_schema(request=PaperBody)
    @idempotent
    def create(self, request: Request) -> HttpResponse:
        refuse_mistakes(request.query_params, self.detail_parameters)
        if not may_import(request.user):
            raise PermissionDenied(NOT_ALLOWED, code="not_allowed")
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


@extend_schema_view(
    rows=extend_schema(responses=RowsSerializer), undo=extend_schema(responses=UndoneSerializer)
)
class PaperImportViewSet(RunCollection):
    """Imports of papers that the caller has made, row by row, to be looked at and taken back."""

    scope_resource = "papers"
    permission_classes = [HasScope, IsSignedIn, MayImport]
    serializer_class = PaperImportSerializer
    detail_serializer_class = PaperImportDetailSerializer
    body_class = PaperImportBody
    run_kind = ImportRun.Kind.PAPERS
    not_allowed = NOT_ALLOWED

    def may_import(self, user: Any) -> bool:
        return may_import(user)

    def run_row(self, run: ImportRun) -> dict[str, Any]:
        return paper_run_row(run)

    def import_row(self, row: ImportRow) -> dict[str, Any]:
        return import_row(row)

    @extend_schema(
        request=PaperImportBody,
        responses={200: PreviewSerializer, 201: PaperImportDetailSerializer},
    )
    @idempotent
    def create(self, request: Request) -> HttpResponse:
        """With `preview`, what would happen (200); without, what did (201)."""
        values = self.read_body(request)
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
        return self.made(result.run)


def _source(values: dict[str, Any]) -> Source:
    form = Format(values["format"]) if "format" in values else None
    try:
        return from_text(values.get("name", "API"), values["text"], form)
    except UnreadableSource as error:
        raise ValidationError({"text": [ErrorDetail(str(error), code="unreadable")]}) from error
