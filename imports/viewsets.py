"""Imports over the API: one's own runs of one kind, to be looked at and taken back."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from api.bodies import Body
from api.errors import Conflict
from api.filters import FilterSet
from api.idempotency import idempotent
from api.keyset import Key
from api.parameters import read_number, refuse_mistakes
from api.resources import Collection, absolute, uuid_lookup
from imports.models import ImportRow, ImportRun
from imports.rows import rows_behind, run_row
from imports.undo import CannotUndo, undo


class MayImport(BasePermission):
    """Writing is for those who may import; reading for whoever the queryset shows a thing."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.method in ("GET", "HEAD", "OPTIONS") or view.may_import(request.user):
            return True
        raise PermissionDenied(view.not_allowed, code="not_allowed")


class RunFilter(FilterSet):
    class Meta:
        model = ImportRun
        fields: ClassVar[list[str]] = []


class RunCollection(Collection):
    """Those of one kind that the caller has made. A subclass says who may import, shapes the rows,
    and makes a run in `create`."""

    http_method_names = ["get", "head", "options", "post"]
    queryset = ImportRun.objects.none()
    filterset_class = RunFilter
    orderings = {"started": Key("started_at")}
    default_ordering = "-started"
    run_kind: str
    body_class: type[Body]
    not_allowed = "This account may not import this."

    # --- What each collection says -----------------------------------------------------------
    def may_import(self, user: Any) -> bool:
        raise NotImplementedError

    def run_row(self, run: ImportRun) -> dict[str, Any]:
        return run_row(run)

    def import_row(self, row: ImportRow) -> dict[str, Any]:
        raise NotImplementedError

    # --- What all of them do -----------------------------------------------------------------
    def get_queryset(self) -> QuerySet:
        runs = ImportRun.objects.visible_to(self.request.user)
        return runs.filter(kind=self.run_kind, started_by=self.request.user)

    def select(self, queryset: QuerySet) -> QuerySet:
        return queryset

    def lookup(self, name: str) -> Q:
        return uuid_lookup(name)

    def shape(self, rows: Sequence[Any], *, detail: bool = False) -> list[dict[str, Any]]:
        shown = [self.run_row(run) for run in rows]
        if detail:
            for run, row in zip(rows, shown, strict=True):
                row["rows"], last = rows_behind(run, self.import_row)
                row["next_rows"] = self._address(run, last)
        return shown

    def read_body(self, request: Request) -> dict[str, Any]:
        refuse_mistakes(request.query_params, self.detail_parameters)
        body = self.body_class(data=request.data, context={"read_only": frozenset()})
        body.is_valid(raise_exception=True)
        return body.validated_data

    def made(self, run: ImportRun) -> Response:
        """What a run did, and where it stands."""
        place = absolute(reverse(f"api:{self.basename}-detail", args=[run.pk]))
        [row] = self.shape([run], detail=True)
        return Response(row, status=HTTPStatus.CREATED, headers={"Location": place})

    @extend_schema(parameters=[OpenApiParameter("after", int, description="as `next` gives it")])
    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=[])
    def rows(self, request: Request, pk: str) -> Response:
        """The rows behind those that the import shows itself."""
        refuse_mistakes(request.query_params, self.detail_parameters, {"after"})
        after = read_number(request.query_params, "after", 0, lowest=0, highest=2**63 - 1)
        run = self.get_one(self.get_queryset().filter(self.lookup(pk)))
        found, last = rows_behind(run, self.import_row, after)
        return Response({"results": found, "next": self._address(run, last)})

    @extend_schema(request=None)
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
        stay = [self.import_row(row) | {"reason": reason} for row, reason in undone.stay]
        return Response({"taken_back": undone.taken_back, "stay": stay})

    def _address(self, run: ImportRun, after: int | None) -> str | None:
        if after is None:
            return None
        return f"{absolute(reverse(f'api:{self.basename}-rows', args=[run.pk]))}?after={after}"
