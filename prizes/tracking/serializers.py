"""What the schema says of tracked prizes, and what can be sent of them."""

from typing import Any

from django.core.exceptions import ValidationError as ModelError
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from api.bodies import AddressField, Body, OneOfField, TextField
from api.filters import LARGEST_ID
from prizes.models import MOST_DAYS, Prize, Tracking, validate_days
from prizes.models.tracking import MOST_REMINDERS
from prizes.tracking.forms import MOST_LINKS

LONGEST_NOTES = 50_000


class TrackedLinkSerializer(serializers.Serializer):
    url = serializers.URLField()
    label = serializers.CharField(allow_blank=True)


class TrackingSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    version = serializers.IntegerField(help_text="for If-Match")
    prize = serializers.IntegerField()
    prize_name = serializers.CharField()
    stage = serializers.ChoiceField(Tracking.Stage.choices)
    notes = serializers.CharField(allow_null=True, help_text="Markdown; only you see it")
    notes_html = serializers.CharField(allow_null=True)
    links = TrackedLinkSerializer(many=True)
    days_before = serializers.ListField(
        child=serializers.IntegerField(),
        allow_null=True,
        help_text="when to be reminded; null: as of all prizes",
    )
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    web_url = serializers.URLField()


@extend_schema_field({"type": "integer"})
class PrizeField(serializers.Field):
    """A prize that the caller may see, by its id."""

    def to_internal_value(self, data: Any) -> Prize:
        is_id = type(data) is int and 0 < data <= LARGEST_ID
        user = self.context["request"].user
        prize = Prize.objects.visible_to(user).filter(pk=data).first() if is_id else None
        if prize is None:
            raise ValidationError("No prize has this id.", code="unknown")
        return prize


@extend_schema_field(
    {
        "type": ["array", "null"],
        "items": {"type": "integer", "minimum": 0, "maximum": MOST_DAYS},
        "maxItems": MOST_REMINDERS,
        "uniqueItems": True,
    }
)
class DaysField(serializers.Field):
    def to_internal_value(self, data: Any) -> list[int]:
        try:
            validate_days(data)
        except ModelError as error:
            raise ValidationError(error.messages[0], code="invalid") from None
        return sorted(data, reverse=True)


class TrackedLinkBody(Body):
    url = AddressField()
    label = TextField(max_length=200, required=False, allow_blank=True)


class TrackingBody(Body):
    prize = PrizeField()
    stage = OneOfField(Tracking.Stage.choices, required=False)
    notes = TextField(
        max_length=LONGEST_NOTES, lines=True, required=False, allow_blank=True, help_text="Markdown"
    )
    links = TrackedLinkBody(many=True, required=False, max_length=MOST_LINKS)  # type: ignore[call-arg]
    days_before = DaysField(required=False, allow_null=True)

    def validate_prize(self, prize: Prize) -> Prize:
        if self.context.get("thing") is not None:
            detail = "Which prize it is does not change: track the other one."
            raise ValidationError([ErrorDetail(detail, code="read_only")])
        return prize

    def validate_links(self, links: list[dict[str, Any]]) -> list[dict[str, str]]:
        return [{"url": link["url"], "label": link.get("label", "")} for link in links]
