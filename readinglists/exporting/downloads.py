"""A list as a file: streamed, never paged, never cut; only what its reader may see."""

from collections.abc import Iterator
from hashlib import sha256
from typing import cast

from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.cache import get_conditional_response

from api.changes import catalogue_version
from api.resources import absolute
from papers.citations.downloads import describe_download
from readinglists.contents import parts_of
from readinglists.document import head_of
from readinglists.exporting.formats import Format
from readinglists.exporting.source import Source
from readinglists.models import ReadingList
from readinglists.naming import list_path
from readinglists.rights import Standing, visible_notes


def source_of(reading_list: ReadingList, standing: Standing, style: str) -> Source:
    address = None if standing.link else absolute(list_path(reading_list.pk, reading_list.slug))
    parts = parts_of(reading_list, standing)
    return Source(head_of(reading_list), parts, address, style)


def download(
    request: HttpRequest, form: Format, reading_list: ReadingList, standing: Standing, style: str
) -> HttpResponse:
    source = source_of(reading_list, standing, style)
    filename = f"{reading_list.slug}.{form.extension}"
    if form.name == "bibliography":
        filename = f"{reading_list.slug}-{style}.html"
    etag = export_etag(reading_list, standing, form.name, style)
    return streamed(request, form.write(source), form.content_type, filename, etag)


def streamed(
    request: HttpRequest, body: Iterator[str], content_type: str, filename: str, etag: str
) -> HttpResponse:
    pieces = () if request.method == "HEAD" else body
    response = cast(HttpResponse, StreamingHttpResponse(pieces, content_type=content_type))
    describe_download(request, response, filename)
    response.headers["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response) or response


def export_etag(reading_list: ReadingList, standing: Standing, *how: str) -> str:
    """Weak: the same state of list and catalogue, for the same person by the same way. Private
    notes touch no version, so what the reader sees of notes counts by itself."""
    notes = visible_notes(standing).filter(item__reading_list=reading_list)
    said = notes.aggregate(number=Count("pk"), last=Max("updated_at"))
    who = (
        standing.user.pk,
        standing.role,
        standing.link and (standing.link.pk, standing.link.allows),
    )
    state = (catalogue_version(), reading_list.pk, reading_list.version, said, who, how)
    return f'W/"{sha256(repr(state).encode()).hexdigest()[:32]}"'
