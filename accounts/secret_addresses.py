"""Pages with a secret in their address: one-time links."""

from collections.abc import Callable
from functools import wraps

from allauth.core.internal import ratelimit
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

View = Callable[..., HttpResponse]
MISSES_PER_ADDRESS = {"link_missed": "30/m/ip"}


def secret_address(view: View) -> View:
    """Let nothing on the page tell its address, and let nobody guess such addresses for long.

    `strict-origin` names the site and never the page. `no-referrer` would keep browsers from
    naming even the site when they send the page's own form, which is then taken for a forgery.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except Http404:
            if not may_miss_again(request):
                return render(request, "429.html", status=429)
            raise
        response["Referrer-Policy"] = "strict-origin"
        response["X-Robots-Tag"] = "noindex"
        return response

    return wrapped


def may_miss_again(request: HttpRequest) -> bool:
    return ratelimit.consume(
        request, app="accounts", action="link_missed", config=MISSES_PER_ADDRESS, limit_get=True
    )
