"""What the schema says of every import; `rows.py` makes the answers."""

from rest_framework import serializers

from imports.models import ImportRow, ImportRun


class CountsSerializer(serializers.Serializer):
    created = serializers.IntegerField(min_value=0)
    updated = serializers.IntegerField(min_value=0)
    unchanged = serializers.IntegerField(min_value=0)
    duplicate = serializers.IntegerField(min_value=0)
    skipped = serializers.IntegerField(min_value=0)
    rejected = serializers.IntegerField(min_value=0)


class RunSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    source = serializers.CharField()
    state = serializers.ChoiceField(ImportRun.State.choices)
    counts = CountsSerializer()
    error = serializers.CharField(allow_null=True)
    started_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    undone_at = serializers.DateTimeField(allow_null=True)


class OutcomeRowSerializer(serializers.Serializer):
    line = serializers.IntegerField(min_value=0)
    outcome = serializers.ChoiceField(ImportRow.Outcome.choices)
    reason = serializers.CharField(allow_null=True)
    warnings = serializers.ListField(child=serializers.CharField())
