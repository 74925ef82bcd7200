"""Rows shown beside their owner, at the price of one query however many there are."""

from collections.abc import Iterable

from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import Model
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest

from curation.fields import CompactFields
from curation.opened import OpenedInline


class ReadOnlyInline(admin.TabularInline):
    """Rows shown beside their owner, changed on pages of their own."""

    extra = 0
    can_delete = False
    show_change_link = True
    related: tuple[str, ...] = ()  # what a row's columns and its own name are made of

    def get_queryset(self, request: HttpRequest):
        rows = super().get_queryset(request)
        return rows.select_related(*self.related) if self.related else rows

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Iterable[str]:
        # Derived columns cannot stand in a form, not even in one that is only shown.
        return self.fields

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class KnownChoice(AutocompleteSelect):
    """Names what is chosen without a query a row, where it was fetched along with its row."""

    known: Model | None = None

    def optgroups(self, name, value, attr=None):
        if self.known is None or [str(self.known.pk)] != [str(v) for v in value]:
            return super().optgroups(name, value, attr)
        label = self.choices.field.label_from_instance(self.known)
        chosen = self.create_option(name, self.known.pk, label, {str(self.known.pk)}, 1)
        empty = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        return [(None, [*empty, chosen], 0)]


class KnownChoiceFormSet(BaseInlineFormSet):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for form in self.initial_forms:
            for name, field in form.fields.items():
                widget = getattr(field.widget, "widget", None)
                if isinstance(widget, KnownChoice):
                    widget.known = getattr(form.instance, name, None)  # a row may be gone


class CompletedInline(CompactFields, OpenedInline):
    """Rows that are edited beside their owner, with fields that complete what is typed."""

    extra = 0
    formset = KnownChoiceFormSet

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).select_related(*self.autocomplete_fields)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.autocomplete_fields:
            kwargs["widget"] = KnownChoice(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
