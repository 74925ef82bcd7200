"""What a note says itself, and what of it stands in the newsletter already.

A note for others that is nothing but a quotation of what the newsletter says of the very thing is
no find of its own beside the entry. A private one is: somebody marked a passage, to find it again.
"""

import re
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import Q

from api.resources import grouped
from markup.plain import plain_text
from newsletter.models import Entry, Link
from prizes.models import PrizeMention
from readinglists.models import Audience, Item, Note

_QUOTATION = re.compile(r"<blockquote>(.*?)</blockquote>", re.DOTALL)
_CREDIT = re.compile(r"(?<=</blockquote>)\s*<p>— .*?</p>", re.DOTALL)
_LINK = re.compile(r"</?a\b[^>]*>")
_NO_LETTER = re.compile(r"\W")

type About = tuple[str, int]  # a paper, a prize or an entry, and its id


def said_in(html: str) -> str:
    """The words of a note. A line behind a quotation that begins with a dash names whom it quotes:
    who looks for them looks for their works, not for all that cites them."""
    return plain_text(_CREDIT.sub("", html))


def repeating(notes: Sequence[Note]) -> set[UUID]:
    """Those of these notes that only repeat what entries say of their items; in three queries."""
    quoting = {note.pk: said for note in notes if (said := _passages(note))}
    items = [note.item for note in notes if note.pk in quoting]
    entries = _entries_about(items)
    letters = _letters_of({entry for found in entries.values() for entry in found})
    return {
        note.pk
        for note in notes
        if note.pk in quoting
        and all(
            any(passage in letters.get(entry, "") for entry in _told(note.item, entries))
            for passage in quoting[note.pk]
        )
    }


def notes_on_entries(entries: Sequence[object]) -> list[UUID]:
    """Notes on what these entries present or tell of, and on themselves."""
    presented = Link.objects.filter(entry__in=entries, role=Link.Role.PRIMARY)
    papers = presented.filter(paper__isnull=False).values_list("paper", flat=True)
    prizes = PrizeMention.objects.filter(entry__in=entries).values_list("prize", flat=True)
    about = Q(entry__in=entries) | Q(paper__in=list(papers)) | Q(prize__in=list(prizes))
    notes = Note.objects.filter(item__in=Item.objects.filter(about).values("pk"))
    return list(notes.exclude(audience=Audience.PRIVATE).values_list("pk", flat=True))


def _passages(note: Note) -> list[str]:
    """The paragraphs that a note for others quotes, as letters; none if it says more than that."""
    html = _LINK.sub("", _CREDIT.sub("", note.html))
    if note.audience == Audience.PRIVATE or plain_text(_QUOTATION.sub("", html)):
        return []
    paragraphs = plain_text("".join(_QUOTATION.findall(html))).split("\n\n")
    return [letters for each in paragraphs if (letters := _NO_LETTER.sub("", each))]


def _letters_of(entries: set[int]) -> dict[int, str]:
    rows = Entry.objects.standing().filter(pk__in=entries).values_list("pk", "html")
    return {pk: _NO_LETTER.sub("", plain_text(_LINK.sub("", html))) for pk, html in rows}


def _told(item: Item, entries: dict[About, list[int]]) -> Iterable[int]:
    yield from entries.get(("entry", item.entry_id or 0), ())
    yield from entries.get(("paper", item.paper_id or 0), ())
    yield from entries.get(("prize", item.prize_id or 0), ())


def _entries_about(items: Iterable[Item]) -> dict[About, list[int]]:
    """By what stands on the list, the entries that are it, present it or tell of it."""
    items = list(items)
    links = Link.objects.standing().filter(
        role=Link.Role.PRIMARY,
        entry__isnull=False,
        paper__in={item.paper_id for item in items if item.paper_id},
    )
    mentions = PrizeMention.objects.filter(
        entry__isnull=False, prize__in={item.prize_id for item in items if item.prize_id}
    )
    return grouped(
        [
            *((("entry", item.entry_id), item.entry_id) for item in items if item.entry_id),
            *((("paper", paper), entry) for paper, entry in links.values_list("paper", "entry")),
            *((("prize", prize), entry) for prize, entry in mentions.values_list("prize", "entry")),
        ]
    )
