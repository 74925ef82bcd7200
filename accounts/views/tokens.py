from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms import TokenForm
from accounts.models import ApiToken
from accounts.token_limits import lists_of


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@reauthentication_required
@sensitive_variables("secret")
def tokens(request: HttpRequest) -> HttpResponse:
    """One's tokens, and a form for another; its secret is in this one answer and nowhere else."""
    made, secret = None, ""
    form = TokenForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        made, secret = form.save()
        form = TokenForm(user=request.user)
    own = ApiToken.objects.visible_to(request.user)
    titles = lists_of(request.user)
    for token in own:
        token.only_list_title = titles.get(token.only_list, "a list you can no longer open")
    context = {"form": form, "tokens": own, "made": made, "secret": secret}
    return render(request, "accounts/tokens.html", context)


@require_POST
@login_required
@reauthentication_required
def revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    token = get_object_or_404(ApiToken.objects.visible_to(request.user), pk=pk)
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
    messages.success(request, f"The token “{token.name}” is revoked.")
    return redirect("accounts:tokens")
