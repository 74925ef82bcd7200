from django.contrib import admin, messages
from django.db.models import QuerySet
from django.utils.html import format_html

from imports.models import ImportRow, ImportRun
from imports.undo import CannotUndo, undo


def seen_by(user) -> QuerySet:
    return ImportRun.objects.visible_to(user).order_by().values("pk")


class Trace(admin.ModelAdmin):
    """A trace is read, not written."""

    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(ImportRun)
class ImportRunAdmin(Trace):
    list_display = ["started_at", "kind", "source", "state", "outcomes", "started_by"]
    list_filter = ["kind", "state"]
    list_select_related = ["started_by"]
    search_fields = ["source"]
    readonly_fields = ["outcomes"]
    actions = ["take_back"]

    def get_queryset(self, request):
        return super().get_queryset(request).filter(pk__in=seen_by(request.user))

    def has_take_back_permission(self, request):
        return request.user.has_perm("imports.change_importrun")

    @admin.action(description="Take back", permissions=["take_back"])
    def take_back(self, request, queryset):
        # The last one first: it may stand on the ones before.
        for run in queryset.order_by("-started_at", "pk"):
            try:
                undone = undo(run)
            except CannotUndo as error:
                self.message_user(request, f"{run}: {error}", messages.ERROR)
                continue
            self.message_user(request, f"{run}: {undone.taken_back} taken back", messages.SUCCESS)
            for row, reason in reversed(undone.stay[:20]):
                self.message_user(request, f"Line {row.line} stays: {reason}", messages.WARNING)

    @admin.display(description="rows by outcome")
    def outcomes(self, run):
        return ", ".join(f"{count} {outcome}" for outcome, count in run.counted) or "none"


@admin.register(ImportRow)
class ImportRowAdmin(Trace):
    list_display = ["line", "source", "outcome", "reason", "run"]
    list_filter = ["outcome", "kind"]
    list_select_related = ["run"]
    search_fields = ["reason", "key"]
    exclude = ["raw"]
    readonly_fields = ["raw_text"]

    def get_queryset(self, request):
        rows = super().get_queryset(request).filter(run__in=seen_by(request.user))
        return rows.defer("raw")

    @admin.display(description="the line as it came")
    def raw_text(self, row):
        return format_html(
            "<pre>{}</pre>", bytes(row.raw or b"").decode(errors="replace")[:100_000]
        )
