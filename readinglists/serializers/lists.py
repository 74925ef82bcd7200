"""Lists: `rows.py` makes the answers."""

import re
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from api.bodies import Body, OneOfField, TextField
from papers.models import Topic
from readinglists.models import ReadingList, Role

LONGEST_TEXT = 50_000
# Primary language, script, region, variants (RFC 5646), without extensions.
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}", re.ASCII)


class ListSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    version = serializers.IntegerField(help_text="for If-Match")
    slug = serializers.SlugField()
    title = serializers.CharField()
    description = serializers.CharField(allow_null=True, help_text="Markdown")
    owner = serializers.CharField(allow_null=True, help_text="a name; null: a former member")
    role = serializers.ChoiceField(Role.choices, allow_null=True, help_text="the caller's")
    visibility = serializers.ChoiceField(ReadingList.Visibility.choices)
    cover_topic = serializers.SlugField(allow_null=True)
    language = serializers.CharField()
    notes_licence = serializers.CharField(allow_null=True)
    item_count = serializers.IntegerField(
        min_value=0, help_text="with what is proposed, for members"
    )
    followers = serializers.IntegerField(min_value=0)
    forked_from = serializers.UUIDField(
        allow_null=True, help_text="the list it was copied from, if that is listed for the caller"
    )
    forked_from_version = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    web_url = serializers.URLField()


class ListDetailSerializer(ListSerializer):
    description_html = serializers.CharField(allow_null=True)


@extend_schema_field({"type": "string", "maxLength": 120})
class TopicField(serializers.Field):
    """A topic by its slug."""

    def to_internal_value(self, data: Any) -> Topic:
        fits = isinstance(data, str) and len(data) <= 120 and "\x00" not in data
        topic = Topic.objects.filter(slug=data).first() if fits else None
        if topic is None:
            raise ValidationError("No topic has this slug.", code="unknown")
        return topic


class LanguageField(TextField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=35, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if _LANGUAGE.fullmatch(text) is None:
            raise ValidationError('A language tag such as "en" or "pt-BR".', code="invalid")
        return text


class ListBody(Body):
    title = TextField(max_length=300)
    description = TextField(
        max_length=LONGEST_TEXT,
        lines=True,
        required=False,
        allow_blank=True,
        allow_null=True,
        help_text="Markdown",
    )
    cover_topic = TopicField(required=False, allow_null=True)
    language = LanguageField(required=False)
    notes_licence = TextField(max_length=100, required=False, allow_null=True)
    visibility = OneOfField(ReadingList.Visibility.choices, required=False)

    def validate_description(self, text: str | None) -> str:
        return text or ""
