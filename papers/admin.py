from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.urls import path, reverse

from curation.inlines import CompletedInline
from curation.opened import OpenedInline
from curation.pages import CuratedAdmin, HideableAdmin, count_of
from markup.urls import clean_url
from papers import merge_admin  # noqa: F401  registers pages of its own
from papers.deciding import compare_view, comparison_address, may_merge
from papers.duplicates import look_again
from papers.enrichment.queue import ask_for
from papers.identifiers import identify
from papers.importing.access import may_import
from papers.models import Author, Authorship, CitationKeyAlias, Identifier, Paper, Topic


@admin.register(Topic)
class TopicAdmin(CuratedAdmin):
    list_display = ["name", "slug", "position", "paper_count"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .annotate(paper_count=count_of(Paper.objects.all(), "topics"))
        )

    @admin.display(description="papers", ordering="paper_count")
    def paper_count(self, topic):
        return topic.paper_count


@admin.register(Author)
class AuthorAdmin(CuratedAdmin):
    list_display = ["name", "orcid"]
    search_fields = ["name", "orcid"]


class IdentifierForm(forms.ModelForm):
    """Takes an identifier as anybody writes it, and stores its normal form."""

    class Meta:
        model = Identifier
        fields = ["scheme", "value"]

    def clean(self):
        cleaned = super().clean()
        if "value" not in cleaned:
            return cleaned
        identity = identify(cleaned["value"])
        if identity is None or identity.scheme != cleaned.get("scheme"):
            kind = f", but a {identity.scheme}" if identity else ""
            raise ValidationError(
                {"value": f"This is no {cleaned.get('scheme')} identifier{kind}."}
            )
        cleaned["value"] = identity.value
        return cleaned


class IdentifierInline(OpenedInline):
    model = Identifier
    form = IdentifierForm
    extra = 0


class AuthorshipInline(CompletedInline):
    model = Authorship
    autocomplete_fields = ["author"]


class PaperForm(forms.ModelForm):
    class Meta:
        model = Paper
        exclude = ["merged_into"]

    def clean(self):
        cleaned = super().clean()
        for name in ("url", "pdf_url", "code_url", "retraction_url"):
            if cleaned.get(name) and clean_url(cleaned[name]) is None:
                self.add_error(name, "Only an http or https address becomes a link.")
        return cleaned

    def clean_citation_key(self):
        key = self.cleaned_data["citation_key"]
        if CitationKeyAlias.objects.filter(key=key).exclude(paper=self.instance.pk).exists():
            raise ValidationError("Another paper had this key before.")
        return key


def keep_key(paper: Paper, former: str) -> None:
    """A key once handed out goes on leading to its paper."""
    CitationKeyAlias.objects.filter(key=paper.citation_key, paper=paper).delete()
    CitationKeyAlias.objects.get_or_create(key=former, defaults={"paper": paper})


@admin.register(Paper)
class PaperAdmin(HideableAdmin):
    form = PaperForm
    list_display = [
        "title",
        "kind",
        "title_source",
        "published_text",
        "venue",
        "mention_count",
        "needs_review",
        "is_hidden",
    ]
    list_filter = [
        *["kind", "title_source", "needs_review", "is_hidden"],
        ("merged_into", admin.EmptyFieldListFilter),
        "topics",
    ]
    actions = [*HideableAdmin.actions, "compare_selected", "complete"]
    search_fields = ["title", "citation_key", "identifiers__value"]
    autocomplete_fields = ["topics"]
    readonly_fields = ["sources", "created_at", "updated_at", "merged_into"]
    inlines = [IdentifierInline, AuthorshipInline]
    fieldsets = [
        (None, {"fields": ["title", ("kind", "citation_key", "title_source")]}),
        (
            "Published",
            {"fields": [("published_year", "published_month", "published_day", "venue")]},
        ),
        ("Content", {"fields": ["abstract", "topics", "url", "pdf_url", "code_url"]}),
        (
            "Retraction",
            {"classes": ["collapse"], "fields": ["retraction_note", "retraction_url"]},
        ),
        ("Curation", {"fields": ["editor_note", ("needs_review", "is_hidden"), "review_note"]}),
        (
            "Where it comes from",
            {
                "classes": ["collapse"],
                "fields": [
                    *["alternative_titles", "locked_fields", "sources", "merged_into"],
                    ("created_at", "updated_at"),
                ],
            },
        ),
    ]

    def get_queryset(self, request):
        mentions = Paper._meta.get_field("mentions").related_model.objects
        standing = count_of(mentions.standing(), "paper")
        return super().get_queryset(request).annotate(mention_count=standing)

    def changelist_view(self, request, extra_context=None):
        offers = {"may_import": may_import(request.user)}
        return super().changelist_view(request, {**(extra_context or {}), **offers})

    def follow(self, obj, stored, changed):
        if "citation_key" in changed:
            keep_key(obj, stored.citation_key)

    def get_urls(self):
        page = self.admin_site.admin_view(compare_view)
        address = "<int:duplicate>/merge/<int:into>/"
        site = {"site": self.admin_site}
        return [path(address, page, site, "papers_paper_compare"), *super().get_urls()]

    def get_search_results(self, request, queryset, search_term):
        if request.path == reverse("admin:autocomplete"):
            queryset = queryset.filter(merged_into=None)  # nothing new hangs on a merged paper
        return super().get_search_results(request, queryset, search_term)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        look_again([form.instance.pk])

    def has_merge_permission(self, request):
        return may_merge(request.user)

    @admin.action(description="Compare and merge the two selected", permissions=["merge"])
    def compare_selected(self, request, queryset):
        papers = list(queryset.filter(merged_into=None)[:3])
        if len(papers) != 2:
            text = "Select two papers that are not merged yet."
            self.message_user(request, text, messages.ERROR)
            return None
        return redirect(comparison_address(*papers))

    @admin.action(description="Complete from arXiv, Crossref, OpenAlex", permissions=["change"])
    def complete(self, request, queryset):
        if settings.ENRICH == "off":
            self.message_user(request, "ENRICH is off: nobody is asked.", messages.WARNING)
            return
        number = ask_for(queryset.order_by().values_list("pk", flat=True))
        self.message(request, f"{number} will be completed in the background.")

    @admin.display(description="published", ordering="published_order")
    def published_text(self, paper):
        return paper.published

    @admin.display(description="mentions", ordering="mention_count")
    def mention_count(self, paper):
        return paper.mention_count


@admin.register(Identifier)
class IdentifierAdmin(CuratedAdmin):
    form = IdentifierForm
    list_display = ["scheme", "value", "paper"]
    list_filter = ["scheme"]
    list_select_related = ["paper"]
    search_fields = ["value", "paper__title"]
    autocomplete_fields = ["paper"]


@admin.register(CitationKeyAlias)
class CitationKeyAliasAdmin(admin.ModelAdmin):
    list_display = ["key", "paper"]
    list_select_related = ["paper"]
    search_fields = ["key", "paper__title"]
    autocomplete_fields = ["paper"]
