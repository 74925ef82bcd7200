"""The formats lists leave in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from readinglists.exporting.html import write_bibliography, write_html
from readinglists.exporting.markdown import write_markdown
from readinglists.exporting.plain import write_json, write_json_lines, write_list_csv
from readinglists.exporting.references import write_bibtex, write_csl, write_ris
from readinglists.exporting.source import Source


@dataclass(frozen=True, slots=True)
class Format:
    """A file of a list: what it is called, and how it is written, piece by piece."""

    name: str
    label: str
    media_type: str
    extension: str
    write: Callable[[Source], Iterator[str]]
    holds: str  # for people who choose
    charset: str | None = "utf-8"

    @property
    def content_type(self) -> str:
        return f"{self.media_type}; charset={self.charset}" if self.charset else self.media_type


FORMATS = {
    form.name: form
    for form in (
        Format(
            *("html", "Web page", "text/html", "html", write_html),
            "One file to read, print and keep, without this site. Can be imported again whole.",
        ),
        Format(
            *("markdown", "Markdown", "text/markdown", "md", write_markdown),
            "Headings, links and notes as quotations, for editors and wikis.",
        ),
        Format(
            *("bibtex", "BibTeX", "application/x-bibtex", "bib", write_bibtex),
            "For LaTeX and reference managers; notes in annote, sections as groups.",
        ),
        Format(
            *("ris", "RIS", "application/x-research-info-systems", "ris", write_ris),
            "For Zotero, EndNote and Mendeley, with the notes.",
        ),
        Format(
            *("csljson", "CSL-JSON", "application/vnd.citationstyles.csl+json", "json", write_csl),
            "For Zotero and Pandoc, with the notes.",
            charset=None,
        ),
        Format(
            *("csv", "CSV", "text/csv", "csv", write_list_csv),
            "A row an item, for spreadsheets.",
        ),
        Format(
            *("json", "JSON", "application/json", "json", write_json),
            "All of it, to restore the list here or on another Shortlist.",
            charset=None,
        ),
        Format(
            *("jsonl", "JSON Lines", "application/jsonl", "jsonl", write_json_lines),
            "A line an item, for programs.",
            charset=None,
        ),
    )
}
# Chosen by its style, not by its name alone.
BIBLIOGRAPHY = Format(
    *("bibliography", "Annotated bibliography", "text/html", "html", write_bibliography),
    "Each work as a style prints it, with the notes below.",
)
ALL_FORMATS = {**FORMATS, BIBLIOGRAPHY.name: BIBLIOGRAPHY}
