"""RIS, line by line: one line a value, so that no text can begin a line of its own."""

from collections.abc import Iterator
from dataclasses import replace
from html import escape

from papers.citations.citation import Citation
from papers.citations.csl import archive_of, first_value, landing_page, pdf_page
from papers.citations.names import split_names
from papers.citations.types import type_of


def ris_with_rich_notes(citation: Citation) -> str:
    """For Zotero, which keeps a note's paragraphs where they stand in HTML."""
    notes = tuple(_as_html(note) for note in citation.notes)
    return ris(replace(citation, notes=notes))


def ris(citation: Citation) -> str:
    lines = ((tag, " ".join(value.split())) for tag, value in _fields(citation) if value)
    written = "".join(f"{tag}  - {value}\n" for tag, value in lines if value)
    return f"TY  - {type_of(citation).ris}\n{written}ER  - \n"


def _fields(citation: Citation) -> Iterator[tuple[str, str | None]]:
    kind = type_of(citation)
    archive, number = archive_of(citation) or (None, None)
    yield "ID", citation.key
    yield "TI", citation.title
    for name in split_names(citation.authors):
        yield "AU", name.sorted
    yield "PY", citation.year and f"{citation.year:04d}"
    yield "DA", _date(citation)
    yield kind.ris_venue, citation.venue
    yield "VL", citation.volume
    yield "IS", citation.issue
    first, _, last = (citation.pages or "").partition("–")
    yield "SP", first
    yield "EP", last
    yield "M3", kind.howpublished
    yield "DO", first_value(citation, "doi")
    yield "UR", landing_page(citation)
    yield "L1", pdf_page(citation)
    yield "DB", archive
    yield "AN", number
    yield "AB", citation.abstract
    for keyword in citation.keywords:
        yield "KW", keyword
    for note in citation.notes:
        yield "N1", note


def _as_html(note: str) -> str:
    return "".join(f"<p>{escape(each, quote=False)}</p>" for each in note.split("\n\n"))


def _date(citation: Citation) -> str | None:
    """YYYY/MM/DD/other, with nothing where nothing is known; PY alone says a year."""
    if citation.month is None:
        return None
    day = "" if citation.day is None else f"{citation.day:02d}"
    return f"{citation.year:04d}/{citation.month:02d}/{day}/"
