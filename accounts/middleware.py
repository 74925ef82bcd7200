"""What holds for everything a signed-in person is shown."""

from collections.abc import Callable
from contextlib import nullcontext
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_cache_control

GetResponse = Callable[[HttpRequest], HttpResponse]

PRIVATE_PLACES = (
    *("/accounts/", "/admin/", "/tracked/", "/search/saved/"),
    *("/lists/invitation", "/s/", "/feeds/lists/", "/lists/followed/", "/reading/"),
)
# What a browser without an account chose (static/js/time-zone.js).
ZONE_COOKIE = "time_zone"
CLEAR_SITE_DATA = "_clear_site_data"


def private_pages(get_response: GetResponse) -> GetResponse:
    """Keep pages about a person out of every cache, and clear the browser's at log-out."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path.startswith(PRIVATE_PLACES):
            add_never_cache_headers(response)  # also says no-store
        elif is_personal(request) and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_cache=True)
        if getattr(request, CLEAR_SITE_DATA, False):
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response

    return middleware


def is_personal(request: HttpRequest) -> bool:
    """Whether somebody signed in was looked at to make the answer; asks no query of its own."""
    return request.session.accessed and request.user.is_authenticated


def own_time_zone(get_response: GetResponse) -> GetResponse:
    """Show times in the zone somebody chose; who never signed in here costs no look-up."""

    def middleware(request: HttpRequest) -> HttpResponse:
        zone = chosen_zone(request) if settings.SESSION_COOKIE_NAME in request.COOKIES else None
        zone = zone or zone_called(request.COOKIES.get(ZONE_COOKIE))
        with timezone.override(zone) if zone else nullcontext():
            return get_response(request)

    return middleware


def chosen_zone(request: HttpRequest) -> ZoneInfo | None:
    """The account's zone; a name the time zone database has dropped since is none."""
    return zone_called(getattr(request.user, "time_zone", None))


def zone_called(name: str | None) -> ZoneInfo | None:
    try:
        return ZoneInfo(name or "")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
