"""Twins of papers in the admin: what waits to be decided, what was merged, and how to split it."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from curation.journal import count_by_model
from curation.pages import BoundedPaginator
from papers.deciding import may_merge, may_split, split_view, tell_split
from papers.duplicates import dismiss
from papers.models import DuplicateSuggestion, Merge


class DecidedElsewhere(admin.ModelAdmin):
    """Read here, decided on a page of its own."""

    paginator = BoundedPaginator
    show_full_result_count = False
    list_per_page = 50
    actions: list[str] = []

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False


class WaitingFilter(admin.SimpleListFilter):
    """Shows what waits for a decision unless told otherwise."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("all", "All"), *DuplicateSuggestion.State.choices[1:]]

    def choices(self, changelist):
        yield {
            "selected": self.value() is None,
            "query_string": changelist.get_query_string(remove=[self.parameter_name]),
            "display": "To decide",
        }
        yield from list(super().choices(changelist))[1:]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset.waiting()
        return queryset if self.value() == "all" else queryset.filter(state=self.value())


@admin.register(DuplicateSuggestion)
class DuplicateSuggestionAdmin(DecidedElsewhere):
    list_display = ["pair", "reason", "evidence", "certainty", "state", "compare"]
    list_filter = [WaitingFilter, "reason"]
    list_select_related = ["paper", "other"]
    search_fields = ["paper__title", "other__title"]
    actions = ["dismiss_selected"]
    readonly_fields = ["compare"]

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return may_merge(request.user)

    @admin.action(description="Not the same work", permissions=["decide"])
    def dismiss_selected(self, request: HttpRequest, queryset: QuerySet) -> None:
        rows = list(queryset.exclude(state=DuplicateSuggestion.State.MERGED))
        for row in rows:
            dismiss(row.paper, row.other, by=request.user)
        self.message_user(request, f"{len(rows)} noted as two works each.", messages.SUCCESS)

    @admin.display(description="papers")
    def pair(self, row: DuplicateSuggestion) -> SafeString:
        return format_html("{}<br>{}", row.paper, row.other)

    @admin.display(description="certainty", ordering="score")
    def certainty(self, row: DuplicateSuggestion) -> str:
        return f"{row.score:.0%}"

    @admin.display(description="decide")
    def compare(self, row: DuplicateSuggestion) -> SafeString | str:
        if row.paper.merged_into_id or row.other.merged_into_id:
            return "merged"
        address = reverse("admin:papers_paper_compare", args=[row.other_id, row.paper_id])
        return format_html('<a href="{}">Compare</a>', address)


TOLD = (
    *["duplicate", "into", "at", "by", "taken_fields", "moved"],
    *["split_at", "split_by", "what_stayed"],
)


@admin.register(Merge)
class MergeAdmin(DecidedElsewhere):
    list_display = ["duplicate", "into", "by", "at", "split_at"]
    list_filter = [("split_at", admin.EmptyFieldListFilter)]
    list_select_related = ["duplicate", "into", "by"]
    search_fields = ["duplicate__title", "into__title"]
    date_hierarchy = "at"
    actions = ["split_selected"]
    fields = TOLD
    readonly_fields = TOLD
    change_form_template = "admin/papers/merge.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("split_by")

    def get_urls(self):
        view = self.admin_site.admin_view(split_view)
        return [path("<int:pk>/split/", view, name="papers_merge_split"), *super().get_urls()]

    def has_split_permission(self, request: HttpRequest) -> bool:
        return may_split(request.user)

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        context["may_split"] = obj is not None and not obj.split_at and may_split(request.user)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    @admin.action(description="Split", permissions=["split"])
    def split_selected(self, request: HttpRequest, queryset: QuerySet) -> None:
        # The last one first: it may stand on the ones before.
        for made in queryset.order_by("-pk"):
            tell_split(request, made)

    @admin.display(description="taken from the duplicate")
    def taken_fields(self, made: Merge) -> str:
        return ", ".join(made.taken) or "nothing"

    @admin.display(description="rows that moved or changed")
    def moved(self, made: Merge) -> str:
        counts = count_by_model(made.journal)
        return ", ".join(f"{n} {label.partition('.')[2]}" for label, n in counts.items()) or "none"

    @admin.display(description="what the split left, edited since")
    def what_stayed(self, made: Merge) -> str:
        return "; ".join(made.stayed) or "nothing"
