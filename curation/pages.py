"""What all pages of the admin share: history with restore, locks, bounded counts."""

from collections.abc import Collection

from django import forms
from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import Count, IntegerField, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.functional import cached_property

from curation.fields import CompactFields
from curation.known_rows import KnownRows
from curation.locks import keep_first_state, lock, restore, save_each
from curation.opened import OpenedFormAdmin
from curation.versions import ComparedVersions

COUNTED = 10_000


class BoundedPaginator(Paginator):
    """Counts no further than ten thousand rows, so that a page costs the same in a large table."""

    @cached_property
    def count(self) -> int:
        return self.object_list.order_by().values("pk")[:COUNTED].count()


def count_of(rows: QuerySet, owner: str) -> Coalesce:
    """A column that counts rows of each owner shown, not of the whole table."""
    counted = rows.filter(**{owner: OuterRef("pk")}).order_by().values(owner)
    counts = counted.annotate(n=Count("pk", distinct=True)).values("n")
    return Coalesce(Subquery(counts, output_field=IntegerField()), 0)


class CuratedAdmin(CompactFields, OpenedFormAdmin, KnownRows, ComparedVersions):
    """A page of the catalogue: every save leaves history, and a hand-edited field is locked."""

    paginator = BoundedPaginator
    show_full_result_count = False
    list_per_page = 50

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.null and isinstance(field, forms.CharField):
            field.empty_value = None  # "not known" is null; Django leaves it "" in a TextField
        if field is not None:
            # What a field was is known from the row, not from what a browser sends along.
            field.show_hidden_initial = False
        return field

    def save_model(self, request: HttpRequest, obj: Model, form, change: bool) -> None:
        changed = form.changed_data
        stored = type(obj)._default_manager.filter(pk=obj.pk).first() if change else None
        if stored is not None:
            keep_first_state(obj)
            if is_restoring(request):
                changed = restore(obj, stored, form.fields)
            self.follow(obj, stored, changed)
        lock(obj, changed)
        super().save_model(request, obj, form, change)

    def follow(self, obj: Model, stored: Model, changed: Collection[str]) -> None:
        """Do what follows from an edit, before it is saved; `stored` is the row as it was."""

    def save_related(self, request: HttpRequest, form, formsets, change: bool) -> None:
        """Rows edited beside their owner are locked as well: in themselves, or in their owner."""
        owner = form.instance
        changed = set()
        for formset in formsets:
            for part in formset.initial_forms:
                if part.has_changed() and hasattr(part.instance, "history"):
                    keep_first_state(part.instance)
                lock(part.instance, part.changed_data)
            if formset.has_changed() and not hasattr(formset.model, "locked_fields"):
                changed.add(formset.fk.remote_field.get_accessor_name())
        super().save_related(request, form, formsets, change)
        if changed and lock(owner, changed):
            owner.save()

    def message(self, request: HttpRequest, text: str) -> None:
        self.message_user(request, text, messages.SUCCESS)


def is_restoring(request: HttpRequest) -> bool:
    """Whether an old version is being saved (the page of `simple_history`)."""
    return request.resolver_match.url_name.endswith("_simple_history")


class ReviewedAdmin(CuratedAdmin):
    """Adds what a queue of things to review needs."""

    actions = ["mark_reviewed"]

    @admin.action(description="Mark as reviewed", permissions=["change"])
    def mark_reviewed(self, request: HttpRequest, queryset: QuerySet) -> None:
        self.message(request, f"{save_each(queryset, needs_review=False)} marked as reviewed.")


class HideableAdmin(ReviewedAdmin):
    actions = ["mark_reviewed", "hide", "show"]

    @admin.action(description="Hide from readers", permissions=["change"])
    def hide(self, request: HttpRequest, queryset: QuerySet) -> None:
        self.message(request, f"{save_each(queryset, is_hidden=True)} hidden from readers.")

    @admin.action(description="Show to readers", permissions=["change"])
    def show(self, request: HttpRequest, queryset: QuerySet) -> None:
        self.message(request, f"{save_each(queryset, is_hidden=False)} shown to readers.")


class ReadFromIssues:
    """Pages of what is read from issues: it comes and goes with them, and is never deleted."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
