"""The trash: one's own lists, and what was taken off one of them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from api.parameters import whole_number
from readinglists import trash
from readinglists.access import Access, by_editor, by_owner
from readinglists.editing.writing import Stale
from readinglists.page import path_to_item
from readinglists.typed import signed_in
from readinglists.undo_messages import say_done, say_with


@require_safe
@signed_in
def own_trash(request: HttpRequest) -> HttpResponse:
    thrown = [
        (each, each.deleted_at + trash.KEPT_FOR) for each in trash.lists_in_trash(request.user)
    ]
    return render(request, "readinglists/trash.html", {"thrown": thrown})


@require_POST
@by_owner
def delete_list(request: HttpRequest, access: Access) -> HttpResponse:
    """Into the trash, without a question before: it can be taken back right after."""
    version = request.POST.get("version", "")
    try:
        trash.throw_away(access, whole_number(version) or 0)
    except Stale:
        messages.error(request, "The list was changed meanwhile. Look at it before you delete it.")
        return redirect(access.reading_list)
    pk = access.reading_list.pk
    words = f"“{access.reading_list.title}” is in the trash, and stays there for 30 days."
    say_with(request, words, reverse("readinglists:restore", kwargs={"pk": pk}))
    return redirect("readinglists:index")


@require_POST
@signed_in
def restore_list(request: HttpRequest, pk: UUID) -> HttpResponse:
    restored = trash.bring_list_back(pk, request.user)
    messages.success(request, "The list is back, with all that was on it.")
    return redirect(restored)


@require_safe
@by_editor
def list_trash(request: HttpRequest, access: Access) -> HttpResponse:
    context = {
        "access": access,
        "reading_list": access.reading_list,
        "thrown": trash.thrown_of(access.reading_list, request.user),
    }
    return render(request, "readinglists/list_trash.html", context)


@require_POST
@by_editor
def restore_item(request: HttpRequest, access: Access, item: UUID) -> HttpResponse:
    say_done(request, "It is back on the list.", trash.bring_item_back(access, item))
    return redirect(path_to_item(access, item))


@require_POST
@by_editor
def restore_section(request: HttpRequest, access: Access, section: UUID) -> HttpResponse:
    say_done(request, "The section is back.", trash.bring_section_back(access, section))
    return redirect(f"{access.url('detail')}#section-{section}")
