from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


def secret_address(view: View) -> View:
    """For pages with a secret in their address: no link, picture or form on them tells it.

    `strict-origin` names the site and never the page. `no-referrer` would keep browsers from
    naming even the site when they send the page's own form, which is then taken for a forgery.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "strict-origin"
        response["X-Robots-Tag"] = "noindex"
        return response

    return wrapped
