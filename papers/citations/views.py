"""Pages that hand papers over: files of many, one as a style prints it, and unAPI."""

from collections.abc import Container
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from papers.citations.bibtex import bibtex_key
from papers.citations.chosen import chosen_style, remember_style
from papers.citations.citation import Citation
from papers.citations.downloads import describe_download, download
from papers.citations.formats import FORMATS, REFERENCE_FORMATS, ReferenceFormat
from papers.citations.formatted import STYLES, bibliography, formatted
from papers.citations.gathering import COLUMNS, citations_of
from papers.citations.recognition import UNAPI_FORMATS, paper_of_unapi_id, unapi_formats
from papers.filters import PaperFilter
from papers.models import Paper
from papers.standing import standing_paper

# A style is printed work by work, at some hundredths of a second each.
MOST_FORMATTED = 200


@require_safe
def paper_export(request: HttpRequest) -> HttpResponseBase:
    """All papers that a query string filters, as a file; without a format, the choice of them."""
    filterset = PaperFilter(request.GET, Paper.objects.visible_to(request.user), request=request)
    name, style = _asked(request, FORMATS)
    wrong = _mistakes(filterset)
    if name and not wrong:
        return download(request, FORMATS[name], filterset.qs)
    if style and not wrong:
        rows = list(filterset.qs.newest_first().values(*COLUMNS)[: MOST_FORMATTED + 1])
        if len(rows) <= MOST_FORMATTED:
            return _formatted_list(request, rows, style)
        wrong = [f"More than {MOST_FORMATTED} papers fit, and a style prints no more. Filter."]
    context = {
        "formats": FORMATS.values(),
        "styles": STYLES.values(),
        "query": _without(request, "format", "style", "cursor"),
        "errors": wrong,
    }
    return render(request, "papers/export.html", context, status=400 if wrong else 200)


def _asked(request: HttpRequest, formats: Container[str]) -> tuple[str, str]:
    """Format and style, each of them known or empty."""
    name, style = request.GET.get("format", ""), request.GET.get("style", "")
    if (name and name not in formats) or (style and style not in STYLES):
        raise Http404("No such format or style.")
    return name, style


def _mistakes(filterset: PaperFilter) -> list[str]:
    """Of filters; parameters that are none are nobody's mistake on pages."""
    mistakes = filterset.mistakes()
    known = sorted(mistakes.keys() & filterset.known())
    return [f"{name}: {mistake.text}" for name in known for mistake in mistakes[name]]


def _formatted_list(request: HttpRequest, rows: list[dict[str, Any]], style: str) -> HttpResponse:
    citations = citations_of(rows, request.user, with_notes=False)
    text = "\n".join(bibliography(citations, style))
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    describe_download(request, response, f"papers-{style}.txt")
    return response


@require_safe
def paper_cite(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """One paper as a style prints it; `?format=` is a file of it."""
    paper = Paper.objects.visible_to(request.user).filter(pk=pk).first()
    if paper is None:
        paper = standing_paper(get_object_or_404(Paper, pk=pk), request.user)
    address = f"{paper.get_absolute_url()}cite/"
    if request.path != address:
        query = request.META.get("QUERY_STRING")
        return redirect(f"{address}?{query}" if query else address, permanent=True)
    name, asked = _asked(request, REFERENCE_FORMATS)
    citation = citation_of(paper, request.user)
    if name:
        return _file_of_one(request, REFERENCE_FORMATS[name], citation)
    style = asked or chosen_style(request)
    context = {
        "paper": paper,
        "formatted": formatted(citation, style),
        "style": STYLES[style],
        "styles": STYLES.values(),
        "formats": REFERENCE_FORMATS.values(),
    }
    response = render(request, "papers/cite.html", context)
    if asked:
        remember_style(request, response, asked)
    return response


def _file_of_one(request: HttpRequest, form: ReferenceFormat, citation: Citation) -> HttpResponse:
    text = "".join(form.document([citation]))
    response = HttpResponse(text, content_type=form.content_type)
    describe_download(request, response, f"{bibtex_key(citation)}.{form.extension}")
    return response


def citation_of(paper: Paper, user) -> Citation:
    """In three queries, with the notes this person may see."""
    return citations_of([{name: getattr(paper, name) for name in COLUMNS}], user)[0]


@require_safe
def unapi(request: HttpRequest) -> HttpResponse:
    """The unAPI server: which formats there are, and works in them by the ids pages name."""
    name, asked = request.GET.get("id", ""), request.GET.get("format", "")
    if not name:
        status = 400 if asked else 200
        return HttpResponse(unapi_formats(), content_type="application/xml", status=status)
    pk = paper_of_unapi_id(name)
    paper = pk and Paper.objects.visible_to(request.user).filter(pk=pk).first()
    if not paper:
        raise Http404("No such work.")
    if not asked:
        return HttpResponse(unapi_formats(name), content_type="application/xml", status=300)
    if asked not in UNAPI_FORMATS:
        return HttpResponse(unapi_formats(name), content_type="application/xml", status=406)
    form, _, write = UNAPI_FORMATS[asked]
    response = HttpResponse(write(citation_of(paper, request.user)), content_type=form.content_type)
    describe_download(request, response, f"{paper.pk}.{form.extension}")
    return response


def _without(request: HttpRequest, *names: str) -> str:
    query = request.GET.copy()
    for name in names:
        query.pop(name, None)
    return query.urlencode()
