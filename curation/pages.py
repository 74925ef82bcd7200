"""What all pages of the admin share: history with restore, locks, bounded counts."""

from collections.abc import Iterable

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import ForeignKey, Model, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from simple_history.admin import SimpleHistoryAdmin

from curation.fields import CompactFields
from curation.known_rows import KnownRows

COUNTED = 10_000


class BoundedPaginator(Paginator):
    """Counts no further than ten thousand rows, so that a page costs the same in a large table."""

    @cached_property
    def count(self) -> int:
        return self.object_list.order_by()[:COUNTED].count()


class CuratedAdmin(CompactFields, KnownRows, SimpleHistoryAdmin):
    """A page of the catalogue: every save leaves history, and a hand-edited field is locked."""

    paginator = BoundedPaginator
    show_full_result_count = False
    list_per_page = 50
    object_history_list_template = "curation/history.html"

    def get_history_queryset(self, request, history_manager, pk_name, object_id) -> QuerySet:
        """simple_history's calls `select_related()` without names where there are no keys."""
        records = history_manager.filter(**{pk_name: object_id})
        keys = [f.name for f in history_manager.model.tracked_fields if isinstance(f, ForeignKey)]
        return records.select_related("history_user", *keys)

    def save_model(self, request: HttpRequest, obj: Model, form, change: bool) -> None:
        if change:
            keep_first_state(obj)
            if hasattr(obj, "locked_fields"):
                lock(obj, form.changed_data)
        super().save_model(request, obj, form, change)

    def message(self, request: HttpRequest, text: str) -> None:
        self.message_user(request, text, messages.SUCCESS)


def keep_first_state(obj: Model) -> None:
    """Record the row as it stands, once: `loaddata` leaves no history to go back to."""
    model = type(obj)
    if not model.history.filter(**{model._meta.pk.attname: obj.pk}).exists():
        stored = model._default_manager.get(pk=obj.pk)
        model.history.bulk_history_create([stored], default_change_reason="as loaded")


UNLOCKABLE = {"locked_fields", "needs_review", "review_note", "is_hidden", "editor_note"}


def lock(obj: Model, changed: Iterable[str]) -> None:
    """Note the fields edited by hand; no import or enrichment overwrites them from now on."""
    if "locked_fields" in changed:
        return  # the maintainer is setting the locks themselves
    obj.locked_fields = sorted({*obj.locked_fields, *changed} - UNLOCKABLE)


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


def save_each(queryset: QuerySet, **values: object) -> int:
    """Set fields row by row, so that each change stands in its row's history."""
    rows = list(queryset)
    for row in rows:
        keep_first_state(row)
        for field, value in values.items():
            setattr(row, field, value)
        row.save()
    return len(rows)


class ReadOnlyInline(admin.TabularInline):
    """Rows shown beside their owner, changed on pages of their own."""

    extra = 0
    can_delete = False
    show_change_link = True

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Iterable[str]:
        # Derived columns cannot stand in a form, not even in one that is only shown.
        return self.fields

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
