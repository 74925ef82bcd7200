"""Adding to one list what was pasted: first what each line is, then what of it is wanted."""

from collections.abc import Sequence
from hashlib import blake2s
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from readinglists.access import Access, by_member
from readinglists.adding.candidates import Candidate, candidates, mark_those_on
from readinglists.adding.forms import PasteForm
from readinglists.adding.putting import Put, put
from readinglists.editing.writing import Refused
from readinglists.models import ListSection
from readinglists.page import path_to_item
from readinglists.undo_messages import say_with


@require_http_methods(["GET", "HEAD", "POST"])
@by_member
def add(request: HttpRequest, access: Access) -> HttpResponse:
    """Editors add, contributors propose."""
    if not (access.standing.may_edit or access.standing.may_propose):
        raise PermissionDenied
    sections = sections_of(access)
    if request.method != "POST":
        initial = {"section": request.GET.get("section", "")}
        return add_page(request, access, PasteForm(sections=sections, initial=initial))
    form = PasteForm(request.POST, sections=sections)
    if not form.is_valid():
        return add_page(request, access, form)
    things = read(access, form)
    # Without a choice it is what can be added and stands there neither here nor further up.
    looked_at = request.POST.get("looked_at")
    is_unseen = looked_at not in (None, digest_of(things))
    chosen = None if looked_at is None or is_unseen else set(request.POST.getlist("take"))
    if "add" not in request.POST or is_unseen:
        return add_page(request, access, form, things, chosen)
    taken = [each for each in things if is_taken(each, chosen)]
    section = form.cleaned_data["section"]
    try:
        done = put(access, taken, section=UUID(section) if section else None, pk=form.pk)
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return add_page(request, access, form, things, chosen)
    say_done(request, access, done)
    left = [each for each in things if each.target is None]
    if left and done.made:
        return what_is_left(request, access, left, sections, section)
    return to_list(access, done)


def read(access: Access, form: PasteForm) -> list[Candidate]:
    lines = form.cleaned_data["what"]
    things = candidates([line.wanted for line in lines], access.standing.user)
    for thing, line in zip(things, lines, strict=True):
        thing.number, thing.text = line.number, line.text
    mark_those_on(access.reading_list, things)
    return things


def digest_of(things: Sequence[Candidate]) -> str:
    """What a choice among lines was of: once they are typed over it says nothing."""
    lines = "\n".join(f"{thing.number} {thing.text}" for thing in things)
    return blake2s(lines.encode(errors="replace")).hexdigest()


def is_taken(thing: Candidate, chosen: set[str] | None) -> bool:
    if thing.target is None:
        return False
    return thing.is_new if chosen is None else str(thing.number) in chosen


def what_is_left(
    request: HttpRequest,
    access: Access,
    left: Sequence[Candidate],
    sections: list[tuple[str, str]],
    section: str,
) -> HttpResponse:
    """The lines of which nothing could be made, to be put right."""
    for number, thing in enumerate(left, 1):
        thing.number = number
    initial = {"what": "\n".join(each.text for each in left), "section": section}
    form = PasteForm(sections=sections, initial=initial)
    return add_page(request, access, form, left)


def add_page(
    request: HttpRequest,
    access: Access,
    form: PasteForm,
    things: Sequence[Candidate] = (),
    chosen: set[str] | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "access": access,
        "reading_list": access.reading_list,
        "form": form,
        "looked_at": digest_of(things),
        "things": [(each, is_taken(each, chosen)) for each in things],
        "addable": any(each.target for each in things),
        "is_proposing": not access.standing.may_edit,
    }
    status = 400 if form.errors else 200
    return render(request, "readinglists/add_to.html", context, status=status)


def sections_of(access: Access) -> list[tuple[str, str]]:
    """Where a proposal stands is for editors to say."""
    if not access.standing.may_edit:
        return []
    sections = ListSection.objects.filter(reading_list=access.reading_list, deleted_at=None)
    rows = sections.order_by("position", "pk").values_list("pk", "title")
    return [(str(pk), title) for pk, title in rows]


def say_done(request: HttpRequest, access: Access, done: Put) -> None:
    about = {"pk": access.reading_list.pk, "version": done.version}
    path = reverse("readinglists:undo", kwargs=about) if done.version else ""
    say_with(request, done.words, path)


def to_list(access: Access, done: Put) -> HttpResponse:
    if done.is_proposed:
        return redirect(access.url("proposals"))
    if not done.made:
        return redirect(access.url("detail"))
    return redirect(path_to_item(access, done.made[0]))
