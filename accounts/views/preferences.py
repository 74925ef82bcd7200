from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.forms import PreferencesForm, ThemeForm
from accounts.returning import local_next

THEME_COOKIE = "theme"
A_YEAR = 365 * 24 * 3600


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    form = PreferencesForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Your preferences are saved.")
        return redirect("accounts:preferences")
    return render(request, "accounts/preferences.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def appearance(request: HttpRequest) -> HttpResponse:
    """The theme: on the account of whoever is signed in, in a cookie for everybody else."""
    form = ThemeForm(request.POST or None, initial={"theme": current_theme(request)})
    if request.method != "POST" or not form.is_valid():
        return render(
            request, "accounts/appearance.html", {"form": form, "next": local_next(request)}
        )
    theme = form.cleaned_data["theme"]
    if request.user.is_authenticated:
        request.user.theme = theme
        request.user.save(update_fields=["theme"])
    response = redirect(local_next(request) or "/")
    response.set_cookie(
        THEME_COOKIE,
        theme,
        max_age=A_YEAR,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


def current_theme(request: HttpRequest) -> str:
    theme = getattr(request.user, "theme", "system")
    return request.COOKIES.get(THEME_COOKIE, "system") if theme == "system" else theme
