"""What leaves comes back: JSON and web pages whole, other formats as docs/lists.md says."""

import json
from typing import Any

import pytest
from hypothesis import Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from papers.models import Paper
from readinglists.document import Document, document_of, parts_in
from readinglists.exporting.formats import FORMATS
from readinglists.exporting.source import Source
from readinglists.importing.drafts import Draft
from readinglists.importing.reading import read_text
from readinglists.importing.run import import_draft
from readinglists.rights import standing_of
from tests.factories import UserFactory
from tests.losses import table_in
from tests.readinglists.exporting.samples import FULL, FULL_PAPER, any_document


def written(name: str, document: Document) -> str:
    head = {key: document[key] for key in document if key not in ("items", "sections")}
    return "".join(FORMATS[name].write(Source(head, parts_in(document))))


def brought_in(text: str, user: Any) -> Document:
    done = import_draft(read_text("a file", text), user, name="a file")
    return document_of(done.reading_list, standing_of(done.reading_list, user))


def but_for_who_brought_it(document: Document) -> Document:
    """The owner is whoever imports it, and is named beside others' words."""
    plain = json.loads(json.dumps(document))
    plain["owner"] = "somebody"
    for item in [*plain["items"], *(i for s in plain["sections"] for i in s["items"])]:
        for note in item["notes"]:
            note.pop("brought_in_by", None)
    return plain


@pytest.mark.one_database
@given(document=any_document())
def test_a_web_page_holds_what_json_holds(document):
    page, plain = (read_text("a file", written(name, document)) for name in ("html", "json"))

    assert page.head == plain.head
    assert page.sections == plain.sections
    told = [[(item.values, item.section) for item in draft.items] for draft in (page, plain)]
    assert told[0] == told[1]


class RoundTrips(TestCase):
    @given(document=any_document(), may_file=st.booleans())
    @hypothesis_settings(max_examples=8, phases=[Phase.explicit, Phase.generate])
    def test_a_list_comes_back_whole_to_an_empty_instance(self, document, may_file):
        """With ids, times, order and notes: for those who may file papers as papers, for others as
        addresses that keep what they stand for."""
        user = UserFactory(is_staff=may_file, is_superuser=may_file, password="!")
        found = brought_in(written("json", document), user)

        expected = but_for_who_brought_it(document)
        assert but_for_who_brought_it(found) == expected
        assert Paper.objects.exists() == (may_file and '"paper"' in json.dumps(document))


@pytest.mark.django_db
def test_everything_a_document_can_hold_comes_back_from_json():
    user = UserFactory(username="ada", is_staff=True, is_superuser=True)
    found = brought_in(written("json", FULL), user)

    assert but_for_who_brought_it(found) == but_for_who_brought_it(FULL)
    assert found["owner"] == "ada"
    [own, other] = found["items"][0]["notes"]
    assert "brought_in_by" not in own
    assert (other["author"], other["brought_in_by"]) == ("bob", "ada")


# --- The table ----------------------------------------------------------------------------------
FORMS = {
    "JSON": "json",
    "web page": "html",
    "JSON Lines": "jsonl",
    "Markdown": "markdown",
    "CSV": "csv",
    "BibTeX": "bibtex",
    "RIS": "ris",
    "CSL-JSON": "csljson",
}


def held(draft: Draft) -> dict[str, str]:
    """What is true of each row of the table, in its words."""
    items = [item.values for item in draft.items]
    paper, entry, prize, address = items
    named = [section.title for section in draft.sections]
    all_named = [section["title"] for section in FULL["sections"]]
    notes = [[note["markdown"] for note in item["notes"]] for item in items]
    all_notes = [[n["markdown"] for n in i.values["notes"]] for i in read(FULL, "json").items]
    authors = [note["author"] for item in items for note in item["notes"]]
    is_there = {
        "title of the list": draft.head.get("title") == FULL["title"],
        "description": draft.head.get("description") == FULL["description"],
        "language, topic, licence": draft.head.get("notes_licence") == FULL["notes_licence"],
        "order": [next(iter(v.keys() & KINDS)) for v in items]
        == ["paper", "entry", "prize", "url"],
        "sections with items": [s for s in named if s != "Empty"] == [all_named[0], all_named[2]],
        "sections without items": "Empty" in named,
        "prose of sections": [s.prose for s in draft.sections if s.prose]
        == [s["prose"] for s in FULL["sections"] if s["prose"]],
        "papers": paper["paper"]["title"] == FULL_PAPER["title"]
        and set(FULL_PAPER["identifiers"]) <= set(paper["paper"]["identifiers"]),
        "their authors and dates": paper["paper"].get("authors") == FULL_PAPER["authors"],
        "their abstract": paper["paper"].get("abstract") == FULL_PAPER["abstract"],
        "entries and prizes": (entry["entry"]["issue"], entry["entry"]["anchor"])
        == ("some-newsletter-9", "a-thing")
        and prize["prize"]["slug"] == "a-prize",
        "addresses with their title": (address["url"], address.get("title"))
        == ("https://example.org/a", "An address"),
        "notes": notes == all_notes,
        "their authors": authors == ["ada", "bob", "ada", "ada"],
        "their audience": paper["notes"][0].get("audience") == "public",
        "their time": "created_at" in paper["notes"][0],
    }
    words = {name: "yes" if is_so else "no" for name, is_so in is_there.items()}
    if notes != all_notes and [[" ".join(n.split()) for n in i] for i in all_notes] == notes:
        words["notes"] = "paragraphs joined"
    paragraphs = FULL_PAPER["abstract"].split("\n\n")
    if paper["paper"].get("abstract") == " ".join(paragraphs):
        words["their abstract"] = "paragraphs joined"
    return words


KINDS = {"paper", "entry", "prize", "url"}


def read(document: Document, name: str) -> Draft:
    return read_text("a file", written(name, document))


@pytest.mark.one_database
@pytest.mark.parametrize("label", FORMS)
def test_a_format_holds_what_the_table_says_and_no_more(label):
    draft = read(FULL, FORMS[label])
    assert [type(item).__name__ for item in draft.items] == ["DraftItem"] * 4
    assert held(draft) == {name: row[label] for name, row in table_in("lists.md").items()}
