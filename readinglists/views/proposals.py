"""Proposals: for editors to decide, and for those who made them to follow."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from readinglists.access import Access, by_list
from readinglists.editing.writing import Refused
from readinglists.sharing import proposals
from readinglists.sharing.forms import ProposalForm
from readinglists.sharing.proposals import Proposal

ACTS = {
    "accept": (proposals.accept, "It stands on the list now."),
    "decline": (proposals.decline, "It is declined, and lies in the list’s trash."),
    "withdraw": (proposals.withdraw, "Your proposal is withdrawn."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@by_list
def proposals_page(request: HttpRequest, access: Access) -> HttpResponse:
    standing = access.standing
    if not standing.sees_proposals:
        raise PermissionDenied
    if request.method != "POST":
        return shown(request, access, ProposalForm())
    if not standing.may_propose:
        raise PermissionDenied
    form = ProposalForm(request.POST)
    if form.is_valid() and propose(access, form):
        messages.success(request, "It is proposed: an editor will accept or decline it.")
        return redirect(access.url("proposals"))
    return shown(request, access, form)


def propose(access: Access, form: ProposalForm) -> bool:
    said, standing = form.cleaned_data, access.standing
    try:
        target = proposals.target_called(said["what"], said["title"], standing.user)
        proposals.propose(access.reading_list, standing, [target], request_id=said["request_id"])
    except Refused as refused:
        form.add_error(refused.field or None, str(refused))
        return False
    return True


def shown(request: HttpRequest, access: Access, form: ProposalForm) -> HttpResponse:
    standing, reading_list = access.standing, access.reading_list
    waiting: list[Proposal] = []
    if standing.may_edit:
        asked = proposals.waiting(reading_list).select_related("added_by")[:100]
        waiting = [Proposal(item, "waiting") for item in asked]
    own = proposals.proposals_of(reading_list, request.user)
    proposals.shown([*waiting, *own], request.user)

    def place(word: str, proposal: Proposal) -> str:
        return access.url(f"{word}-proposal", item=proposal.item.pk)

    context: dict[str, Any] = {
        "access": access,
        "reading_list": reading_list,
        "list_url": access.url("detail"),
        "waiting": [(each, place("accept", each), place("decline", each)) for each in waiting],
        "own": [(each, place("withdraw", each)) for each in own],
        "form": form,
    }
    return render(request, "readinglists/proposals.html", context)


@require_POST
@by_list
def answer(request: HttpRequest, access: Access, item: UUID, word: str) -> HttpResponse:
    act, done = ACTS[word]
    if not request.user.is_authenticated:
        raise PermissionDenied
    try:
        act(access.reading_list.pk, request.user, item)
    except Refused:
        raise Http404 from None
    messages.success(request, done)
    return redirect(access.url("proposals"))
