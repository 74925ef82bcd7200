"""Frozen revisions of a list: made, listed, read, cited, kept."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from api.parameters import whole_number
from api.resources import absolute
from markup.render import render_markdown
from papers.citations.bibtex import bibtex
from papers.citations.chosen import chosen_style, remember_style
from papers.citations.downloads import describe_download
from papers.citations.formats import REFERENCE_FORMATS
from papers.citations.formatted import STYLES, formatted
from readinglists.access import Access, by_list
from readinglists.document import parts_in
from readinglists.editing.writing import Refused, Stale
from readinglists.exporting.html import body_of
from readinglists.models import ReadingList, Revision
from readinglists.page import pages_around
from readinglists.revisions import (
    MOST_REVISIONS,
    citation_of,
    document_in,
    freeze,
    readable,
    withheld,
)

PARTS_A_PAGE = 200


@require_http_methods(["GET", "HEAD", "POST"])
@by_list
def list_revisions(request: HttpRequest, access: Access) -> HttpResponse:
    if request.method == "POST":
        return _freeze(request, access)
    revisions = Revision.objects.filter(reading_list=access.reading_list).order_by("-number")
    page = Paginator(revisions.defer("content"), 50).get_page(request.GET.get("page"))
    context = {
        "reading_list": access.reading_list,
        "standing": access.standing,
        "back": access.url("detail"),
        "here": access.url("revisions"),
        "page": page,
        **pages_around(page),
        "rows": [(each, access.url("revision", number=each.number)) for each in page],
    }
    return render(request, "readinglists/revisions.html", context)


def _freeze(request: HttpRequest, access: Access) -> HttpResponse:
    if not access.standing.may_edit:
        raise PermissionDenied
    based_on = request.POST.get("version", "")
    try:
        revision = freeze(
            access.reading_list,
            request.user,
            whole_number(based_on),
        )
    except Stale:
        messages.error(request, "The list was changed meanwhile. Look at it again, then freeze it.")
        return redirect(access.url("revisions"))
    except Refused as error:
        messages.error(request, str(error))
        return redirect(access.url("revisions"))
    return redirect(access.url("revision", number=revision.number))


@require_safe
@by_list
def list_revision(request: HttpRequest, access: Access, number: int) -> HttpResponse:
    revision = revision_of(access, number)
    document = document_in(revision)
    page = Paginator(list(parts_in(document)), PARTS_A_PAGE).get_page(request.GET.get("page"))
    asked = request.GET.get("style", "")
    style = asked if asked in STYLES else chosen_style(request)
    citation = citation_of(revision, document, _address(access, revision))
    shown = list(readable(page, request.user, with_notes=access.standing.sees_notes))
    context = {
        "reading_list": access.reading_list,
        "standing": access.standing,
        "revision": revision,
        "document": document,
        "description": render_markdown(document["description"]),
        "body": body_of(shown),
        "page": page,
        **pages_around(page),
        "is_whole": shown == list(page),
        "all_revisions": access.url("revisions"),
        "current": access.url("detail"),
        "bytes": access.url("revision-bytes", number=number),
        "citation": formatted(citation, style),
        "bibtex": bibtex(citation),
        "style": STYLES[style],
        "styles": STYLES.values(),
        "formats": [
            (form, access.url("revision-citation", number=number, form=form.name))
            for form in REFERENCE_FORMATS.values()
        ],
    }
    response = render(request, "readinglists/revision.html", context)
    if asked in STYLES:
        remember_style(request, response, asked)
    return response


@require_safe
@by_list
def revision_bytes(request: HttpRequest, access: Access, number: int) -> HttpResponse:
    """The very bytes that were hashed; never others. Whoever may not read all of them gets none."""
    revision = revision_of(access, number)
    items = (part.values for part in parts_in(document_in(revision)) if part.kind == "item")
    if not access.standing.sees_notes or withheld(items, request.user):
        raise Http404("This revision is not to be read whole.")
    response = HttpResponse(revision.content.encode(), content_type="application/json")
    describe_download(request, response, f"{access.reading_list.slug}-r{number}.json")
    response.headers["ETag"] = f'"{revision.sha256}"'
    return response


@require_safe
@by_list
def revision_citation(request: HttpRequest, access: Access, number: int, form: str) -> HttpResponse:
    """The revision itself, for a reference manager."""
    revision = revision_of(access, number)
    if form not in REFERENCE_FORMATS:
        raise Http404("No such format.")
    kind = REFERENCE_FORMATS[form]
    citation = citation_of(revision, document_in(revision), _address(access, revision))
    text = "".join(kind.document([citation]))
    response = HttpResponse(text, content_type=kind.content_type)
    describe_download(request, response, f"{access.reading_list.slug}-r{number}.{kind.extension}")
    return response


def revision_of(access: Access, number: int) -> Revision:
    if number > MOST_REVISIONS:
        raise Http404("No such revision.")
    revisions = Revision.objects.filter(reading_list=access.reading_list)
    return get_object_or_404(revisions.select_related("created_by"), number=number)


def _address(access: Access, revision: Revision) -> str | None:
    """Not to be told to whoever came by a share link: it would outlive the link."""
    return None if access.secret else revision_address(access.reading_list, revision)


def revision_address(reading_list: ReadingList, revision: Revision) -> str:
    kwargs: dict[str, Any] = {"pk": reading_list.pk, "number": revision.number}
    return absolute(reverse("readinglists:revision", kwargs=kwargs))
