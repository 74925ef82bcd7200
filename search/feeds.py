"""The feed of a saved search: what fits it, the newest in the catalogue first.

Its address is a secret that its owner may hand to any reader program, so it shows what everybody
may see, and never more for the sake of who made it.
"""

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, QueryDict

from accounts.secret_addresses import secret_address
from api.errors import ParameterErrors
from api.feeds import PAGE_SIZE, PAGING, feed_view, page_at
from api.keyset import CursorError
from api.resources import absolute
from markup.feeds import Feed
from search.asking import ask, found_page
from search.models import SavedSearch
from search.places import PLACES


@secret_address
def saved_feed(request: HttpRequest, secret: str, kind: str) -> HttpResponse:
    response = _saved_feed(request, secret=secret, kind=kind)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@feed_view
def _saved_feed(request: HttpRequest, secret: str) -> Feed:
    saved = SavedSearch.objects.behind(secret).first()
    if saved is None:
        raise Http404
    place, query = PLACES[saved.page], QueryDict(saved.query)
    if mistakes := place.filterset(query, AnonymousUser()).mistakes():
        raise ParameterErrors(mistakes)
    try:
        page = place.feed_page(request, query)
    except CursorError as error:
        raise ParameterErrors({"cursor": [("invalid", str(error))]}) from None
    return Feed(
        id=f"urn:uuid:{saved.pk}",
        url=absolute(saved.results_url),
        title=saved.name,
        subtitle=f"{place.title}: what came into this saved search, the latest first.",
        entries=page.rows,
        **page.addresses(),
    )


@feed_view
def search_feed(request: HttpRequest) -> Feed:
    """The hits of /search/ for the same query string, in its order."""
    asked = ask(request, request.GET, PAGING)
    if mistakes := asked.filterset.mistakes():
        raise ParameterErrors(mistakes)
    cursor = request.GET.get("cursor") or None
    try:
        page = found_page(asked, cursor, PAGE_SIZE, as_entries=True)
    except CursorError as error:
        raise ParameterErrors({"cursor": [("invalid", str(error))]}) from None
    found = page_at(request, page)
    return Feed(
        id=found.first_url,
        url=absolute(f"/search/?{asked.query}" if asked.query else "/search/"),
        title=asked.search.query.text if asked.search else "Search",
        subtitle=f"Showing {asked.explanation}." if asked.search else "",
        entries=found.rows,
        **found.addresses(),
    )
