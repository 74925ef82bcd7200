"""Pages of the searches somebody keeps."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from api.resources import absolute
from search.describing import parts_of, suggested_name
from search.forms import NameForm, SaveForm
from search.models import SavedSearch
from search.saved import with_new_counts

DELETED = "deleted_search"  # in the session
UNDO_FOR = timedelta(minutes=10)


def own(request: HttpRequest, pk: UUID) -> SavedSearch:
    return get_object_or_404(SavedSearch.objects.visible_to(request.user), pk=pk)


@require_safe
@login_required
def saved_list(request: HttpRequest) -> HttpResponse:
    searches = SavedSearch.objects.visible_to(request.user)[: SavedSearch.MOST]
    searches = with_new_counts(searches, request.user)
    for search in searches:
        search.parts = parts_of(search, request.user)
    context = {"searches": searches, "deleted": deleted_lately(request)}
    return render(request, "search/saved_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def save(request: HttpRequest) -> HttpResponse:
    """Give a page's search a name, and keep it."""
    page, query = request.GET.get("page", "search"), request.GET.get("query", "")
    initial = {"page": page, "query": query, "name": suggested_name(page, query)}
    form = SaveForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        saved = form.save()
        messages.success(request, f"“{saved.name}” is saved: what comes into it will be marked.")
        return redirect("search:saved-list")
    return render(request, "search/save.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def saved(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Its name, its feed, its end."""
    search = own(request, pk)
    form = NameForm(request.POST or None, initial={"name": search.name})
    if request.method == "POST" and form.is_valid():
        search.change(name=form.cleaned_data["name"])
        messages.success(request, f"It is called “{search.name}” now.")
        return redirect("search:saved-list")
    return saved_page(request, search, form)


def saved_page(
    request: HttpRequest, search: SavedSearch, form: NameForm, **more: Any
) -> HttpResponse:
    search.parts = parts_of(search, request.user)
    return render(request, "search/saved.html", {"search": search, "form": form, **more})


@require_POST
@login_required
def look(request: HttpRequest, pk: UUID) -> HttpResponse:
    """To its results, where what came since the last look is marked; this look is the last now."""
    search = own(request, pk)
    before = search.looked_at
    search.change(looked_at=timezone.now())
    query = QueryDict(search.query, mutable=True)
    query["new_since"] = before.isoformat().replace("+00:00", "Z")
    return redirect(f"/{search.page}/?{query.urlencode()}")


@require_POST
@login_required
@sensitive_variables("secret")
def make_feed(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A new secret address for its feed; it is in this one answer and nowhere else."""
    search = own(request, pk)
    secret = search.make_feed()
    address = absolute(reverse("search:feed", args=[secret, "atom"]))
    return saved_page(
        request, search, NameForm(initial={"name": search.name}), feed_address=address
    )


@require_POST
@login_required
def end_feed(request: HttpRequest, pk: UUID) -> HttpResponse:
    search = own(request, pk)
    search.end_feed()
    messages.success(request, "The feed’s address leads nowhere from now on.")
    return redirect(search)


@require_POST
@login_required
def delete(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Gone at once, and for a while brought back by one press."""
    search = own(request, pk)
    kept = {name: getattr(search, name) for name in ("name", "page", "query")}
    dates = {"looked_at": search.looked_at.isoformat(), "at": timezone.now().isoformat()}
    request.session[DELETED] = {**kept, **dates}
    search.delete()
    return redirect("search:saved-list")


@require_POST
@login_required
def restore(request: HttpRequest) -> HttpResponse:
    kept = deleted_lately(request)
    if kept is None or not SavedSearch.has_room(request.user):
        messages.error(request, "There is nothing left to bring back.")
        return redirect("search:saved-list")
    del request.session[DELETED]
    said = {name: kept[name] for name in ("name", "page", "query")}
    looked_at = datetime.fromisoformat(kept["looked_at"])
    SavedSearch.objects.create(owner=request.user, looked_at=looked_at, **said)
    messages.success(request, f"“{kept['name']}” is back. A feed it had needs a new address.")
    return redirect("search:saved-list")


def deleted_lately(request: HttpRequest) -> dict[str, str] | None:
    kept = request.session.get(DELETED)
    if kept and timezone.now() - datetime.fromisoformat(kept["at"]) < UNDO_FOR:
        return kept
    return None
