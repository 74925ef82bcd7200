"""Items and notes: `item_rows.py` makes the answers."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from api.bodies import Body, OneOfField, TextField, YesNoField
from api.filters import LARGEST_ID
from markup.urls import MAX_URL_LENGTH
from readinglists.models import Audience
from readinglists.wanted import Wanted

TARGETS = ("paper", "entry", "prize", "url", "identifier")
LONGEST_NOTE = 50_000


class NoteSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    version = serializers.IntegerField(help_text="for If-Match")
    item = serializers.UUIDField()
    author = serializers.CharField(allow_null=True, help_text="a name; null: a former member")
    credit = serializers.CharField(
        allow_null=True, help_text="whose words these are, where the author brought them in"
    )
    audience = serializers.ChoiceField(Audience.choices)
    markdown = serializers.CharField()
    html = serializers.CharField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class ItemSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    version = serializers.IntegerField(help_text="for If-Match")
    list = serializers.UUIDField()
    section = serializers.UUIDField(allow_null=True, help_text="null: before all sections")
    position = serializers.IntegerField(help_text="place in its section, from 1")
    kind = serializers.ChoiceField(["paper", "entry", "prize", "url"])
    is_available = serializers.BooleanField(
        help_text="false: what it is can no longer be seen, and nothing else is told of it"
    )
    paper = serializers.IntegerField(allow_null=True)
    entry = serializers.IntegerField(allow_null=True)
    prize = serializers.IntegerField(allow_null=True)
    url = serializers.CharField(allow_null=True)
    title = serializers.CharField(allow_null=True, help_text="its own, or that of what it is")
    web_url = serializers.URLField(allow_null=True)
    is_proposed = serializers.BooleanField(help_text="waits for an editor's yes")
    added_by = serializers.CharField(allow_null=True, help_text="a name; null: a former member")
    added_at = serializers.DateTimeField()
    notes = NoteSerializer(many=True, help_text="those the caller may read")


@extend_schema_field({"type": "integer", "minimum": 1, "maximum": LARGEST_ID})
class IdField(serializers.Field):
    """A whole number that may be an id; whether it is one is looked up for many at once."""

    default_error_messages = {"invalid": "A whole number."}

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        # What is too large for any database names nothing: the same as a missing one.
        return data if 0 < data <= LARGEST_ID else 0


@extend_schema_field({"type": "string", "format": "uuid"})
class PartField(serializers.Field):
    """The id of a part of the list."""

    default_error_messages = {"invalid": "The id of a part of this list."}

    def to_internal_value(self, data: Any) -> UUID:
        try:
            return UUID(data) if isinstance(data, str) else self.fail("invalid")
        except ValueError:
            return self.fail("invalid")


@extend_schema_field({"type": "integer", "minimum": 1})
class PlaceField(serializers.Field):
    """A place counted from 1; beyond the last it is the last."""

    default_error_messages = {"invalid": "A whole number from 1."}

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int or data < 1:
            self.fail("invalid")
        return min(data, 2**31)


class ItemBody(Body):
    """Exactly one of `paper`, `entry`, `prize`, `url` and `identifier` says what it is."""

    paper = IdField(required=False)
    entry = IdField(required=False)
    prize = IdField(required=False)
    url = TextField(max_length=MAX_URL_LENGTH, required=False)
    identifier = TextField(
        max_length=MAX_URL_LENGTH,
        required=False,
        help_text="an arXiv id, a DOI, an OpenReview id or an address: the paper here, or a link",
    )
    title = TextField(max_length=500, required=False, allow_null=True)
    section = PartField(required=False, allow_null=True)
    position = PlaceField(required=False, help_text="place in its section; without: the last")
    allow_duplicates = YesNoField(required=False, help_text="add it though the list holds it")

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        named = [name for name in TARGETS if name in values]
        if self.context.get("thing") is not None:
            if fixed := [*named, *({"allow_duplicates"} & values.keys())]:
                detail = "What an item is does not change: add another one."
                raise ValidationError(
                    {name: [ErrorDetail(detail, code="read_only")] for name in fixed}
                )
        elif len(named) != 1:
            listed = ", ".join(TARGETS)
            code = "ambiguous" if named else "required"
            detail = ErrorDetail(f"Say what it is by exactly one of: {listed}.", code=code)
            raise ValidationError({name: [detail] for name in named or TARGETS})
        else:
            values["wanted"] = Wanted(title=values.get("title"), **{named[0]: values[named[0]]})
        return values


class NoteBody(Body):
    item = PartField()
    markdown = TextField(max_length=LONGEST_NOTE, lines=True)
    audience = OneOfField(Audience.choices, required=False, help_text="private, unless it is said")

    def validate_item(self, item: UUID) -> UUID:
        if self.context.get("thing") is not None:
            detail = "A note stays with its item: write another one."
            raise ValidationError([ErrorDetail(detail, code="read_only")])
        return item
