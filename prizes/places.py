"""The order in which a page lists deadlines: what is ahead first, then what is past."""

from django.db import models
from django.db.models import Case, F, Q, QuerySet, Value, When

from api.keyset import Key, Ordering
from prizes.as_of import AsOf
from prizes.models import Deadline, Precision


class Place(models.IntegerChoices):
    """Where a deadline stands; the label is the heading there."""

    AHEAD = 0, ""
    PAST = 1, "Past"
    ROLLING = 2, "Rolling"
    UNKNOWN = 3, "Date not known"
    CANCELLED = 4, "Called off"


# What is ahead with the soonest first, what is past with the latest first.
ORDER = Ordering.read(
    "place,ahead,-past",
    {
        "place": Key("place"),
        "ahead": Key("ahead_at", nullable=True),
        "past": Key("past_at", nullable=True),
    },
    Key("pk"),
)


def placed(deadlines: QuerySet[Deadline], as_of: AsOf) -> QuerySet[Deadline]:
    """With `place` and what `ORDER` needs; expects `deadlines_as_of`."""
    is_undated = Q(stated_precision=None) | Q(stated_earliest=None) | Q(stated_latest=None)
    place = Case(
        When(was_cancelled=True, then=Value(Place.CANCELLED)),
        When(stated_precision=Precision.ROLLING, then=Value(Place.ROLLING)),
        When(is_undated, then=Value(Place.UNKNOWN)),
        When(stated_latest__lt=as_of.instant, then=Value(Place.PAST)),
        default=Value(Place.AHEAD),
        output_field=models.IntegerField(),
    )
    return deadlines.annotate(place=place).annotate(
        ahead_at=Case(When(place=Place.AHEAD, then=F("stated_earliest"))),
        past_at=Case(When(place=Place.PAST, then=F("stated_latest"))),
    )
