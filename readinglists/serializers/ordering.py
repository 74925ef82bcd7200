"""The order of a list, and going back to another one."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from api.bodies import Body, OneOfField, YesNoField
from readinglists.editing.items import MOST_ITEMS
from readinglists.editing.lists import MOST_SECTIONS
from readinglists.ordering import SORTED_BY
from readinglists.serializers.items import PartField

_IDS = {"type": "string", "format": "uuid"}


class SectionOrderSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    items = serializers.ListField(child=serializers.UUIDField())


class OrderSerializer(serializers.Serializer):
    version = serializers.IntegerField(help_text="the list's, for If-Match")
    items = serializers.ListField(
        child=serializers.UUIDField(), help_text="what stands before all sections"
    )
    sections = SectionOrderSerializer(many=True)


@extend_schema_field({"type": "array", "items": _IDS, "maxItems": MOST_ITEMS})
class ItemIdsField(serializers.Field):
    """Ids of items in their order; one by one DRF would take ten times as long."""

    default_error_messages = {"invalid": "An array of ids of items."}

    def to_internal_value(self, data: Any) -> list[UUID]:
        if not isinstance(data, list) or len(data) > MOST_ITEMS:
            self.fail("invalid")
        try:
            return [UUID(each) if isinstance(each, str) else self.fail("invalid") for each in data]
        except ValueError:
            return self.fail("invalid")


class SectionOrderBody(Body):
    id = PartField()
    items = ItemIdsField()


class OrderBody(Body):
    """Each section and each item of the list, once."""

    items = ItemIdsField(required=False, help_text="what stands before all sections")
    sections = SectionOrderBody(many=True, required=False, max_length=MOST_SECTIONS)  # type: ignore[call-arg]

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        if not values:
            detail = ErrorDetail("Name the items, the sections, or both.", code="required")
            raise ValidationError({"items": [detail]})
        return values


class SortBody(Body):
    by = OneOfField([(each, each) for each in SORTED_BY])
    descending = YesNoField(required=False)


@extend_schema_field({"type": "integer", "minimum": 1})
class VersionField(serializers.Field):
    default_error_messages = {"invalid": "A version of this list, from 1 to what it is now."}

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int or not 0 < data < 2**31:
            self.fail("invalid")
        return data


class RestoreBody(Body):
    version = VersionField()
