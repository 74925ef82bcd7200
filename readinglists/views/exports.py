"""A list as a file, and the choice of files."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from papers.citations.chosen import chosen_style
from papers.citations.formatted import STYLES
from readinglists.access import Access, by_list
from readinglists.exporting.downloads import download
from readinglists.exporting.formats import ALL_FORMATS, BIBLIOGRAPHY, FORMATS
from readinglists.models import Item

# A style is printed work by work, at some hundredths of a second each.
MOST_FORMATTED = 500


@require_safe
@by_list
def list_exports(request: HttpRequest, access: Access) -> HttpResponse:
    return _choice(request, access)


@require_safe
@by_list
def list_export(request: HttpRequest, access: Access, form: str) -> HttpResponse:
    style = request.GET.get("style") or chosen_style(request)
    if form not in ALL_FORMATS or style not in STYLES:
        raise Http404("No such format or style.")
    if form == BIBLIOGRAPHY.name and _is_too_long(access):
        wrong = f"A style is printed for at most {MOST_FORMATTED} items, and this list has more."
        return _choice(request, access, error=wrong)
    return download(request, ALL_FORMATS[form], access.reading_list, access.standing, style)


def _is_too_long(access: Access) -> bool:
    items = Item.objects.filter(reading_list=access.reading_list, deleted_at=None)
    return items.count() > MOST_FORMATTED


def _choice(request: HttpRequest, access: Access, error: str = "") -> HttpResponse:
    bibliography = access.url("export-file", form=BIBLIOGRAPHY.name)
    context: dict[str, Any] = {
        "reading_list": access.reading_list,
        "standing": access.standing,
        "back": access.url("detail"),
        "files": [(form, access.url("export-file", form=form.name)) for form in FORMATS.values()],
        "bibliography": bibliography,
        "revisions": access.url("revisions"),
        "styles": STYLES.values(),
        "most_formatted": MOST_FORMATTED,
        "error": error,
    }
    return render(request, "readinglists/export.html", context, status=400 if error else 200)
