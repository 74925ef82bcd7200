"""Pages of a list's history, for its members: what changed, a version as it stood, ways back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from readinglists.access import Access, by_editor, by_member
from readinglists.editing import undoing
from readinglists.editing.writing import Refused, Stale
from readinglists.history.telling import told
from readinglists.history.then import as_it_stood
from readinglists.models import ListEvent
from readinglists.page import pages_around

PAGE_SIZE = 30


@require_safe
@by_member
def history(request: HttpRequest, access: Access) -> HttpResponse:
    """The latest changes first; a page begins below a version, and so never moves."""
    events = ListEvent.objects.filter(reading_list=access.reading_list, version__isnull=False)
    below = version_asked(request)
    if below is not None:
        events = events.filter(version__lt=below)
    found = list(events.select_related("actor").order_by("-version")[: PAGE_SIZE + 1])
    shown = told(access.reading_list, found[:PAGE_SIZE], access.standing)
    context = {
        **about(access),
        "changes": shown,
        "older": shown[-1].version if len(found) > PAGE_SIZE else None,
        "is_latest": below is None,
    }
    return render(request, "readinglists/history.html", context)


@require_safe
@by_member
def version(request: HttpRequest, access: Access, version: int) -> HttpResponse:
    """The list as it stood, without notes."""
    event = event_of(access, version)
    then = as_it_stood(access.reading_list, version, request.user, request.GET.get("page"))
    context = {**about(access), "then": then, "event": event, **pages_around(then.page)}
    return render(request, "readinglists/version.html", context)


@require_POST
@by_member
def undo(request: HttpRequest, access: Access, version: int) -> HttpResponse:
    event = event_of(access, version)
    try:
        made = undoing.undo(event, request.user)
    except Refused as refused:
        messages.error(request, f"Version {version} was not undone. {refused}")
    else:
        if made is None:
            messages.info(request, "There was nothing left to undo.")
        else:
            messages.success(request, "Undone. That can be undone as well.")
    # Right after what it takes back, one goes on where that was done.
    back = request.POST.get("back")
    return redirect(access.url(back if back in {"detail", "order"} else "history"))


@require_POST
@by_editor
def restore(request: HttpRequest, access: Access, version: int) -> HttpResponse:
    """Based on what the page showed as standing now: nobody's later edit is taken back unseen."""
    event_of(access, version)
    if request.POST.get("version") != str(access.reading_list.version):
        return say_stale(request, access, version)
    try:
        made = undoing.restore(access.reading_list, request.user, version)
    except Stale:
        return say_stale(request, access, version)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(access.url("version", version=version))
    if made is None:
        messages.info(request, f"The list stands as in version {version} already.")
    else:
        messages.success(request, f"The list stands as in version {version} again.")
    return redirect(access.url("history"))


def say_stale(request: HttpRequest, access: Access, version: int) -> HttpResponse:
    messages.error(
        request, "The list was changed while you looked. See whether you still want to go back."
    )
    return redirect(access.url("version", version=version))


def event_of(access: Access, version: int) -> ListEvent:
    events = ListEvent.objects.select_related("actor").filter(reading_list=access.reading_list)
    return get_object_or_404(events, version=version)


def version_asked(request: HttpRequest) -> int | None:
    asked = request.GET.get("before")
    if asked is None:
        return None
    if not asked.isdecimal() or len(asked) > 9:
        raise Http404
    return int(asked)


def about(access: Access) -> dict[str, object]:
    return {
        "access": access,
        "reading_list": access.reading_list,
        "list_url": access.url("detail"),
        "may_edit": access.standing.may_edit,
    }
