"""What a page of search results or of filtered papers finds, to be put on a list."""

from django.http import HttpRequest, QueryDict

from api.keyset import CursorError, bounded_count
from papers.filters import PaperFilter
from papers.models import Paper
from readinglists.adding.candidates import Gathered
from readinglists.adding.sources import register
from readinglists.wanted import KINDS, Wanted
from search.asking import ask, found_page

COUNTED_TO = 10_000


def what_is_found(request: HttpRequest, most: int) -> Gathered | None:
    """`?page=papers&query=topic%3Dmonitoring`, the query string of a page; or `?q=` itself."""
    query = QueryDict(request.GET.get("query", ""))
    match request.GET.get("page"):
        case "papers" if query:
            return _papers(request, query, most)
        case "search" if query:
            return _hits(request, query, most)
    return _hits(request, request.GET, most) if request.GET.get("q") else None


def _papers(request: HttpRequest, query: QueryDict, most: int) -> Gathered | None:
    filterset = PaperFilter(query, Paper.objects.visible_to(request.user), request=request)
    if filterset.mistakes().keys() & filterset.known():
        return None
    rows = filterset.qs.newest_first()
    wanted = [Wanted(paper=pk) for pk in rows.values_list("pk", flat=True)[: most + 1]]
    count, is_exact = bounded_count(rows, COUNTED_TO) if len(wanted) > most else (len(wanted), True)
    return _gathered("papers", wanted, most, count, is_exact=is_exact)


def _hits(request: HttpRequest, query: QueryDict, most: int) -> Gathered | None:
    """Lists and notes among them are nothing that stands on a list."""
    asked = ask(request, query)
    if asked.search is None:
        return None
    try:
        page = found_page(asked, None, most)
    except CursorError:
        return None
    wanted = [Wanted(**{hit.kind: hit.key}) for hit in page.rows if hit.kind in KINDS]
    return _gathered(asked.explanation, wanted, most, page.count, is_exact=page.is_exact)


def _gathered(
    words: str, wanted: list[Wanted], most: int, count: int, *, is_exact: bool
) -> Gathered:
    of = count if count > most else None
    return Gathered(words, wanted[:most], of, is_exact)


register(what_is_found)
