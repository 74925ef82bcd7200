"""Pages of issues and topics."""

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from api.feeds import FeedLink, feed_of
from api.keyset import Key, Ordering
from api.listing import Listing, fill, listing_of, offer_choices
from newsletter.cards import put_margins, with_margins
from newsletter.filters import IssueFilter
from newsletter.models import Entry, Issue, Publication, Section
from newsletter.outline import outline
from papers.models import Topic

TIE = Key("pk")
ISSUE_ORDER = Ordering.read("-published", {"published": Key("published_at", nullable=True)}, TIE)
ENTRY_ORDER = Ordering.read(
    "-published,-issue,position",
    {
        "published": Key("issue__published_at", nullable=True),
        "issue": Key("issue_id"),
        "position": Key("position"),
    },
    TIE,
)
ISSUE_FILTERS = ("publication", "number", "topic", "published_after", "published_before")
HEAVY = ("markdown", "html", "source_record", "extra")


def issues_for(user) -> QuerySet[Issue]:
    return Issue.objects.visible_to(user).select_related("publication").defer(*HEAVY)


@require_safe
def issue_list(request: HttpRequest) -> HttpResponse:
    user = request.user
    filterset = IssueFilter(request.GET, issues_for(user).with_counts(), request=request)
    publications = Publication.objects.visible_to(user).order_by("name")
    offer_choices(filterset.form, "publication", publications.values_list("slug", "name"))
    topics = Topic.objects.visible_to(user).values_list("slug", "name")
    offer_choices(filterset.form, "topic", topics)
    listing = listing_of(request, filterset, ISSUE_ORDER, shown=ISSUE_FILTERS)
    context = {"listing": listing, "feed": feed_of(filterset, "Issues", "issues")}
    return render(request, "newsletter/list.html", context, status=listing.status)


@require_safe
def issue_detail(request: HttpRequest, slug: str) -> HttpResponse:
    issues = with_neighbours(issues_for(request.user), request.user)
    issue = get_object_or_404(issues, slug=slug)
    entries = with_margins(
        Entry.objects.visible_to(request.user).standing().filter(issue=issue), request.user
    ).select_related("topic", "section")
    entries = list(entries.defer("markdown").order_by("position", "pk"))
    put_margins(entries)
    sections = Section.objects.visible_to(request.user).standing().filter(issue=issue)
    blocks = outline(sections.select_related("topic"), entries)
    if not blocks:
        issue.refresh_from_db(fields=["html"])
    context = {
        "issue": issue,
        "feed": FeedLink(issue.publication.name, f"publications/{issue.publication.slug}"),
        "authors": issue.authors or issue.publication.authors,
        "blocks": blocks,
        "entry_count": len(entries),
        "paper_count": len({paper.pk for e in entries for paper in e.margin.papers}),
        "prize_count": len({prize.pk for e in entries for prize in e.margin.prizes}),
    }
    return render(request, "newsletter/detail.html", context)


def with_neighbours(issues: QuerySet[Issue], user) -> QuerySet[Issue]:
    """With slug and title of the publication's issues just after and just before each."""
    beside = Issue.objects.visible_to(user).filter(publication=OuterRef("publication"))
    beside = beside.exclude(pk=OuterRef("pk"))
    after = beside.filter(published_at__gte=OuterRef("published_at"))
    before = beside.filter(published_at__lt=OuterRef("published_at"))
    newer, older = after.order_by("published_at", "pk"), before.order_by("-published_at", "-pk")
    return issues.annotate(
        newer_slug=Subquery(newer.values("slug")[:1]),
        newer_title=Subquery(newer.values("title")[:1]),
        older_slug=Subquery(older.values("slug")[:1]),
        older_title=Subquery(older.values("title")[:1]),
    )


@require_safe
def topic_list(request: HttpRequest) -> HttpResponse:
    topics = Topic.objects.visible_to(request.user).with_counts(request.user)
    return render(request, "newsletter/topics.html", {"topics": topics})


@require_safe
def topic_detail(request: HttpRequest, slug: str) -> HttpResponse:
    topics = Topic.objects.visible_to(request.user).with_counts(request.user)
    topic = get_object_or_404(topics, slug=slug)
    entries = with_margins(
        Entry.objects.visible_to(request.user).standing().filter(topic=topic), request.user
    )
    entries = entries.select_related("issue__publication", "topic")
    entries = entries.defer(*(f"issue__{name}" for name in HEAVY), "markdown")
    listing = Listing()
    fill(listing, request, entries, ENTRY_ORDER, page_size=25)
    put_margins(listing.rows)
    feed = FeedLink(topic.name, f"topics/{topic.slug}")
    context = {"topic": topic, "listing": listing, "feed": feed}
    return render(request, "newsletter/topic.html", context, status=listing.status)
