"""Who a list is shared with: its members and the invitations that wait."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from readinglists.access import Access, by_member, by_owner
from readinglists.editing.writing import Refused
from readinglists.models import Invitation, Membership, OwnershipOffer, ReadingList
from readinglists.sharing import invitations, members, ownership
from readinglists.sharing.forms import InvitationForm, RoleForm


@require_safe
@by_member
def members_page(request: HttpRequest, access: Access) -> HttpResponse:
    return shown(request, access)


def shown(request: HttpRequest, access: Access, **more: Any) -> HttpResponse:
    """The page; `more` is the form that was sent, and what was made by it."""
    reading_list = access.reading_list
    context: dict[str, Any] = {
        "access": access,
        "reading_list": reading_list,
        "members": members.members_of(reading_list),
        "offered": ownership.offer_to(reading_list, request.user),
        "roles": members.ROLES,
    }
    if access.standing.is_owner:
        waiting = Invitation.objects.open().filter(reading_list=reading_list)
        context |= {
            "form": InvitationForm(),
            "invitations": waiting,
            "offer": OwnershipOffer.objects.filter(reading_list=reading_list)
            .select_related("to")
            .first(),
            "is_private": reading_list.visibility == ReadingList.Visibility.PRIVATE,
            "now": timezone.now(),
        }
    return render(request, "readinglists/members.html", {**context, **more})


@require_http_methods(["POST"])
@by_owner
@sensitive_variables("secret")
def invite(request: HttpRequest, access: Access) -> HttpResponse:
    """A link is in this one answer and nowhere else."""
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return shown(request, access, form=form)
    said = form.cleaned_data
    try:
        made, secret = invitations.invite(
            access.reading_list.pk,
            request.user,
            said["role"],
            said["addressee"],
            request_id=said["request_id"],
        )
    except Refused as refused:
        form.add_error(refused.field or None, str(refused))
        return shown(request, access, form=form)
    if secret:
        url = settings.SITE_URL + reverse("readinglists:invitation", args=[secret])
        response = shown(request, access, made=made, url=url)
        response.headers["Cache-Control"] = "private, no-store"
        return response
    if made.addressee:
        messages.success(
            request, f"{made.addressee} is invited, and gets a mail if we know where to."
        )
    return to_members(access)


@require_POST
@by_owner
def withdraw(request: HttpRequest, access: Access, invitation: UUID) -> HttpResponse:
    if not access.reading_list.invitations.filter(pk=invitation).exists():
        raise Http404
    invitations.withdraw(access.reading_list.pk, request.user, invitation)
    messages.success(request, "The invitation is withdrawn.")
    return to_members(access)


@require_POST
@by_owner
def change_role(request: HttpRequest, access: Access, member: UUID) -> HttpResponse:
    form = RoleForm(request.POST)
    require_member(access, member)
    if form.is_valid():
        try:
            changed = members.change_role(
                access.reading_list.pk, request.user, member, form.cleaned_data["role"]
            )
            role = changed.get_role_display().lower()
            messages.success(request, f"{changed.user} is {article(role)} {role} now.")
        except Refused as refused:
            messages.error(request, str(refused))
    return to_members(access)


@require_POST
@by_owner
def remove(request: HttpRequest, access: Access, member: UUID) -> HttpResponse:
    membership = require_member(access, member)
    try:
        members.remove_member(access.reading_list.pk, request.user, member)
        messages.success(
            request, f"{membership.user} is no longer a member. What they wrote stays."
        )
    except Refused as refused:
        messages.error(request, str(refused))
    return to_members(access)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def leave(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Also out of a list that is private at the moment, whose name is then not told."""
    own = Membership.objects.filter(
        reading_list=pk, reading_list__deleted_at=None, user=request.user
    )
    if not own.exists():
        raise Http404
    visible = ReadingList.objects.visible_to(request.user).filter(pk=pk).first()
    if request.method != "POST":
        return render(request, "readinglists/leave.html", {"reading_list": visible})
    members.leave(pk, request.user)
    messages.success(request, "You are no longer a member. What you wrote stays, with your name.")
    is_open = ReadingList.objects.visible_to(request.user).filter(pk=pk).exists()
    return redirect(visible if visible and is_open else "readinglists:invitations")


def require_member(access: Access, member: UUID) -> Membership:
    """404 for a member of another list, the same as for none."""
    for each in members.members_of(access.reading_list).filter(pk=member):
        return each
    raise Http404


def to_members(access: Access) -> HttpResponse:
    return redirect("readinglists:members", access.reading_list.pk)


def article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"
