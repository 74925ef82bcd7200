"""The plainest code that gives the same answers: what our pages and API are measured against."""

import orjson
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from newsletter.models import Link
from papers.models import Authorship, Identifier, Paper

STATIC_BODY = ("<p>" + "thirty kilobytes of page " * 8 + "</p>\n") * 145


def static_page(request: HttpRequest) -> HttpResponse:
    """Row 1: 30 KB that nobody has to make."""
    return HttpResponse(STATIC_BODY)


PAPER_FIELDS = (
    "id",
    "kind",
    "title",
    "title_source",
    "published_year",
    "published_month",
    "published_day",
    "venue",
    "abstract",
    "citation_key",
    "url",
    "pdf_url",
    "code_url",
)


def newest_papers(count: int, **filters: object) -> list[dict]:
    papers = Paper.objects.filter(is_hidden=False, merged_into=None, **filters)
    return list(papers.order_by("-published_order", "-pk").values(*PAPER_FIELDS)[:count])


def with_relations(papers: list[dict]) -> list[dict]:
    """One query a relation, as anybody would write it."""
    by_id = {paper["id"]: paper for paper in papers}
    for paper in papers:
        paper |= {"authors": [], "identifiers": [], "topics": [], "mention_count": 0}
        paper["web_url"] = f"http://127.0.0.1/papers/{paper['id']}/"
    authors = Authorship.objects.filter(paper__in=by_id).order_by("paper", "position")
    for row in authors.values("paper", "name_as_printed", "author__orcid"):
        name = {"name": row["name_as_printed"], "orcid": row["author__orcid"]}
        by_id[row["paper"]]["authors"].append(name)
    names = Identifier.objects.filter(paper__in=by_id).values_list("paper", "scheme", "value")
    for paper_id, scheme, value in names:
        by_id[paper_id]["identifiers"].append({"scheme": scheme, "value": value})
    topics = Paper.topics.through.objects.filter(paper__in=by_id)
    for paper_id, slug in topics.values_list("paper", "topic__slug"):
        by_id[paper_id]["topics"].append(slug)
    mentions = Link.objects.filter(paper__in=by_id, withdrawn_at=None).order_by()
    for paper_id, count in mentions.values_list("paper").annotate(count=Count("pk")):
        by_id[paper_id]["mention_count"] = count
    return papers


def bare_list(request: HttpRequest) -> HttpResponse:
    """Row 2: the same fifty rows, as JSON."""
    rows = with_relations(newest_papers(50))
    return HttpResponse(orjson.dumps(rows), content_type="application/json")


def bare_api(request: HttpRequest) -> HttpResponse:
    """Row 3: the same hundred rows with abstracts, filtered, with a count."""
    kind = request.GET["kind"]
    count = Paper.objects.filter(is_hidden=False, merged_into=None, kind=kind)[:10_001].count()
    rows = with_relations(newest_papers(100, kind=kind))
    body = {"count": count, "count_is_exact": count <= 10_000, "next": None, "results": rows}
    return HttpResponse(orjson.dumps(body), content_type="application/json")


urlpatterns = [
    path("bench/static/", static_page),
    path("bench/list/", bare_list),
    path("bench/api/", bare_api),
    path("", include("config.urls")),
]
