"""Whether one can still enter: derived from stated dates at an instant, never stored.

Both are expressions of the database, so that pages, filters and the API cannot disagree.
"""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from prizes.models import Announcement, Deadline, Precision, Prize

LAST_HOURS = timedelta(hours=24)
Kind = Deadline.Kind
# Dates by which something has to be handed in.
SUBMISSION_LIKE = [Kind.REGISTRATION, Kind.ABSTRACT, Kind.SUBMISSION, Kind.ROUND_END, Kind.FINAL]
# Once one of these has passed, nothing more can be handed in.
ENDING = [Kind.SUBMISSION, Kind.FINAL]
STATELESS = [Kind.OPENS, Kind.NOTIFICATION]


class Status(models.TextChoices):
    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"
    ROLLING = "rolling"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


class PrizeStatus(models.TextChoices):
    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"
    ROLLING = "rolling"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"


AHEAD = [Status.UPCOMING, Status.OPEN, Status.CLOSING, Status.ROLLING]


def with_deadline_status(
    deadlines: QuerySet[Deadline], opening: QuerySet[Deadline], at: datetime
) -> QuerySet[Deadline]:
    """With `status`; expects the `stated_…` columns of `prizes.as_of`.

    `opening` are deadlines with the same columns, as known at that instant too: a prize is not
    open before the earliest of its own that says when it opens.
    """
    opens = opening.filter(prize=OuterRef("prize"), kind=Kind.OPENS, was_cancelled=False)
    opens = opens.order_by(F("stated_earliest").asc(nulls_last=True)).values("stated_earliest")[:1]
    is_instant = Q(stated_earliest=F("stated_latest"))
    return deadlines.annotate(
        opens_at=Subquery(opens),
        status=Case(
            When(kind__in=STATELESS, then=Value(None, models.CharField())),
            When(was_cancelled=True, then=Value(Status.CANCELLED)),
            When(stated_precision=Precision.ROLLING, then=Value(Status.ROLLING)),
            When(
                Q(stated_precision=None) | Q(stated_latest=None) | Q(stated_earliest=None),
                then=Value(Status.UNKNOWN),
            ),
            When(stated_latest__lt=at, then=Value(Status.CLOSED)),
            When(opens_at__gt=at, then=Value(Status.UPCOMING)),
            When(is_instant & Q(stated_latest__lte=at + LAST_HOURS), then=Value(Status.CLOSING)),
            When(~is_instant & Q(stated_earliest__lte=at), then=Value(Status.CLOSING)),
            default=Value(Status.OPEN),
            output_field=models.CharField(null=True),
        ),
    )


def with_prize_status(
    prizes: QuerySet[Prize], deadlines: QuerySet[Deadline], at: datetime
) -> QuerySet[Prize]:
    """With `status` and `next_deadline_id`: the earliest submission-like deadline still ahead.

    `deadlines` carry their own status. With none ahead a prize is closed if a final or submission
    deadline has passed; one that was called off or put off as a whole says so.
    """
    entering = deadlines.filter(prize=OuterRef("pk"), kind__in=SUBMISSION_LIKE)
    ahead = entering.filter(status__in=AHEAD).order_by(
        F("stated_latest").asc(nulls_last=True), "pk"
    )
    as_a_whole = Announcement.objects.current_at(at).filter(
        prize=OuterRef("pk"), deadline=None, award=None
    )
    is_off = Exists(entering) & ~Exists(entering.filter(was_cancelled=False))
    return prizes.annotate(
        next_deadline_id=Subquery(ahead.values("pk")[:1]),
        status=Case(
            When(
                Exists(as_a_whole.filter(change=Announcement.Change.CANCELLED)) | is_off,
                then=Value(PrizeStatus.CANCELLED),
            ),
            When(
                Exists(as_a_whole.filter(change=Announcement.Change.POSTPONED)),
                then=Value(PrizeStatus.POSTPONED),
            ),
            default=Coalesce(
                Subquery(ahead.values("status")[:1]),
                Case(
                    When(
                        Exists(entering.filter(kind__in=ENDING, status=Status.CLOSED)),
                        then=Value(PrizeStatus.CLOSED),
                    ),
                    default=Value(PrizeStatus.UNKNOWN),
                ),
                output_field=models.CharField(),
            ),
            output_field=models.CharField(),
        ),
    )
