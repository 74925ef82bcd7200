"""What stands on a list, beside it: of each at most so many, whatever there is."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from curation.inlines import ReadOnlyInline
from readinglists.labels import labels_of
from readinglists.models import Audience, Item, ListEvent, ListSection, Membership, Note, ShareLink

MOST_SHOWN = 100


class BoundedInline(ReadOnlyInline):
    """The first rows in an order; a list may hold ten thousand things."""

    show_change_link = False
    order: tuple[str, ...] = ("pk",)
    of_list = "reading_list"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        match = request.resolver_match
        rows = self.narrow(super().get_queryset(request)).order_by(*self.order)
        pk = match.kwargs.get("object_id") if match else None
        first = rows.filter(**{self.of_list: pk}).values_list("pk", flat=True)[:MOST_SHOWN]
        # A formset filters what it is given, which a slice does not take.
        return rows.filter(pk__in=list(first))

    def narrow(self, rows: QuerySet) -> QuerySet:
        return rows


class SectionInline(BoundedInline):
    model = ListSection
    fields = ["position", "title", "prose", "deleted_at"]
    order = ("position", "pk")


class ItemInline(BoundedInline):
    model = Item
    verbose_name_plural = f"items (the first {MOST_SHOWN})"
    fields = ["position", "what", "section", "is_proposed", "added_by", "added_at", "deleted_at"]
    order = ("position", "pk")
    related = ("section", "added_by")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        self.labels = labels_of(rows, request.user)
        return rows

    @admin.display(description="what")
    def what(self, item: Item) -> str:
        return self.labels.get(item.pk, "")


class MemberInline(BoundedInline):
    model = Membership
    fields = ["user", "role", "invited_by", "joined_at"]
    order = ("joined_at", "pk")
    related = ("user", "invited_by")


class ShareLinkInline(BoundedInline):
    model = ShareLink
    fields = ["name", "allows", "created_by", "created_at", "expires_at", "last_used_at"]
    fields += ["revoked_at"]
    order = ("-created_at", "pk")
    related = ("created_by",)


class EventInline(BoundedInline):
    """Who did what: not in which words, which may be for members alone."""

    model = ListEvent
    verbose_name_plural = f"history (the last {MOST_SHOWN})"
    fields = ["version", "at", "actor", "verb", "subject_kind", "reason"]
    order = ("-version", "pk")
    related = ("actor",)


def public_notes(reading_list: Any) -> SafeString | str:
    """What everybody may read of the notes, the latest first."""
    notes = Note.objects.filter(
        item__reading_list=reading_list,
        item__deleted_at=None,
        audience=Audience.PUBLIC,
        deleted_at=None,
    )
    rows = notes.select_related("author").order_by("-updated_at", "pk")[:MOST_SHOWN]
    said = [
        format_html("<p><strong>{}</strong>: {}</p>", note.author, note.markdown) for note in rows
    ]
    return SafeString("".join(said)) if said else "–"
