"""Bringing deadlines in over the API, as the admin and the command do."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.exceptions import ErrorDetail, PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import HasScope, IsSignedIn
from api.errors import Conflict
from api.idempotency import idempotent
from imports.models import ImportRow, ImportRun
from imports.runs import RunBusy
from imports.viewsets import MayImport, RunCollection
from prizes.importing.bodies import DeadlineImportBody
from prizes.importing.rows import import_row, preview_row
from prizes.importing.run import ImportFailed, import_deadlines
from prizes.importing.serializers import (
    DeadlineImportDetailSerializer,
    DeadlineImportSerializer,
    DeadlinePreviewSerializer,
    DeadlineRowsSerializer,
    DeadlinesUndoneSerializer,
)
from prizes.importing.sources import DeadlineFile, UnreadableFile
from prizes.uploads import may_import, may_publish

NAME = "API"


@extend_schema_view(
    rows=extend_schema(responses=DeadlineRowsSerializer),
    undo=extend_schema(responses=DeadlinesUndoneSerializer),
)
class DeadlineImportViewSet(RunCollection):
    """Imports of deadlines that the caller has made, row by row, to be looked at and taken back.
    New prizes stay hidden until a maintainer has looked at them."""

    scope_resource = "deadlines"
    permission_classes = [HasScope, IsSignedIn, MayImport]
    serializer_class = DeadlineImportSerializer
    detail_serializer_class = DeadlineImportDetailSerializer
    body_class = DeadlineImportBody
    run_kind = ImportRun.Kind.DEADLINES
    not_allowed = "This account may not import deadlines."

    def may_import(self, user: Any) -> bool:
        return may_import(user)

    def import_row(self, row: ImportRow) -> dict[str, Any]:
        return import_row(row)

    @extend_schema(
        request=DeadlineImportBody,
        responses={200: DeadlinePreviewSerializer, 201: DeadlineImportDetailSerializer},
    )
    @idempotent
    def create(self, request: Request) -> HttpResponse:
        """With `preview`, what would happen (200); without, what did (201)."""
        values = self.read_body(request)
        publish = values.get("publish", False)
        if publish and not may_publish(request.user):
            raise PermissionDenied("This account may not publish prizes.", code="not_allowed")
        file = _file(values)
        try:
            if values.get("preview"):
                return Response(preview_row(import_deadlines([file], dry_run=True)))
            result = import_deadlines([file], publish=publish, started_by=request.user)
        except RunBusy as error:
            raise Conflict(str(error), code="busy") from error
        except ImportFailed as error:
            raise Conflict(f"The import did not come to its end: {error}") from error
        assert result.run is not None  # noqa: S101
        return self.made(result.run)


def _file(values: dict[str, Any]) -> DeadlineFile:
    """Read to its end once, before anything of it is written."""
    name = values.get("name", NAME)
    file = DeadlineFile(name, values["text"].encode("utf-8", "replace"), name)
    try:
        for _ in file.calls():
            pass
    except UnreadableFile as error:
        raise ValidationError({"text": [ErrorDetail(str(error), code="unreadable")]}) from error
    return file
