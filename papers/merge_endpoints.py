"""Merging and splitting papers over the API, for maintainers' scripts."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ErrorDetail, PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.errors import Conflict
from api.filters import LARGEST_ID
from api.idempotency import idempotent
from api.parameters import refuse_mistakes
from api.resources import ApiFace
from curation.journal import count_by_model
from papers.deciding import may_merge, may_split
from papers.merging import CannotMerge, CannotSplit, merge, split
from papers.models import Merge, Paper
from papers.serializers import MergeBody, MergeSerializer
from papers.standing import standing_paper


class MergeEndpoint(ApiFace, APIView):
    """What both have in common: they write, and change papers."""

    scope_resource = "papers"
    http_method_names = ["post", "options"]

    def refuse(self, request: Request, is_allowed: bool) -> None:
        refuse_mistakes(request.query_params, {"format"})
        if not is_allowed:
            raise PermissionDenied("Papers are merged and split by maintainers.")


class MergePaperView(MergeEndpoint):
    """Make one work of two: the paper of the address becomes part of `into`."""

    @extend_schema(
        operation_id="papers_merge",
        request=MergeBody,
        responses={201: MergeSerializer},
    )
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        self.refuse(request, may_merge(request.user))
        asked = MergeBody(data=request.data)
        asked.is_valid(raise_exception=True)
        duplicate = paper_at(pk, request.user)
        into = Paper.objects.visible_to(request.user).filter(pk=asked.validated_data["into"])
        if not into:
            raise ValidationError({"into": [ErrorDetail("No such paper.", code="does_not_exist")]})
        try:
            made = merge(duplicate, into[0], by=request.user, taken=asked.validated_data["taken"])
        except CannotMerge as reason:
            raise Conflict(str(reason)) from reason
        return Response(merge_row(made), status=201)


class SplitMergeView(MergeEndpoint):
    """Take a merge back; what was edited since stays, and is named in `stayed`."""

    @extend_schema(operation_id="merges_split", request=None, responses={200: MergeSerializer})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        self.refuse(request, may_split(request.user))
        if pk > LARGEST_ID:
            raise Http404
        try:
            done = split(get_object_or_404(Merge, pk=pk), by=request.user)
        except CannotSplit as reason:
            raise Conflict(str(reason)) from reason
        return Response(merge_row(done.merge))


def paper_at(pk: int, user) -> Paper:
    """The paper of an address; a merged one too, so that who merges it again is told."""
    if pk > LARGEST_ID:
        raise Http404
    paper = get_object_or_404(Paper, pk=pk)
    standing_paper(paper, user)
    return paper


def merge_row(made: Merge) -> dict[str, Any]:
    moved = count_by_model(made.journal)
    return {
        "id": made.pk,
        "duplicate": made.duplicate_id,
        "into": made.into_id,
        "taken": made.taken,
        "at": made.at,
        "split_at": made.split_at,
        "moved": [{"kind": label.rpartition(".")[2], "count": n} for label, n in moved.items()],
        "stayed": made.stayed,
    }
