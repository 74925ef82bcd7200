"""How far one reader is with a list: for that reader alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import JSONObject

from papers.models import Paper
from readinglists.models import Item, ReadingList, ReadingState
from readinglists.naming import list_path
from readinglists.reading.estimates import in_words, total_minutes

State = ReadingState.State
UNREAD = "unread"  # of a paper of which the reader has noted nothing


@dataclass(frozen=True, slots=True)
class Progress:
    """Papers of a list that a reader may see, each once, by where they are with it."""

    total: int = 0
    read: int = 0
    reading: int = 0
    to_read: int = 0
    minutes_left: int = 0

    @classmethod
    def of(cls, row: Mapping[str, int]) -> Self:
        return cls(**{name: row[name] or 0 for name in cls.__slots__})

    @property
    def percent(self) -> int:
        return 100 * self.read // self.total if self.total else 0

    @property
    def left(self) -> str:
        return in_words(self.minutes_left) if self.minutes_left else ""


def progress_column(reading_list: ReadingList, user: Any) -> Subquery:
    """For a query of something else: what `Progress.of` reads, or null of a list without papers."""
    names = {name: name for name in Progress.__slots__}
    return Subquery(_counted([reading_list], user).values(numbers=JSONObject(**names)))


def standing(items: QuerySet[Item]) -> QuerySet[Item]:
    """Papers that were accepted: what is only proposed is not yet to be read."""
    return items.filter(deleted_at=None, is_proposed=False, paper__isnull=False)


def in_state(items: QuerySet[Item], user: Any, state: str) -> QuerySet[Item]:
    """Items whose paper is in a state for this reader, or in none."""
    mine = ReadingState.objects.filter(user=user)
    if state == UNREAD:
        return items.filter(paper__isnull=False).exclude(paper__in=mine.values("paper"))
    return items.filter(paper__in=mine.filter(state=state).values("paper"))


@dataclass(frozen=True, slots=True)
class NextOnList:
    """A list somebody reads, how far they are, and the first paper on it that is not read."""

    reading_list: ReadingList
    progress: Progress
    paper: Paper

    @property
    def path(self) -> str:
        return list_path(self.reading_list.pk, self.reading_list.slug)


def next_to_read(lists: QuerySet[ReadingList], user: Any, limit: int) -> list[NextOnList]:
    """Of each list the first unread paper in its order; lists that are read through are left out.

    In three queries, however many lists there are and however long they are.
    """
    visible = Paper.objects.visible_to(user)
    read = ReadingState.objects.filter(user=user, paper=OuterRef("paper"), state=State.READ)
    here = standing(
        Item.objects.filter(reading_list=OuterRef("pk"), paper__in=visible.values("pk"))
    )
    ahead = in_order(here.filter(~Exists(read))).values("paper")[:1]
    found = list(
        lists.annotate(next_paper=Subquery(ahead))
        .filter(next_paper__isnull=False)
        .order_by("-updated_at", "pk")[:limit]
    )
    papers = visible.in_bulk([each.next_paper for each in found])
    progress = _progress_by_list(found, user)
    return [
        NextOnList(each, progress[each.pk], papers[each.next_paper])
        for each in found
        if each.next_paper in papers
    ]


def in_order(items: QuerySet[Item]) -> QuerySet[Item]:
    """As the list shows them: what stands in no section, or in one in the trash, comes first."""
    section_place = Case(
        When(section__deleted_at=None, then=F("section__position")),
        output_field=IntegerField(null=True),
    )
    return items.order_by(section_place.asc(nulls_first=True), "position", "pk")


def _progress_by_list(lists: Iterable[ReadingList], user: Any) -> dict[Any, Progress]:
    return {row["reading_list"]: Progress.of(row) for row in _counted(lists, user)}


def _counted(lists: Iterable[ReadingList], user: Any) -> QuerySet[Item, Any]:
    """By list the numbers of `Progress`."""
    mine = ReadingState.objects.filter(user=user, paper=OuterRef("paper"))
    visible = Paper.objects.visible_to(user).values("pk")
    items = standing(Item.objects.filter(reading_list__in=list(lists), paper__in=visible))
    # A paper that stands on a list twice is read once.
    earlier = standing(
        Item.objects.filter(
            reading_list=OuterRef("reading_list"), paper=OuterRef("paper"), pk__lt=OuterRef("pk")
        )
    )
    items = items.filter(~Exists(earlier)).annotate(state=Subquery(mine.values("state")[:1]))
    unread = Q(state=None) | ~Q(state=State.READ)
    by_list = items.order_by().values("reading_list")
    return by_list.annotate(
        total=Count("pk"),
        **{state: Count("pk", filter=Q(state=state)) for state in State.values},
        minutes_left=total_minutes(user, filter=unread),
    )
