"""Pages of one's own reading, which only its reader sees."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.returning import local_next
from api.keyset import CursorError
from papers.models import Paper
from readinglists.models import ReadingPace, ReadingState
from readinglists.reading.estimates import pace_of
from readinglists.reading.forms import PaceForm, StateForm
from readinglists.reading.overview import next_on_lists, shelf_page, shelves
from readinglists.reading.states import clear_state, set_state

READ_AND_WRITE = ["GET", "HEAD", "POST"]
State = ReadingState.State


@require_safe
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    if state in State.values:
        return _one_shelf(request, State(state))
    context = {
        "shelves": shelves(request.user),
        "next_on_lists": next_on_lists(request.user),
        "pace": pace_of(request.user),
        "states": State.choices,
    }
    return render(request, "readinglists/reading.html", context)


def _one_shelf(request: HttpRequest, state: State) -> HttpResponse:
    try:
        page = shelf_page(request.user, state, request.GET.get("cursor") or None)
    except CursorError:
        return redirect(f"{request.path}?state={state}")
    context = {"state": state, "page": page, "states": State.choices}
    return render(request, "readinglists/reading_shelf.html", context)


@require_http_methods(READ_AND_WRITE)
@login_required
def reading_state(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever had to sign in first comes here by GET, and is led back to the paper."""
    paper = get_object_or_404(Paper.objects.visible_to(request.user), pk=pk)
    back = local_next(request) or paper.get_absolute_url()
    if request.method != "POST":
        return redirect(back)
    form = StateForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(text for texts in form.errors.values() for text in texts))
    elif state := form.cleaned_data["state"]:
        set_state(request.user, paper, state, form.cleaned_data["on"])
    else:
        clear_state(request.user, paper)
    return redirect(back)


@require_http_methods(READ_AND_WRITE)
@login_required
def pace(request: HttpRequest) -> HttpResponse:
    known = ReadingPace.objects.filter(user=request.user).first()
    form = PaceForm(request.POST or None, instance=known or ReadingPace(user=request.user))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Your pace is saved.")
        return redirect(reverse("readinglists:reading"))
    return render(request, "readinglists/reading_pace.html", {"form": form})
