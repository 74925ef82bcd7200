"""What the schema says of imports; `rows.py` makes the answers."""

from rest_framework import serializers

from imports.models import ImportRow
from imports.serializers import CountsSerializer, OutcomeRowSerializer, RunSerializer
from papers.importing.matching import Certainty


class PaperImportSerializer(RunSerializer):
    web_url = serializers.URLField()


class ImportRowSerializer(OutcomeRowSerializer):
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
