"""CSL-JSON, the shape that formatted citations and Zotero read: one item a work."""

from collections.abc import Iterable
from typing import Any

from markup.urls import clean_url
from papers.citations.names import Name, split_names
from papers.citations.types import type_of
from papers.identifiers import landing_url, pdf_url
from papers.references import Reference

Item = dict[str, Any]

# Where a work is archived under a number of its own: the first of these that it has.
ARCHIVES = {"arxiv": ("arXiv", "arXiv:{}"), "openreview": ("OpenReview", "openreview:{}")}
_MOST_LASTING = ("doi", "arxiv", "openreview", "url")


def csl_item(reference: Reference) -> Item:
    """Only what is known; `custom` holds what CSL has no place for (our own reader takes it)."""
    kind = type_of(reference)
    archive = archive_of(reference)
    item: Item = {
        "id": reference.key,
        "type": kind.csl,
        "title": reference.title,
        "author": [csl_name(name) for name in split_names(reference.authors)],
        "issued": csl_date(reference),
        kind.csl_venue: reference.venue,
        "genre": kind.genre,
        "archive": archive and archive[0],
        "archive_location": archive and archive[1],
        "DOI": first_value(reference, "doi"),
        "URL": landing_page(reference),
        "abstract": reference.abstract,
        "keyword": ", ".join(reference.keywords),
        "note": "\n\n".join(reference.notes),
        "citation-key": reference.key,
        "custom": _custom(reference),
    }
    return {name: value for name, value in item.items() if value}


def csl_name(name: Name) -> dict[str, str]:
    if name.literal:
        return {"literal": name.literal}
    parts = {"family": name.family, "given": name.given, "suffix": name.suffix}
    return {part: text for part, text in parts.items() if text}


def csl_date(reference: Reference) -> dict[str, list[list[int]]] | None:
    """Never more than is known: a year alone is no 1 January."""
    if reference.year is None:
        return None
    return {"date-parts": [list(known_date(reference))]}


def known_date(reference: Reference) -> Iterable[int]:
    for part in (reference.year, reference.month, reference.day):
        if part is None:
            return
        yield part


def first_value(reference: Reference, scheme: str) -> str | None:
    return next((value for name, value in reference.identifiers if name == scheme), None)


def archive_of(reference: Reference) -> tuple[str, str] | None:
    """("arXiv", "arXiv:2303.08112"), where it has such a number."""
    for scheme, (name, form) in ARCHIVES.items():
        if value := first_value(reference, scheme):
            return name, form.format(value)
    return None


def landing_page(reference: Reference) -> str | None:
    """An address to follow, never another kind; where none is kept, the one a name leads to."""
    if reference.url:
        return clean_url(reference.url)
    for scheme in _MOST_LASTING:
        if value := first_value(reference, scheme):
            return clean_url(landing_url(scheme, value))
    return None


def pdf_page(reference: Reference) -> str | None:
    if reference.pdf_url:
        return clean_url(reference.pdf_url)
    addresses = (pdf_url(scheme, value) for scheme, value in reference.identifiers)
    return next((clean_url(address) for address in addresses if address), None)


def _custom(reference: Reference) -> dict[str, Any]:
    known = {
        "kind": reference.kind,
        "title_source": reference.title_source,
        "alternative_titles": list(reference.alternative_titles),
        "identifiers": [
            {"scheme": scheme, "value": value} for scheme, value in reference.identifiers
        ],
        "pdf_url": pdf_page(reference),
        "code_url": clean_url(reference.code_url or ""),
    }
    return {name: value for name, value in known.items() if value}
