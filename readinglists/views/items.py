"""One item of a list: what it is called there, where it stands, taken away."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from readinglists.access import Access, by_editor
from readinglists.arranging import saving
from readinglists.arranging.forms import ItemForm, PlaceForm
from readinglists.arranging.moves import place_of
from readinglists.arranging.shown import arranged, choices_of
from readinglists.conflicts import save_or_conflict
from readinglists.editing.writing import Refused, Stale
from readinglists.models import Item
from readinglists.page import path_to_item
from readinglists.undo_messages import say_done


@require_http_methods(["GET", "HEAD", "POST"])
@by_editor
def item(request: HttpRequest, access: Access, item: UUID) -> HttpResponse:
    thing = saving.item_here(access.reading_list, item)
    if request.method != "POST":
        return item_page(request, access, thing, ItemForm(thing=thing))
    form = ItemForm(request.POST)
    if not form.is_valid():
        return item_page(request, access, thing, form)
    conflict = save_or_conflict(
        form, lambda based_on, typed: saving.change_item(access, item, based_on, **typed)
    )
    if conflict is not None:
        return conflict.page(request, back=access.url("detail"))
    return to_item(access, item)


@require_POST
@by_editor
def move_item(request: HttpRequest, access: Access, item: UUID) -> HttpResponse:
    """To a place, be it in another section."""
    thing = saving.item_here(access.reading_list, item)
    blocks = arranged(access.reading_list, request.user)
    form = PlaceForm(request.POST, sections=choices_of(blocks))
    if not form.is_valid():
        return item_page(request, access, thing, ItemForm(thing=thing), place=form)
    said = form.cleaned_data
    section = UUID(said["section"]) if said["section"] else None
    try:
        event = saving.move_items(access, said["version"], [item], section, form.at)
    except Stale:
        messages.error(request, "The list was changed meanwhile. See where it is to stand now.")
        return redirect("readinglists:item", pk=access.reading_list.pk, item=item)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(access.url("detail"))
    say_done(request, "It is moved.", event)
    return to_item(access, item)


@require_POST
@by_editor
def remove_item(request: HttpRequest, access: Access, item: UUID) -> HttpResponse:
    """From the list into its trash; sent twice it is gone once."""
    try:
        event = saving.remove_items(access, [item])
    except Refused as refused:
        messages.info(request, str(refused))
    else:
        say_done(request, "It is off the list.", event)
    return redirect(access.url("detail"))


def item_page(
    request: HttpRequest,
    access: Access,
    thing: Item,
    form: ItemForm,
    place: PlaceForm | None = None,
) -> HttpResponse:
    reading_list = access.reading_list
    blocks = arranged(reading_list, request.user)
    order = [(block.pk, [line.pk for line in block.lines]) for block in blocks]
    section, at = place_of(order, thing.pk)
    line = next(line for block in blocks for line in block.lines if line.pk == thing.pk)
    initial = {"version": reading_list.version, "section": str(section or ""), "position": at + 1}
    context: dict[str, Any] = {
        "access": access,
        "reading_list": reading_list,
        "line": line,
        "form": form,
        "place": place or PlaceForm(sections=choices_of(blocks), initial=initial),
    }
    status = 400 if form.errors or (place and place.errors) else 200
    return render(request, "readinglists/item.html", context, status=status)


def to_item(access: Access, item: UUID) -> HttpResponse:
    return redirect(path_to_item(access, item))
