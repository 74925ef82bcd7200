"""A list as its page shows it: a page of its items in their order, under their sections, each with
what it is and who says what about it. As many queries for two thousand items as for ten."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Page
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from api.resources import grouped
from markup.urls import clean_url
from papers.models import Paper
from readinglists.access import Access
from readinglists.editing.outline import Outline
from readinglists.item_rows import standing_items, target_path
from readinglists.models import Item, ListSection, ReadingList
from readinglists.page_items import how_many, with_targets
from readinglists.reading.progress import in_state
from readinglists.voices import Voices, voices_of

PAGE_SIZE = 50
MOST_PAGES = 200


@dataclass(slots=True)
class Row:
    """One item: its place in the whole list, what it is as far as the reader may see it."""

    item: Item
    number: int
    title: str
    address: str
    paper: Paper | None
    state: str | None  # in which the paper is for the reader
    voices: Voices

    @property
    def is_available(self) -> bool:
        return bool(self.title)

    @property
    def is_outside(self) -> bool:
        return bool(self.item.url)

    @property
    def pdf(self) -> str:
        return clean_url((self.paper.pdf_url if self.paper else None) or "") or ""


@dataclass(slots=True)
class Block:
    """A section with those of its items that stand on the page; None: what stands before all."""

    section: ListSection | None
    rows: list[Row] = field(default_factory=list)
    # A section that began on an earlier page: its words were said there.
    is_continued: bool = False


@dataclass
class ListPage:
    access: Access
    number: int = 1
    state: str = ""  # of papers, by which the reader chose
    blocks: list[Block] = field(default_factory=list)
    item_count: int = 0  # of all pages
    has_more: bool = False

    @property
    def reading_list(self) -> ReadingList:
        return self.access.reading_list

    @property
    def rows(self) -> list[Row]:
        return [row for block in self.blocks for row in block.rows]

    @property
    def first_number(self) -> int:
        return (self.number - 1) * PAGE_SIZE + 1

    @property
    def page_count(self) -> int:
        return max(1, -(-self.item_count // PAGE_SIZE))

    @property
    def newer(self) -> str | None:
        return self._address(self.number - 1) if self.number > 1 else None

    @property
    def older(self) -> str | None:
        return self._address(self.number + 1) if self.has_more else None

    def _address(self, number: int) -> str:
        asked = {"state": self.state} if self.state else {}
        query = urlencode(asked | ({"page": str(number)} if number > 1 else {}))
        detail = self.access.url("detail")
        return f"{detail}?{query}" if query else detail


def path_to_item(access: Access, item: UUID) -> str:
    """To where an item stands, on whichever page of the list that is."""
    sequence = Outline.of(access.reading_list).sequence
    number = sequence.index(item) // PAGE_SIZE + 1 if item in sequence else 1
    page = f"?page={number}" if number > 1 else ""
    return f"{access.url('detail')}{page}#item-{item}"


def page_number(text: str) -> int:
    """Of the query string; 404 for what is no page."""
    if not text:
        return 1
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) <= MOST_PAGES):
        raise Http404
    return int(text)


def pages_around(page: Page) -> dict[str, str]:
    """Addresses of the pages before and behind this one, as far as there are any."""
    places: dict[str, str] = {}
    if page.has_previous():
        places["newer"] = f"?page={page.previous_page_number()}"
    if page.has_next():
        places["older"] = f"?page={page.next_page_number()}"
    return places


def items_of(access: Access, state: str = "") -> QuerySet[Item]:
    items = standing_items(access.reading_list, access.standing)
    return in_state(items, access.standing.user, state) if state else items


def page_of(access: Access, number: int = 1, state: str = "") -> ListPage:
    """The items of one page; 404 for a page beyond the last."""
    found = items_of(access, state)
    start = (number - 1) * PAGE_SIZE
    # With the one before and the one after, which tell whether a section goes on.
    before = 1 if start else 0
    on_page = in_order(found).values("pk")[start - before : start + PAGE_SIZE + 1]
    # What is read of items is read of those on the page alone, not of all that are put in order.
    shown = with_targets(found.filter(pk__in=on_page), access.standing.user)
    items: list[Any] = list(in_order(shown).annotate(of_all=how_many(found)))
    here = items[before : before + PAGE_SIZE]
    if number > 1 and not here:
        raise Http404
    after = items[before + PAGE_SIZE :]
    item_count = items[0].of_all if items else 0
    page = ListPage(access, number, state, item_count=item_count, has_more=bool(after))
    sections = _sections(access, state)
    # Chosen from, a list shows no section that has nothing to show.
    with_empty = number == 1 and not state
    page.blocks = _blocks(rows_of(here, access, start), sections, is_first=with_empty, after=after)
    if before and page.blocks and page.blocks[0].section:
        page.blocks[0].is_continued = items[0].shown_section == page.blocks[0].section.pk
    return page


def in_order(items: QuerySet[Item]) -> QuerySet[Item]:
    return items.order_by("section_place", "position", "pk")


def _sections(access: Access, state: str) -> list[ListSection]:
    own = items_of(access, state).filter(section=OuterRef("pk"))
    sections = ListSection.objects.filter(reading_list=access.reading_list, deleted_at=None)
    return list(sections.annotate(has_items=Exists(own)).order_by("position"))


def _blocks(
    rows: Iterable[Row], sections: Iterable[Any], *, is_first: bool, after: Sequence[Item]
) -> list[Block]:
    """Sections with items here, and empty ones behind those that end here."""
    by_section = grouped((row.item.shown_section, row) for row in rows)
    blocks = [Block(None, by_section[None])] if None in by_section else []
    goes_on = after[0].shown_section if after else None
    shows_empty = is_first
    for section in sections:
        if section.pk in by_section:
            blocks.append(Block(section, by_section[section.pk]))
            shows_empty = goes_on != section.pk
        elif section.has_items:
            shows_empty = False
        elif shows_empty:
            blocks.append(Block(section))
    return blocks


def rows_of(items: Sequence[Any], access: Access, start: int = 0) -> list[Row]:
    """Items with their targets as rows, numbered from `start`: in three queries more, however many
    they are."""
    voices = voices_of(items, access)
    return [_row(item, start + place, voices[item.pk]) for place, item in enumerate(items, start=1)]


def _row(item: Any, number: int, voices: Voices) -> Row:
    """Of what one may not see nothing is told, not even by the title somebody gave it."""
    title = address = ""
    paper = item.paper if item.sees_paper else None
    if item.url:
        title, address = item.title or item.url, clean_url(item.url) or ""
    elif paper is not None:
        title, address = item.title or paper.title, paper.get_absolute_url()
    elif item.entry_shown:
        known = item.entry_shown
        title = item.title or known["title"]
        address = target_path("entry", item.entry_id, title, known["issue"], known["anchor"])
    elif item.prize_shown:
        known = item.prize_shown
        title = item.title or known["title"]
        address = target_path("prize", item.prize_id, title, known["slug"])
    return Row(item, number, title, address, paper, item.own_state, voices)
