"""The history of a list: `event_rows.py` makes the answers."""

from rest_framework import serializers


class EventSerializer(serializers.Serializer):
    """`before` and `after` map kinds of parts to ids to the fields that changed; null stands for a
    part that is not there, and for words that the caller may not read."""

    id = serializers.UUIDField()
    version = serializers.IntegerField(allow_null=True, help_text="of the list, by this event")
    actor = serializers.CharField(allow_null=True, help_text="a name; null: a former member")
    verb = serializers.CharField()
    subject_kind = serializers.CharField()
    subject = serializers.UUIDField()
    before = serializers.DictField(allow_null=True)
    after = serializers.DictField(allow_null=True)
    reason = serializers.CharField(allow_null=True, help_text="of a maintainer who stepped in")
    undoes = serializers.UUIDField(allow_null=True)
    at = serializers.DateTimeField()
