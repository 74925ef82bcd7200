from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from api.filters import named
from newsletter.models import Link
from papers.feeds import paper_entries, with_feed_parts
from papers.models import Paper
from papers.models.works import FIRST_AUTHORS
from papers.searching import TEXTS, authors_of, document
from search.kinds.kind import ISSUE, TOPIC, VENUE, YEAR, Hit, SearchKind, tally_of


def of_topic(papers: QuerySet, value: str, user) -> QuerySet:
    filed = Paper.topics.through.objects.filter(named(value, "topic"))
    return papers.filter(pk__in=filed.values("paper"))


def of_issue(papers: QuerySet, value: str, user) -> QuerySet:
    mentions = Link.objects.visible_to(user).standing().filter(named(value, "issue"))
    return papers.filter(pk__in=mentions.filter(paper__isnull=False).values("paper"))


def by_topic(keys: Sequence[int], user) -> QuerySet:
    filed = Paper.topics.through.objects.filter(paper__among=keys)
    return tally_of(filed, TOPIC, "topic__slug", "topic__name", "paper")


def by_year(keys: Sequence[int], user) -> QuerySet:
    papers = Paper.objects.filter(pk__in=keys, published_year__isnull=False)
    return tally_of(papers, YEAR, "published_year", "published_year", "pk")


def by_issue(keys: Sequence[int], user) -> QuerySet:
    mentions = Link.objects.visible_to(user).standing().filter(paper__among=keys)
    return tally_of(mentions, ISSUE, "issue__slug", "issue__title", "paper")


def by_venue(keys: Sequence[int], user) -> QuerySet:
    papers = Paper.objects.filter(pk__in=keys, venue__isnull=False).exclude(venue="")
    return tally_of(papers, VENUE, "venue", "venue", "pk")


def show(keys: Sequence[int], user) -> Iterable[Hit]:
    papers = Paper.objects.visible_to(user).filter(pk__in=keys)
    authors = authors_of(keys)
    for paper in papers.prefetch_related("topics").defer("sources"):
        names = authors.get(paper.pk, [])
        yield Hit(
            kind="paper",
            key=paper.pk,
            title=paper.title,
            path=paper.get_absolute_url(),
            created_at=paper.created_at,
            about=paper.kind,
            authors=names[: FIRST_AUTHORS + 1],
            published=paper.published,
            venue=paper.venue or None,
            topics=list(paper.topics.all()),
            texts=document(paper.pk, [getattr(paper, name) for name in TEXTS], names),
        )


def entries(keys: Sequence[int], user):
    papers = list(with_feed_parts(Paper.objects.visible_to(user).filter(pk__in=keys)))
    return zip([paper.pk for paper in papers], paper_entries(papers, user), strict=True)


PAPERS = SearchKind(
    name="paper",
    one="paper",
    many="papers",
    visible=lambda user: Paper.objects.visible_to(user),
    narrow={
        TOPIC: of_topic,
        ISSUE: of_issue,
        YEAR: lambda papers, value, user: papers.filter(published_year=value),
        VENUE: lambda papers, value, user: papers.filter(venue=value),
    },
    tally={TOPIC: by_topic, YEAR: by_year, ISSUE: by_issue, VENUE: by_venue},
    show=show,
    entries=entries,
)
