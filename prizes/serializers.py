"""What the schema says of prizes and deadlines; `rows.py` makes the answers."""

from rest_framework import serializers

from prizes.models import Announcement, Award, Deadline, Outcome, Precision, Prize, Qualifier
from prizes.status import PrizeStatus, Status


class MoneyField(serializers.DecimalField):
    """A decimal as text, so that nothing rounds it."""

    def __init__(self, **kwargs) -> None:
        super().__init__(max_digits=16, decimal_places=2, allow_null=True, **kwargs)


class PoolSerializer(serializers.Serializer):
    amount = serializers.DecimalField(max_digits=16, decimal_places=2)
    currency = serializers.CharField(help_text="ISO 4217")
    qualifier = serializers.ChoiceField(Qualifier.choices, allow_null=True)


class AwardSerializer(serializers.Serializer):
    label = serializers.CharField(allow_null=True)
    amount = MoneyField()
    amount_max = MoneyField()
    currency = serializers.CharField(allow_null=True, help_text="ISO 4217")
    qualifier = serializers.ChoiceField(Qualifier.choices, allow_null=True)
    basis = serializers.ChoiceField(Award.Basis.choices)
    count = serializers.IntegerField(allow_null=True)
    part_of_pool = serializers.BooleanField()
    quote = serializers.CharField(allow_null=True)


class StatedDateSerializer(serializers.Serializer):
    date = serializers.DateField(allow_null=True, help_text="local, as stated")
    time = serializers.TimeField(allow_null=True, help_text="local, as stated")
    timezone = serializers.CharField(allow_null=True, help_text="IANA name or AoE")
    precision = serializers.ChoiceField(Precision.choices, allow_null=True)
    inclusive = serializers.BooleanField(help_text='"before October 27" is not')
    year_inferred = serializers.BooleanField(help_text="the year was not printed")
    earliest_utc = serializers.DateTimeField(allow_null=True)
    latest_utc = serializers.DateTimeField(allow_null=True)


class NextDeadlineSerializer(StatedDateSerializer):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(Deadline.Kind.choices)
    label = serializers.CharField(allow_null=True)
    status = serializers.ChoiceField(Status.choices)


class PrizeSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    slug = serializers.SlugField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(Prize.Kind.choices)
    organiser = serializers.CharField(allow_null=True)
    website = serializers.URLField(allow_null=True)
    description = serializers.CharField(allow_null=True)
    topics = serializers.ListField(child=serializers.SlugField())
    pool = PoolSerializer(allow_null=True)
    awards = AwardSerializer(many=True)
    issues = serializers.ListField(
        child=serializers.IntegerField(), help_text="that speak of it, by id"
    )
    status = serializers.ChoiceField(PrizeStatus.choices)
    next_deadline = NextDeadlineSerializer(allow_null=True)
    editor_note = serializers.CharField(allow_null=True)
    web_url = serializers.URLField()


class OutcomeSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(Outcome.Kind.choices)
    who = serializers.CharField(allow_null=True)
    what = serializers.CharField(allow_null=True)
    award = serializers.CharField(allow_null=True, help_text="its label")
    announced_on = serializers.DateField(allow_null=True)
    issue = serializers.IntegerField(allow_null=True)
    entry = serializers.IntegerField(allow_null=True)
    quote = serializers.CharField(allow_null=True)
    source = serializers.CharField()
    source_url = serializers.URLField(allow_null=True)


class PrizeDetailSerializer(PrizeSerializer):
    outcomes = OutcomeSerializer(many=True, help_text="what came of it after it closed")


class AnnouncementSerializer(StatedDateSerializer):
    id = serializers.UUIDField()
    change = serializers.ChoiceField(Announcement.Change.choices)
    previous_date = serializers.DateField(
        allow_null=True, help_text="local, as stated: the date that this one took the place of"
    )
    moved_by_days = serializers.IntegerField(
        allow_null=True, help_text="from one last day to the other; below 0 if it moved earlier"
    )
    quote = serializers.CharField(allow_null=True)
    issue = serializers.IntegerField(allow_null=True)
    entry = serializers.IntegerField(allow_null=True)
    source = serializers.CharField(allow_null=True)
    source_url = serializers.URLField(allow_null=True)
    announced_on = serializers.DateField(help_text="when the world was told")
    recorded_at = serializers.DateTimeField(help_text="when we learned")
    supersedes = serializers.UUIDField(allow_null=True)
    is_current = serializers.BooleanField()


class DeadlineSerializer(StatedDateSerializer):
    id = serializers.UUIDField()
    prize = serializers.IntegerField()
    prize_name = serializers.CharField()
    kind = serializers.ChoiceField(Deadline.Kind.choices)
    label = serializers.CharField(allow_null=True)
    quote = serializers.CharField(allow_null=True)
    entry = serializers.IntegerField(allow_null=True)
    announced_on = serializers.DateField(allow_null=True)
    status = serializers.ChoiceField(
        Status.choices, allow_null=True, help_text="none for `opens` and `notification`"
    )
    announcements = AnnouncementSerializer(many=True)
    web_url = serializers.URLField()
