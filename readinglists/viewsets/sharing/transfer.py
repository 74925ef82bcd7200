"""Handing a list over: offered, and taken or not."""

# `list` is a method below, and a type in the annotations after it.
from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.db.models import F
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.parameters import refuse_mistakes
from readinglists.models import Membership, OwnershipOffer
from readinglists.rights import Standing
from readinglists.serializers import sharing as shown
from readinglists.sharing import ownership
from readinglists.viewsets.sharing.part import SharingPart


class TransferViewSet(SharingPart):
    """The offer of a list to one of its members: the owner makes it and takes it back, the member
    accepts or declines."""

    queryset = OwnershipOffer.objects.none()
    serializer_class = shown.OfferSerializer
    body_class = shown.OfferBody
    reading_refusal = refusal = "Only the owner may do this, and the member it is offered to."

    def may_read(self, standing: Standing) -> bool:
        return standing.is_owner or self.offered is not None

    def may_write(self, standing: Standing) -> bool:
        if self.action == "offer":
            return standing.is_owner
        if self.action == "accept":
            return self.offered is not None
        return self.may_read(standing)

    @property
    def offered(self) -> OwnershipOffer | None:
        """To the caller."""
        return ownership.offer_to(self.reading_list, self.request.user)

    @extend_schema(operation_id="lists_transfer_retrieve")
    def read(self, request: Request) -> Response:
        refuse_mistakes(request.query_params, self.detail_parameters)
        offers = OwnershipOffer.objects.filter(reading_list=self.reading_list)
        standing = offers.filter(offered_by=F("reading_list__owner"))
        return Response(_offer(self.get_one(standing.select_related("to", "offered_by"))))

    @extend_schema(operation_id="lists_transfer_create", request=shown.OfferBody)
    def offer(self, request: Request) -> Response:
        values = self.read_body(request)
        named = Membership.objects.filter(
            reading_list=self.reading_list, user__public_id=values["member"]
        )
        member = named.values_list("pk", flat=True).first() or values["member"]
        made = ownership.offer(self.reading_list.pk, request.user, member)
        return Response(_offer(made))

    @extend_schema(operation_id="lists_transfer_destroy", responses={204: None})
    def end(self, request: Request) -> Response:
        """Taken back, or declined."""
        refuse_mistakes(request.query_params, self.detail_parameters)
        if self.standing.is_owner:
            ownership.take_back(self.reading_list.pk, request.user)
        else:
            ownership.decline(self.reading_list.pk, request.user)
        return Response(status=HTTPStatus.NO_CONTENT)

    @extend_schema(operation_id="lists_transfer_accept", request=None, responses={204: None})
    def accept(self, request: Request) -> Response:
        """The list is the caller's; share links and invitations of its former owner end."""
        refuse_mistakes(request.query_params, self.detail_parameters)
        ownership.accept(self.reading_list.pk, request.user)
        return Response(status=HTTPStatus.NO_CONTENT)


def _offer(offer: OwnershipOffer) -> dict[str, Any]:
    return {
        "to": str(offer.to),
        "offered_by": str(offer.offered_by),
        "offered_at": offer.offered_at,
    }
