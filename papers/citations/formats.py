"""The formats papers leave in: what each is called, and how a file of it is written."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any

import orjson

from api.renderers import dump, write_csv
from papers.citations.bibtex import bibtex
from papers.citations.citation import Citation
from papers.citations.csl import Item, csl_item
from papers.citations.gathering import COLUMNS, citations_of
from papers.citations.markdown import markdown
from papers.citations.ris import ris
from papers.rows import PAPER_COLUMNS, paper_rows
from papers.serializers import PaperSerializer

_SORTED = orjson.OPT_SORT_KEYS
# As text some 100 KB: much more is memory that is had from the system and given back each time.
LINES_AT_ONCE = 50
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Format:
    """A file of works: `columns` is what it needs of each, `written` its pieces in order."""

    name: str
    label: str
    media_type: str
    extension: str
    columns: Sequence[str]
    written: Callable[[Iterable[Rows], Any], Iterator[str | bytes]]
    charset: str | None = "utf-8"

    @property
    def content_type(self) -> str:
        return f"{self.media_type}; charset={self.charset}" if self.charset else self.media_type


@dataclass(frozen=True, slots=True)
class ReferenceFormat(Format):
    """One that reference managers read: a work at a time, from its citation."""

    document: Callable[[Iterable[Citation]], Iterator[str]] = iter  # type: ignore[assignment]


def csl_json(citations: Iterable[Citation]) -> Iterator[str]:
    """An array, an item a line, keys in the order of the alphabet."""
    between = "[\n"
    for citation in citations:
        yield between + orjson.dumps(_readable(csl_item(citation)), option=_SORTED).decode()
        between = ",\n"
    yield "[]\n" if between == "[\n" else "\n]\n"


def _readable(item: Item) -> Item:
    """Zotero refuses a whole file for one item of CSL's newer type for software."""
    return {**item, "type": "dataset"} if item["type"] == "software" else item


def _entries(write: Callable[[Citation], str]) -> Callable[[Iterable[Citation]], Iterator[str]]:
    """Entries with an empty line between."""

    def document(citations: Iterable[Citation]) -> Iterator[str]:
        between = ""
        for citation in citations:
            yield between + write(citation)
            between = "\n"

    return document


def _reference_format(
    name: str,
    label: str,
    media_type: str,
    extension: str,
    document: Callable[[Iterable[Citation]], Iterator[str]],
    charset: str | None = "utf-8",
) -> ReferenceFormat:
    def written(batches: Iterable[Rows], user: Any) -> Iterator[str | bytes]:
        return document(each for rows in batches for each in citations_of(rows, user))

    return ReferenceFormat(name, label, media_type, extension, COLUMNS, written, charset, document)


def _written_csv(batches: Iterable[Rows], user: Any) -> Iterator[str | bytes]:
    columns = list(PaperSerializer().fields)
    yield write_csv([], columns)
    for rows in batches:
        yield write_csv(paper_rows(rows, user), columns, with_names=False)


def _written_json_lines(batches: Iterable[Rows], user: Any) -> Iterator[str | bytes]:
    for rows in batches:
        for lines in batched(map(dump, paper_rows(rows, user)), LINES_AT_ONCE):
            yield b"\n".join([*lines, b""])


BIBTEX = _reference_format("bibtex", "BibTeX", "application/x-bibtex", "bib", _entries(bibtex))
RIS = _reference_format("ris", "RIS", "application/x-research-info-systems", "ris", _entries(ris))
CSL_JSON = _reference_format(
    "csljson", "CSL-JSON", "application/vnd.citationstyles.csl+json", "json", csl_json, None
)
MARKDOWN = _reference_format("markdown", "Markdown", "text/markdown", "md", _entries(markdown))
CSV = Format("csv", "CSV", "text/csv", "csv", PAPER_COLUMNS, _written_csv)
JSON_LINES = Format(
    "jsonl", "JSON Lines", "application/jsonl", "jsonl", PAPER_COLUMNS, _written_json_lines, None
)
REFERENCE_FORMATS = {each.name: each for each in (BIBTEX, RIS, CSL_JSON, MARKDOWN)}
FORMATS: dict[str, Format] = {**REFERENCE_FORMATS, CSV.name: CSV, JSON_LINES.name: JSON_LINES}
