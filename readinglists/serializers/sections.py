"""Sections of lists."""

from rest_framework import serializers

from api.bodies import Body, TextField
from readinglists.serializers.items import PlaceField
from readinglists.serializers.lists import LONGEST_TEXT


class ListSectionSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    version = serializers.IntegerField(help_text="for If-Match")
    list = serializers.UUIDField()
    title = serializers.CharField()
    prose = serializers.CharField(allow_null=True, help_text="Markdown")
    prose_html = serializers.CharField(allow_null=True)
    position = serializers.IntegerField(help_text="among the sections, from 1")
    item_count = serializers.IntegerField(min_value=0)


class SectionBody(Body):
    title = TextField(max_length=300)
    prose = TextField(
        max_length=LONGEST_TEXT,
        lines=True,
        required=False,
        allow_blank=True,
        allow_null=True,
        help_text="Markdown",
    )
    position = PlaceField(required=False, help_text="among the sections; without: the last")

    def validate_prose(self, text: str | None) -> str:
        return text or ""
