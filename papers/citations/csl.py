"""CSL-JSON, the shape that formatted citations and Zotero read: one item a work."""

from collections.abc import Iterable
from typing import Any

from markup.urls import clean_url
from papers.citations.citation import Citation
from papers.citations.names import Name, split_names
from papers.citations.types import type_of
from papers.identifiers import landing_url, pdf_url

Item = dict[str, Any]

# Where a work is archived under a number of its own: the first of these that it has.
ARCHIVES = {"arxiv": ("arXiv", "arXiv:{}"), "openreview": ("OpenReview", "openreview:{}")}
_MOST_LASTING = ("doi", "arxiv", "openreview", "url")


def csl_item(citation: Citation) -> Item:
    """Only what is known; `custom` holds what CSL has no place for (our own reader takes it)."""
    kind = type_of(citation)
    archive = archive_of(citation)
    item: Item = {
        "id": citation.key,
        "type": kind.csl,
        "title": citation.title,
        "author": [csl_name(name) for name in split_names(citation.authors)],
        "issued": csl_date(citation),
        kind.csl_venue: citation.venue,
        "volume": citation.volume,
        "issue": citation.issue,
        "page": citation.pages,
        "genre": kind.genre,
        "archive": archive and archive[0],
        "archive_location": archive and archive[1],
        "DOI": first_value(citation, "doi"),
        "URL": landing_page(citation),
        "abstract": citation.abstract,
        "keyword": ", ".join(citation.keywords),
        "note": "\n\n".join(citation.notes),
        "citation-key": citation.key,
        "custom": _custom(citation),
    }
    return {name: value for name, value in item.items() if value}


def csl_name(name: Name) -> dict[str, str]:
    if name.literal:
        return {"literal": name.literal}
    parts = {"family": name.family, "given": name.given, "suffix": name.suffix}
    return {part: text for part, text in parts.items() if text}


def csl_date(citation: Citation) -> dict[str, list[list[int]]] | None:
    """Never more than is known: a year alone is no 1 January."""
    if citation.year is None:
        return None
    return {"date-parts": [list(known_date(citation))]}


def known_date(citation: Citation) -> Iterable[int]:
    for part in (citation.year, citation.month, citation.day):
        if part is None:
            return
        yield part


def first_value(citation: Citation, scheme: str) -> str | None:
    return next((value for name, value in citation.identifiers if name == scheme), None)


def archive_of(citation: Citation) -> tuple[str, str] | None:
    """("arXiv", "arXiv:2303.08112"), where it has such a number."""
    for scheme, (name, form) in ARCHIVES.items():
        if value := first_value(citation, scheme):
            return name, form.format(value)
    return None


def landing_page(citation: Citation) -> str | None:
    """An address to follow, never another kind; where none is kept, the one a name leads to."""
    if citation.url:
        return clean_url(citation.url)
    for scheme in _MOST_LASTING:
        if value := first_value(citation, scheme):
            return clean_url(landing_url(scheme, value))
    return None


def pdf_page(citation: Citation) -> str | None:
    if citation.pdf_url:
        return clean_url(citation.pdf_url)
    addresses = (pdf_url(scheme, value) for scheme, value in citation.identifiers)
    return next((clean_url(address) for address in addresses if address), None)


def _custom(citation: Citation) -> dict[str, Any]:
    known = {
        "kind": citation.kind,
        "title_source": citation.title_source,
        "alternative_titles": list(citation.alternative_titles),
        "identifiers": [
            {"scheme": scheme, "value": value} for scheme, value in citation.identifiers
        ],
        "pdf_url": pdf_page(citation),
        "code_url": clean_url(citation.code_url or ""),
    }
    return {name: value for name, value in known.items() if value}
