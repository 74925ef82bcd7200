"""What one reader tracks, in the order in which it needs them."""

from django.db.models import QuerySet

from prizes.as_of import AsOf, prizes_as_of
from prizes.board import complete_prizes, with_board
from prizes.models import Prize, Tracking
from prizes.money import with_pool

MOST = 500


def tracked_prizes(user, as_of: AsOf) -> list[tuple[str, list[Tracking]]]:
    """By stage, those with a date ahead first; each tracking's `prize` as a card shows it."""
    trackings = list(Tracking.objects.visible_to(user).order_by("pk")[:MOST])
    prizes = with_pool(prizes_as_of(as_of, user), as_of)
    shown: QuerySet[Prize] = with_board(prizes, as_of, user)
    cards = shown.in_bulk([tracking.prize_id for tracking in trackings])
    complete_prizes(list(cards.values()), as_of, user)
    for tracking in trackings:
        tracking.prize = cards[tracking.prize_id]
    trackings.sort(key=_soonest_first)
    stages = [
        (stage.label, [each for each in trackings if each.stage == stage])
        for stage in Tracking.Stage
    ]
    return [(label, some) for label, some in stages if some]


def _soonest_first(tracking: Tracking) -> tuple[bool, float, str]:
    date = tracking.prize.next_date
    latest = getattr(date, "latest_utc", None)
    return (latest is None, latest.timestamp() if latest else 0, tracking.prize.name.casefold())
