"""The table of docs/citations.md, held to what the readers find in what the writers wrote."""

from dataclasses import replace

import pytest

from papers.citations.citation import Citation
from papers.citations.formats import BIBTEX, CSL_JSON, RIS
from papers.references import Format, Reference, read_references
from tests.losses import table_in

FULL = Citation(
    key="doe2022full",
    kind="paper",
    title="A full record",
    title_source="newsletter",
    alternative_titles=("Another title",),
    authors=("Jane Doe", "Laurens van der Maaten"),
    year=2022,
    month=3,
    day=7,
    venue="Journal of Things",
    volume="12",
    issue="3",
    pages="45–67",
    abstract="One.\n\nTwo.",
    url="https://example.org/paper",
    pdf_url="https://example.org/paper.pdf",
    code_url="https://github.com/a/b",
    identifiers=(("arxiv", "2201.00001"), ("arxiv", "2201.00002"), ("doi", "10.1000/x")),
    keywords=("Monitoring", "Robustness"),
    notes=("First.\n\nStill first.", "Second."),
)
FORMS = {
    "BibTeX": (BIBTEX, Format.BIBTEX),
    "RIS": (RIS, Format.RIS),
    "CSL-JSON": (CSL_JSON, Format.CSLJSON),
}


TABLE = table_in("citations.md")


def read_back(form: str, citation: Citation = FULL) -> Reference:
    writer, reader = FORMS[form]
    (found,) = read_references("".join(writer.document([citation])), reader)
    assert isinstance(found, Reference)
    return found


def joined(text: str) -> str:
    return " ".join(text.split())


def held(found: Reference) -> dict[str, str]:
    """What is true of each row of the table, in its words."""
    archive = [each.value for each in found.identifiers if each.scheme == "arxiv"]
    dois = [each.value for each in found.identifiers if each.scheme == "doi"]
    parts = found.published.parts if found.published else (None, None, None)
    notes = "yes" if found.notes == FULL.notes else _notes(found.notes)
    is_there = {
        "citation key": found.key == FULL.key,
        "kind": found.kind == FULL.kind,
        "title": found.title == FULL.title,
        "title_source": found.title_source == FULL.title_source,
        "alternative_titles": found.alternative_titles == FULL.alternative_titles,
        "authors": tuple(found.names) == FULL.authors,
        "year": parts[0] == FULL.year,
        "month": parts[1] == FULL.month,
        "day": parts[2] == FULL.day,
        "venue": found.venue == FULL.venue,
        "volume": found.details.get("volume") == FULL.volume,
        "issue": found.details.get("issue") == FULL.issue,
        "pages": found.details.get("page") == FULL.pages,
        "url": found.url == FULL.url,
        "pdf_url": found.pdf_url == FULL.pdf_url,
        "code_url": found.code_url == FULL.code_url,
        "one identifier of a scheme": "2201.00001" in archive and dois == ["10.1000/x"],
        "more identifiers of a scheme": "2201.00002" in archive,
        "keywords": tuple(sorted(found.keywords)) == FULL.keywords,
    }
    words = {name: "yes" if is_so else "no" for name, is_so in is_there.items()}
    return {**words, "abstract": _abstract(found.abstract), "notes": notes}


def _abstract(text: str) -> str:
    if text == FULL.abstract:
        return "yes"
    return "paragraphs joined" if text == joined(FULL.abstract or "") else "no"


def _notes(notes: tuple[str, ...]) -> str:
    if notes == ("\n\n".join(FULL.notes),):
        return "joined to one"
    return "paragraphs joined" if notes == tuple(map(joined, FULL.notes)) else "no"


@pytest.mark.parametrize("form", FORMS)
def test_a_format_holds_what_the_table_says_and_no_more(form):
    assert held(read_back(form)) == {name: row[form] for name, row in TABLE.items()}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", ["paper", "report", "post", "dataset", "code", "project"])
@pytest.mark.parametrize("venue", [None, "NeurIPS 2021", "Journal of Things"])
def test_every_kind_comes_back_wherever_it_appeared(form, kind, venue):
    found = read_back(form, replace(FULL, kind=kind, venue=venue))

    assert (found.kind, found.venue or None) == (kind, venue)
