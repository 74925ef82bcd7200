"""Issues and entries as feeds: the set and order of the page each belongs to."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from api.feeds import PAGING, feed_page, feed_view
from api.resources import absolute
from markup.feeds import Category, Feed, FeedEntry, Person
from newsletter.filters import IssueFilter
from newsletter.models import Entry, Issue, Publication
from newsletter.views import ENTRY_ORDER, HEAVY, ISSUE_ORDER
from papers.models import Topic

ISSUES_A_PAGE = 20  # they come whole
UNREAD = [name for name in HEAVY if name != "html"]


@feed_view
def issue_feed(request: HttpRequest) -> Feed:
    issues = with_issue_parts(Issue.objects.visible_to(request.user))
    filterset = IssueFilter(request.GET, issues, request=request, also_known=PAGING)
    page = feed_page(request, filterset, ISSUE_ORDER, ISSUES_A_PAGE)
    return Feed(
        id=page.first_url,
        url=absolute(f"/issues/?{page.query}" if page.query else "/issues/"),
        title="Issues",
        subtitle="Every mailing of the newsletter, newest first.",
        entries=issue_entries(page.rows, request.user),
        **page.addresses(),
    )


@feed_view
def publication_feed(request: HttpRequest, slug: str) -> Feed:
    publication = get_object_or_404(Publication.objects.visible_to(request.user), slug=slug)
    issues = Issue.objects.visible_to(request.user).filter(publication=publication)
    page = feed_page(request, with_issue_parts(issues), ISSUE_ORDER, ISSUES_A_PAGE)
    return Feed(
        id=page.first_url,
        url=absolute(f"/issues/?publication={publication.slug}"),
        title=publication.name,
        subtitle=publication.description or "",
        authors=people(publication.authors),
        language=publication.language,
        rights=rights_of(publication.name, publication.authors),
        entries=issue_entries(page.rows, request.user),
        **page.addresses(),
    )


@feed_view
def topic_feed(request: HttpRequest, slug: str) -> Feed:
    topic = get_object_or_404(Topic.objects.visible_to(request.user), slug=slug)
    entries = Entry.objects.visible_to(request.user).standing().filter(topic=topic)
    page = feed_page(request, with_entry_parts(entries), ENTRY_ORDER)
    return Feed(
        id=page.first_url,
        url=absolute(topic.get_absolute_url()),
        title=topic.name,
        subtitle=topic.description or f"What the newsletter says under {topic.name}.",
        entries=entry_entries(page.rows, request.user),
        **page.addresses(),
    )


def issue_entries(issues: Iterable[Issue], user) -> list[FeedEntry]:
    return [issue_entry(issue) for issue in issues]


def entry_entries(entries: Iterable[Entry], user) -> list[FeedEntry]:
    return [entry_entry(entry) for entry in entries]


def with_issue_parts(issues: QuerySet[Issue]) -> QuerySet[Issue]:
    return issues.select_related("publication").defer(*UNREAD)


def with_entry_parts(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    unread = [f"issue__{name}" for name in HEAVY]
    return entries.select_related("issue__publication", "topic").defer(*unread, "markdown")


def issue_entry(issue: Issue) -> FeedEntry:
    authors = issue.authors or issue.publication.authors
    return FeedEntry(
        id=absolute(f"/api/v1/issues/{issue.pk}/"),
        url=absolute(issue.get_absolute_url()),
        title=issue.title,
        updated=issue.updated_at,
        published=issue.published_at,
        summary="; ".join(map(str, issue.highlights)),
        content_html=issue.html,
        authors=people(authors),
        original_url=issue.url,
        rights=rights_of(issue.publication.name, authors),
    )


def entry_entry(entry: Entry) -> FeedEntry:
    """An entry of an issue as one of a feed: dated by its issue, in which it appeared."""
    issue = entry.issue
    authors = issue.authors or issue.publication.authors
    return FeedEntry(
        id=absolute(f"/api/v1/entries/{entry.pk}/"),
        url=absolute(entry.get_absolute_url()),
        title=entry.headline,
        updated=entry.updated_at,
        published=issue.published_at,
        content_html=entry.html,
        authors=people(authors),
        categories=[Category(entry.topic.slug, entry.topic.name)] if entry.topic else [],
        original_url=issue.url,
        rights=rights_of(f"{issue.title}, {issue.publication.name}", authors),
    )


def people(names: Iterable[object]) -> list[Person]:
    return [Person(str(name)) for name in names]


def rights_of(source: str, authors: Iterable[object]) -> str:
    """Whose words they are."""
    names = ", ".join(map(str, authors))
    return f"The text is its authors’: {source}{f', by {names}' if names else ''}."
