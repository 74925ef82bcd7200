"""A form of the admin knows what it was opened with: what somebody else, or an import, has written
since is shown beside what was typed, and never silently written over."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import flatten_fieldsets
from django.db.models import Model, QuerySet
from django.http import HttpRequest

OPENED = "opened"


class OpenedField(forms.JSONField):
    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False  # it is about the row, and no value of it


class OpenedForm(forms.ModelForm):
    """Carries a digest of each value; the values themselves may be long."""

    opened = OpenedField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = [name for name in self.fields if name != OPENED]
        self.now = {name: _digest(self.initial.get(name)) for name in shown}
        self.initial[OPENED] = self.now

    def clean(self) -> Any:
        super().clean()
        cleaned, late = self.cleaned_data, self._written_since()
        left = {name for name in late if _digest(cleaned.get(name)) == self.opened_with[name]}
        for name in left:
            del cleaned[name]  # nobody typed it: what stands stays
        self.changed_data = [name for name in self.changed_data if name not in left]
        for name in late - left:
            stands = _words(self.fields[name], self.initial.get(name))
            self.add_error(
                name,
                f"This was changed to “{stands}” since you opened the page. "
                "Save again to write what stands here over it.",
            )
        shown = {name: self.now[name] for name in late - left}
        if shown:
            self.data = self.data.copy()
            self.data[self.add_prefix(OPENED)] = json.dumps(self.opened_with | shown)
        return cleaned

    @property
    def opened_with(self) -> dict[str, Any]:
        opened = self.cleaned_data.get(OPENED)
        return opened if isinstance(opened, dict) else {}

    def _written_since(self) -> set[str]:
        """Fields that were given another value than the one that came with this form."""
        sent = [name for name in self.changed_data if name in self.cleaned_data]
        opened = self.opened_with
        return {name for name in sent if opened.get(name, self.now[name]) != self.now[name]}


class OpenedFormAdmin(ModelAdmin):
    """Its form of a row that is there is an `OpenedForm`, and holds the row while it is saved."""

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        found = super().get_object(request, object_id, from_field)
        if found is None or request.method != "POST":
            return found
        # Whoever saves at the same moment waits here, and then finds what this one wrote.
        rows = self.model._base_manager.select_for_update().filter(pk=found.pk)
        list(rows.values_list("pk"))
        return super().get_object(request, object_id, from_field)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if self._is_edited(request, obj):
            kwargs.setdefault("form", type(self.form.__name__, (OpenedForm, self.form), {}))
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if not self._is_edited(request, obj) or OPENED in flatten_fieldsets(fieldsets):
            return fieldsets
        return [*fieldsets, (None, {"fields": [OPENED], "classes": ["hidden"]})]

    def _is_edited(self, request: HttpRequest, obj: Model | None) -> bool:
        return obj is not None and self.has_change_permission(request, obj)


def _digest(value: Any) -> str:
    return blake2b(json.dumps(_plain(value), default=str).encode(), digest_size=8).hexdigest()


def _plain(value: Any) -> Any:
    """The same for a value of the row and for one that came with a form."""
    match value:
        case Model():
            return value.pk
        case list() | QuerySet():
            keys = [each.pk for each in value if isinstance(each, Model)]
            return sorted(keys) or list(value) or None
        case datetime():
            return value.astimezone(UTC)
        case Decimal():
            return value.normalize()
        case str():
            return value.replace("\r\n", "\n").strip() or None
    return value


def _words(field: forms.Field, value: Any) -> str:
    """A value as people read it."""
    if value in (None, "", []):
        return ""
    if isinstance(field, forms.ModelMultipleChoiceField):
        return ", ".join(map(str, value))
    if isinstance(field, forms.ModelChoiceField):
        return str(field.queryset.filter(pk=value).first() or value)
    known = dict(getattr(field, "choices", None) or ())
    return str(known.get(value, value)) if isinstance(value, str) else str(value)
