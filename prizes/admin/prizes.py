from django import forms
from django.contrib import admin
from django.urls import path

from curation.inlines import ReadOnlyInline
from curation.opened import OpenedInline
from curation.pages import HideableAdmin, count_of
from markup.urls import clean_url
from prizes.models import Announcement, Award, Deadline, Prize, PrizeAlias, PrizeMention
from prizes.uploads import PAGE, may_import


class AwardFormSet(forms.models.BaseInlineFormSet):
    """An announced award is history: what it was announced as cannot be deleted."""

    def clean(self):
        super().clean()
        gone = [form.instance.pk for form in self.deleted_forms]
        if Announcement.objects.filter(award__in=gone).exists():
            raise forms.ValidationError("An award that was announced cannot be deleted.")


class AwardInline(OpenedInline):
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
