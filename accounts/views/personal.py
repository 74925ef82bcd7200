from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.deletion import delete_account
from accounts.forms import DeletionForm
from accounts.personal_data import collect


@require_safe
@login_required
@reauthentication_required
def download(request: HttpRequest) -> HttpResponse:
    response = JsonResponse(
        collect(request.user), json_dumps_params={"indent": 2, "ensure_ascii": False}
    )
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@reauthentication_required
def delete(request: HttpRequest) -> HttpResponse:
    form = DeletionForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        with_texts = form.cleaned_data["texts"] == "remove"
        delete_account(request.user, with_texts=with_texts)
        get_adapter().logout(request)
        messages.success(request, "Your account is deleted.")
        return redirect("/")
    return render(request, "accounts/delete.html", {"form": form})
