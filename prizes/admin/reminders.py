from collections import Counter

from django.contrib import admin

from curation.pages import BoundedPaginator
from prizes.models import (
    Reminder,
)
from prizes.tracking.reminders import send_again

MOST_SENT_AGAIN = 100
TIMES = ("claimed_at", "sent_at")


@admin.register(Reminder)
class ReminderAdmin(admin.ModelAdmin):
    """What was mailed. One that was claimed and never confirmed may have gone out or not: whether
    to send it again is for a person to say. What people track stands nowhere in the admin."""

    list_display = ["claimed_at", "deadline", "days_before", "state", "attempts", "sent_at"]
    list_filter = ["state"]
    list_select_related = ["deadline__prize"]
    search_fields = ["deadline__prize__name"]
    actions = ["send_again"]
    paginator = BoundedPaginator
    show_full_result_count = False
    fields = ["deadline", "days_before", "about", "state", "attempts", "error", *TIMES]
    readonly_fields = fields

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.action(description="Send again, whether it went out or not", permissions=["change"])
    def send_again(self, request, queryset):
        outcomes = Counter(send_again(reminder) for reminder in queryset[:MOST_SENT_AGAIN])
        words = ", ".join(f"{number} {state}" for state, number in sorted(outcomes.items()))
        self.message_user(request, words or "None of them can be sent again.")
