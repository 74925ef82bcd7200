from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms import InvitationForm
from accounts.invitations import accept, invite
from accounts.models import EntryLink
from accounts.secret_addresses import secret_address

INVITATION = EntryLink.Purpose.INVITATION
SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def invitations(request: HttpRequest) -> HttpResponse:
    """For maintainers: who was invited, and a form to invite somebody else."""
    require_maintainer(request)
    form = InvitationForm(request.POST or None)
    url = ""
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        _, url = invite(request.user, email)
        if email:
            messages.success(request, f"The invitation is on its way to {email}.")
            return redirect("accounts:invitations")
        form = InvitationForm()
    links = EntryLink.objects.filter(purpose=INVITATION).select_related("invited_by", "used_by")
    context = {"form": form, "url": url, "links": links[:SHOWN], "now": timezone.now()}
    return render(request, "accounts/invitations.html", context)


@require_POST
@login_required
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    require_maintainer(request)
    link = get_object_or_404(EntryLink.objects.usable(), pk=pk, purpose=INVITATION)
    link.expires_at = timezone.now()
    link.save(update_fields=["expires_at"])
    messages.success(request, "The invitation is withdrawn.")
    return redirect("accounts:invitations")


@secret_address
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Where an invitation leads: wrong, used and expired ones all look as if they never were."""
    link = EntryLink.objects.behind(INVITATION, token).select_related("invited_by").first()
    if link is None or settings.SIGN_UP == "closed":
        raise Http404
    if request.method != "POST":
        return render(request, "accounts/invitation.html", {"link": link})
    if request.user.is_authenticated:
        return redirect("/")
    accept(request, link)
    return redirect("account_signup")


def require_maintainer(request: HttpRequest) -> None:
    if not request.user.is_staff:
        raise PermissionDenied
