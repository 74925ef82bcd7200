"""Copies of lists over the API."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from api.idempotency import idempotent
from api.parameters import refuse_mistakes
from api.resources import absolute
from api.writing import tag_of
from readinglists.copying import copy_list
from readinglists.models import ReadingList
from readinglists.rights import Standing
from readinglists.rows import list_rows, select_lists
from readinglists.serializers.lists import ListDetailSerializer
from readinglists.serializers.revisions import ForkBody
from readinglists.viewsets.parts import ListPart


class ForkView(ListPart):
    """A list that one may see becomes one's own, with credit."""

    http_method_names = ["post", "options"]
    queryset = ReadingList.objects.none()
    serializer_class = ListDetailSerializer
    body_class = ForkBody

    def may_write(self, standing: Standing) -> bool:
        return standing.user.is_authenticated

    @extend_schema(request=ForkBody, responses={201: ListDetailSerializer})
    @idempotent
    def create(self, request: Request) -> HttpResponse:
        """A private copy, as the list stands. Public notes come along under their authors' names:
        public where the list names a licence for them, else for the caller alone."""
        refuse_mistakes(request.query_params, self.detail_parameters)
        if getattr(request.auth, "only_list", None) is not None:
            detail = "This token is limited to one reading list."
            raise PermissionDenied(detail, code="limited_to_list")
        body = ForkBody(data=request.data or {}, context={"read_only": frozenset()})
        body.is_valid(raise_exception=True)
        made = copy_list(self.reading_list, self.standing, body.validated_data.get("title"))
        copies = ReadingList.objects.visible_to(request.user).filter(pk=made.pk)
        [row] = list_rows(list(select_lists(copies, request.user)), detail=True)
        place = absolute(reverse("api:lists-detail", args=[made.pk]))
        headers = {"Location": place, "ETag": tag_of(row)}
        return Response(row, status=HTTPStatus.CREATED, headers=headers)
