"""Frozen revisions of a list over the API."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import orjson
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.filters import FilterSet
from api.idempotency import idempotent
from api.keyset import Key
from api.parameters import refuse_mistakes
from api.resources import absolute
from papers.citations.bibtex import bibtex
from papers.citations.csl import csl_item
from papers.citations.formatted import formatted
from readinglists.document import assembled, parts_in
from readinglists.models import Revision
from readinglists.revisions import MOST_REVISIONS, citation_of, freeze, readable
from readinglists.serializers.revisions import (
    FreezeBody,
    RevisionDetailSerializer,
    RevisionSerializer,
)
from readinglists.viewsets.parts import ListPart

COLUMNS = (
    *("pk", "number", "version", "created_at", "sha256"),
    *("created_by__username", "created_by__deleted_at"),
)


class RevisionFilter(FilterSet):
    class Meta:
        model = Revision
        fields: tuple[str, ...] = ()


class RevisionViewSet(ListPart):
    """What everybody could read of a list at one moment, with public notes; never changed again."""

    http_method_names = ["get", "head", "options", "post"]
    queryset = Revision.objects.none()
    serializer_class = RevisionSerializer
    detail_serializer_class = RevisionDetailSerializer
    body_class = FreezeBody
    filterset_class = RevisionFilter
    orderings = {"number": Key("number")}
    default_ordering = "-number"

    def get_queryset(self) -> QuerySet:
        return Revision.objects.filter(reading_list=self.reading_list)

    def select(self, queryset: QuerySet) -> QuerySet:
        return queryset.select_related("created_by")

    def lookup(self, name: str) -> Q:
        if not (name.isascii() and name.isdecimal() and 0 < int(name[:9]) <= MOST_REVISIONS):
            raise Http404
        return Q(number=int(name[:9]))

    def shape(self, rows: Sequence[Any], *, detail: bool = False) -> list[dict[str, Any]]:
        return [self._row(each) | (self._details(each) if detail else {}) for each in rows]

    @extend_schema(request=FreezeBody, responses={201: RevisionDetailSerializer})
    @idempotent
    def create(self, request: Request) -> HttpResponse:
        """Freeze the list as it stands; if nothing in it changed since, the answer is the last
        revision."""
        refuse_mistakes(request.query_params, self.detail_parameters)
        body = FreezeBody(data=request.data or {}, context={"read_only": frozenset()})
        body.is_valid(raise_exception=True)
        revision = freeze(self.reading_list, request.user, body.validated_data.get("version"))
        place = absolute(self.place_of(revision.number))
        [row] = self.shape([revision], detail=True)
        return Response(row, status=HTTPStatus.CREATED, headers={"Location": place})

    def _row(self, revision: Revision) -> dict[str, Any]:
        author = revision.created_by
        return {
            "number": revision.number,
            "version": revision.version,
            "created_at": revision.created_at,
            "created_by": None if author.deleted_at else author.username,
            "sha256": revision.sha256,
            "web_url": self._address("revision", revision),
            "content_url": self._address("revision-bytes", revision),
        }

    def _details(self, revision: Revision) -> dict[str, Any]:
        document = orjson.loads(revision.content)
        parts = list(parts_in(document))
        shown = list(readable(parts, self.request.user, with_notes=True))
        head = {name: document[name] for name in document if name not in ("items", "sections")}
        citation = citation_of(revision, document, self._address("revision", revision))
        return {
            "citation": {
                "text": formatted(citation).text,
                "bibtex": bibtex(citation),
                "csl": csl_item(citation),
            },
            "content": assembled(head, shown),
            "is_whole": shown == parts,
        }

    def _address(self, name: str, revision: Revision) -> str:
        kwargs = {"pk": self.reading_list.pk, "number": revision.number}
        return absolute(reverse(f"readinglists:{name}", kwargs=kwargs))
