"""Adding from anywhere: some things, and on which of one's lists they are to stand."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from readinglists.access import Access
from readinglists.adding.candidates import Candidate, Gathered, candidates, wanted_called
from readinglists.adding.forms import ChooseForm
from readinglists.adding.lists import MOST_OFFERED, lists_to_add_to, offers
from readinglists.adding.putting import put
from readinglists.adding.sources import MOST_GATHERED, gathered
from readinglists.editing.lists import make_list
from readinglists.editing.writing import Refused
from readinglists.rights import standing_of
from readinglists.typed import keeps_typed, signed_in
from readinglists.views.adding import say_done, to_list


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_typed
@signed_in
def choose(request: HttpRequest) -> HttpResponse:
    """GET shows what would be added and where it stands already; nothing is added but by POST."""
    if request.method != "POST":
        found = gathered(request)
        things = once(candidates([each for of in found for each in of.wanted], request.user))
        form = ChooseForm(initial={"list": request.GET.get("list", "")})
        return choose_page(request, form, things, found)
    things = named_in(request)
    form = ChooseForm(request.POST)
    if form.is_valid():
        if not things:
            form.add_error(None, "Choose what is to be added.")
            return choose_page(request, form, things)
        try:
            access = chosen_list(request, form)
            done = put(access, things, pk=uuid5(form.pk, "items"))
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            say_done(request, access, done)
            return to_list(access, done)
    return choose_page(request, form, things)


def named_in(request: HttpRequest) -> list[Candidate]:
    """What was ticked, as far as its sender may still see it."""
    title = request.POST.get("title", "")[:500] or None
    names = dict.fromkeys(request.POST.getlist("thing")[:MOST_GATHERED])
    wanted = [wanted_called(name, title) for name in names]
    return once(candidates([each for each in wanted if each is not None], request.user))


def once(things: Sequence[Candidate]) -> list[Candidate]:
    """Each thing that there is, once."""
    return [each for each in things if each.target is not None and not each.is_repeated]


def chosen_list(request: HttpRequest, form: ChooseForm) -> Access:
    said = form.cleaned_data
    if said["list"] == ChooseForm.NEW:
        made = make_list(request.user, said["new_title"], pk=form.pk)
        return Access(made, standing_of(made, request.user))
    try:
        pk = UUID(said["list"])
    except ValueError:
        raise Http404 from None
    found = get_object_or_404(lists_to_add_to(request.user).select_related("owner"), pk=pk)
    return Access(found, standing_of(found, request.user))


def choose_page(
    request: HttpRequest,
    form: ChooseForm,
    things: Sequence[Candidate],
    found: Sequence[Gathered] = (),
) -> HttpResponse:
    offered = offers(request.user, [each.target for each in things if each.target])
    context: dict[str, Any] = {
        "form": form,
        "things": things,
        "of": [each for each in found if each.words or each.of],
        "section": request.GET.get("section", ""),
        "as_entries": request.GET.get("as") == "entries",
        "title": next((t.target.title for t in things if t.target and t.target.url), None),
        "offers": offered,
        "chosen": form["list"].value() or (str(offered[0].reading_list.pk) if offered else "new"),
        "is_cut": len(offered) == MOST_OFFERED,
        "asked_for_nothing": not found and request.method != "POST",
    }
    status = 400 if form.errors else 200
    return render(request, "readinglists/add.html", context, status=status)


@require_safe
def from_anywhere(request: HttpRequest) -> HttpResponse:
    """How a page somewhere else comes onto a list: it is a text to copy, never a link."""
    address = f"{settings.SITE_URL}/lists/add/"
    bookmarklet = (
        f"javascript:location.href='{address}?url='+encodeURIComponent(location.href)"
        "+'&title='+encodeURIComponent(document.title)"
    )
    return render(request, "readinglists/from_anywhere.html", {"bookmarklet": bookmarklet})
