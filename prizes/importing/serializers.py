"""What the schema says of imports of deadlines; `rows.py` makes the answers."""

from rest_framework import serializers

from imports.models import ImportRow
from imports.serializers import CountsSerializer, OutcomeRowSerializer, RunSerializer
from prizes.models import Deadline, Precision


class DeadlineImportSerializer(RunSerializer):
    pass


class DeadlineImportRowSerializer(OutcomeRowSerializer):
    prize = serializers.IntegerField(allow_null=True, help_text="what it became, or is")
    slug = serializers.CharField(allow_null=True)


class DeadlineRowsSerializer(serializers.Serializer):
    results = DeadlineImportRowSerializer(many=True)
    next = serializers.URLField(allow_null=True)


class DeadlineImportDetailSerializer(DeadlineImportSerializer):
    rows = DeadlineImportRowSerializer(many=True, help_text="the first ones")
    next_rows = serializers.URLField(allow_null=True, help_text="where the others are")


class ReadDateSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(Deadline.Kind.choices)
    label = serializers.CharField(allow_null=True)
    line = serializers.IntegerField(min_value=0)
    date = serializers.DateField(allow_null=True, help_text="local, as stated")
    time = serializers.TimeField(allow_null=True, help_text="local, as stated")
    timezone = serializers.CharField(allow_null=True, help_text="IANA name or AoE")
    precision = serializers.ChoiceField(Precision.choices)
    is_cancelled = serializers.BooleanField()


class MatchedPrizeSerializer(serializers.Serializer):
    prize = serializers.IntegerField()
    name = serializers.CharField()
    web_url = serializers.URLField()


class JudgedRowSerializer(serializers.Serializer):
    line = serializers.IntegerField(min_value=0)
    outcome = serializers.ChoiceField(
        ImportRow.Outcome.choices, help_text="what would become of it"
    )
    reason = serializers.CharField(allow_null=True)
    warnings = serializers.ListField(child=serializers.CharField())
    name = serializers.CharField(allow_null=True)
    dates = ReadDateSerializer(many=True)
    match = MatchedPrizeSerializer(allow_null=True)


class DeadlinePreviewSerializer(serializers.Serializer):
    counts = CountsSerializer()
    rows = JudgedRowSerializer(many=True)


class DeadlinesUndoneSerializer(serializers.Serializer):
    taken_back = serializers.IntegerField(min_value=0)
    stay = DeadlineImportRowSerializer(many=True, help_text="rows somebody has built on since")
