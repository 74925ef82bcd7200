"""Where an invitation leads: the page of its secret address, and all that wait for oneself."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.secret_addresses import secret_address
from readinglists.editing.writing import Refused
from readinglists.models import Invitation, Membership, ReadingList
from readinglists.sharing import invitations


@secret_address
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("secret")
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Wrong, used, withdrawn, expired and somebody else's all look as if they never were."""
    found = invitations.behind(secret, request.user)
    if found is None:
        raise Http404
    if request.method != "POST":
        return render(request, "readinglists/invitation.html", {"invitation": found})
    if not request.user.is_authenticated:
        return redirect(request.path)
    return answered(request, found, "accept")


@require_safe
@login_required
def waiting(request: HttpRequest) -> HttpResponse:
    """What one was invited to by name, and the lists that wait for their owner to open them."""
    closed = Membership.objects.filter(user=request.user, reading_list__deleted_at=None)
    visible = ReadingList.objects.visible_to(request.user).values("pk")
    context = {
        "invitations": invitations.offered_to(request.user),
        "closed": closed.exclude(reading_list__in=visible).select_related("reading_list__owner"),
    }
    return render(request, "readinglists/invitations.html", context)


@require_POST
@login_required
def answer(request: HttpRequest, pk: UUID, word: str) -> HttpResponse:
    found = get_object_or_404(Invitation.objects.open_to(request.user), pk=pk)
    return answered(request, found, word)


def answered(request: HttpRequest, found: Invitation, word: str) -> HttpResponse:
    if word == "decline":
        invitations.decline(found, request.user)
        messages.success(request, "The invitation is declined.")
        return redirect("readinglists:invitations")
    try:
        membership = invitations.accept(found, request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return to_list(request, found.reading_list_id)
    role = membership.get_role_display().lower()
    messages.success(request, f"You are a member now, as {role}.")
    return to_list(request, found.reading_list_id)


def to_list(request: HttpRequest, pk: UUID) -> HttpResponse:
    reading_list = ReadingList.objects.visible_to(request.user).filter(pk=pk).first()
    return redirect(reading_list or "readinglists:invitations")
