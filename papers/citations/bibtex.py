"""BibTeX in UTF-8: what classic styles print, and fields of BibLaTeX that others pass over."""

import re
from collections.abc import Iterator

from papers.citations.citation import Citation
from papers.citations.csl import ARCHIVES, first_value, landing_page
from papers.citations.names import OTHERS, Name, split_names
from papers.citations.tex import escape_prose, escape_tex, escape_title
from papers.citations.types import type_of

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# What a key cannot hold; keys minted here hold letters and digits alone.
_NOT_IN_KEY = re.compile(r"[^\w:.+/*!?;|<>\[\]-]+")
# A name that holds "and" or a comma is read as two; one in braces is not taken apart.
_UNSAFE_IN_NAME = re.compile(r"[,{}\\]|\band\b", re.IGNORECASE)
_VERBATIM = re.compile(r"[{}\\\s]")


def bibtex(citation: Citation) -> str:
    """One entry; fields that are not known are left out."""
    kind = type_of(citation)
    fields = "".join(f"  {name} = {value},\n" for name, value in _fields(citation))
    return f"@{kind.bibtex}{{{bibtex_key(citation)},\n{fields}}}\n"


def bibtex_key(citation: Citation) -> str:
    return _NOT_IN_KEY.sub("", citation.key or "") or "untitled"


def bibtex_name(name: Name) -> str:
    if name == OTHERS:
        return "others"
    if name.literal:
        return f"{{{escape_tex(name.literal)}}}"
    parts = (name.family, name.suffix, name.given)
    return ", ".join(_name_part(part) for part in parts if part)


def _name_part(part: str) -> str:
    escaped = escape_tex(part)
    return f"{{{escaped}}}" if _UNSAFE_IN_NAME.search(part) else escaped


def _fields(citation: Citation) -> Iterator[tuple[str, str]]:
    for name, value in _texts(citation):
        if value:
            yield name, f"{{{value}}}"
        if name == "year" and citation.month:
            yield "month", MONTHS[citation.month - 1]


def _texts(citation: Citation) -> Iterator[tuple[str, str | None]]:
    kind = type_of(citation)
    yield "title", escape_title(citation.title)
    yield "author", " and ".join(map(bibtex_name, split_names(citation.authors)))
    yield kind.bibtex_venue, escape_tex(citation.venue or "")
    yield "volume", escape_tex(citation.volume or "")
    yield "number", escape_tex(citation.issue or "")
    yield "pages", escape_tex(citation.pages or "").replace("–", "--")
    yield "howpublished", kind.howpublished
    yield "year", str(citation.year or "")
    yield "date", _day(citation)
    yield "doi", _verbatim(first_value(citation, "doi"))
    for scheme, (archive, _) in ARCHIVES.items():
        if number := _verbatim(first_value(citation, scheme)):
            yield "eprint", number
            yield "archiveprefix", archive
            yield "eprinttype", scheme
            break
    yield "url", _verbatim(landing_page(citation))
    yield "abstract", escape_prose(citation.abstract or "")
    yield "keywords", escape_tex(", ".join(citation.keywords))
    yield "annote", escape_prose("\n\n".join(citation.notes))


def _day(citation: Citation) -> str | None:
    """Classic styles read year and month; a day only BibLaTeX does."""
    if citation.day is None:
        return None
    return f"{citation.year:04d}-{citation.month:02d}-{citation.day:02d}"


def _verbatim(value: str | None) -> str | None:
    """Addresses and numbers are no TeX; what braces would break has no place here."""
    return value if value and not _VERBATIM.search(value) else None
