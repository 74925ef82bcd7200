from collections import Counter

from django import forms
from django.contrib import admin
from django.urls import path

from curation.inlines import ReadOnlyInline
from curation.pages import (
    BoundedPaginator,
    CuratedAdmin,
    HideableAdmin,
    ReviewedAdmin,
    count_of,
)
from markup.urls import clean_url
from prizes.models import (
    Announcement,
    Award,
    Deadline,
    Outcome,
    Prize,
    PrizeAlias,
    PrizeMention,
    Reminder,
)
from prizes.retelling import retell
from prizes.tracking.reminders import send_again
from prizes.uploads import PAGE, may_import

MOST_SENT_AGAIN = 100
TIMES = ("claimed_at", "sent_at")


class AwardFormSet(forms.models.BaseInlineFormSet):
    """An announced award is history: what it was announced as cannot be deleted."""

    def clean(self):
        super().clean()
        gone = [form.instance.pk for form in self.deleted_forms]
        if Announcement.objects.filter(award__in=gone).exists():
            raise forms.ValidationError("An award that was announced cannot be deleted.")


class AwardInline(admin.TabularInline):
    model = Award
    formset = AwardFormSet
    fields = [
        "position",
        "label",
        "amount",
        "amount_max",
        "currency",
        "qualifier",
        "basis",
        "count",
        "part_of_pool",
    ]
    extra = 0


class DeadlineInline(ReadOnlyInline):
    model = Deadline
    related = ("prize",)
    fields = ["kind", "label", "date", "time", "timezone", "precision", "earliest_utc"]


class AnnouncementInline(ReadOnlyInline):
    model = Announcement
    fk_name = "prize"
    related = ("prize", "deadline__prize")
    fields = ["announced_on", "change", "deadline", "date", "amount", "currency", "quote", "source"]


class MentionInline(ReadOnlyInline):
    model = PrizeMention
    related = ("prize", "issue", "entry")
    fields = ["issue", "entry", "quote", "needs_review"]


class PrizeForm(forms.ModelForm):
    class Meta:
        model = Prize
        exclude = ["merged_into"]

    def clean_website(self):
        website = self.cleaned_data["website"]
        if website and clean_url(website) is None:
            raise forms.ValidationError("Only an http or https address becomes a link.")
        return website

    def clean_slug(self):
        slug = self.cleaned_data["slug"]
        if PrizeAlias.objects.filter(slug=slug).exclude(prize=self.instance.pk).exists():
            raise forms.ValidationError("Another prize had this address before.")
        return slug


def keep_address(prize: Prize, former: str) -> None:
    """An address once handed out goes on leading to its prize."""
    PrizeAlias.objects.filter(slug=prize.slug, prize=prize).delete()
    PrizeAlias.objects.get_or_create(slug=former, defaults={"prize": prize})


@admin.register(Prize)
class PrizeAdmin(HideableAdmin):
    form = PrizeForm
    list_display = [
        "name",
        "kind",
        "organiser",
        "pool",
        "deadline_count",
        "needs_review",
        "is_hidden",
    ]
    list_filter = ["kind", "needs_review", "is_hidden", "topics"]
    search_fields = ["name", "slug", "organiser"]
    autocomplete_fields = ["topics"]
    readonly_fields = ["pool", "created_at", "updated_at"]
    # What a pool is follows from its announcements; another one is announced, not overwritten.
    exclude = ["merged_into", "pool_amount", "pool_currency", "pool_qualifier"]
    fieldsets = [
        (None, {"fields": ["name", "slug", "kind", "organiser", "website", "pool", "topics"]}),
        ("Content", {"fields": ["description"]}),
        ("Curation", {"fields": ["editor_note", ("needs_review", "is_hidden"), "review_note"]}),
        (
            "Where it comes from",
            {"classes": ["collapse"], "fields": ["locked_fields", ("created_at", "updated_at")]},
        ),
    ]
    inlines = [AwardInline, DeadlineInline, AnnouncementInline, MentionInline]

    def get_urls(self):
        page = self.admin_site.admin_view(PAGE.view)
        site = {"site": self.admin_site}
        return [path("import/", page, site, PAGE.name), *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        offers = {"may_import": may_import(request.user)}
        return super().changelist_view(request, offers | (extra_context or {}))

    def has_delete_permission(self, request, obj=None):
        return False  # what was told of it is history: a prize is hidden, never deleted

    def get_queryset(self, request):
        standing = count_of(Deadline.objects.filter(withdrawn_at=None), "prize")
        return super().get_queryset(request).annotate(deadline_count=standing)

    def follow(self, obj, stored, changed):
        if "slug" in changed:
            keep_address(obj, stored.slug)

    @admin.display(description="pool", ordering="pool_amount")
    def pool(self, prize):
        if prize.pool_amount is None:
            return None
        return f"{prize.pool_amount:,.0f} {prize.pool_currency}"

    @admin.display(description="deadlines", ordering="deadline_count")
    def deadline_count(self, prize):
        return prize.deadline_count


@admin.register(PrizeAlias)
class PrizeAliasAdmin(admin.ModelAdmin):
    list_display = ["slug", "prize"]
    list_select_related = ["prize"]
    search_fields = ["slug", "prize__name"]
    autocomplete_fields = ["prize"]


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


class OutcomeForm(forms.ModelForm):
    class Meta:
        model = Outcome
        fields = [
            "prize",
            "kind",
            "who",
            "what",
            "award",
            "announced_on",
            "issue",
            "entry",
            "quote",
            "source",
            "source_url",
        ]

    def clean(self):
        cleaned = super().clean()
        award = cleaned.get("award")
        if award is not None and award.prize_id != getattr(cleaned.get("prize"), "pk", 0):
            self.add_error("award", "This award belongs to another prize.")
        if cleaned.get("source_url") and clean_url(cleaned["source_url"]) is None:
            self.add_error("source_url", "Only an http or https address becomes a link.")
        return cleaned


@admin.register(Outcome)
class OutcomeAdmin(CuratedAdmin):
    """What came of a prize: entered by hand, with who said so."""

    form = OutcomeForm
    list_display = ["prize", "kind", "who", "announced_on", "source"]
    list_filter = ["kind"]
    list_select_related = ["prize"]
    search_fields = ["prize__name", "who", "what"]
    autocomplete_fields = ["prize", "issue", "entry"]
    raw_id_fields = ["award"]


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
