"""What is new on lists to somebody who follows them: items and notes that others brought since they
last looked, as far as they stand and may be seen now. It is read from the lists' events."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    CharField,
    F,
    IntegerField,
    JSONField,
    Q,
    QuerySet,
    Value,
    When,
    Window,
)
from django.db.models.functions import RowNumber

from readinglists.models import Audience, Following, Item, ListEvent, ReadingList
from readinglists.rights import readable_notes

# Events that bring something, rather than change or move it.
ITEM_VERBS = ("added", "accepted", "proposed")
NOTE_VERBS = ("noted",)
MOST_EVENTS = 2_000  # of all lists that are asked for at once
MOST_BULK = 50  # of those that brought many items


@dataclass(slots=True)
class News:
    """Of one list. `is_cut` if there was more than is looked through."""

    items: set[UUID] = field(default_factory=set)
    # Items with new notes, and how many notes those are.
    noted: dict[UUID, int] = field(default_factory=dict)
    is_cut: bool = False

    @property
    def note_count(self) -> int:
        return sum(self.noted.values())

    def __bool__(self) -> bool:
        return bool(self.items or self.noted)


def news_of(followings: Iterable[Following], user: Any) -> dict[UUID, News]:
    """By list, in two queries, however much has happened."""
    by_list = {following.reading_list_id: following for following in followings}
    news = {pk: News() for pk in by_list}
    named: set[UUID] = set()
    for reading_list, place, most, subject, before, after in _events(by_list.values(), user):
        if place > most:
            news[reading_list].is_cut = True
        named |= {UUID(pk) for pk in _brought(before, after)} or {subject}
    if named:
        _keep_standing(news, named, user)
    return news


def news_for(reading_list: ReadingList, user: Any) -> News | None:
    """Of one list; None for whoever does not follow it."""
    if not user.is_authenticated:
        return None
    following = Following.objects.filter(reading_list=reading_list, user=user).first()
    return news_of([following], user)[reading_list.pk] if following else None


def _events(followings: Iterable[Following], user: Any) -> Iterable[tuple[Any, ...]]:
    """The latest, and one more of each kind than are looked through; what was before and after an
    event is read of those alone that brought many items."""
    brought_many = Q(subject_kind="list", verb__in=ITEM_VERBS)
    brought_one = Q(subject_kind="item", verb__in=ITEM_VERBS)
    brought_one |= Q(subject_kind="note", verb__in=NOTE_VERBS)
    most = Case(
        When(subject_kind="list", then=MOST_BULK),
        default=MOST_EVENTS,
        output_field=IntegerField(),
    )
    place = Window(RowNumber(), partition_by="most", order_by=["-at", "pk"])
    latest = _since(followings, user).filter(brought_one | brought_many)
    latest = latest.annotate(most=most, place=place).filter(place__lte=F("most") + 1)
    return latest.order_by().values_list(
        *("reading_list", "place", "most", "subject_id"), _if_many("before"), _if_many("after")
    )


def _if_many(column: str) -> Case:
    nothing = Value(None, JSONField())
    return Case(When(subject_kind="list", then=column), default=nothing, output_field=JSONField())


def _since(followings: Iterable[Following], user: Any) -> QuerySet[ListEvent]:
    """Events by others, since each list was last looked at."""
    lists = [following.reading_list_id for following in followings]
    events = ListEvent.objects.filter(
        reading_list__in=lists,
        reading_list__followings__user=user,
        version__gt=F("reading_list__followings__looked_at_version"),
    )
    return events.exclude(actor=user)


def _brought(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[str]:
    """The items that an event put there; others were only moved aside for them."""
    stood = (before or {}).get("item", {})
    states = (after or {}).get("item", {})
    return [pk for pk, state in states.items() if state is not None and stood.get(pk) is None]


def _keep_standing(news: Mapping[UUID, News], named: set[UUID], user: Any) -> None:
    lists = ReadingList.objects.visible_to(user).filter(pk__in=list(news))
    items = Item.objects.on_lists(lists, user).filter(pk__in=named)
    notes = readable_notes(user, lists).filter(pk__in=named)
    # What is for nobody else is no news, and one's own least of all.
    notes = notes.exclude(author=user).exclude(audience=Audience.PRIVATE)
    kind = CharField()
    standing = items.order_by().values_list("reading_list", "pk", Value("item", kind))
    said = notes.order_by().values_list("item__reading_list", "item", Value("note", kind))
    for reading_list, item, what in standing.union(said, all=True).order_by():
        if what == "item":
            news[reading_list].items.add(item)
        else:
            noted = news[reading_list].noted
            noted[item] = noted.get(item, 0) + 1
