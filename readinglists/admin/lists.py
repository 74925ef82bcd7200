"""Lists that are open to others, and what maintainers may do with them."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString

from accounts.models import User
from curation.pages import BoundedPaginator, count_of
from readinglists import moderating
from readinglists.admin.inlines import (
    EventInline,
    ItemInline,
    MemberInline,
    SectionInline,
    ShareLinkInline,
    public_notes,
)
from readinglists.editing.writing import Refused
from readinglists.models import Following, Item, ListEvent, ReadingList

MOST_AT_ONCE = 100
COLUMNS = (
    *("title", "description", "owner", "visibility", "cover_topic", "language", "notes_licence"),
    *("version", "forked_from", "created_at", "updated_at", "deleted_at", "notes_for_everybody"),
)


class ReadHere(admin.ModelAdmin):
    """Read here; written by whoever it belongs to, on the site."""

    paginator = BoundedPaginator
    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReasonForm(forms.Form):
    """Why: the members read it in the list's history."""

    reason = forms.CharField(
        max_length=500, widget=forms.Textarea({"rows": 3, "class": "vLargeTextField"})
    )


class HandOverForm(ReasonForm):
    to = forms.ModelChoiceField(User.objects.filter(is_active=True), label="New owner")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = ReadingList._meta.get_field("owner")
        self.fields["to"].widget = AutocompleteSelect(owner, admin.site)
        self.fields["to"].widget.choices = self.fields["to"].choices


def moderated(lists: QuerySet[ReadingList]) -> QuerySet[ReadingList]:
    """Lists that others than their owner may see, or might until a maintainer closed them."""
    closed_here = ListEvent.objects.filter(reading_list=OuterRef("pk"), verb="hidden")
    is_open = ~Q(visibility=ReadingList.Visibility.PRIVATE)
    return lists.filter(is_open | Exists(closed_here))


@admin.register(ReadingList)
class ReadingListAdmin(ReadHere):
    list_display = ["title", "owner", "visibility", "items_on_it", "followers_of_it", "version"]
    list_display += ["updated_at", "deleted_at"]
    list_filter = ["visibility", ("deleted_at", admin.EmptyFieldListFilter), "cover_topic"]
    list_select_related = ["owner"]
    search_fields = ["title", "description", "owner__username"]
    ordering = ["-updated_at", "pk"]
    date_hierarchy = None
    fields = COLUMNS
    readonly_fields = ["notes_for_everybody"]
    inlines = [SectionInline, ItemInline, MemberInline, ShareLinkInline, EventInline]
    actions = ["hide_lists", "trash_lists", "restore_lists", "hand_over_lists"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        standing = Item.objects.filter(deleted_at=None)
        return moderated(super().get_queryset(request)).annotate(
            item_count=count_of(standing, "reading_list"),
            follower_count=count_of(Following.objects.all(), "reading_list"),
        )

    @admin.display(description="items", ordering="item_count")
    def items_on_it(self, reading_list: Any) -> int:
        return reading_list.item_count

    @admin.display(description="followers", ordering="follower_count")
    def followers_of_it(self, reading_list: Any) -> int:
        return reading_list.follower_count

    @admin.display(description="public notes")
    def notes_for_everybody(self, reading_list: ReadingList) -> SafeString | str:
        return public_notes(reading_list)

    # --- What maintainers may do -------------------------------------------------------------
    def has_moderate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("readinglists.change_readinglist")

    @admin.action(description="Close to everybody but the owner …", permissions=["moderate"])
    def hide_lists(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        return self.step_in(request, queryset, "hide_lists", "Close lists", moderating.hide)

    @admin.action(description="Move to the trash …", permissions=["moderate"])
    def trash_lists(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        return self.step_in(request, queryset, "trash_lists", "Trash lists", moderating.trash)

    @admin.action(description="Take out of the trash …", permissions=["moderate"])
    def restore_lists(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        return self.step_in(request, queryset, "restore_lists", "Restore lists", moderating.restore)

    @admin.action(description="Give to another owner …", permissions=["moderate"])
    def hand_over_lists(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        name, title = "hand_over_lists", "Give lists to another owner"
        return self.step_in(
            request, queryset, name, title, moderating.hand_over, form_class=HandOverForm
        )

    def step_in(
        self,
        request: HttpRequest,
        queryset: QuerySet,
        action: str,
        title: str,
        act: Callable[..., bool],
        form_class: type[ReasonForm] = ReasonForm,
    ) -> HttpResponse | None:
        """Ask for the reason first; None once it is done leads back to the list."""
        lists = list(queryset[:MOST_AT_ONCE])
        form = form_class(request.POST if "apply" in request.POST else None)
        if form.is_valid():
            self.do(request, lists, title, act, form.cleaned_data)
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "lists": lists,
            "form": form,
            "action": action,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/readinglists/readinglist/step_in.html", context)

    def do(
        self,
        request: HttpRequest,
        lists: list[ReadingList],
        title: str,
        act: Callable[..., bool],
        said: dict[str, Any],
    ) -> None:
        done = 0
        for reading_list in lists:
            try:
                changed = act(reading_list.pk, request.user, **said)
            except Refused as refused:
                self.message_user(request, f"{reading_list}: {refused}", messages.ERROR)
                continue
            if changed:
                self.log_change(request, reading_list, f"{title}: {said['reason']}")
                done += 1
        self.message_user(request, f"{title}: {done} of {len(lists)} done.", messages.SUCCESS)
