"""What the schema says of imports; `rows.py` makes the answers."""

from rest_framework import serializers

from imports.models import ImportRow, ImportRun
from papers.importing.matching import Certainty


class CountsSerializer(serializers.Serializer):
    created = serializers.IntegerField(min_value=0)
    updated = serializers.IntegerField(min_value=0)
    unchanged = serializers.IntegerField(min_value=0)
    duplicate = serializers.IntegerField(min_value=0)
    skipped = serializers.IntegerField(min_value=0)
    rejected = serializers.IntegerField(min_value=0)


class PaperImportSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    source = serializers.CharField()
    state = serializers.ChoiceField(ImportRun.State.choices)
    counts = CountsSerializer()
    error = serializers.CharField(allow_null=True)
    started_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    undone_at = serializers.DateTimeField(allow_null=True)
    web_url = serializers.URLField()


class ImportRowSerializer(serializers.Serializer):
    line = serializers.IntegerField(min_value=0)
    outcome = serializers.ChoiceField(ImportRow.Outcome.choices)
    reason = serializers.CharField(allow_null=True)
    warnings = serializers.ListField(child=serializers.CharField())
    paper = serializers.IntegerField(allow_null=True, help_text="what it became, or is")
    citation_key = serializers.CharField(allow_null=True)


class RowsSerializer(serializers.Serializer):
    results = ImportRowSerializer(many=True)
    next = serializers.URLField(allow_null=True)


class PaperImportDetailSerializer(PaperImportSerializer):
    rows = ImportRowSerializer(many=True, help_text="the first ones")
    next_rows = serializers.URLField(allow_null=True, help_text="where the others are")


class MatchSerializer(serializers.Serializer):
    paper = serializers.IntegerField()
    title = serializers.CharField()
    certainty = serializers.ChoiceField([(each.value, each.name) for each in Certainty])
    reason = serializers.CharField()
    web_url = serializers.URLField()


class PlannedRowSerializer(serializers.Serializer):
    number = serializers.IntegerField(min_value=1, help_text="for `choices`")
    line = serializers.IntegerField(min_value=0)
    outcome = serializers.ChoiceField(
        ImportRow.Outcome.choices, help_text="what would become of it"
    )
    reason = serializers.CharField(allow_null=True)
    warnings = serializers.ListField(child=serializers.CharField())
    title = serializers.CharField(allow_null=True)
    match = MatchSerializer(allow_null=True)
    fills = serializers.ListField(child=serializers.CharField())


class PreviewSerializer(serializers.Serializer):
    format = serializers.CharField()
    counts = CountsSerializer()
    warnings = serializers.ListField(child=serializers.CharField())
    rows = PlannedRowSerializer(many=True)


class UndoneSerializer(serializers.Serializer):
    taken_back = serializers.IntegerField(min_value=0)
    stay = ImportRowSerializer(many=True, help_text="rows that somebody has built on since")
