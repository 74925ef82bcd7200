"""Lists to begin with, made of the catalogue: what a newsletter recommended on each of its topics,
with its own words as notes.

They are rows in memory: the same ones for the same catalogue, down to the byte.
"""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, Prefetch

from accounts.models import User
from newsletter.models import Entry, Issue, Link, Publication
from papers.models import Topic
from prizes.models import PrizeMention
from readinglists.commentary import as_markdown, linked, quoted, words_of
from readinglists.editing.places import FIRST, GAP
from readinglists.editing.writing import rendered
from readinglists.models import Audience, Item, ListEvent, ListSection, Note, ReadingList
from readinglists.naming import list_slug

NAMESPACE = uuid.UUID("6c1f5b1c-35f4-5d55-9a0b-8c1b1f6b6a52")
# Nobody can sign in with it: no password has such a hash.
NO_PASSWORD = "!"  # noqa: S105


def demonstration_rows() -> Iterator[Model]:
    """All rows in the order in which they load: accounts, lists, and what stands on them."""
    made = [rows for publication in _publications() for rows in _lists(publication)]
    owners = {rows.reading_list.owner.username: rows.reading_list.owner for rows in made}
    yield from owners.values()
    yield from (rows.reading_list for rows in made)
    yield from (section for rows in made for section in rows.sections)
    yield from (item for rows in made for item in rows.items)
    yield from (note for rows in made for note in rows.notes)
    yield from (rows.event for rows in made)


def _publications() -> Iterable[Publication]:
    return Publication.objects.visible_to(AnonymousUser()).order_by("slug")


@dataclass(slots=True)
class Rows:
    """One list with all that stands on it."""

    reading_list: ReadingList
    event: ListEvent
    sections: list[ListSection] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def _lists(publication: Publication) -> Iterator[Rows]:
    by_topic: dict[Topic, list[Entry]] = {}
    for entry in _entries(publication):
        if entry.topic is not None:
            by_topic.setdefault(entry.topic, []).append(entry)
    first = min((_told_at(entries[0]) for entries in by_topic.values()), default=None)
    owner = _account(publication, first)
    for topic in sorted(by_topic, key=lambda topic: (topic.position, topic.slug)):
        yield _Maker(publication, owner, topic).make(by_topic[topic])


def _entries(publication: Publication) -> Iterable[Entry]:
    """Oldest first: what a later issue recommends comes to the end, and moves nothing."""
    anyone = AnonymousUser()
    presented = Link.objects.visible_to(anyone).filter(role=Link.Role.PRIMARY)
    mentions = PrizeMention.objects.visible_to(anyone)
    entries = Entry.objects.visible_to(anyone).filter(issue__publication=publication)
    return (
        entries.select_related("issue__publication", "topic")
        .prefetch_related(
            Prefetch(
                "links",
                presented.filter(paper__is_hidden=False)
                .select_related("paper")
                .order_by("position"),
                to_attr="recommended",
            ),
            Prefetch(
                "prize_mentions",
                mentions.select_related("prize").order_by("prize__slug"),
                to_attr="told_prizes",
            ),
        )
        .order_by("issue__published_at", "issue__slug", "position", "pk")
    )


def _account(publication: Publication, since: datetime | None) -> User:
    """The newsletter as the author of what it said; an account that nobody can sign in to."""
    return User(
        username=publication.name[:150],
        public_id=_derived("account", publication.slug),
        password=NO_PASSWORD,
        is_active=False,
        date_joined=since,
    )


def _derived(*names: str) -> uuid.UUID:
    return uuid.uuid5(NAMESPACE, "|".join(names))


