"""What was typed into a form that came to nothing is shown again: the sign-in had ended, the thing
was gone, the right to write there was lost, the form's token was of an earlier sign-in."""

import re
from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.debug import sensitive_variables

View = Callable[..., HttpResponse]

TOKEN = "csrfmiddlewaretoken"  # noqa: S105 -- a field's name
# What forms carry unseen, and what was chosen rather than typed.
_NOT_TYPED = {TOKEN, "version", "opened", "request_id", "conflicting", "keep", "preview", "quote"}
_NOT_TYPED |= {"order", "item", "thing", "take", "list", "by"}
_CHOSEN = {"audience", "section", "visibility", "language", "role", "next", "position", "at"}
LABELS = {"markdown": "Your note", "prose": "Text of the section"}
_PLACES = ("/lists/", "/s/")
_NUMBER = re.compile(r"[\d.-]*")


def typed_in(request: HttpRequest) -> list[tuple[str, str]]:
    """The texts of a form, each with its field's name in words."""
    return [
        (LABELS.get(name) or name.replace("_", " ").capitalize(), value)
        for name, values in request.POST.lists()
        if name not in _NOT_TYPED | _CHOSEN
        for value in values
        if value.strip() and not _NUMBER.fullmatch(value) and not _is_id(value)
    ]


def _is_id(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True


def keeps_typed(view: View) -> View:
    """Let a form that leads nowhere any more show what was typed, with its 404 or 403."""

    @wraps(view)
    @sensitive_variables("kwargs")
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (Http404, PermissionDenied) as error:
            if request.method != "POST" or not typed_in(request):
                raise
            if isinstance(error, Http404):
                return typed_page(request, 404, reason="gone")
            return typed_page(request, 403, reason="not allowed")

    return wrapped


def signed_in(view: View) -> View:
    """For whoever is signed in. Others are asked to sign in; a form they sent is kept for them."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method == "POST" and typed_in(request):
            return typed_page(request, 403, reason="signed out")
        return redirect_to_login(request.get_full_path())

    return wrapped


def came_from_here(request: HttpRequest) -> bool:
    """Whether a browser says that one of our own pages sent this form about a list."""
    is_about_lists = request.path.startswith(_PLACES)
    return is_about_lists and request.headers.get("Sec-Fetch-Site") == "same-origin"


def typed_page(request: HttpRequest, status: int, *, reason: str) -> HttpResponse:
    """Nothing of it says whether there is, or was, anything at this address."""
    sent = [(name, value) for name, values in request.POST.lists() for value in values]
    context = {
        "reason": reason,
        "typed": typed_in(request),
        "sent": [(name, value) for name, value in sent if name != TOKEN],
    }
    response = render(request, "readinglists/typed.html", context, status=status)
    add_never_cache_headers(response)
    return response
