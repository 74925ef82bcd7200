"""What prizes and deadlines can be filtered by, on pages and in the API.

Both expect a queryset as of the instant that `as_of` names (`prizes.as_of`); the parameter is
checked here, and filters nothing by itself.
"""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db.models import QuerySet

from api.filters import (
    ChoiceFilter,
    Filter,
    FilterSet,
    IntegerFilter,
    MomentFilter,
    MoneyFilter,
    ReferenceFilter,
    TextFilter,
    WordsFilter,
    named,
)
from fulltext.filters import QueryFilter
from prizes.as_of import AsOf, AsOfError, still_ahead
from prizes.models import Announcement, Deadline, Prize, PrizeMention
from prizes.money import in_currency, with_pool, worth_at_least
from prizes.status import PrizeStatus, Status


class AsOfField(forms.CharField):
    """Keeps the text: what it names is read where the queryset is made."""

    def clean(self, value: str | None) -> str:
        text = super().clean(value)
        if text:
            try:
                AsOf.read(text)
            except AsOfError as error:
                raise ValidationError(str(error), code="invalid") from None
        return text


class AsOfFilter(Filter):
    """A date, meaning its end in UTC, or an instant; never in the future."""

    field_class = AsOfField
    schema = MomentFilter.schema

    def __init__(self, **kwargs: Any) -> None:
        help_text = "What had been announced, and what was open, by this date or instant."
        super().__init__(label="As of", help_text=help_text, **kwargs)

    def filter(self, queryset: QuerySet, value: str) -> QuerySet:
        return queryset


class AmountForm(forms.Form):
    """An amount says nothing without its currency."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("min_amount") is not None and not cleaned.get("currency"):
            message = "min_amount needs currency, such as USD."
            if "currency" not in self.errors:
                self.add_error("min_amount", ValidationError(message, code="needs_currency"))
        return cleaned


def currency_filter() -> TextFilter:
    return TextFilter(
        method="filter_currency",
        help_text="ISO 4217, such as USD.",
        validators=[RegexValidator(r"^[A-Za-z]{3}\Z", "Three letters, such as USD.")],
    )


def min_amount_filter() -> MoneyFilter:
    return MoneyFilter(
        method="filter_amount",
        label="Worth at least",
        help_text="The pool, else the largest award, in `currency`, which is needed with it.",
    )


class LooksBack:
    """A FilterSet that knows the instant its `as_of` names."""

    @property
    def looked_from(self) -> AsOf:
        text = self.form.cleaned_data.get("as_of")
        return AsOf.read(text) if text else AsOf.now()


class PrizeFilter(LooksBack, FilterSet):
    q = QueryFilter("prize")
    kind = ChoiceFilter(choices=Prize.Kind.choices)
    status = ChoiceFilter(choices=PrizeStatus.choices)
    topic = ReferenceFilter(method="filter_topic", help_text="A topic's id or slug.")
    issue = ReferenceFilter(
        method="filter_issue", help_text="Told of in the issue with this id or slug."
    )
    organiser = WordsFilter(help_text="Words of the organiser's name.")
    currency = currency_filter()
    min_amount = min_amount_filter()
    as_of = AsOfFilter()

    class Meta:
        model = Prize
        form = AmountForm
        fields = []

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        if "known_pool_currency" not in queryset.query.annotations:
            queryset = with_pool(queryset, self.looked_from)
        return super().filter_queryset(queryset)

    def filter_topic(self, prizes: QuerySet, name: str, value: str) -> QuerySet:
        filed = Prize.topics.through.objects.filter(named(value, "topic"))
        return prizes.filter(pk__in=filed.values("prize"))

    def filter_issue(self, prizes: QuerySet, name: str, value: str) -> QuerySet:
        mentions = PrizeMention.objects.visible_to(self.request.user)
        return prizes.filter(pk__in=mentions.filter(named(value, "issue")).values("prize"))

    def filter_currency(self, prizes: QuerySet, name: str, value: str) -> QuerySet:
        return prizes.filter(in_currency(value.upper(), self.looked_from))

    def filter_amount(self, prizes: QuerySet, name: str, value: object) -> QuerySet:
        currency = self.form.cleaned_data["currency"].upper()
        return worth_at_least(prizes, value, currency, self.looked_from)


class DeadlineFilter(LooksBack, FilterSet):
    q = QueryFilter("deadline")
    prize = ReferenceFilter(help_text="A prize's id or slug.")
    kind = ChoiceFilter(choices=Deadline.Kind.choices)
    status = ChoiceFilter(choices=Status.choices)
    topic = ReferenceFilter(method="filter_topic", help_text="A topic's id or slug.")
    issue = ReferenceFilter(
        method="filter_issue", help_text="Announced in the issue with this id or slug."
    )
    after = MomentFilter(
        field_name="stated_latest",
        lookup_expr="gte",
        help_text="May still fall on or after this date or instant.",
    )
    before = MomentFilter(
        field_name="stated_earliest",
        lookup_expr="lt",
        help_text="May fall before this date or instant.",
    )
    closing = IntegerFilter(
        method="filter_closing",
        lowest=1,
        highest=3660,
        label="Closing within days",
        help_text="Still ahead, and may close within this many days.",
    )
    organiser = WordsFilter(
        field_name="prize__organiser", help_text="Words of the organiser's name."
    )
    currency = currency_filter()
    min_amount = min_amount_filter()
    as_of = AsOfFilter()

    class Meta:
        model = Deadline
        form = AmountForm
        fields = []

    def filter_closing(self, deadlines: QuerySet, name: str, value: int) -> QuerySet:
        now = self.looked_from.instant
        ahead = still_ahead(deadlines, AsOf(now))
        return ahead.filter(stated_earliest__lte=now + timedelta(days=value))

    def filter_currency(self, deadlines: QuerySet, name: str, value: str) -> QuerySet:
        return deadlines.filter(prize__in=self.prizes_in(value).values("pk"))

    def filter_amount(self, deadlines: QuerySet, name: str, value: object) -> QuerySet:
        currency = self.form.cleaned_data["currency"].upper()
        rich = worth_at_least(self.prizes_in(currency), value, currency, self.looked_from)
        return deadlines.filter(prize__in=rich.values("pk"))

    def prizes_in(self, currency: str) -> QuerySet[Prize]:
        prizes = with_pool(Prize.objects.visible_to(self.request.user), self.looked_from)
        return prizes.filter(in_currency(currency.upper(), self.looked_from))

    def filter_topic(self, deadlines: QuerySet, name: str, value: str) -> QuerySet:
        filed = Prize.topics.through.objects.filter(named(value, "topic"))
        return deadlines.filter(prize__in=filed.values("prize"))

    def filter_issue(self, deadlines: QuerySet, name: str, value: str) -> QuerySet:
        told = Announcement.objects.visible_to(self.request.user).filter(named(value, "issue"))
        return deadlines.filter(pk__in=told.filter(deadline__isnull=False).values("deadline"))
