"""What the schema says of publications, issues and entries; `rows.py` makes the answers."""

from rest_framework import serializers

from newsletter.models import Entry, Link


class PublicationSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    slug = serializers.SlugField()
    name = serializers.CharField()
    url = serializers.URLField(allow_null=True)
    authors = serializers.ListField(child=serializers.CharField())
    language = serializers.CharField(allow_null=True)
    description = serializers.CharField(allow_null=True)
    issue_count = serializers.IntegerField(min_value=0)


class LinkSerializer(serializers.Serializer):
    url = serializers.CharField(help_text="as printed; not always safe to follow")
    href = serializers.URLField(allow_null=True, help_text="safe to follow")
    label = serializers.CharField(allow_null=True)
    role = serializers.ChoiceField(Link.Role.choices)
    position = serializers.IntegerField(help_text="place in the issue")
    paper = serializers.IntegerField(allow_null=True)
    prize = serializers.IntegerField(allow_null=True)
    editor_note = serializers.CharField(allow_null=True)


class ImageSerializer(serializers.Serializer):
    url = serializers.CharField(help_text="as printed; not always safe to follow")
    href = serializers.URLField(allow_null=True, help_text="safe to follow")
    alt = serializers.CharField(allow_null=True)
    caption = serializers.CharField(allow_null=True)
    position = serializers.IntegerField(help_text="place in the issue")


class SectionSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    topic = serializers.SlugField(allow_null=True)
    heading = serializers.CharField()
    level = serializers.IntegerField()
    position = serializers.IntegerField()
    web_url = serializers.URLField()


class IssueSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    number = serializers.IntegerField(allow_null=True)
    title = serializers.CharField()
    slug = serializers.SlugField()
    source_id = serializers.CharField(allow_null=True)
    source_url = serializers.CharField(allow_null=True, help_text="original address, as it came")
    url = serializers.URLField(allow_null=True, help_text="original address, if safe to follow")
    publication = serializers.SlugField()
    publication_name = serializers.CharField()
    published_at = serializers.DateTimeField(allow_null=True)
    authors = serializers.ListField(child=serializers.CharField())
    highlights = serializers.ListField(
        child=serializers.CharField(), help_text="its own table of contents"
    )
    topics = serializers.ListField(child=serializers.SlugField(), help_text="of its entries")
    entry_count = serializers.IntegerField(min_value=0)
    paper_count = serializers.IntegerField(min_value=0)
    reading_minutes = serializers.IntegerField(min_value=0)
    web_url = serializers.URLField()


class IssueDetailSerializer(IssueSerializer):
    markdown = serializers.CharField(allow_null=True)
    html = serializers.CharField(allow_null=True)
    sections = SectionSerializer(many=True)
    links = LinkSerializer(many=True, help_text="those outside entries")


class EntrySerializer(serializers.Serializer):
    id = serializers.IntegerField()
    issue = serializers.IntegerField()
    section = serializers.IntegerField(allow_null=True)
    topic = serializers.SlugField(allow_null=True)
    kind = serializers.ChoiceField(Entry.Kind.choices)
    headline = serializers.CharField()
    markdown = serializers.CharField(allow_null=True)
    html = serializers.CharField(allow_null=True)
    position = serializers.IntegerField(help_text="place in the issue")
    links = LinkSerializer(many=True)
    images = ImageSerializer(many=True)
    prizes = serializers.ListField(child=serializers.IntegerField(), help_text="it speaks of")
    editor_note = serializers.CharField(allow_null=True)
    issue_title = serializers.CharField()
    published_at = serializers.DateTimeField(allow_null=True, help_text="of the issue")
    publication = serializers.SlugField()
    publication_name = serializers.CharField()
    authors = serializers.ListField(child=serializers.CharField(), help_text="of the issue")
    source_url = serializers.CharField(allow_null=True, help_text="of the issue, as it came")
    web_url = serializers.URLField()
