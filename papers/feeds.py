"""Papers as a feed: the set and order of /papers/ for the same query string."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from api.feeds import PAGING, feed_page, feed_view
from api.resources import absolute, grouped
from markup.feeds import Category, Feed, FeedEntry, Person
from papers.filters import PaperFilter
from papers.models import Authorship, Paper
from papers.rows import related_model
from papers.templatetags.paper_words import date_words
from papers.views import NEWEST_FIRST

AUTHORS_NAMED = 20
MENTIONS_NAMED = 200  # of all the papers of a page


@feed_view
def paper_feed(request: HttpRequest) -> Feed:
    papers = with_feed_parts(Paper.objects.visible_to(request.user))
    filterset = PaperFilter(request.GET, papers, request=request, also_known=PAGING)
    page = feed_page(request, filterset, NEWEST_FIRST)
    address = absolute(f"/papers/?{page.query}" if page.query else "/papers/")
    return Feed(
        id=page.first_url,
        url=address,
        title="Papers",
        subtitle="Works the issues point at, newest first, with what was said about them.",
        entries=paper_entries(page.rows, request.user),
        **page.addresses(),
    )


def with_feed_parts(papers: QuerySet[Paper]) -> QuerySet[Paper]:
    written = Authorship.objects.filter(position__lte=AUTHORS_NAMED).order_by("position")
    named = Prefetch("authorships", written.select_related("author"), to_attr="named_authorships")
    return papers.defer("sources").prefetch_related(named, "topics")


def paper_entries(papers: Iterable[Paper], user) -> list[FeedEntry]:
    """Of papers read by `with_feed_parts`, in one query more."""
    papers = list(papers)
    told = mentions_of([paper.pk for paper in papers], user)
    return [paper_entry(paper, told.get(paper.pk, [])) for paper in papers]


def paper_entry(paper: Paper, mentions: Iterable[Any]) -> FeedEntry:
    return FeedEntry(
        id=absolute(f"/api/v1/papers/{paper.pk}/"),  # the page's address follows its title
        url=absolute(paper.get_absolute_url()),
        title=paper.title,
        updated=paper.updated_at,
        published=moment_of(paper),
        summary=paper.abstract or "",
        content_html=content_of(paper, mentions),
        authors=[
            Person(each.name_as_printed, orcid_address(each.author))
            for each in paper.named_authorships[:AUTHORS_NAMED]
        ],
        categories=[Category(topic.slug, topic.name) for topic in paper.topics.all()],
        original_url=paper.url,
    )


def orcid_address(author) -> str | None:
    return f"https://orcid.org/{author.orcid}" if author and author.orcid else None


def moment_of(paper: Paper) -> datetime | None:
    """Only a day that is known: a year is not its first of January."""
    year, month, day = paper.published_year, paper.published_month, paper.published_day
    return datetime(year, month, day, tzinfo=UTC) if year and month and day else None


def mentions_of(ids: list[int], user) -> dict[int, list[Any]]:
    """Where issues speak of each, the latest first."""
    links = related_model(Paper, "mentions").objects.visible_to(user).standing()
    links = links.filter(paper__among=ids, entry__withdrawn_at=None)
    links = links.select_related("issue", "entry").only(
        "paper", "issue__title", "issue__slug", "entry__headline", "entry__anchor"
    )
    latest = links.order_by("-issue__published_at", "position", "pk")[:MENTIONS_NAMED]
    return grouped((link.paper_id, link) for link in latest)


def content_of(paper: Paper, mentions: Iterable[Any]) -> SafeString:
    known = [names_of(paper), date_words(paper.published), paper.venue]
    facts = format_html_join(" · ", "{}", ((fact,) for fact in known if fact))
    said = format_html_join("", "<li>{}</li>", ((mention_words(link),) for link in mentions))
    return format_html(
        "{}{}{}",
        format_html("<p>{}</p>", facts) if facts else "",
        format_html("<p>{}</p>", paper.abstract) if paper.abstract else "",
        format_html("<p>In the newsletter:</p><ul>{}</ul>", said) if said else "",
    )


def mention_words(link) -> SafeString:
    path = link.issue.get_absolute_url()
    if link.entry is None:
        return format_html('<a href="{}">{}</a>', absolute(path), link.issue.title)
    return format_html(
        '<a href="{}#{}">{}</a>, {}',
        absolute(path),
        link.entry.anchor,
        link.entry.headline,
        link.issue.title,
    )


def names_of(paper: Paper) -> str:
    names = [each.name_as_printed for each in paper.named_authorships]
    shown = ", ".join(names[:AUTHORS_NAMED])
    return f"{shown} et al." if len(names) > AUTHORS_NAMED else shown
