"""Pages of issues and topics."""

from django.db.models import QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from api.keyset import Key, Ordering
from api.listing import Listing, fill
from newsletter.cards import put_margins, with_margins
from newsletter.models import Entry, Issue, Section
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
HEAVY = ("markdown", "html", "source_record", "extra")


def issues_for(user) -> QuerySet[Issue]:
    return Issue.objects.visible_to(user).select_related("publication").defer(*HEAVY)


@require_safe
def issue_list(request: HttpRequest) -> HttpResponse:
    listing = Listing()
    fill(listing, request, issues_for(request.user).with_counts(), ISSUE_ORDER)
    return render(request, "newsletter/list.html", {"listing": listing}, status=listing.status)


@require_safe
def issue_detail(request: HttpRequest, slug: str) -> HttpResponse:
    issue = get_object_or_404(issues_for(request.user), slug=slug)
    entries = with_margins(
        Entry.objects.visible_to(request.user).standing().filter(issue=issue), request.user
    ).select_related("topic", "section")
    entries = list(entries.defer("markdown").order_by("position", "pk"))
    put_margins(entries)
    sections = Section.objects.visible_to(request.user).standing().filter(issue=issue)
    blocks = outline(sections.select_related("topic"), entries)
    if not blocks:
        issue.refresh_from_db(fields=["html"])
    newer, older = neighbours(issue, request.user)
    context = {
        "issue": issue,
        "authors": issue.authors or issue.publication.authors,
        "blocks": blocks,
        "entry_count": len(entries),
        "paper_count": len({paper.pk for e in entries for paper in e.margin.papers}),
        "prize_count": len({prize.pk for e in entries for prize in e.margin.prizes}),
        "newer": newer,
        "older": older,
    }
    return render(request, "newsletter/detail.html", context)


def neighbours(issue: Issue, user) -> tuple[Issue | None, Issue | None]:
    """The publication's issues just after and just before this one, in one query."""
    if issue.published_at is None:
        return None, None
    others = Issue.objects.visible_to(user).filter(publication=issue.publication)
    others = others.exclude(pk=issue.pk).only("title", "slug", "published_at")
    later = others.filter(published_at__gte=issue.published_at).order_by("published_at", "pk")
    earlier = others.filter(published_at__lt=issue.published_at).order_by("-published_at", "-pk")
    beside = [Subquery(each.values("pk")[:1]) for each in (later, earlier)]
    found = sorted(others.filter(pk__in=beside), key=lambda other: other.published_at)
    newer = next((o for o in reversed(found) if o.published_at >= issue.published_at), None)
    older = next((o for o in found if o.published_at < issue.published_at), None)
    return newer, older


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
    context = {"topic": topic, "listing": listing}
    return render(request, "newsletter/topic.html", context, status=listing.status)
