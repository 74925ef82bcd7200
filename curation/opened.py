"""A form of the admin knows what it was opened with: what somebody else, or an import, has written
since is shown beside what was typed, and never silently written over."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin, TabularInline
from django.contrib.admin.utils import flatten_fieldsets
from django.db import connection
from django.db.models import Model, QuerySet
from django.forms.formsets import DELETION_FIELD_NAME
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest

OPENED = "opened"
# Beside the fields' digests: that somebody was told that the row is gone.
_TOLD_GONE = "-gone-"


class OpenedField(forms.JSONField):
    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False  # it is about the row, and no value of it


class OpenedForm(forms.ModelForm):
    """Carries a digest of each value; the values themselves may be long."""

    opened = OpenedField(required=False)
    is_gone = False  # the row was there when the form was opened, and is no more

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        typed = [name for name, field in self.fields.items() if not field.disabled]
        self.now = {name: _digest(self.initial.get(name)) for name in typed if name != OPENED}
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
        if late - left:
            self._note_told({name: self.now[name] for name in late - left})
        return cleaned

    def _post_clean(self) -> None:
        if not self.is_gone:
            super()._post_clean()  # type: ignore[misc]  # of Django, without a type
            return
        # It does not come back. What was typed in it is not dropped unsaid.
        cleaned, opened = self.cleaned_data, self.opened_with
        typed = [name for name in self.now if _digest(cleaned.get(name)) != opened.get(name)]
        self._errors.clear()
        self.changed_data = []
        if typed and not cleaned.get(DELETION_FIELD_NAME) and _TOLD_GONE not in opened:
            self.add_error(
                None,
                "This was removed since you opened the page. Save again to go on without it; "
                "what should stand all the same has to be added anew.",
            )
            self._note_told({_TOLD_GONE: True})
        self.cleaned_data = {}

    def may_delete(self) -> bool:
        """Not what somebody else has written since, until that was told once."""
        opened, stands = self.opened_with, _digest(self.now)
        if not self._differing() or opened.get(DELETION_FIELD_NAME) == stands:
            return True
        self._note_told({DELETION_FIELD_NAME: stands})
        return False

    def _note_told(self, told: dict[str, Any]) -> None:
        """Sent again, the form knows what was shown beside it."""
        self.data = self.data.copy()
        self.data[self.add_prefix(OPENED)] = json.dumps(self.opened_with | told)

    @property
    def opened_with(self) -> dict[str, Any]:
        opened = self.cleaned_data.get(OPENED)
        return opened if isinstance(opened, dict) else {}

    def _written_since(self) -> set[str]:
        """Fields that were given another value than the one that came with this form."""
        if self.instance._state.adding:
            return set()
        sent = {name for name in self.changed_data if name in self.cleaned_data}
        return sent & self._differing()

    def _differing(self) -> set[str]:
        opened = self.opened_with
        return {name for name, now in self.now.items() if opened.get(name, now) != now}


class OpenedFormSet(BaseInlineFormSet):
    """Rows beside their owner: one that is gone stays gone, one that came meanwhile stays."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound:
            # The admin names each form's row by taking both in turn: the rows it was sent for.
            self._queryset = [
                None if form.is_gone else form.instance for form in self.initial_forms
            ]

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]  # of Django, untyped
        was_there = self.is_bound and i < self.initial_form_count()
        form.is_gone = was_there and form.instance._state.adding
        return form

    def clean(self) -> None:
        super().clean()
        late = [form.instance for form in self.deleted_forms if not form.may_delete()]
        if late:
            raise forms.ValidationError(
                [
                    f"“{row}” was changed since you opened the page. Save again to delete it."
                    for row in late
                ]
            )


class _ShowsOpened:
    """Pages and inlines whose form, of what is there already, is an `OpenedForm`."""

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)  # type: ignore[misc]
        if not self._is_edited(request, obj) or OPENED in flatten_fieldsets(fieldsets):
            return fieldsets
        return [*fieldsets, (None, {"fields": [OPENED], "classes": ["hidden"]})]

    def _is_edited(self, request: HttpRequest, obj: Model | None) -> bool:
        return obj is not None and self.has_change_permission(request, obj)  # type: ignore[attr-defined]


class OpenedInline(_ShowsOpened, TabularInline):
    """Its rows' forms are of the kind that the page's own is, under the lock that page holds."""

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        if self._is_edited(request, obj):
            kwargs.setdefault("form", type(self.form.__name__, (OpenedForm, self.form), {}))
            formset = type(self.formset.__name__, (OpenedFormSet, self.formset), {})
            kwargs.setdefault("formset", formset)
        return super().get_formset(request, obj, **kwargs)


class OpenedFormAdmin(_ShowsOpened, ModelAdmin):
    """Its form of a row that is there is an `OpenedForm`, and holds the row while it is saved."""

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        found = super().get_object(request, object_id, from_field)
        if found is None or request.method != "POST" or not connection.in_atomic_block:
            return found  # it is not this page's form that is saved
        # Whoever saves at the same moment waits here, and then finds what this one wrote.
        rows = self.model._base_manager.select_for_update().filter(pk=found.pk)
        list(rows.values_list("pk"))
        return super().get_object(request, object_id, from_field)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if self._is_edited(request, obj):
            kwargs.setdefault("form", type(self.form.__name__, (OpenedForm, self.form), {}))
        return super().get_form(request, obj, change=change, **kwargs)


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
