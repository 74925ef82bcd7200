"""Bringing lists in over the API."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from accounts.authentication import HasScope, IsSignedIn
from api.bodies import TextField
from api.idempotency import idempotent
from api.resources import absolute
from imports.bodies import ImportBody, RawTextField
from imports.jsonl import UnreadableSource
from imports.models import ImportRow, ImportRun
from imports.rows import counts_of, outcome_row, run_row
from imports.serializers import CountsSerializer, OutcomeRowSerializer, RunSerializer
from imports.viewsets import MayImport, RunCollection
from readinglists.editing.writing import Refused
from readinglists.importing.drafts import Draft
from readinglists.importing.forms import editable_lists
from readinglists.importing.pace import ReadingPace
from readinglists.importing.planning import Plan
from readinglists.importing.reading import read_text
from readinglists.importing.run import Imported, import_draft, look
from readinglists.models import ReadingList


class ListImportBody(ImportBody):
    text = RawTextField(help_text="a file exported here, BibTeX, RIS, CSL-JSON, bookmarks …")
    title = TextField(max_length=300, required=False, help_text="of the new list")
    list = serializers.UUIDField(required=False, help_text="put it on this list, not a new one")


class ListImportSerializer(RunSerializer):
    list = serializers.UUIDField(allow_null=True, help_text="what it was imported into")
    web_url = serializers.URLField()


class ListImportRowSerializer(OutcomeRowSerializer):
    item = serializers.UUIDField(allow_null=True, help_text="what it became")


class ListImportRowsSerializer(serializers.Serializer):
    results = ListImportRowSerializer(many=True)
    next = serializers.URLField(allow_null=True)


class ListImportDetailSerializer(ListImportSerializer):
    rows = ListImportRowSerializer(many=True, help_text="the first ones")
    next_rows = serializers.URLField(allow_null=True, help_text="where the others are")


class PlannedItemSerializer(OutcomeRowSerializer):
    number = serializers.IntegerField(min_value=1)
    title = serializers.CharField(allow_null=True)


class ListPreviewSerializer(serializers.Serializer):
    format = serializers.CharField()
    title = serializers.CharField(allow_null=True)
    counts = CountsSerializer()
    warnings = serializers.ListField(child=serializers.CharField())
    rows = PlannedItemSerializer(many=True)


class ListUndoneSerializer(serializers.Serializer):
    taken_back = serializers.IntegerField(min_value=0)
    stay = ListImportRowSerializer(many=True, help_text="rows that were built on since")


@extend_schema_view(
    rows=extend_schema(responses=ListImportRowsSerializer),
    undo=extend_schema(responses=ListUndoneSerializer),
)
class ListImportViewSet(RunCollection):
    """Imports of lists that the caller has made, row by row, to be looked at and taken back."""

    scope_resource = "lists"
    permission_classes = [HasScope, IsSignedIn, MayImport]
    serializer_class = ListImportSerializer
    detail_serializer_class = ListImportDetailSerializer
    body_class = ListImportBody
    run_kind = ImportRun.Kind.LIST

    def may_import(self, user: Any) -> bool:
        return True

    def get_throttles(self) -> list[BaseThrottle]:
        own = [ReadingPace()] if self.action == "create" else []
        return [*super().get_throttles(), *own]

    def run_row(self, run: ImportRun) -> dict[str, Any]:
        return run_row(run) | {
            "list": run.options.get("list"),
            "web_url": absolute(reverse("readinglists:imported", args=[run.pk])),
        }

    def import_row(self, row: ImportRow) -> dict[str, Any]:
        return outcome_row(row) | {"item": row.key if row.kind == "list item" else None}

    @extend_schema(
        request=ListImportBody,
        responses={200: ListPreviewSerializer, 201: ListImportDetailSerializer},
    )
    @idempotent
    def create(self, request: Request) -> HttpResponse:
        """With `preview`, what would happen (200); without, what did (201)."""
        if getattr(request.auth, "only_list", None) is not None:
            detail = "This token is limited to one reading list."
            raise PermissionDenied(detail, code="limited_to_list")
        values = self.read_body(request)
        into = self._into(values.get("list"))
        draft = _read(values)
        if values.get("preview"):
            return Response(_preview_row(look(draft, request.user, into)))
        try:
            done = import_draft(
                draft,
                request.user,
                name=values.get("name", "API"),
                title=values.get("title", ""),
                into=into,
            )
        except Refused as error:
            detail = ErrorDetail(str(error), code=error.code)
            raise ValidationError({error.field or "non_field_errors": [detail]}) from error
        assert done.run is not None  # noqa: S101
        return self.made(done.run)

    def _into(self, pk: UUID | None) -> ReadingList | None:
        """404 for a list one does not see, 403 for one that one may not put things on."""
        if pk is None:
            return None
        if not ReadingList.objects.visible_to(self.request.user).filter(pk=pk).exists():
            raise Http404
        found = editable_lists(self.request.user).filter(pk=pk).first()
        if found is None:
            raise PermissionDenied("This list is not yours to edit.", code="not_allowed")
        return found


def _read(values: dict[str, Any]) -> Draft:
    try:
        return read_text(values.get("name", "API"), values["text"])
    except UnreadableSource as error:
        raise ValidationError({"text": [ErrorDetail(str(error), code="unreadable")]}) from error


def _preview_row(seen: Imported) -> dict[str, Any]:
    return {
        "format": seen.draft.form,
        "title": seen.draft.head.get("title") or None,
        "counts": counts_of(seen.counts),
        "warnings": seen.draft.warnings,
        "rows": [_planned(plan) for plan in seen.plans],
    }


def _planned(plan: Plan) -> dict[str, Any]:
    return {
        "number": plan.number,
        "line": plan.line,
        "outcome": str(plan.outcome),
        "reason": plan.reason or None,
        "warnings": plan.warnings,
        "title": plan.title or None,
    }
