"""What the schema says of reading states and of following, and what can be sent of them."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from api.bodies import Body, OneOfField
from readinglists.models import ReadingState


class ReadingStateSerializer(serializers.Serializer):
    id = serializers.IntegerField(help_text="the paper's")
    paper = serializers.IntegerField()
    paper_title = serializers.CharField()
    state = serializers.ChoiceField(ReadingState.State.choices)
    on = serializers.DateField(allow_null=True, help_text="when it was read, or begun")
    updated_at = serializers.DateTimeField()
    web_url = serializers.URLField()


class DayField(serializers.DateField):
    """A day as 2026-11-23, not in the future."""

    def to_internal_value(self, value: Any) -> date:
        if not isinstance(value, str) or isinstance(value, datetime):
            self.fail("invalid", format="YYYY-MM-DD")
        day = super().to_internal_value(value)
        if day > timezone.localdate():
            raise ValidationError("Nobody has read it in the future.", code="future")
        return day


class ReadingStateBody(Body):
    state = OneOfField(ReadingState.State.choices)
    on = DayField(
        required=False,
        allow_null=True,
        help_text="when it was read or begun; today if it is read and nothing is said",
    )


class FollowSerializer(serializers.Serializer):
    list = serializers.UUIDField()
    since = serializers.DateTimeField()
    looked_at_version = serializers.IntegerField(help_text="what came later is new")
    new_items = serializers.ListField(child=serializers.UUIDField())
    new_notes = serializers.IntegerField()
    followers = serializers.IntegerField()


class FollowBody(Body):
    looked_at_version = serializers.IntegerField(
        required=False, min_value=1, help_text="what has been seen; nobody looks backwards"
    )
