from django import forms
from django.contrib import admin
from django.urls import path

from curation.fields import CompactFields
from curation.inlines import CompletedInline, ReadOnlyInline
from curation.opened import OpenedInline
from curation.pages import (
    CuratedAdmin,
    HideableAdmin,
    ReadFromIssues,
    ReviewedAdmin,
    count_of,
)
from markup.render import render_newsletter
from newsletter.models import Entry, Image, Issue, IssueSource, Link, Publication, Section
from newsletter.uploads import PAGE, may_import
from papers.filing import refile_topics


@admin.register(Publication)
class PublicationAdmin(HideableAdmin):
    actions = ["hide", "show"]
    list_display = ["name", "source", "url", "issue_count", "is_hidden"]
    search_fields = ["name", "slug", "source"]
    prepopulated_fields = {"slug": ["name"]}

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .annotate(issue_count=count_of(Issue.objects.all(), "publication"))
        )

    @admin.display(description="issues", ordering="issue_count")
    def issue_count(self, publication):
        return publication.issue_count


class SectionInline(ReadOnlyInline):
    model = Section
    related = ("topic",)
    fields = ["position", "heading", "topic", "withdrawn_at"]


class EntryInline(ReadOnlyInline):
    model = Entry
    related = ("topic",)
    fields = ["position", "headline", "kind", "topic", "needs_review", "withdrawn_at"]


class IssueSourceInline(CompactFields, OpenedInline):
    model = IssueSource
    extra = 0


@admin.register(Issue)
class IssueAdmin(ReadFromIssues, HideableAdmin):
    list_display = [
        "title",
        "publication",
        "number",
        "published_at",
        "entry_count",
        "needs_review",
        "is_hidden",
        "withdrawn_at",
    ]
    list_filter = ["publication", "needs_review", "is_hidden"]
    list_select_related = ["publication"]
    search_fields = ["title", "slug", "source_id"]
    autocomplete_fields = ["publication"]
    date_hierarchy = "published_at"
    # The text is its authors': it is corrected by importing it again, its entries by hand.
    readonly_fields = [
        "slug",
        "source_id",
        "source_url",
        "published_raw",
        "highlights",
        "markdown",
        "extra",
        "created_at",
        "updated_at",
    ]
    fieldsets = [
        (None, {"fields": ["publication", ("number", "published_at"), "title", "slug"]}),
        ("Content", {"fields": ["authors", "url"]}),
        ("Curation", {"fields": [("needs_review", "is_hidden"), "review_note"]}),
        (
            "As it came",
            {
                "classes": ["collapse"],
                "fields": [
                    *["source_id", "source_url", "published_raw", "highlights", "extra"],
                    *["markdown", "locked_fields", "withdrawn_at", ("created_at", "updated_at")],
                ],
            },
        ),
    ]
    inlines = [IssueSourceInline, SectionInline, EntryInline]

    def get_urls(self):
        page = self.admin_site.admin_view(PAGE.view)
        site = {"site": self.admin_site}
        return [path("import/", page, site, PAGE.name), *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        offers = {"may_import": may_import(request.user)}
        return super().changelist_view(request, offers | (extra_context or {}))

    def get_queryset(self, request):
        standing = count_of(Entry.objects.standing(), "issue")
        return super().get_queryset(request).annotate(entry_count=standing)

    @admin.display(description="entries", ordering="entry_count")
    def entry_count(self, issue):
        return issue.entry_count


@admin.register(Section)
class SectionAdmin(ReadFromIssues, CuratedAdmin):
    """A section is as its issue has it, or withdrawn with it."""

    list_display = ["heading", "issue", "topic", "position", "withdrawn_at"]
    list_filter = ["topic", ("withdrawn_at", admin.EmptyFieldListFilter)]
    list_select_related = ["issue", "topic"]
    search_fields = ["heading", "issue__title"]

    def has_change_permission(self, request, obj=None):
        return False


class LinkInline(ReadFromIssues, CompletedInline):
    model = Link
    fields = ["position", "label", "url", "role", "paper", "editor_note"]
    readonly_fields = ["position", "label", "url"]
    autocomplete_fields = ["paper"]


class ImageInline(ReadOnlyInline):
    model = Image
    fields = ["position", "url", "caption", "alt"]
    show_change_link = False


class EntryForm(forms.ModelForm):
    class Meta:
        model = Entry
        exclude = ["issue", "anchor", "withdrawn_at"]
        widgets = {"headline": forms.Textarea(attrs={"rows": 2, "cols": 80})}


@admin.register(Entry)
class EntryAdmin(ReadFromIssues, ReviewedAdmin):
    form = EntryForm
    list_display = ["headline", "issue", "kind", "topic", "needs_review", "withdrawn_at"]
    list_filter = [
        "kind",
        "topic",
        "needs_review",
        ("withdrawn_at", admin.EmptyFieldListFilter),
        "issue__publication",
    ]
    list_select_related = ["issue", "topic"]
    search_fields = ["headline", "issue__title"]
    autocomplete_fields = ["section", "topic"]
    readonly_fields = ["position", "created_at", "updated_at"]
    fieldsets = [
        (None, {"fields": ["headline", ("kind", "position"), "section", "topic", "markdown"]}),
        ("Curation", {"fields": ["editor_note", "needs_review", "review_note"]}),
        (
            "Where it comes from",
            {"classes": ["collapse"], "fields": ["locked_fields", ("created_at", "updated_at")]},
        ),
    ]
    inlines = [LinkInline, ImageInline]

    def follow(self, obj, stored, changed):
        if "markdown" in changed:
            obj.html = render_newsletter(obj.markdown)

    def save_related(self, request, form, formsets, change):
        links = form.instance.links.exclude(paper=None).values_list("paper", flat=True)
        before = set(links)
        super().save_related(request, form, formsets, change)
        refile_topics(before | set(links.all()))


@admin.register(Link)
class LinkAdmin(ReadFromIssues, CuratedAdmin):
    list_display = ["label", "role", "url_as_text", "issue", "paper", "withdrawn_at"]
    list_filter = ["role", ("paper", admin.EmptyFieldListFilter)]
    list_select_related = ["issue", "paper"]
    search_fields = ["label", "url"]
    autocomplete_fields = ["paper"]
    fields = ["issue", "entry", "position", "label", "url_as_text", "role", "paper", "editor_note"]
    readonly_fields = ["issue", "entry", "position", "label", "url_as_text"]

    # Printed addresses are shown as text: one that is not safe to follow never becomes a link.
    @admin.display(description="address")
    def url_as_text(self, link):
        return link.url

    def save_model(self, request, obj, form, change):
        before = Link.objects.filter(pk=obj.pk).values_list("paper", flat=True).first()
        super().save_model(request, obj, form, change)
        refile_topics({before, obj.paper_id} - {None})
