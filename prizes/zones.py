"""The zone a reader wants to see times in."""

from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from api.filters import Filter

NAMES = {name.lower(): name for name in available_timezones()}


class ZoneField(forms.CharField):
    """An IANA name, in whatever case."""

    def clean(self, value: str | None) -> str:
        text = super().clean(value)
        if not text:
            return ""
        if (name := NAMES.get(text.lower())) is None:
            message = "No zone has this name: enter one such as Europe/Berlin."
            raise ValidationError(message, code="invalid")
        return name


class ZoneFilter(Filter):
    """Chooses nothing: it says how times are shown."""

    field_class = ZoneField

    def filter(self, queryset: QuerySet, value: str) -> QuerySet:
        return queryset


def zone_called(text: str | None) -> ZoneInfo | None:
    name = NAMES.get((text or "").strip().lower())
    return ZoneInfo(name) if name else None
