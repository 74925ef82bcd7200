"""Which format a text is in: known by what it says, whatever its file is called."""

import re
from collections.abc import Callable, Iterator
from enum import StrEnum

from imports.jsonl import UnreadableSource
from papers.references.addresses import read_addresses
from papers.references.bibtex import read_bibtex
from papers.references.bookmarks import read_bookmarks
from papers.references.csl import read_csl
from papers.references.reference import Record
from papers.references.ris import read_ris
from papers.references.tables import is_table, read_table


class Format(StrEnum):
    """Values are the names the API takes."""

    BIBTEX = "bibtex"
    RIS = "ris"
    CSLJSON = "csljson"
    BOOKMARKS = "bookmarks"
    CSV = "csv"
    TEXT = "text"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Format.BIBTEX: "BibTeX",
    Format.RIS: "RIS",
    Format.CSLJSON: "CSL-JSON",
    Format.BOOKMARKS: "bookmarks",
    Format.CSV: "CSV",
    Format.TEXT: "identifiers and addresses",
}
_READERS: dict[Format, Callable[[str], Iterator[Record]]] = {
    Format.BIBTEX: read_bibtex,
    Format.RIS: read_ris,
    Format.CSLJSON: read_csl,
    Format.BOOKMARKS: read_bookmarks,
    Format.CSV: read_table,
    Format.TEXT: read_addresses,
}
_BIBTEX = re.compile(r"^[^\S\n]*@\w+[ \t]*[{(]", re.MULTILINE)
_RIS = re.compile(r"^\s{0,2}(?:TY|AU|A1|T1|TI|JO|JF|PY|ER) {1,3}-", re.MULTILINE)
_BOOKMARKS = re.compile(r"<!doctype netscape-bookmark|<dt>\s*<a\s+href", re.IGNORECASE)
_LOOKED_AT = 200_000

# Formats that people will try, and what to do instead.
_OTHERS = tuple(
    (re.compile(pattern, re.IGNORECASE), words)
    for pattern, words in (
        (
            r"\s*(?:<\?xml[^>]*>\s*)?(?:<!DOCTYPE[^>]*>\s*)?<rdf:RDF",
            "Zotero RDF; choose CSL JSON, BibTeX or RIS when exporting from Zotero",
        ),
        (
            r"\s*(?:<\?xml[^>]*>\s*)?<(?:xml>\s*<records|modsCollection|PubmedArticleSet)",
            "EndNote, MODS or PubMed XML; export as RIS or BibTeX instead",
        ),
        (
            r"\s*<\?xml|\s*<!DOCTYPE\s+(?!html|netscape)",
            "XML; export as CSL-JSON, BibTeX or RIS instead",
        ),
        (
            r"\s*<(?:!doctype html|html|head|body)\b",
            "a web page; export the references it shows as CSL-JSON, BibTeX or RIS",
        ),
        (r"\s*PMID- ", "in PubMed's format; export as RIS or BibTeX instead"),
        (r"\s*%0 ", "in EndNote's tagged format (ENW); export as RIS or BibTeX instead"),
        (r"\s*FN (?:Thomson|Clarivate|ISI)", "Web of Science's own; export as RIS or BibTeX"),
    )
)


def recognise(text: str, name: str = "This") -> Format:
    """The format of a text; UnreadableSource, with what to do, for one that is not read here."""
    start = text[:_LOOKED_AT].lstrip("\ufeff")
    if _BOOKMARKS.search(start):
        return Format.BOOKMARKS
    for pattern, words in _OTHERS:
        if pattern.match(start):
            raise UnreadableSource(f"{name} is {words}.")
    if start.lstrip()[:1] in ("[", "{") and re.match(r"\s*[\[{]\s*[\[{\"\]}]", start):
        return Format.CSLJSON
    bibtex, ris = _BIBTEX.search(start), _RIS.search(start)
    if bibtex and (not ris or bibtex.start() < ris.start()):
        return Format.BIBTEX
    if ris:
        return Format.RIS
    return Format.CSV if is_table(start) else Format.TEXT


def read_references(text: str, form: Format) -> Iterator[Record]:
    """What a text holds, in its order: references, problems and what is neither."""
    return _READERS[form](text)
