"""Files of papers as answers: streamed batch by batch, never paged, never cut."""

from collections.abc import Iterable
from hashlib import sha256
from typing import cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers

from api.changes import catalogue_version
from api.keyset import Key, Ordering
from api.resources import DATA_POLICY
from papers.citations.formats import Format
from papers.citations.gathering import batches

NEWEST_FIRST = Ordering.read("-published", {"published": Key("published_order")}, Key("id"))


def download(
    request: HttpRequest,
    form: Format,
    papers: QuerySet,
    *,
    ordering: Ordering = NEWEST_FIRST,
    name: str = "papers",
) -> HttpResponse:
    """All of these papers, which the caller has limited to those the user may see."""
    etag = export_etag(request, form)
    rows = batches(papers.values(*form.columns), ordering)
    body: Iterable[str | bytes] = (
        () if request.method == "HEAD" else form.written(rows, request.user)
    )
    streamed = StreamingHttpResponse(body, content_type=form.content_type)
    describe_download(request, streamed, f"{name}.{form.extension}")
    streamed.headers["ETag"] = etag
    response = cast(HttpResponse, streamed)
    return get_conditional_response(request, etag=etag, response=response) or response


def describe_download(request: HttpRequest, response: HttpResponseBase, filename: str) -> None:
    """A file to keep, which no browser shows or runs on the site's own origin."""
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    response.headers["Content-Security-Policy"] = DATA_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    is_known = request.user.is_authenticated
    response.headers["Cache-Control"] = "private, no-cache" if is_known else "no-cache"
    patch_vary_headers(response, ["Accept", "Authorization", "Cookie"])


def export_etag(request: HttpRequest, form: Format) -> str:
    """Weak: the same state of the catalogue, for the same person and address."""
    parts = (catalogue_version(), str(request.user.pk), form.name, request.get_full_path())
    return f'W/"{sha256("\x1f".join(parts).encode(errors="replace")).hexdigest()[:32]}"'
