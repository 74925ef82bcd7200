"""A reader's own page: what they read, what comes next, what they have read."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from api.keyset import Key, KeysetPage, Ordering, keyset_page
from readinglists.models import ReadingList, ReadingState
from readinglists.reading.estimates import in_words, total_minutes
from readinglists.reading.progress import NextOnList, next_to_read

State = ReadingState.State
SHOWN = 10  # of each state, on the page that shows all
A_PAGE = 50
MOST_LISTS = 10
_KEYS = {"on": Key("on", nullable=True), "updated": Key("updated_at")}
LATEST = Ordering.read("-updated", _KEYS, Key("pk"))
LATEST_READ = Ordering.read("-on,-updated", _KEYS, Key("pk"))
# In the order in which they matter.
ORDER = (State.READING, State.TO_READ, State.READ)


@dataclass(frozen=True, slots=True)
class Shelf:
    """Papers in one state."""

    state: State
    count: int
    minutes: int
    rows: list[ReadingState]

    @property
    def label(self) -> str:
        return State(self.state).label.capitalize()

    @property
    def time(self) -> str:
        """What is still to be read takes time."""
        return in_words(self.minutes) if self.minutes and self.state != State.READ else ""


def shelves(user: Any) -> list[Shelf]:
    """In a handful of queries, whatever stands on them."""
    own = ReadingState.objects.visible_to(user)
    by_state = own.order_by().values("state")
    counted = by_state.annotate(minutes=total_minutes(user), count=Count("pk"))
    sums = {row["state"]: (row["count"], row["minutes"]) for row in counted}
    return [
        Shelf(state, *sums[state], rows=list(with_papers(in_order_of(state, own))[:SHOWN]))
        for state in ORDER
        if state in sums
    ]


def shelf_page(user: Any, state: str, cursor: str | None) -> KeysetPage:
    own = with_papers(ReadingState.objects.visible_to(user).filter(state=state))
    return keyset_page(own, _order(state), cursor, A_PAGE)


def next_on_lists(user: Any) -> list[NextOnList]:
    """Of the lists somebody keeps, shares or follows."""
    lists = ReadingList.objects.visible_to(user)
    members = ReadingList.objects.of_members(user).values("pk")
    followed = Q(followings__user=user)
    mine = lists.filter(Q(pk__in=members) | followed).distinct()
    return next_to_read(lists.filter(pk__in=mine.values("pk")), user, MOST_LISTS)


def in_order_of(state: str, own: QuerySet[ReadingState]) -> QuerySet[ReadingState]:
    return _order(state).apply(own.filter(state=state))


def _order(state: str) -> Ordering:
    return LATEST_READ if state == State.READ else LATEST


def with_papers(states: QuerySet[ReadingState]) -> QuerySet[ReadingState]:
    return states.select_related("paper").defer("paper__abstract", "paper__sources")
