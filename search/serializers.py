"""What the schema says of hits, saved searches and their bodies; `rows.py` makes the answers."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from api.bodies import Body, OneOfField, TextField
from search.kinds import KINDS
from search.models import SavedSearch
from search.places import PAGES, canonical_query
from search.saved import COUNTED_TO


@extend_schema_field({"oneOf": [{"type": "integer"}, {"type": "string", "format": "uuid"}]})
class HitIdField(serializers.Field):
    """Shaped by `rows.hit_row`; here only for the schema."""


class HitSerializer(serializers.Serializer):
    kind = serializers.ChoiceField([(kind.name, kind.one) for kind in KINDS])
    id = HitIdField(help_text="in the collection of its kind: a UUID for lists and notes")
    title = serializers.CharField()
    authors = serializers.ListField(
        child=serializers.CharField(), help_text="the first four of a paper; who gives a prize"
    )
    published = serializers.CharField(
        allow_null=True, help_text="year, month or day of a paper; the day of an entry's issue"
    )
    venue = serializers.CharField(allow_null=True)
    topics = serializers.ListField(child=serializers.SlugField())
    issue = serializers.IntegerField(allow_null=True, help_text="that the entry stands in")
    highlights = serializers.DictField(
        child=serializers.CharField(),
        help_text="HTML with `<mark>` around what matched, by field: "
        "title other_title author venue body",
    )
    web_url = serializers.URLField()


class SavedSearchSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    version = serializers.IntegerField(help_text="for If-Match")
    name = serializers.CharField()
    page = serializers.ChoiceField(SavedSearch.Page.choices)
    query = serializers.CharField(
        allow_blank=True, help_text="the page's query string, in one spelling"
    )
    new_count = serializers.IntegerField(
        allow_null=True,
        min_value=0,
        max_value=COUNTED_TO,
        help_text="hits that came after `looked_at`; null if the search has become mistaken",
    )
    new_count_is_exact = serializers.BooleanField()
    looked_at = serializers.DateTimeField()
    has_feed = serializers.BooleanField()
    feed_made_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    results_url = serializers.URLField()
    web_url = serializers.URLField()


class FeedAddressSerializer(serializers.Serializer):
    atom_url = serializers.URLField(help_text="shown this once")
    json_url = serializers.URLField(help_text="shown this once")


class SavedSearchBody(Body):
    name = TextField(max_length=SavedSearch.NAME_LENGTH)
    page = OneOfField(PAGES)
    query = TextField(
        max_length=SavedSearch.QUERY_LENGTH,
        allow_blank=True,
        required=False,
        help_text="the page's query string; everything it shows if empty",
    )
    looked_at = serializers.DateTimeField(
        required=False, help_text="what came after this is new; never in the future"
    )

    def validate_looked_at(self, moment: datetime) -> datetime:
        if moment > timezone.now():
            raise ValidationError("Nobody has looked in the future.", code="future")
        return moment

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        known: SavedSearch | None = self.context.get("thing")
        if known and not values.keys() & {"page", "query"}:
            return values
        page = values.get("page", known.page if known else "")
        query = values.get("query", known.query if known else "")
        user = self.context["request"].user
        values["query"] = canonical_query(page, query, user)
        return values
