"""The order of a list: with buttons, with a form, by dragging; sorted once."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from readinglists.access import Access, by_editor
from readinglists.arranging import saving
from readinglists.arranging.forms import BasedOnList, OrderForm, PlaceForm, SortForm
from readinglists.arranging.moves import Order, merged, order_of, read_order, written_order
from readinglists.arranging.saving import Event
from readinglists.arranging.shown import arranged, choices_of
from readinglists.editing.outline import Outline
from readinglists.editing.writing import Refused, Stale
from readinglists.undo_messages import say_done, undo_path

STEPS = {"up": -1, "down": 1}
NOTHING_CHOSEN = "Choose first what is to be moved or removed."


@require_http_methods(["GET", "HEAD", "POST"])
@by_editor
def order(request: HttpRequest, access: Access) -> HttpResponse:
    """Where the list is arranged. One form holds it all: its buttons move one thing each, or what
    was chosen; a script sends the whole order."""
    if request.method != "POST":
        return order_page(request, access, moved=request.GET.get("moved", ""))
    if "order" in request.POST:
        return whole_order(request, access)
    try:
        return moved(request, access)
    except Stale:
        access.reading_list.refresh_from_db()
        messages.error(
            request, "The list was changed meanwhile, so nothing was moved. This is how it stands."
        )
        return order_page(request, access, status=409)
    except Refused as refused:
        messages.error(request, str(refused))
        return order_page(request, access, status=400)


def moved(request: HttpRequest, access: Access) -> HttpResponse:
    """What one button does."""
    data, form = request.POST, BasedOnList(request.POST)
    if not form.is_valid():
        raise Refused("Open this page anew: the form came without its version.")
    version = form.cleaned_data["version"]
    for word, step in STEPS.items():
        if word in data:
            saving.step_item(access, version, one_id(data[word]), step)
            return to_order(access, data[word], word)
        if f"section_{word}" in data:
            section = data[f"section_{word}"]
            saving.step_section(access, version, one_id(section), step)
            return to_order(access, section, word)
    chosen = [one_id(each) for each in data.getlist("item")]
    if not chosen:
        raise Refused(NOTHING_CHOSEN)
    if "remove" in data:
        event = saving.remove_items(access, chosen, version)
        say_done(request, f"{counted(chosen)} off the list.", event)
        return to_order(access)
    return gather(request, access, chosen)


def gather(request: HttpRequest, access: Access, chosen: Sequence[UUID]) -> HttpResponse:
    choices = choices_of(arranged(access.reading_list, request.user))
    form = PlaceForm(request.POST, sections=choices)
    if not form.is_valid():
        return order_page(request, access, place=form, chosen=chosen, status=400)
    said = form.cleaned_data
    section = UUID(said["section"]) if said["section"] else None
    event = saving.move_items(access, said["version"], chosen, section, form.at)
    say_done(request, f"{counted(chosen)} moved.", event)
    return to_order(access, chosen[0])


def whole_order(request: HttpRequest, access: Access) -> HttpResponse:
    form = OrderForm(request.POST)
    by_script = request.headers.get("Accept", "").startswith("application/json")
    if not form.is_valid():
        return refused(request, access, "That is no order of a list.", by_script)
    try:
        sent = read_order(form.cleaned_data["order"])
        event = saving.set_order(access, form.cleaned_data["version"], sent)
    except Stale:
        if by_script:
            return JsonResponse({"detail": "The list was changed meanwhile."}, status=409)
        return conflict_page(request, access, sent)
    except Refused as error:
        return refused(request, access, str(error), by_script)
    if by_script:
        return JsonResponse(answer_to_script(access, event))
    say_done(request, "The order is saved.", event)
    return to_order(access)


def refused(request: HttpRequest, access: Access, why: str, by_script: bool) -> HttpResponse:
    if by_script:
        return JsonResponse({"detail": why}, status=400)
    messages.error(request, why)
    return order_page(request, access, status=400)


def answer_to_script(access: Access, event: Event) -> dict[str, Any]:
    if event is None:
        return {"version": access.reading_list.version, "undo": None}
    return {"version": event.version, "undo": undo_path(event)}


def conflict_page(request: HttpRequest, access: Access, sent: Order) -> HttpResponse:
    """The order that came too late beside the one that stands; to be kept, or left."""
    reading_list = access.reading_list
    reading_list.refresh_from_db()
    standing = order_of(Outline.of(reading_list))
    mine = merged(sent, standing)
    context = {
        "access": access,
        "reading_list": reading_list,
        "theirs": arranged(reading_list, request.user, standing),
        "mine": arranged(reading_list, request.user, mine),
        "form": OrderForm(initial={"version": reading_list.version, "order": written_order(mine)}),
        "is_same": mine == standing,
    }
    return render(request, "readinglists/order_conflict.html", context, status=409)


@require_POST
@by_editor
def sort(request: HttpRequest, access: Access) -> HttpResponse:
    """Once; undo brings the chosen order back."""
    form = SortForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose what to sort by: date, title or author.")
        return to_order(access)
    said = form.cleaned_data
    try:
        event = saving.sort(access, said["version"], said["by"], descending=said["descending"])
    except Stale:
        messages.error(request, "The list was changed meanwhile, so it was not sorted.")
        return to_order(access)
    if event is None:
        messages.info(request, f"It was in order by {said['by']} already.")
    say_done(request, f"Sorted by {said['by']}.", event)
    return to_order(access)


def order_page(
    request: HttpRequest,
    access: Access,
    *,
    place: PlaceForm | None = None,
    chosen: Sequence[UUID] = (),
    moved: str = "",
    status: int = 200,
) -> HttpResponse:
    reading_list = access.reading_list
    blocks = arranged(reading_list, request.user)
    based_on = {"version": reading_list.version}
    context: dict[str, Any] = {
        "access": access,
        "reading_list": reading_list,
        "blocks": blocks,
        "item_count": sum(len(block.lines) for block in blocks),
        "place": place or PlaceForm(sections=choices_of(blocks), initial=based_on),
        "sort": SortForm(initial=based_on),
        "chosen": set(chosen),
        # Whoever moves something step by step by keyboard goes on where they were.
        "moved": moved,
        "by": request.GET.get("by", ""),
    }
    return render(request, "readinglists/order.html", context, status=status)


def to_order(access: Access, moved: object = "", by: str = "") -> HttpResponse:
    path = reverse("readinglists:order", kwargs={"pk": access.reading_list.pk})
    return redirect(f"{path}?moved={moved}&by={by}#at-{moved}" if moved else path)


def one_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Refused("It is not on this list.", code="unknown") from None


def counted(chosen: Sequence[UUID]) -> str:
    return "It is" if len(chosen) == 1 else f"{len(chosen)} items are"
