"""Pages of papers, and the addresses by which other programs find them."""

from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from api.feeds import feed_of
from api.keyset import Key, Ordering
from api.listing import listing_of, offer_choices
from papers.filters import PaperFilter
from papers.identifiers import identify
from papers.models import Identifier, Paper, Topic
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
AUTHORS_SHOWN = 50
MENTIONS_SHOWN = 100


@require_safe
def paper_list(request: HttpRequest) -> HttpResponse:
    papers = Paper.objects.visible_to(request.user)
    papers = papers.with_first_authors().prefetch_related("topics").defer("abstract", "sources")
    filterset = PaperFilter(request.GET, papers, request=request)
    topics = Topic.objects.visible_to(request.user).values_list("slug", "name")
    offer_choices(filterset.form, "topic", topics)
    offer_issues(filterset.form, request.user)
    listing = listing_of(request, filterset, NEWEST_FIRST, shown=SHOWN_FILTERS)
    context = {"listing": listing, "feed": feed_of(filterset, "Papers", "papers")}
    return render(request, "papers/list.html", context, status=listing.status)


def offer_issues(form: Form, user) -> None:
    """The latest issues to choose from; one that is older stays what an address says."""
    issues = related_model(Paper, "mentions")._meta.get_field("issue").related_model.objects
    latest = issues.visible_to(user).newest_first().values_list("slug", "title")[:ISSUES_OFFERED]
    offered = list(latest)
    asked = form.data.get("issue", "")
    if asked and all(asked != slug for slug, _ in offered):
        offered.append((asked, asked))
    offer_choices(form, "issue", offered)


@require_safe
def paper_detail(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    paper = standing_paper(get_object_or_404(Paper, pk=pk), request.user)
    if request.path != paper.get_absolute_url():
        return redirect(paper, permanent=True)
    mentions = mentions_of(paper, request.user)
    authorships = list(paper.authorships.order_by("position")[: AUTHORS_SHOWN + 1])
    context = {
        "paper": paper,
        "mentions": mentions[:MENTIONS_SHOWN],
        "has_more_mentions": len(mentions) > MENTIONS_SHOWN,
        "publications": {link.issue.publication for link in mentions},
        "authorships": authorships[:AUTHORS_SHOWN],
        "more_authors": max(0, paper.authorships.count() - AUTHORS_SHOWN)
        if len(authorships) > AUTHORS_SHOWN
        else 0,
    }
    return render(request, "papers/detail.html", context)


def mentions_of(paper: Paper, user) -> list:
    """Where issues speak of it, newest first, one more than is shown.

    An entry that links to it twice speaks of it once in words: only its first link shows them.
    """
    links: QuerySet = paper.mentions.visible_to(user).standing()
    links = links.select_related("issue__publication", "entry__topic")
    links = links.defer("issue__markdown", "issue__html", "issue__source_record", "entry__markdown")
    links = list(links.order_by("-issue__published_at", "position")[: MENTIONS_SHOWN + 1])
    told = set()
    for link in links:
        link.shows_text = link.entry is not None and link.entry_id not in told
        told.add(link.entry_id)
    return links


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
