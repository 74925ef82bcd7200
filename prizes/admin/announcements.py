from django import forms
from django.contrib import admin

from curation.pages import CuratedAdmin, ReviewedAdmin
from markup.urls import clean_url
from prizes.models import Announcement, Deadline, PrizeMention
from prizes.retelling import retell


@admin.register(Deadline)
class DeadlineAdmin(ReviewedAdmin):
    list_display = ["prize", "kind", "label", "date", "precision", "needs_review", "withdrawn_at"]
    list_filter = ["kind", "precision", "needs_review"]
    list_select_related = ["prize"]
    search_fields = ["label", "prize__name"]
    autocomplete_fields = ["prize"]
    # A date follows from its announcements: add one to change it.
    readonly_fields = [
        "date",
        "time",
        "timezone",
        "precision",
        "inclusive",
        "year_inferred",
        "earliest_utc",
        "latest_utc",
        "is_cancelled",
        "is_postponed",
        "sequence",
        "changed_at",
    ]


class AnnouncementForm(forms.ModelForm):
    class Meta:
        model = Announcement
        exclude = ["evidence_lost", "announced_at", "quote_prefix", "quote_suffix"]

    def clean(self):
        cleaned = super().clean()
        for name in ("deadline", "award"):
            subject = cleaned.get(name)
            if subject is not None and subject.prize_id != getattr(cleaned.get("prize"), "pk", 0):
                self.add_error(name, f"This {name} belongs to another prize.")
        replaced = cleaned.get("supersedes")
        if replaced is not None and any(
            getattr(replaced, name) != cleaned.get(name) for name in ("prize", "deadline", "award")
        ):
            self.add_error("supersedes", "That announcement is about something else.")
        if cleaned.get("source_url") and clean_url(cleaned["source_url"]) is None:
            self.add_error("source_url", "Only an http or https address becomes a link.")
        return cleaned


@admin.register(Announcement)
class AnnouncementAdmin(admin.ModelAdmin):
    """Announcements are added, never edited: a correction supersedes the one it corrects."""

    form = AnnouncementForm
    list_display = ["prize", "change", "deadline", "announced_on", "source", "evidence_lost"]
    list_filter = ["change", "evidence_lost"]
    list_select_related = ["prize", "deadline__prize"]
    search_fields = ["prize__name", "quote", "source"]
    autocomplete_fields = ["prize", "deadline", "issue", "entry"]
    raw_id_fields = ["award", "supersedes"]
    show_full_result_count = False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        retell(obj.prize)


@admin.register(PrizeMention)
class PrizeMentionAdmin(CuratedAdmin):
    list_display = ["prize", "issue", "entry", "needs_review"]
    list_filter = ["needs_review"]
    list_select_related = ["prize", "issue", "entry"]
    search_fields = ["prize__name", "quote"]
    autocomplete_fields = ["prize", "issue", "entry"]
    raw_id_fields = ["link"]
