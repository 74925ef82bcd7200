from collections.abc import Sequence

from django.db.models import QuerySet

from api.filters import named
from newsletter.models import Link
from papers.feeds import paper_entries, with_feed_parts
from papers.models import Authorship, Paper, Topic
from papers.models.works import FIRST_AUTHORS, paper_path, printed_date
from papers.searching import TEXTS, document
from search.kinds.columns import Columns, Values, listed, moment, parts, related
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


def columns() -> Columns:
    filed = Paper.topics.through.objects.all()
    return {
        **{name: name for name in (*TEXTS, "kind", "created_at")},
        **{name: name for name in ("published_year", "published_month", "published_day")},
        "authors": related(Authorship.objects.all(), "paper", "position", "name_as_printed"),
        "topics": related(filed, "paper", "topic__position", "topic__name", "topic__slug"),
    }


def shown(key: int, values: Values) -> Hit:
    names = [name for _, name in parts(values["authors"])]
    texts = {**values, "alternative_titles": listed(values["alternative_titles"])}
    return Hit(
        kind="paper",
        key=key,
        title=values["title"],
        path=paper_path(key, values["title"]),
        created_at=moment(values["created_at"]),
        about=values["kind"],
        authors=names[: FIRST_AUTHORS + 1],
        published=printed_date(
            values["published_year"], values["published_month"], values["published_day"]
        ),
        venue=values["venue"] or None,
        topics=[Topic(slug=slug, name=name) for _, name, slug in parts(values["topics"])],
        texts=document(key, [texts[name] for name in TEXTS], names),
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
    columns=columns(),
    shown=shown,
    entries=entries,
)
