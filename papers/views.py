"""Pages of papers, and the addresses by which other programs find them."""

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from api.feeds import feed_of
from api.keyset import Key, Ordering
from api.listing import listing_of, offer_choices
from api.together import rows_together
from papers.citations.formats import REFERENCE_FORMATS
from papers.citations.formatted import STYLES
from papers.citations.gathering import citation_from
from papers.citations.recognition import describe
from papers.filters import PaperFilter
from papers.identifiers import identify
from papers.models import Identifier, Paper, Topic
from papers.page import page_of
from papers.rows import related_model
from papers.standing import paper_with_key, standing_paper

NEWEST_FIRST = Ordering.read("-published", {"published": Key("published_order")}, Key("pk"))
SHOWN_FILTERS = (
    "kind",
    "topic",
    "issue",
    "author",
    "venue",
    "year_min",
    "year_max",
    "title_source",
)
ISSUES_OFFERED = 100
TOPICS_OFFERED = 1_000


@require_safe
def paper_list(request: HttpRequest) -> HttpResponse:
    papers = Paper.objects.visible_to(request.user)
    papers = papers.with_first_authors().prefetch_related("topics").defer("abstract", "sources")
    filterset = PaperFilter(request.GET, papers, request=request)
    offer_topics_and_issues(filterset.form, request.user)
    listing = listing_of(request, filterset, NEWEST_FIRST, shown=SHOWN_FILTERS)
    context = {"listing": listing, "feed": feed_of(filterset, "Papers", "papers")}
    return render(request, "papers/list.html", context, status=listing.status)


def offer_topics_and_issues(form: Form, user) -> None:
    """All topics, and the latest issues; an issue that is older stays what an address says."""
    issues = related_model(Paper, "mentions")._meta.get_field("issue").related_model.objects
    latest = issues.visible_to(user).newest_first()
    topics, offered = rows_together(
        Topic.objects.visible_to(user).values_list("slug", "name")[:TOPICS_OFFERED],
        latest.values_list("slug", "title")[:ISSUES_OFFERED],
    )
    asked = form.data.get("issue", "")
    if asked and all(asked != slug for slug, _ in offered):
        offered.append((asked, asked))
    offer_choices(form, "topic", topics)
    offer_choices(form, "issue", offered)


@require_safe
def paper_detail(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    paper = Paper.objects.visible_to(request.user).filter(pk=pk).first()
    if paper is None:
        paper = standing_paper(get_object_or_404(Paper, pk=pk), request.user)
    if request.path != paper.get_absolute_url():
        return redirect(paper, permanent=True)
    page = page_of(paper, request.user)
    citation = citation_from(
        vars(paper),
        [authorship.name_as_printed for authorship in page.authors],
        page.identifiers,
        [topic.name for topic in paper.topics.all()],
        has_more_authors=page.authors_left_out > 0,
    )
    context = {
        "paper": paper,
        "page": page,
        "described": describe(paper, citation),
        "formats": REFERENCE_FORMATS.values(),
        "styles": STYLES.values(),
    }
    return render(request, "papers/detail.html", context)


@require_safe
def paper_by_identifier(request: HttpRequest, scheme: str, value: str) -> HttpResponse:
    """`/papers/by/arxiv/2303.08112`: any spelling of an identifier leads to the one page.

    `/papers/by/key/hendrycks2021natural`: so does every citation key it ever had.
    """
    if scheme == "key":
        return redirect(standing_paper(paper_with_key(value), request.user))
    if scheme not in Identifier.Scheme.values:
        raise Http404("No such kind of identifier.")
    identity = identify(value if scheme == "url" else f"{scheme}:{value}") or identify(value)
    return _redirect_to(identity, scheme, request.user)


@require_safe
def paper_by_url(request: HttpRequest) -> HttpResponse:
    return _redirect_to(identify(request.GET.get("url", "")), None, request.user)


def _redirect_to(identity, scheme: str | None, user) -> HttpResponse:
    if identity is None or scheme not in (None, identity.scheme):
        raise Http404("Not an identifier of that kind.")
    identifiers = Identifier.objects.select_related("paper__merged_into")
    found = get_object_or_404(identifiers, scheme=identity.scheme, value=identity.value)
    return redirect(standing_paper(found.paper, user))
