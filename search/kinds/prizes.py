from collections.abc import Iterable, Sequence
from datetime import UTC

from django.db.models import QuerySet
from django.db.models.functions import ExtractYear

from api.filters import named
from prizes.as_of import AsOf, prizes_as_of
from prizes.feed_entries import prize_entries, with_feed_parts
from prizes.models import Prize, PrizeMention
from prizes.money import with_pool
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


def show(keys: Sequence[int], user) -> Iterable[Hit]:
    for prize in visible(user).filter(pk__in=keys).prefetch_related("topics"):
        yield Hit(
            kind="prize",
            key=prize.pk,
            title=prize.name,
            path=prize.get_absolute_url(),
            created_at=prize.created_at,
            about=prize.kind,
            authors=[prize.organiser] if prize.organiser else [],
            topics=list(prize.topics.all()),
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
    show=show,
    entries=feed_entries,
)
