"""Frozen revisions, and copies."""

from rest_framework import serializers

from api.bodies import Body, TextField


class CitationSerializer(serializers.Serializer):
    text = serializers.CharField(help_text="in APA style")
    bibtex = serializers.CharField()
    csl = serializers.DictField()


class RevisionSerializer(serializers.Serializer):
    number = serializers.IntegerField(min_value=1)
    version = serializers.IntegerField(min_value=1, help_text="the list's version it froze")
    created_at = serializers.DateTimeField()
    created_by = serializers.CharField(allow_null=True, help_text="a name; null: a former member")
    sha256 = serializers.CharField(help_text="of the bytes at `content_url`")
    web_url = serializers.URLField()
    content_url = serializers.URLField(help_text="the very bytes that were hashed")


class RevisionDetailSerializer(RevisionSerializer):
    citation = CitationSerializer()
    content = serializers.DictField(
        help_text="the frozen document; with keys sorted and no white space it gives the bytes"
    )
    is_whole = serializers.BooleanField(
        help_text="false: some of what stands in it has since been hidden from the caller"
    )


class FreezeBody(Body):
    """Nothing has to be said: the list is frozen as it stands."""

    version = serializers.IntegerField(
        required=False, min_value=1, help_text="freeze only this version of the list (else 412)"
    )


class ForkBody(Body):
    title = TextField(max_length=300, required=False, help_text="that of the original if none")
