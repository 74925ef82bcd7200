"""Pages of lists: all that one may find, a new one, one of them, its settings."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from api.keyset import Key, Ordering
from api.listing import listing_of, offer_choices
from papers.models import Topic
from readinglists.access import Access, by_editor, by_list
from readinglists.conflicts import save_or_conflict
from readinglists.editing.lists import change_list, make_list
from readinglists.editing.writing import Refused, render_texts
from readinglists.filters import ReadingListFilter
from readinglists.forms import NewListForm, SettingsForm
from readinglists.models import ReadingList
from readinglists.page import page_number, page_of
from readinglists.reading.on_list import chosen_state, own_view
from readinglists.rows import list_counts
from readinglists.sharing.holding import held_by_editor, held_by_owner
from readinglists.typed import signed_in

LATEST_FIRST = Ordering.read("-updated", {"updated": Key("updated_at")}, Key("pk"))
SHOWN_FILTERS = ("topic", "owner", "whose")
READ_AND_WRITE = ["GET", "HEAD", "POST"]


@require_safe
def list_index(request: HttpRequest) -> HttpResponse:
    lists = ReadingList.objects.listed_for(request.user)
    lists = list_counts(lists, request.user).select_related("owner", "cover_topic")
    filterset = ReadingListFilter(request.GET, lists, request=request)
    topics = Topic.objects.visible_to(request.user).values_list("slug", "name")
    offer_choices(filterset.form, "topic", topics)
    shown = SHOWN_FILTERS if request.user.is_authenticated else SHOWN_FILTERS[:2]
    listing = listing_of(request, filterset, LATEST_FIRST, shown=shown)
    return render(request, "readinglists/list.html", {"listing": listing}, status=listing.status)


@require_safe
@by_list
def list_detail(request: HttpRequest, access: Access, slug: str = "") -> HttpResponse:
    reading_list = access.reading_list
    if access.secret is None and slug != reading_list.slug:
        return redirect(reading_list, permanent=False)
    state = chosen_state(request.GET.get("state", ""), request.user)
    page = page_of(access, page_number(request.GET.get("page", "")), state)
    return render(request, "readinglists/detail.html", detail_context(access, page))


def detail_context(access: Access, page: Any) -> dict[str, Any]:
    own = own_view(access, page.state)
    return {
        "access": access,
        "reading_list": access.reading_list,
        "page": page,
        "own": own,
        "proposals_url": access.url("proposals"),
        "export_url": access.url("export"),
        "revisions_url": access.url("revisions"),
        "copy_url": access.url("copy"),
        "copied_from": own.copied_from,
    }


@require_http_methods(READ_AND_WRITE)
@signed_in
def new_list(request: HttpRequest) -> HttpResponse:
    form = NewListForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = make_list(request.user, pk=form.pk, **form.fields_of_the_list)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect(made)
    status = 400 if form.errors else 200
    return render(request, "readinglists/new.html", {"form": form}, status=status)


@require_http_methods(READ_AND_WRITE)
@by_editor
def list_settings(request: HttpRequest, access: Access) -> HttpResponse:
    reading_list, is_owner = access.reading_list, access.standing.is_owner
    about = {"user": request.user, "is_owner": is_owner}
    if request.method != "POST":
        form = SettingsForm(thing=reading_list, **about)
        return settings_page(request, access, form)
    form = SettingsForm(request.POST, **about)
    if not form.is_valid():
        return settings_page(request, access, form)
    conflict = save_or_conflict(form, lambda based_on, typed: save(access, based_on, typed))
    if conflict is not None:
        return conflict.page(request, back=reading_list.get_absolute_url())
    messages.success(request, "Saved.")
    reading_list.refresh_from_db(fields=["slug"])
    return redirect(reading_list)


def save(access: Access, based_on: int, typed: dict[str, Any]) -> None:
    if "cover_topic" in typed:
        topic = typed.pop("cover_topic")
        typed["cover_topic_id"] = topic.pk if topic else None
    if not typed:
        return
    pk, user = access.reading_list.pk, access.standing.user
    render_texts({"list": {str(pk): typed}})
    # The right may have gone since the page was opened.
    held = held_by_owner if "visibility" in typed else held_by_editor
    with held(pk, user):
        change_list(pk, user, based_on, **typed)


def settings_page(request: HttpRequest, access: Access, form: SettingsForm) -> HttpResponse:
    context = {"access": access, "reading_list": access.reading_list, "form": form}
    status = 400 if form.errors else 200
    return render(request, "readinglists/settings.html", context, status=status)
