"""Fields in forms of the admin: with as much room as what is written into them takes, and changed
only by who changes them."""

from typing import Any

from django import forms
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db.models import CharField, Field, JSONField, TextField
from django.forms import TextInput, Widget
from django.http import HttpRequest

ONE_LINE = ("url", "href", "website", "heading")
LONG = ("abstract", "description", "markdown")
SHORT_NAME = 120


class LinesField(forms.CharField):
    """A text of several lines. Browsers send each line end as CR LF, whatever it was: taken for an
    edit, that would lock every text that is only shown beside what somebody changes."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return text.replace("\r\n", "\n").replace("\r", "\n") if text else text

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.to_python(initial), data)


class CompactFields(BaseModelAdmin):
    """Our columns without a limit are mostly addresses and notes: none needs ten rows."""

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs):
        if isinstance(db_field, TextField) and not db_field.choices:
            kwargs.setdefault("form_class", LinesField)
        if not db_field.choices and (widget := widget_for(db_field)) is not None:
            kwargs.setdefault("widget", widget)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


def widget_for(field: Field) -> Widget | None:
    if isinstance(field, CharField):
        is_long = (field.max_length or 0) > SHORT_NAME
        return TextInput({"class": "vLargeTextField"}) if is_long else None
    if not isinstance(field, TextField | JSONField) or field.name in LONG:
        return None
    if field.name.endswith(ONE_LINE):
        return TextInput({"class": "vLargeTextField"})
    return AdminTextareaWidget({"rows": 2})
