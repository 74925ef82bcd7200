"""All papers of the first catalogue, written in each format: read by parsers that did not write it,
and by our own into an empty instance."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import bibtexparser
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware
from django.db import transaction
from pybtex.database import parse_string

from accounts.models import User
from papers.citations.citation import Citation
from papers.citations.formats import BIBTEX, CSL_JSON, MARKDOWN, RIS, ReferenceFormat
from papers.citations.gathering import COLUMNS, citations_of
from papers.citations.names import split_names
from papers.importing import sources
from papers.importing.run import import_papers
from papers.models import Paper
from tests.catalogue import load

pytestmark = pytest.mark.one_database

PAPERS = 148
FORMS = [BIBTEX, RIS, CSL_JSON]
each_format = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
MAINTAINER = User(username="grace", is_staff=True)


@dataclass(frozen=True)
class Catalogue:
    citations: list[Citation]
    files: dict[str, str]


def all_citations() -> list[Citation]:
    papers = Paper.objects.visible_to(MAINTAINER).order_by("citation_key").values(*COLUMNS)
    return citations_of(list(papers), MAINTAINER)


def written(form: ReferenceFormat, citations: list[Citation]) -> str:
    return "".join(form.document(citations))


@pytest.fixture(scope="module")
def catalogue(django_db_setup, django_db_blocker) -> Iterator[Catalogue]:
    """Written from the fixtures, which are gone again when the tests begin."""
    with django_db_blocker.unblock(), transaction.atomic():
        load()
        citations = all_citations()
        files = {form.name: written(form, citations) for form in (*FORMS, MARKDOWN)}
        transaction.set_rollback(True)
    return Catalogue(citations, files)


@each_format
def test_in_an_empty_instance_the_same_bytes_leave_again(catalogue, form, db):
    text = catalogue.files[form.name]

    result = import_papers([sources.from_bytes(f"papers.{form.extension}", text.encode())])

    assert result.counts == {"created": PAPERS}
    assert written(form, all_citations()) == text


def filter_none(texts: list[str]) -> list[str]:
    return [text for text in texts if text]


def plain(text: str) -> str:
    return " ".join(text.split())


def test_bibtexparser_reads_every_paper(catalogue):
    decoding = [LatexDecodingMiddleware(keep_math_mode=False)]
    library = bibtexparser.parse_string(catalogue.files["bibtex"], append_middleware=decoding)

    assert library.failed_blocks == []
    found = {entry.key: entry.fields_dict for entry in library.entries}
    assert len(found) == len(library.entries) == PAPERS
    for each in catalogue.citations:
        fields = {name: field.value for name, field in found[each.key].items()}
        assert fields["title"] == each.title
        assert fields.get("year") == (str(each.year) if each.year else None)
        names = [name.printed for name in split_names(each.authors)]
        assert len(filter_none(fields.get("author", "").split(" and "))) == len(names)
        assert plain(fields.get("annote", "")) == plain("\n\n".join(each.notes))


def test_pybtex_reads_every_paper(catalogue):
    library = parse_string(catalogue.files["bibtex"], "bibtex")

    assert len(library.entries) == PAPERS
    for each in catalogue.citations:
        entry = library.entries[each.key]
        people = [name for name in split_names(each.authors) if name.literal != "et al."]
        found = [person for person in entry.persons.get("author", []) if str(person) != "others"]
        families = [" ".join([*person.prelast_names, *person.last_names]) for person in found]
        assert [text.strip("{}") for text in families] == [
            name.family or name.literal for name in people
        ]
        assert entry.fields.get("year") == (str(each.year) if each.year else None)


def test_rispy_reads_every_paper(catalogue):
    found = {entry["id"]: entry for entry in rispy.loads(catalogue.files["ris"])}

    assert len(found) == PAPERS
    for each in catalogue.citations:
        entry = found[each.key]
        assert entry["title"] == each.title
        assert entry.get("authors", []) == [name.sorted for name in split_names(each.authors)]
        assert entry.get("year") == (str(each.year) if each.year else None)
        assert entry.get("notes", []) == [plain(note) for note in each.notes]
        assert entry.get("keywords", []) == list(each.keywords)


def test_csl_json_is_an_array_of_items_zotero_takes(catalogue):
    items = json.loads(catalogue.files["csljson"])

    assert [item["id"] for item in items] == [each.key for each in catalogue.citations]
    assert [item["title"] for item in items] == [each.title for each in catalogue.citations]
    assert {item["type"] for item in items} <= {
        *("article", "article-journal", "dataset", "paper-conference", "post-weblog", "report"),
        "webpage",
    }
    assert [item.get("note", "") for item in items] == [
        "\n\n".join(each.notes) for each in catalogue.citations
    ]


def test_every_note_of_the_newsletter_names_whose_words_it_is(catalogue):
    told = [each for each in catalogue.citations if each.notes]

    assert len(told) >= PAPERS - 5
    for each in told:
        for note in each.notes:
            if note.startswith("Editor’s note"):
                continue
            assert "Dan Hendrycks, ML Safety Newsletter, " in note
            assert "https://newsletter.mlsafety.org/p/" in note
