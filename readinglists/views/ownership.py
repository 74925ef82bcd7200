"""Handing a list over, and taking it."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from readinglists.access import Access, by_member, by_owner
from readinglists.editing.writing import Refused
from readinglists.sharing import ownership


@require_POST
@by_owner
def offer(request: HttpRequest, access: Access) -> HttpResponse:
    pk = access.reading_list.pk
    try:
        made = ownership.offer(pk, request.user, _uuid(request.POST.get("member", "")))
        messages.success(
            request, f"The list is offered to {made.to}. It stays yours until they accept."
        )
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("readinglists:members", pk)


@require_POST
@by_owner
def take_back(request: HttpRequest, access: Access) -> HttpResponse:
    ownership.take_back(access.reading_list.pk, request.user)
    messages.success(request, "The offer is taken back.")
    return redirect("readinglists:members", access.reading_list.pk)


@require_POST
@by_member
def answer(request: HttpRequest, access: Access, word: str) -> HttpResponse:
    """Of the member it was offered to: 403 for any other."""
    pk = access.reading_list.pk
    if ownership.offer_to(access.reading_list, request.user) is None:
        raise PermissionDenied
    if word == "decline":
        ownership.decline(pk, request.user)
        messages.success(request, "You declined the list: it stays with its owner.")
        return redirect("readinglists:members", pk)
    try:
        ownership.accept(pk, request.user)
        messages.success(request, "The list is yours now. Its former share links have ended.")
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("readinglists:members", pk)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Refused("Choose one of the members.", field="member") from None
