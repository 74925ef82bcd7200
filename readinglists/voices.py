"""Who says what about the things on a list: the newsletter in its own words, then people in theirs.

For a page of items in three queries, however much was said; what is too much is counted.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from api.resources import grouped
from markup.urls import clean_url
from newsletter.models import Entry, Link
from papers.tellings import UNREAD, Telling
from readinglists.access import Access
from readinglists.commentary import as_text, words_of
from readinglists.models import Audience, Item, Note
from readinglists.rights import Standing, visible_notes

# Of an item so many notes are read for a page of many, and so many of them stand open.
MOST_NOTES = 20
OPEN_NOTES = 4
# So many tellings of one paper, the latest first.
MOST_TELLINGS = 3
_PARAGRAPH = re.compile(r"<p>.*?</p>", re.DOTALL)
_IDS = re.compile(r' id="[^"]*"')
_SHORT = 90
_LONGEST = 900
_LONGEST_OPENING = 320


@dataclass(frozen=True, slots=True)
class Commentary:
    """What an issue says of the thing: quoted, with where it stands and first stood."""

    telling: Telling
    # Its paragraphs as Markdown, without the labels of its links.
    said: Sequence[str]

    @property
    def name(self) -> str:
        issue = self.telling.issue
        newsletter = issue.publication.name
        return issue.title if newsletter in issue.title else f"{newsletter}, {issue.title}"

    @property
    def address(self) -> str:
        return self.telling.address

    @property
    def authors(self) -> str:
        issue = self.telling.issue
        return ", ".join(map(str, issue.authors or issue.publication.authors))

    @property
    def source(self) -> str | None:
        """Where it was first published."""
        issue = self.telling.issue
        return clean_url(issue.url or "") or clean_url(issue.source_url or "")

    @property
    def published_at(self) -> Any:
        return self.telling.issue.published_at

    @property
    def html(self) -> str:
        """Its first paragraph, and the next where that is but a line; without ids, since the same
        entry may be quoted twice on a page."""
        whole = self.telling.html
        said, length = [], 0
        for paragraph in _PARAGRAPH.findall(whole):
            said.append(paragraph)
            length += len(paragraph)
            if length > _SHORT:
                break
        return _IDS.sub("", "".join(said) if said and length <= _LONGEST * 4 else whole)

    @property
    def opening(self) -> str:
        """How it begins, in a few sentences: for a margin."""
        words = as_text(self.said[0]).removeprefix("- ") if self.said else ""
        if len(words) <= _LONGEST_OPENING:
            return words
        end = max(words.rfind(mark, 0, _LONGEST_OPENING) for mark in (". ", "? ", "! "))
        if end >= _LONGEST_OPENING // 3:
            return words[: end + 1]
        return f"{words[:_LONGEST_OPENING].rsplit(None, 1)[0]} …"

    def is_said_in(self, notes: Iterable[Note]) -> bool:
        """Whether somebody quotes it already, word for word."""
        return bool(self.said) and any(self.said[0] in note.markdown for note in notes)


@dataclass(slots=True)
class Voices:
    """All that is said of one item, to one reader."""

    item: Item
    access: Access
    commentaries: list[Commentary] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    note_count: int = 0

    def __bool__(self) -> bool:
        return bool(self.commentaries or self.notes)

    @property
    def open_notes(self) -> list[Note]:
        return self.notes[:OPEN_NOTES]

    @property
    def folded_notes(self) -> list[Note]:
        return self.notes[OPEN_NOTES:]

    @property
    def left_out(self) -> int:
        return self.note_count - len(self.notes)

    @property
    def may_add(self) -> bool:
        return may_write_any(self.access.standing)

    @property
    def address(self) -> str:
        """Where all of them stand, and one's own can be added."""
        return self.access.url("item-notes", item=self.item.pk)


def may_write_any(standing: Standing) -> bool:
    """Whether somebody may write notes here at all, be it for themselves alone."""
    return standing.user.is_authenticated and standing.sees_notes


def may_remove(note: Note, standing: Standing) -> bool:
    is_own = note.author_id == standing.user.pk
    return is_own or (standing.may_edit and note.audience != Audience.PRIVATE)


def voices_of(items: Sequence[Item], access: Access, most: int = MOST_NOTES) -> dict[UUID, Voices]:
    """By item; of those whose paper or entry the reader may not see, the notes alone."""
    voices = {item.pk: Voices(item, access) for item in items}
    for pk, notes in (_notes(voices, access, most) if most else {}).items():
        voices[pk].notes = notes
        voices[pk].note_count = notes[0].how_many
    said = _commentaries(items, access.standing.user)
    for item in items:
        here = said.get(("paper", item.paper_id)) or said.get(("entry", item.entry_id)) or []
        unsaid = [each for each in here if not each.is_said_in(voices[item.pk].notes)]
        voices[item.pk].commentaries = unsaid[:MOST_TELLINGS]
    return voices


def _notes(ids: Iterable[UUID], access: Access, most: int) -> Mapping[UUID, list[Any]]:
    standing = access.standing
    oldest_first = [F("created_at").asc(), F("pk").asc()]
    notes = visible_notes(standing).filter(item__in=list(ids))
    notes = notes.annotate(
        place=Window(RowNumber(), partition_by="item", order_by=oldest_first),
        how_many=Window(Count("pk"), partition_by="item"),
    ).filter(place__lte=most)
    found = list(notes.select_related("author").order_by("item", "created_at", "pk"))
    for note in found:
        if note.author_id == standing.user.pk:
            note.edit_address = access.url("note", note=note.pk)
        if may_remove(note, standing):
            note.remove_address = access.url("note-remove", note=note.pk)
    return grouped((note.item_id, note) for note in found)


def _commentaries(items: Sequence[Item], user: Any) -> Mapping[tuple[str, Any], list[Commentary]]:
    papers = [item.paper_id for item in items if item.paper_id]
    entries = [item.entry_id for item in items if item.entry_id]
    tellings: dict[tuple[str, Any], dict[int, Telling]] = {}
    for link in _links(papers, user) if papers else ():
        told = tellings.setdefault(("paper", link.paper_id), {})
        told.setdefault(link.entry_id, Telling(link.issue, link.entry)).links.append(link)
    for entry in _entries(entries, user) if entries else ():
        own = Link(role=Link.Role.PRIMARY)
        tellings[("entry", entry.pk)] = {entry.pk: Telling(entry.issue, entry, [own])}
    return {
        about: [Commentary(telling, words_of(telling.html)) for telling in told.values()]
        for about, told in tellings.items()
    }


def _links(papers: Sequence[int], user: Any) -> Iterable[Any]:
    """Those that present a paper, the latest first; a paper that is only cited somewhere has no
    commentary."""
    links = Link.objects.visible_to(user).standing()
    links = links.filter(
        paper__in=papers,
        paper__is_hidden=False,
        role=Link.Role.PRIMARY,
        entry__isnull=False,
        entry__withdrawn_at=None,
    )
    links = links.select_related("issue__publication", "entry").defer(*UNREAD)
    return links.order_by("-issue__published_at", "issue", "position")


def _entries(entries: Sequence[int], user: Any) -> Iterable[Any]:
    found = Entry.objects.visible_to(user).standing().filter(pk__in=entries)
    unread = ("markdown", "issue__markdown", "issue__html", "issue__source_record")
    return found.select_related("issue__publication").defer(*unread)