class _Maker:
    """Makes the list of one topic of one newsletter."""

    def __init__(self, publication: Publication, owner: User, topic: Topic) -> None:
        self.publication = publication
        self.owner = owner
        self.topic = topic

    def make(self, entries: Sequence[Entry]) -> Rows:
        made_at = max(map(_told_at, entries))
        rows = self._list(made_at)
        items: dict[str, Item] = {}
        sections: dict[int, ListSection] = {}
        issues: dict[int, dict[Issue, None]] = {}
        for entry in entries:
            year = _told_at(entry).year
            if year not in sections:
                sections[year] = self._section(rows, year, place=len(sections))
            issues.setdefault(year, {})[entry.issue] = None
            for name, target in _targets(entry):
                if name not in items:
                    place = FIRST + GAP * len(items)
                    items[name] = self._item(rows, sections[year], place, name, entry, target)
                if note := self._note(items[name], name, entry):
                    rows.notes.append(note)
        for year, section in sections.items():
            section.prose = "From " + ", ".join(map(_linked, issues[year])) + "."
            section.prose_html = rendered(section.prose)
        rows.sections = list(sections.values())
        rows.items = list(items.values())
        return rows

    def _id(self, *names: str) -> uuid.UUID:
        return _derived(self.publication.slug, self.topic.slug, *names)

    def _list(self, made_at: datetime) -> Rows:
        title = f"{self.topic.name}: recommended by the {self.publication.name}"
        said_by = linked(self.publication.name, self.publication.url)
        description = (
            f"What the {said_by} recommended on {self.topic.name.lower()}, oldest first. "
            "The notes are its own words."
        )
        reading_list = ReadingList(
            id=self._id(),
            title=title,
            slug=list_slug(title),
            description=description,
            description_html=rendered(description),
            owner=self.owner,
            cover_topic=self.topic,
            language=self.publication.language,
            visibility=ReadingList.Visibility.PUBLIC,
            created_at=made_at,
            updated_at=made_at,
        )
        event = ListEvent(
            id=self._id("made"),
            reading_list=reading_list,
            version=reading_list.version,
            actor=self.owner,
            verb="made",
            subject_kind="list",
            subject_id=reading_list.pk,
            after={"list": {str(reading_list.pk): {"title": title}}},
            at=made_at,
        )
        return Rows(reading_list, event)

    def _section(self, rows: Rows, year: int, place: int) -> ListSection:
        return ListSection(
            id=self._id("section", str(year)),
            reading_list=rows.reading_list,
            title=str(year),
            position=FIRST + GAP * place,
        )

    def _item(
        self,
        rows: Rows,
        section: ListSection,
        place: int,
        name: str,
        entry: Entry,
        target: dict[str, Model],
    ) -> Item:
        return Item(
            id=self._id("item", name),
            reading_list=rows.reading_list,
            section=section,
            position=place,
            added_by=self.owner,
            added_at=_told_at(entry),
            **target,
        )

    def _note(self, item: Item, name: str, entry: Entry) -> Note | None:
        """What the entry says, credited; none where it is but a title and a link."""
        words = words_of(entry.html)
        says_more = words != [as_markdown(entry.headline)] or item.entry is None
        if not words or not says_more:
            return None
        issue = entry.issue
        authors = ", ".join(map(str, issue.authors or self.publication.authors))
        markdown = quoted(words, [authors, _linked(issue), f"{_told_at(entry):%Y-%m-%d}"])
        return Note(
            id=self._id("note", name, issue.slug, entry.anchor),
            item=item,
            author=self.owner,
            audience=Audience.PUBLIC,
            markdown=markdown,
            html=rendered(markdown),
            created_at=_told_at(entry),
            updated_at=_told_at(entry),
        )


def _targets(entry: Entry) -> Iterator[tuple[str, dict[str, Model]]]:
    """What an entry recommends, under a name that no other thing has: the papers it presents, or
    its prizes, or else the entry itself."""
    papers = {link.paper.citation_key: link.paper for link in entry.recommended}
    prizes = {mention.prize.slug: mention.prize for mention in entry.told_prizes}
    for key, paper in papers.items():
        yield f"paper:{key}", {"paper": paper}
    if papers:
        return
    for slug, prize in prizes.items():
        yield f"prize:{slug}", {"prize": prize}
    if not prizes:
        yield f"entry:{entry.issue.slug}#{entry.anchor}", {"entry": entry}


def _told_at(entry: Entry) -> datetime:
    return entry.issue.published_at or datetime.fromtimestamp(0, UTC)


def _linked(issue: Issue) -> str:
    return linked(issue.title, issue.url)
