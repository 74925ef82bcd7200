"""Members, invitations, share links and the handing over: what is shown and can be sent."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.bodies import Body, OneOfField, TextField
from readinglists.models import Role, ShareLink
from readinglists.sharing.members import ROLES


@extend_schema_field({"type": "string", "format": "date-time"})
class MomentField(serializers.DateTimeField):
    """A time with its zone, in text."""

    def to_internal_value(self, value: Any) -> Any:
        if not isinstance(value, str) or len(value) > 40:
            self.fail("invalid", format="2027-01-31T12:00:00Z")
        return super().to_internal_value(value)


class MemberSerializer(serializers.Serializer):
    id = serializers.UUIDField(help_text="the account's, the same on every list")
    user = serializers.CharField(help_text="a name")
    role = serializers.ChoiceField(Role.choices)
    joined_at = serializers.DateTimeField(allow_null=True, help_text="null: the owner")


class MemberBody(Body):
    role = OneOfField(ROLES)


class InvitationSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    role = serializers.ChoiceField(ROLES)
    addressee = serializers.CharField(allow_null=True, help_text="as it was sent; null: a link")
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


class MadeInvitationSerializer(InvitationSerializer):
    token = serializers.CharField(help_text="of a link; in this answer and nowhere else")
    url = serializers.URLField()


class InvitationBody(Body):
    role = OneOfField(ROLES)
    addressee = TextField(
        max_length=254,
        required=False,
        allow_null=True,
        help_text="A user name or an e-mail address; without one a link is made. The answer is the "
        "same whether an account answers to it or not.",
    )


class ShareLinkSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    allows = serializers.ChoiceField(ShareLink.Allows.choices)
    created_at = serializers.DateTimeField()
    rotated_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)
    last_used_at = serializers.DateTimeField(allow_null=True)
    revoked_at = serializers.DateTimeField(allow_null=True)


class MadeShareLinkSerializer(ShareLinkSerializer):
    token = serializers.CharField(help_text="in this answer and nowhere else")
    url = serializers.URLField()


class ShareLinkBody(Body):
    name = TextField(max_length=80)
    allows = OneOfField(ShareLink.Allows.choices, required=False)
    expires_at = MomentField(required=False, allow_null=True)


class ShareLinkChange(Body):
    name = TextField(max_length=80, required=False)
    expires_at = MomentField(required=False, allow_null=True)


class OfferSerializer(serializers.Serializer):
    to = serializers.CharField()
    offered_by = serializers.CharField()
    offered_at = serializers.DateTimeField()


class OfferBody(Body):
    member = serializers.UUIDField(help_text="the id of one of the list's members")
