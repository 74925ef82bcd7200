from collections.abc import Sequence
from datetime import UTC

from django.db.models import QuerySet
from django.db.models.functions import ExtractYear

from api.filters import named
from papers.models import Topic
from prizes.as_of import AsOf, prizes_as_of
from prizes.feed_entries import prize_entries, with_feed_parts
from prizes.models import Prize, PrizeMention
from prizes.money import with_pool
from prizes.searching import awards_in_the_open, deadlines_in_the_open, document
from search.kinds.columns import Columns, Values, moment, parts, related
from search.kinds.kind import ISSUE, TOPIC, YEAR, Hit, SearchKind, tally_of, year_bounds


def visible(user) -> QuerySet:
    return Prize.objects.visible_to(user)


def _told(user) -> QuerySet:
    return PrizeMention.objects.visible_to(user)


def of_topic(prizes: QuerySet, value: str, user) -> QuerySet:
    filed = Prize.topics.through.objects.filter(named(value, "topic"))
    return prizes.filter(pk__in=filed.values("prize"))


def of_issue(prizes: QuerySet, value: str, user) -> QuerySet:
    return prizes.filter(pk__in=_told(user).filter(named(value, "issue")).values("prize"))


def of_year(prizes: QuerySet, value: str, user) -> QuerySet:
    """Told of in an issue of that year."""
    start, end = year_bounds(int(value))
    told = _told(user).filter(issue__published_at__gte=start, issue__published_at__lt=end)
    return prizes.filter(pk__in=told.values("prize"))


def by_topic(keys: Sequence[int], user) -> QuerySet:
    filed = Prize.topics.through.objects.filter(prize__among=keys)
    return tally_of(filed, TOPIC, "topic__slug", "topic__name", "prize")


def by_year(keys: Sequence[int], user) -> QuerySet:
    told = _told(user).filter(prize__among=keys, issue__published_at__isnull=False)
    told = told.annotate(year=ExtractYear("issue__published_at", tzinfo=UTC))
    return tally_of(told, YEAR, "year", "year", "prize")


def by_issue(keys: Sequence[int], user) -> QuerySet:
    told = _told(user).filter(prize__among=keys)
    return tally_of(told, ISSUE, "issue__slug", "issue__title", "prize")


def columns() -> Columns:
    filed = Prize.topics.through.objects.all()
    return {
        **{name: name for name in ("name", "slug", "kind", "organiser", "description")},
        "created_at": "created_at",
        "topics": related(filed, "prize", "topic__position", "topic__name", "topic__slug"),
        "deadlines": related(deadlines_in_the_open(), "prize", "pk", "label"),
        "awards": related(awards_in_the_open(), "prize", "pk", "label"),
    }


def shown(key: int, values: Values) -> Hit:
    name, organiser = values["name"], values["organiser"]
    labels = [label for told in ("deadlines", "awards") for _, label in parts(values[told])]
    return Hit(
        kind="prize",
        key=key,
        title=name,
        path=Prize(slug=values["slug"]).get_absolute_url(),
        created_at=moment(values["created_at"]),
        about=values["kind"],
        authors=[organiser] if organiser else [],
        topics=[Topic(slug=slug, name=name) for _, name, slug in parts(values["topics"])],
        texts=document(key, name, organiser, [values["description"], *labels]),
    )


def feed_entries(keys: Sequence[int], user):
    now = AsOf.now()
    rows = with_pool(prizes_as_of(now, user), now).filter(pk__in=keys)
    prizes = list(with_feed_parts(rows))
    return zip([prize.pk for prize in prizes], prize_entries(prizes, user), strict=True)


PRIZES = SearchKind(
    name="prize",
    one="prize",
    many="prizes",
    visible=visible,
    narrow={TOPIC: of_topic, ISSUE: of_issue, YEAR: of_year},
    tally={TOPIC: by_topic, YEAR: by_year, ISSUE: by_issue},
    columns=columns(),
    shown=shown,
    entries=feed_entries,
)
