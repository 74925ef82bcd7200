"""Share links: their secret is told once."""

# `list` is a method below, and a type in the annotations after it.
from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from django.views.decorators.debug import sensitive_variables
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.keyset import Key
from api.parameters import refuse_mistakes
from api.resources import absolute
from readinglists.models import ShareLink
from readinglists.naming import shared_path
from readinglists.serializers import sharing as shown
from readinglists.sharing import links
from readinglists.viewsets.sharing.part import ONCE, SharingPart


class ShareLinkViewSet(SharingPart):
    """Addresses that open the list for whoever has them."""

    queryset = ShareLink.objects.none()
    serializer_class = shown.ShareLinkSerializer
    body_class = shown.ShareLinkBody
    orderings = {"created": Key("created_at"), "name": Key("name")}

    def get_queryset(self) -> QuerySet:
        return ShareLink.objects.filter(reading_list=self.reading_list)

    def shape(self, rows: Sequence[Any], *, detail: bool = False) -> list[dict[str, Any]]:
        names = self.serializer_class._declared_fields
        return [
            {"id": str(row.pk), **{name: getattr(row, name) for name in names if name != "id"}}
            for row in rows
        ]

    @extend_schema(responses={201: shown.MadeShareLinkSerializer})
    @sensitive_variables("secret")
    def create(self, request: Request) -> Response:
        """`token` and `url` stand in this answer and nowhere else."""
        values = self.read_body(request)
        made, secret = links.make_link(
            self.reading_list.pk,
            request.user,
            values["name"],
            values.get("allows", ShareLink.Allows.VIEW),
            values.get("expires_at"),
        )
        return self.once(made, secret, HTTPStatus.CREATED)

    @extend_schema(request=shown.ShareLinkChange)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Its name and its end; what it allows stays what was promised."""
        values = self.read_body(request, shown.ShareLinkChange)
        held = links.change_link(self.reading_list.pk, request.user, self.found(pk).pk, **values)
        return Response(self.shape([held])[0])

    def destroy(self, request: Request, pk: str) -> Response:
        """Revoked: it opens nothing from now on, on whichever face."""
        refuse_mistakes(request.query_params, self.detail_parameters)
        links.revoke_link(self.reading_list.pk, request.user, self.found(pk).pk)
        return Response(status=HTTPStatus.NO_CONTENT)

    @extend_schema(request=None, responses={200: shown.MadeShareLinkSerializer})
    @action(detail=True, methods=["post"])
    @sensitive_variables("secret")
    def rotate(self, request: Request, pk: str) -> Response:
        """A fresh address; the one before opens nothing from now on."""
        refuse_mistakes(request.query_params, self.detail_parameters)
        held, secret = links.rotate_link(self.reading_list.pk, request.user, self.found(pk).pk)
        return self.once(held, secret, HTTPStatus.OK)

    @sensitive_variables("secret")
    def once(self, link: ShareLink, secret: str, status: int) -> Response:
        row = self.shape([link])[0] | {"token": secret, "url": absolute(shared_path(secret))}
        return Response(row, status=status, headers=ONCE)
