"""Who a list is shared with, over the API: members, invitations, share links, its handing over.

These have no version of their own: what is sent says all there is to say, and sent again it changes
nothing. What makes a secret takes no Idempotency-Key, which would keep it.
"""

# `list` is a method below, and a type in the annotations after it.
from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.db.models import Case, CharField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from api.bodies import Body
from api.filters import FilterSet
from api.keyset import Key
from api.parameters import refuse_mistakes
from api.resources import absolute, uuid_lookup
from api.writing import METHODS
from readinglists.models import Invitation, Membership, OwnershipOffer, Role, ShareLink
from readinglists.naming import shared_path
from readinglists.rights import Standing
from readinglists.serializers import sharing as shown
from readinglists.sharing import invitations, links, members, ownership
from readinglists.viewsets.parts import OWNER_ONLY, ListPart

ONCE = {"Cache-Control": "no-store"}


class NoFilter(FilterSet):
    """Nothing to choose by."""


class SharingPart(ListPart):
    """Of the owner alone, unless it says otherwise."""

    http_method_names = METHODS
    is_versioned = False
    filterset_class = NoFilter
    refusal = reading_refusal = OWNER_ONLY
    orderings = {"created": Key("created_at")}
    default_ordering = "-created"
    body_class: type[Body]

    def may_read(self, standing: Standing) -> bool:
        return standing.is_owner

    def may_write(self, standing: Standing) -> bool:
        return standing.is_owner

    def select(self, queryset: QuerySet) -> QuerySet:
        return queryset

    def read_body(self, request: Request, body_class: type[Body] | None = None) -> dict[str, Any]:
        refuse_mistakes(request.query_params, self.detail_parameters)
        fields = frozenset(self.get_serializer_class()().fields)
        body = (body_class or self.body_class)(data=request.data, context={"read_only": fields})
        body.is_valid(raise_exception=True)
        return body.validated_data

    def found(self, pk: str) -> Any:
        """The thing of this list; 404 for one of another, the same as for none."""
        return self.get_one(self.get_queryset().filter(self.lookup(pk)))


class MemberViewSet(SharingPart):
    """Who belongs to a list, its owner first of all; for members to see, for the owner to
    change."""

    queryset = User.objects.none()
    serializer_class = shown.MemberSerializer
    body_class = shown.MemberBody
    orderings = {"user": Key("username"), "joined": Key("joined_at", nullable=True)}
    default_ordering = "user"
    reading_refusal = "Only members of this list may see who they are."

    def may_read(self, standing: Standing) -> bool:
        return standing.is_member

    def get_queryset(self) -> QuerySet:
        own = Membership.objects.filter(reading_list=self.reading_list)
        of_user = own.filter(user=OuterRef("pk"))
        owner = self.reading_list.owner_id
        people = User.objects.filter(Q(pk=owner) | Q(pk__in=own.values("user")))
        role = Subquery(of_user.values("role")[:1], output_field=CharField())
        return people.annotate(
            role=Case(When(pk=owner, then=Value(Role.OWNER)), default=role),
            joined_at=Subquery(of_user.values("joined_at")[:1]),
            member=Subquery(of_user.values("pk")[:1]),
        )

    def lookup(self, name: str) -> Q:
        [(_, public_id)] = uuid_lookup(name).children
        return Q(public_id=public_id)

    def shape(self, rows: Sequence[Any], *, detail: bool = False) -> list[dict[str, Any]]:
        return [
            {
                "id": str(row.public_id),
                "user": str(row),
                "role": row.role,
                "joined_at": row.joined_at,
            }
            for row in rows
        ]

    def partial_update(self, request: Request, pk: str) -> Response:
        """Another role; the owner's changes by `transfer` alone."""
        values = self.read_body(request)
        member = self.a_member(pk)
        members.change_role(self.reading_list.pk, request.user, member, values["role"])
        return Response(self.shape([self.found(pk)])[0])

    def destroy(self, request: Request, pk: str) -> Response:
        """No longer a member; what they wrote stays."""
        refuse_mistakes(request.query_params, self.detail_parameters)
        members.remove_member(self.reading_list.pk, request.user, self.a_member(pk))
        return Response(status=HTTPStatus.NO_CONTENT)

    def a_member(self, pk: str) -> Any:
        member = self.found(pk).member
        if member is None:
            self.refuse("The owner is no member: hand the list over first.")
        return member


class InvitationViewSet(SharingPart):
    """Invitations that wait for an answer."""

    queryset = Invitation.objects.none()
    serializer_class = shown.InvitationSerializer
    body_class = shown.InvitationBody

    def get_queryset(self) -> QuerySet:
        return Invitation.objects.open().filter(reading_list=self.reading_list)

    def shape(self, rows: Sequence[Any], *, detail: bool = False) -> list[dict[str, Any]]:
        return [
            {
                "id": str(row.pk),
                "role": row.role,
                "addressee": row.addressee or None,
                "created_at": row.created_at,
                "expires_at": row.expires_at,
            }
            for row in rows
        ]

    @extend_schema(responses={201: shown.MadeInvitationSerializer})
    @sensitive_variables("secret", "row")
    def create(self, request: Request) -> Response:
        """To a name or an address, or as a link: then `token` and `url` stand in this answer and
        nowhere else."""
        values = self.read_body(request)
        made, secret = invitations.invite(
            self.reading_list.pk, request.user, values["role"], values.get("addressee") or ""
        )
        row = self.shape([made])[0]
        if secret:
            path = reverse("readinglists:invitation", args=[secret])
            row |= {"token": secret, "url": absolute(path)}
        return Response(row, status=HTTPStatus.CREATED, headers=ONCE)

    def destroy(self, request: Request, pk: str) -> Response:
        """Withdrawn: it opens nothing from now on."""
        refuse_mistakes(request.query_params, self.detail_parameters)
        invitations.withdraw(self.reading_list.pk, request.user, self.found(pk).pk)
        return Response(status=HTTPStatus.NO_CONTENT)


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


class LeavingViewSet(SharingPart):
    """A member's own way out."""

    queryset = Membership.objects.none()
    serializer_class = shown.MemberSerializer
    refusal = reading_refusal = "Only members of this list can leave it."

    def may_read(self, standing: Standing) -> bool:
        return standing.is_member

    def may_write(self, standing: Standing) -> bool:
        return standing.is_member

    @extend_schema(operation_id="lists_leave", request=None, responses={204: None})
    def leave(self, request: Request) -> Response:
        """What one wrote stays, with one's name."""
        refuse_mistakes(request.query_params, self.detail_parameters)
        members.leave(self.reading_list.pk, request.user)
        return Response(status=HTTPStatus.NO_CONTENT)
