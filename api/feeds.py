"""Feeds over HTTP: `/feeds/<what>.atom` and `.json`, of the same rows as the page they belong to.

A feed takes the query string of its page. It is read by programs, which do not see that a filter
was misspelt, so unknown parameters are refused here as in the API.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import partial, wraps
from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import register_converter
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.http import require_safe
from rest_framework.exceptions import APIException

from api.conditional import content_etag
from api.errors import ParameterErrors, problem_response
from api.filters import FilterSet
from api.keyset import CursorError, KeysetPage, Ordering, keyset_page
from api.models import Change
from api.parameters import refuse_mistakes
from api.relevance import RelevancePage, relevance_page
from api.resources import DATA_POLICY, absolute
from markup.feeds import Feed, write_atom, write_json_feed

MEDIA_TYPES = {"atom": "application/atom+xml", "json": "application/feed+json"}
WRITERS: dict[str, Callable[[Feed], bytes]] = {"atom": write_atom, "json": write_json_feed}
PAGE_SIZE = 50
PAGING = frozenset({"cursor"})


class FeedKind:
    """The end of a feed's address."""

    regex = "atom|json"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(FeedKind, "feed")


# --- What pages say of their feeds ------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed that a page offers: `name` is its address below /feeds/ up to the ending."""

    title: str
    name: str
    query: str = ""

    def path(self, kind: str) -> str:
        path = f"/feeds/{self.name}.{kind}"
        return f"{path}?{self.query}" if self.query else path

    @property
    def atom(self) -> str:
        return self.path("atom")

    @property
    def json(self) -> str:
        return self.path("json")


def feed_of(filterset: FilterSet, title: str, name: str) -> FeedLink | None:
    """The feed of the same rows as a page's filters leave; none where they are mistaken."""
    if not filterset.form.is_valid():
        return None
    given = [(key, value) for key, value in filterset.data.items() if value]
    return FeedLink(
        title, name, urlencode([each for each in given if each[0] in filterset.known()])
    )


# --- What a feed's view makes -----------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class FeedPage:
    """A page of rows, and the addresses of it and those around it."""

    rows: Sequence[Any]
    self_url: str
    first_url: str
    previous_url: str | None
    next_url: str | None
    query: str  # what was asked for, without the place in it

    def addresses(self) -> dict[str, Any]:
        names = ("self_url", "first_url", "previous_url", "next_url")
        return {name: getattr(self, name) for name in names}


def feed_page(
    request: HttpRequest,
    rows: QuerySet | FilterSet,
    order: Ordering,
    size: int = PAGE_SIZE,
) -> FeedPage:
    """The rows that the query string asks for; raises ParameterErrors over one that is mistaken."""
    if isinstance(rows, FilterSet):
        if mistakes := rows.mistakes():
            raise ParameterErrors(mistakes)
    else:
        refuse_mistakes(request.GET, PAGING)
    cursor = request.GET.get("cursor") or None
    try:
        page = _page(rows, order, cursor, size)
    except CursorError as error:
        raise ParameterErrors({"cursor": [("invalid", str(error))]}) from None
    return page_at(request, page)


def _page(
    rows: QuerySet | FilterSet, order: Ordering, cursor: str | None, size: int
) -> KeysetPage | RelevancePage:
    """By relevance where texts are searched for, as on the page."""
    if isinstance(rows, FilterSet):
        if relevance := rows.relevance():
            return relevance_page(relevance, rows.queryset, rows.asked, cursor, size)
        rows = rows.qs
    return keyset_page(rows, order, cursor, size)


def page_at(request: HttpRequest, page: KeysetPage | RelevancePage) -> FeedPage:
    """A page with its addresses."""
    cursor = request.GET.get("cursor") or None
    given = [(name, value) for name, value in request.GET.items() if value and name != "cursor"]

    def address(cursor: str | None) -> str:
        query = urlencode([*given, *([("cursor", cursor)] if cursor else [])])
        return absolute(f"{request.path}?{query}" if query else request.path)

    return FeedPage(
        rows=page.rows,
        self_url=address(cursor),
        first_url=address(None),
        previous_url=address(page.previous) if page.previous else None,
        next_url=address(page.next) if page.next else None,
        query=urlencode(given),
    )


def feed_view(view: Callable[..., Feed], *, is_dated: bool = True) -> Callable[..., HttpResponse]:
    """A view that makes a Feed, answered in the format its address ends with."""

    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, kind: str, **kwargs: Any) -> HttpResponse:
        try:
            feed = view(request, *args, **kwargs)
        except APIException as error:
            return cast(HttpResponse, problem_response(error, {}))
        return feed_response(request, feed, kind, is_dated=is_dated)

    return answer


# For what changes without a change in the catalogue, and what may not tell when others changed it.
undated_feed_view = partial(feed_view, is_dated=False)


def feed_response(
    request: HttpRequest, feed: Feed, kind: str, *, is_dated: bool = True
) -> HttpResponse:
    """The feed in one format, or 304 if the reader has it.

    `is_dated` where nothing but the catalogue's changes changes the feed: the latest of them dates
    it, since the newest entry does not tell that another has gone.
    """
    feed = replace(
        feed,
        generator=feed.generator or settings.SITE_NAME,
        alternatives={**_other_formats(feed.self_url, kind), **feed.alternatives},
    )
    body = WRITERS[kind](feed)
    response = HttpResponse(body, content_type=f"{MEDIA_TYPES[kind]}; charset=utf-8")
    response.headers["ETag"] = content_etag(body, weak=False)
    response.headers["Content-Security-Policy"] = DATA_POLICY
    is_known = request.user.is_authenticated
    response.headers["Cache-Control"] = "private, no-cache" if is_known else "no-cache"
    patch_vary_headers(response, ["Cookie"])
    changed = last_change(feed) if is_dated else None
    if changed:
        response.headers["Last-Modified"] = format_datetime(changed, usegmt=True)
    stamp = int(changed.timestamp()) if changed else None
    etag = response.headers["ETag"]
    return get_conditional_response(request, etag, stamp, response) or response


def last_change(feed: Feed) -> datetime:
    latest = Change.objects.order_by("-seq").values_list("at", flat=True).first()
    changed = max(filter(None, (latest, feed.updated)))
    return changed.astimezone(UTC)


def _other_formats(self_url: str, kind: str) -> dict[str, str]:
    path, mark, query = self_url.partition("?")
    base = path.removesuffix(kind)
    return {MEDIA_TYPES[other]: f"{base}{other}{mark}{query}" for other in WRITERS if other != kind}
