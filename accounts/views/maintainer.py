from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.forms import MaintainerForm
from accounts.maintainers import create_maintainer, promote
from accounts.models import EntryLink
from accounts.secret_addresses import secret_address


@secret_address
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def maintainer(request: HttpRequest, token: str) -> HttpResponse:
    """Makes one maintainer: a new account, or the one that is signed in.

    A wrong, a used and an expired link are told apart by nobody.
    """
    link = EntryLink.objects.behind(EntryLink.Purpose.MAINTAINER, token).first()
    if link is None:
        raise Http404
    if request.user.is_authenticated:
        return promote_account(request, link)
    return make_account(request, link)


def make_account(request: HttpRequest, link: EntryLink) -> HttpResponse:
    form = MaintainerForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "accounts/maintainer.html", {"form": form})
    if create_maintainer(link, **form.cleaned_data) is None:
        raise Http404
    messages.success(request, "Your account is made. Sign in to begin.")
    return redirect("account_login")


@reauthentication_required(allow_get=True)
def promote_account(request: HttpRequest, link: EntryLink) -> HttpResponse:
    if request.method != "POST":
        return render(request, "accounts/maintainer.html", {"form": None})
    if not promote(link, request.user):
        raise Http404
    messages.success(request, "You are a maintainer now.")
    return redirect("/")
