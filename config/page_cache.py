"""Finished pages for readers who are not signed in, kept ready-made and compressed.

Stands outside all other middleware that costs: a hit touches neither session nor template. A page
is filed under the version of the catalogue it was made from, so it is never older than the last
committed change; nothing has to be cleared.
"""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from api.changes import catalogue_version

# Pages of these are private, or have conditions of their own.
NEVER = (
    "/admin/",
    "/accounts/",
    "/api/",
    "/static/",
    "/healthz",
    "/readyz",
    "/s/",
    "/lists/invitation",
    "/feeds/lists/",
    "/search/saved/",
)
# Cookies by which a page differs for readers without an account.
SHOWN_BY = ("theme", "time_zone", "citation_style")

GetResponse = Callable[[HttpRequest], HttpResponse]


def anonymous_pages(get_response: GetResponse) -> GetResponse:
    """Middleware: answer from the cache, or file the answer there."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not settings.PAGE_CACHE_SECONDS or not is_anonymous_page(request):
            return get_response(request)
        key = page_key(request)
        kept = caches["pages"].get(key)
        if kept is None:
            response = get_response(request)
            if is_the_same_for_all(response):
                kept = content_of(response)
                caches["pages"].set(key, kept, settings.PAGE_CACHE_SECONDS)
                response.headers["ETag"] = kept["etag"]
            return response
        response = HttpResponse(kept["body"], headers=kept["headers"])
        response.headers["ETag"] = kept["etag"]
        return get_conditional_response(request, etag=kept["etag"], response=response) or response

    return middleware


def is_anonymous_page(request: HttpRequest) -> bool:
    return (
        request.method == "GET"
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and "HTTP_AUTHORIZATION" not in request.META
        and not request.path_info.startswith(NEVER)
    )


def page_key(request: HttpRequest) -> str:
    parts = (
        request.build_absolute_uri(),
        request.META.get("HTTP_ACCEPT_ENCODING", ""),
        *(request.COOKIES.get(name, "") for name in SHOWN_BY),
        catalogue_version(),
    )
    return sha256("\n".join(parts).encode(errors="replace")).hexdigest()


def is_the_same_for_all(response: HttpResponse) -> bool:
    control = response.headers.get("Cache-Control", "")
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and "no-store" not in control
        and "private" not in control
        and response.headers.get("Content-Type", "").startswith("text/html")
    )


def content_of(response: HttpResponse) -> dict[str, Any]:
    etag = f'W/"{sha256(response.content).hexdigest()[:32]}"'
    return {"body": response.content, "headers": dict(response.headers), "etag": etag}
