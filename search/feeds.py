"""The feed of a saved search: what fits it, the newest in the catalogue first.

Its address is a secret that its owner may hand to any reader program, so it shows what everybody
may see, and never more for the sake of who made it.
"""

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, QueryDict

from accounts.secret_addresses import secret_address
from api.errors import ParameterErrors
from api.feeds import feed_page, feed_view
from api.keyset import Key, Ordering
from api.resources import absolute
from markup.feeds import Feed
from search.models import SavedSearch
from search.places import PLACES

LATEST_FIRST = Ordering.read("-created", {"created": Key("created_at")}, Key("pk"))


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
    place, anybody = PLACES[saved.page], AnonymousUser()
    filterset = place.filterset(QueryDict(saved.query), anybody)
    if mistakes := filterset.mistakes():
        raise ParameterErrors(mistakes)
    rows = place.with_feed_parts(filterset.qs)
    page = feed_page(request, rows, LATEST_FIRST)
    return Feed(
        id=f"urn:uuid:{saved.pk}",
        url=absolute(saved.results_url),
        title=saved.name,
        subtitle=f"{place.title}: what came into this saved search, the latest first.",
        entries=place.entries(page.rows, anybody),
        **page.addresses(),
    )
