"""Synthetic lists, in bulk and yet as editing would have left them: places with gaps, a first event
each, texts rendered, all of it in the index and in the log of changes."""

import random
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import batched

from accounts.models import User
from api.changes import record
from papers.models import Paper, Topic
from readinglists.editing.lists import MOST_LISTS
from readinglists.editing.places import FIRST, GAP
from readinglists.editing.writing import rendered
from readinglists.models import Audience, Item, ListEvent, ListSection, Note, ReadingList
from readinglists.naming import list_slug
from readinglists.searching import index_notes

NAMESPACE = uuid.UUID("3a0ce0f6-54d5-5c0e-9f3c-2f7f6a3f8d21")
BATCH = 1_000
ITEMS_A_LIST = 20
MOST_SECTIONS = 3
PAPERS = 10_000  # of which items are drawn
START = datetime(2024, 1, 1, tzinfo=UTC)

type Sentence = Callable[[int], str]


def add_lists(count: int, topics: Sequence[Topic], chance: random.Random, say: Sentence) -> None:
    """`say` gives a sentence of so many words."""
    start = ReadingList.objects.filter(owner__username__startswith="demo").count()
    papers = list(Paper.objects.order_by("pk").values_list("pk", flat=True)[:PAPERS])
    owners = _owners(start, count)
    for numbers in batched(range(start, start + count), BATCH):
        made = [_Made(number, owners[number // MOST_LISTS]) for number in numbers]
        for each in made:
            each.fill(papers, topics, chance, say)
        _save(made)


def _owners(start: int, count: int) -> dict[int, User]:
    """As many accounts as have to share them: one has a thousand lists at most."""
    wanted = range(start // MOST_LISTS, (start + max(count, 1) - 1) // MOST_LISTS + 1)
    names = {number: f"demo-{number}" if number else "demo" for number in wanted}
    return {
        number: User.objects.get_or_create(username=name, defaults={"is_active": False})[0]
        for number, name in names.items()
    }


class _Made:
    """One list with what stands on it."""

    def __init__(self, number: int, owner: User) -> None:
        self.number = number
        self.owner = owner
        self.at = START + timedelta(minutes=number)

    def fill(
        self,
        papers: Sequence[int],
        topics: Sequence[Topic],
        chance: random.Random,
        say: Sentence,
    ) -> None:
        title, text = say(4), say(20)
        self.reading_list = ReadingList(
            id=self._id("list"),
            title=title,
            slug=list_slug(title),
            description=text,
            description_html=rendered(text),
            owner=self.owner,
            cover_topic=chance.choice(topics) if topics else None,
            visibility=chance.choice(ReadingList.Visibility.values),
            updated_at=self.at,
        )
        self.event = ListEvent(
            id=self._id("made"),
            reading_list=self.reading_list,
            version=self.reading_list.version,
            actor=self.owner,
            verb="made",
            subject_kind="list",
            subject_id=self.reading_list.pk,
            after={"list": {str(self.reading_list.pk): {"title": title}}},
        )
        self.sections = [
            ListSection(
                id=self._id("section", place),
                reading_list=self.reading_list,
                title=say(2),
                prose=(prose := say(15)),
                prose_html=rendered(prose),
                position=FIRST + GAP * place,
            )
            for place in range(chance.randint(0, MOST_SECTIONS))
        ]
        chosen = chance.sample(papers, min(ITEMS_A_LIST, len(papers)))
        self.items = [self._item(place, paper) for place, paper in enumerate(chosen)]
        self.notes = [self._note(item, chance, say) for item in self.items]

    def _item(self, place: int, paper: int) -> Item:
        # The first items stand before all sections, the others in them one after the other.
        part = place * (len(self.sections) + 1) // ITEMS_A_LIST
        return Item(
            id=self._id("item", place),
            reading_list=self.reading_list,
            section=self.sections[part - 1] if part else None,
            position=FIRST + GAP * place,
            paper_id=paper,
            added_by=self.owner,
        )

    def _note(self, item: Item, chance: random.Random, say: Sentence) -> Note:
        text = say(12)
        return Note(
            id=uuid.uuid5(NAMESPACE, f"note {item.pk}"),
            item=item,
            author=self.owner,
            audience=chance.choice(Audience.values),
            markdown=text,
            html=rendered(text),
        )

    def _id(self, *names: object) -> uuid.UUID:
        return uuid.uuid5(NAMESPACE, " ".join(map(str, (self.number, *names))))


def _save(made: Sequence[_Made]) -> None:
    ReadingList.objects.bulk_create(each.reading_list for each in made)
    ListEvent.objects.bulk_create(each.event for each in made)
    ListSection.objects.bulk_create(_all(made, "sections"))
    Item.objects.bulk_create(_all(made, "items"))
    notes = Note.objects.bulk_create(_all(made, "notes"))
    for is_open in (True, False):
        record(
            "list",
            [
                each.reading_list.pk
                for each in made
                if (each.reading_list.visibility == ReadingList.Visibility.PUBLIC) == is_open
            ],
            "created",
            is_open=is_open,
        )
    index_notes(note.pk for note in notes)


def _all(made: Sequence[_Made], name: str) -> Iterator:
    for each in made:
        yield from getattr(each, name)
