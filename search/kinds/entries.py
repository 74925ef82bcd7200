from collections.abc import Sequence
from datetime import UTC

from django.db.models import QuerySet
from django.db.models.functions import ExtractYear, JSONObject

from api.filters import named
from newsletter.feeds import entry_entries, with_entry_parts
from newsletter.models import Entry, Issue
from newsletter.searching import document
from search.kinds.columns import Columns, Values, listed, moment, topic
from search.kinds.kind import ISSUE, TOPIC, YEAR, Hit, SearchKind, tally_of, year_bounds


def visible(user) -> QuerySet:
    return Entry.objects.visible_to(user).standing()


def of_year(entries: QuerySet, value: str, user) -> QuerySet:
    start, end = year_bounds(int(value))
    return entries.filter(issue__published_at__gte=start, issue__published_at__lt=end)


def by_topic(keys: Sequence[int], user) -> QuerySet:
    filed = Entry.objects.filter(pk__in=keys, topic__isnull=False)
    return tally_of(filed, TOPIC, "topic__slug", "topic__name", "pk")


def by_year(keys: Sequence[int], user) -> QuerySet:
    dated = Entry.objects.filter(pk__in=keys, issue__published_at__isnull=False)
    dated = dated.annotate(year=ExtractYear("issue__published_at", tzinfo=UTC))
    return tally_of(dated, YEAR, "year", "year", "pk")


def by_issue(keys: Sequence[int], user) -> QuerySet:
    entries = Entry.objects.filter(pk__in=keys)
    return tally_of(entries, ISSUE, "issue__slug", "issue__title", "pk")


def columns() -> Columns:
    return {
        **{name: name for name in ("headline", "html", "kind", "anchor", "created_at")},
        "issue": JSONObject(pk="issue", slug="issue__slug", title="issue__title"),
        "published_at": "issue__published_at",
        "topic_slug": "topic__slug",
        "topic_name": "topic__name",
    }


def shown(key: int, values: Values) -> Hit:
    issue, headline = Issue(**listed(values["issue"])), values["headline"]
    published = values["published_at"]
    return Hit(
        kind="entry",
        key=key,
        title=headline,
        path=Entry(issue=issue, anchor=values["anchor"]).get_absolute_url(),
        created_at=moment(values["created_at"]),
        about=values["kind"],
        published=f"{moment(published).astimezone(UTC):%Y-%m-%d}" if published else None,
        topics=topic(values["topic_slug"], values["topic_name"]),
        issue=issue,
        texts=document(key, headline, values["html"]),
    )


def feed_entries(keys: Sequence[int], user):
    entries = list(with_entry_parts(visible(user).filter(pk__in=keys)))
    return zip([entry.pk for entry in entries], entry_entries(entries, user), strict=True)


ENTRIES = SearchKind(
    name="entry",
    one="newsletter entry",
    many="newsletter entries",
    visible=visible,
    narrow={
        TOPIC: lambda entries, value, user: entries.filter(named(value, "topic")),
        ISSUE: lambda entries, value, user: entries.filter(named(value, "issue")),
        YEAR: of_year,
    },
    tally={TOPIC: by_topic, YEAR: by_year, ISSUE: by_issue},
    columns=columns(),
    shown=shown,
    entries=feed_entries,
)
