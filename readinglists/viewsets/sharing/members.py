"""Members, invitations, and leaving."""

# `list` is a method below, and a type in the annotations after it.
from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.db.models import Case, CharField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from api.keyset import Key
from api.parameters import refuse_mistakes
from api.resources import absolute, uuid_lookup
from readinglists.models import Invitation, Membership, Role
from readinglists.rights import Standing
from readinglists.serializers import sharing as shown
from readinglists.sharing import invitations, members
from readinglists.viewsets.sharing.part import ONCE, SharingPart


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
