"""What reference managers read in our pages: Highwire tags, JSON-LD, COinS and unAPI."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import urlencode
from xml.sax.saxutils import quoteattr

import orjson
from django.utils.safestring import SafeString, mark_safe

from api.resources import absolute
from markup.urls import clean_url
from papers.citations.bibtex import bibtex
from papers.citations.citation import Citation
from papers.citations.csl import first_value, known_date, landing_page, pdf_page
from papers.citations.formats import BIBTEX, RIS
from papers.citations.names import OTHERS, Name, split_names
from papers.citations.ris import ris_with_rich_notes
from papers.citations.types import ARTICLE, TALK, type_of
from papers.models import Paper

# Zotero takes RIS where it can have both.
UNAPI_FORMATS = {
    RIS.name: (RIS, "http://www.refman.com/support/risformat_intro.asp", ris_with_rich_notes),
    BIBTEX.name: (BIBTEX, "http://www.bibtex.org/Format/", bibtex),
}
_UNAPI_ID = "papers/"
# Inside a script element nothing may end it or open a comment, whatever a title says.
_SCRIPT_SAFE = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}
_COINS_TYPES = {
    "report": "report",
    "post": "blogPost",
    "dataset": "dataset",
    "code": "computerProgram",
    "project": "webpage",
}


def describe(paper: Paper, citation: Citation) -> dict[str, Any]:
    """What a paper's page says of it to programs, for its template."""
    return {
        "unapi_id": unapi_id(paper.pk),
        "highwire_tags": list(highwire_tags(citation)),
        "json_ld": json_ld(citation, absolute(paper.get_absolute_url())),
    }


def unapi_id(paper: int) -> str:
    return f"{_UNAPI_ID}{paper}"


def paper_of_unapi_id(text: str) -> int | None:
    number = text.removeprefix(_UNAPI_ID)
    is_ours = text.startswith(_UNAPI_ID) and number.isascii() and number.isdigit()
    return int(number) if is_ours and len(number) < 19 else None


def unapi_formats(name: str | None = None) -> str:
    """The document that says in which formats works, or the one named, can be had."""
    formats = "".join(
        f"<format name={quoteattr(key)} type={quoteattr(form.media_type)} docs={quoteattr(docs)}/>"
        for key, (form, docs, _) in UNAPI_FORMATS.items()
    )
    of_one = f" id={quoteattr(name)}" if name else ""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<formats{of_one}>{formats}</formats>\n'


def highwire_tags(citation: Citation) -> Iterator[tuple[str, str]]:
    """Name and content of `<meta>` elements, as Google Scholar and Zotero know them."""
    kind = type_of(citation)
    venue = {ARTICLE: "citation_journal_title", TALK: "citation_conference_title"}.get(
        kind, "citation_technical_report_institution" if citation.kind == "report" else ""
    )
    known = [
        ("citation_title", citation.title),
        *(("citation_author", name.sorted) for name in _people(citation)),
        ("citation_publication_date", "/".join(f"{part:02d}" for part in known_date(citation))),
        (venue, citation.venue),
        ("citation_doi", first_value(citation, "doi")),
        ("citation_arxiv_id", first_value(citation, "arxiv")),
        ("citation_pdf_url", pdf_page(citation)),
        ("citation_public_url", landing_page(citation)),
        *(("citation_keywords", keyword) for keyword in citation.keywords),
        ("citation_abstract", citation.abstract),
    ]
    return ((name, value) for name, value in known if name and value)


def json_ld(citation: Citation, page: str) -> SafeString:
    """A schema.org description for a script element, with nothing that could end it."""
    described: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": type_of(citation).schema,
        "@id": page,
        "name": citation.title,
        "headline": citation.title,
        "author": [_agent(name) for name in _people(citation)],
        "datePublished": "-".join(f"{part:02d}" for part in known_date(citation)),
        "isPartOf": citation.venue and {"@type": "CreativeWork", "name": citation.venue},
        "abstract": citation.abstract,
        "keywords": list(citation.keywords),
        "identifier": [f"{scheme}:{value}" for scheme, value in citation.identifiers],
        "sameAs": list(_addresses(citation)),
        "mainEntityOfPage": page,
    }
    known = {key: value for key, value in described.items() if value}
    text = orjson.dumps(known).decode().translate(_SCRIPT_SAFE)
    return mark_safe(text)  # noqa: S308 - JSON whose <, > and & are escaped


def coins(paper: Paper, authors: Sequence[str]) -> str:
    """A ContextObject in a span's title: what a list knows of a paper, without asking for more."""
    is_paper = paper.kind == Paper.Kind.PAPER
    names = [name for name in split_names(authors) if name != OTHERS]
    shown = Citation(title=paper.title, kind=paper.kind, venue=paper.venue)
    genres = {ARTICLE: "article", TALK: "proceeding"}
    venue_field = "rft.jtitle" if is_paper else "rft.source"
    pairs = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", f"info:ofi/fmt:kev:mtx:{'journal' if is_paper else 'dc'}"),
        ("rfr_id", f"info:sid/{absolute('/')}"),
        ("rft.genre", genres.get(type_of(shown), "preprint") if is_paper else ""),
        ("rft.type", "" if is_paper else _COINS_TYPES[paper.kind]),
        ("rft.atitle" if is_paper else "rft.title", paper.title),
        (venue_field, paper.venue or ""),
        ("rft.date", paper.published or ""),
        ("rft_id" if is_paper else "rft.identifier", clean_url(paper.url or "") or ""),
        *_coins_names(names, is_paper=is_paper),
    ]
    return urlencode([(key, value) for key, value in pairs if value])


def _coins_names(names: Sequence[Name], *, is_paper: bool) -> Iterator[tuple[str, str]]:
    if not is_paper:
        yield from (("rft.creator", name.sorted) for name in names)
        return
    if names and not names[0].literal:
        yield "rft.aulast", names[0].family
        yield "rft.aufirst", names[0].given
        names = names[1:]
    yield from (("rft.au", name.printed) for name in names)


def _people(citation: Citation) -> Iterable[Name]:
    return (name for name in split_names(citation.authors) if name != OTHERS)


def _agent(name: Name) -> dict[str, str]:
    if name.literal:
        return {"@type": "Organization", "name": name.literal}
    return {
        "@type": "Person",
        "name": name.printed,
        "familyName": name.family,
        "givenName": name.given,
    }


def _addresses(citation: Citation) -> Iterator[str]:
    addresses = (landing_page(citation), pdf_page(citation))
    yield from dict.fromkeys(address for address in addresses if address)
