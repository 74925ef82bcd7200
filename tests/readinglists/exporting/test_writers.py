"""What each format makes of a document, without a database."""

import copy
import csv
import difflib
import io
import json
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings

from api.renderers import FORMULA_STARTS
from readinglists.contents import Part
from readinglists.document import Document, parts_in
from readinglists.exporting.formats import ALL_FORMATS, FORMATS
from readinglists.exporting.source import Source
from tests.readinglists.exporting.samples import FULL, any_document, document, item, note, section

pytestmark = pytest.mark.one_database
each_format = pytest.mark.parametrize("name", ALL_FORMATS)


def written(name: str, given_document: Document) -> str:
    head = {key: given_document[key] for key in given_document if key not in ("items", "sections")}
    source = Source(head, parts_in(given_document), "https://lists.example/lists/1/")
    return "".join(ALL_FORMATS[name].write(source))


@given(any_document())
def test_json_holds_the_whole_document(any_list):
    assert json.loads(written("json", any_list)) == any_list


@each_format
def test_adding_one_item_changes_one_hunk(name):
    added = item(9, note("New."), url="https://example.org/new", title="New here")
    places = [("items", None), ("sections", 0), ("sections", 1), ("sections", 2)]
    for key, number in places:
        longer = copy.deepcopy(FULL)
        place = longer[key] if number is None else longer[key][number]["items"]
        place.insert(0, added)
        before, after = (written(name, each).splitlines() for each in (FULL, longer))
        matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
        hunks = [group for group in matcher.get_opcodes() if group[0] != "equal"]
        assert len(hunks) == 1, (key, number, hunks)


@each_format
def test_proposals_and_what_is_no_longer_available_are_told_as_such(name):
    proposed = item(1, url="https://example.org/proposed", title="Proposed") | {"is_proposed": True}
    gone = item(2, note("Said of it."), paper=None)
    text = written(name, document([proposed, gone, item(3, url="https://example.org/there")]))

    assert ("Proposed" in text) == (name in ("json", "jsonl"))
    is_named = {"html", "markdown", "csv", "bibliography"}
    assert ("No longer available" in text) == (name in is_named)
    assert "https://example.org/there" in text


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_no_cell_of_the_table_begins_like_a_formula(start):
    odd = f"{start}HYPERLINK(1)"
    told = item(1, note(odd), url="https://a.example/", title=odd)
    text = written("csv", document([], [section(1, odd, "", told)]))

    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    cells = [cell for row in rows for cell in row.values()]
    assert len(rows) == 1
    assert not [cell for cell in cells if cell.startswith(FORMULA_STARTS)]
    assert rows[0]["section"] == f"'{odd}"


class Tags(HTMLParser):
    """Every tag with its attributes, and what stands open at the end."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("name", ["html", "bibliography"])
@settings(max_examples=8)
@given(any_list=any_document())
def test_a_web_page_loads_nothing_and_runs_nothing(name, any_list):
    any_list["description"] += "\n\n![](https://e.example/i.png)<script>alert(1)</script>"
    any_list["title"] += "</title><script>alert(1)</script>"
    tags = Tags(written(name, any_list)).found

    names = {tag for tag, _ in tags}
    assert not names & {"script", "img", "iframe", "link", "object", "form", "base", "svg"}
    assert [tag for tag, attrs in tags if any(key.startswith("on") for key in attrs)] == []
    [policy] = [attrs["content"] for tag, attrs in tags if "http-equiv" in attrs]
    assert policy.startswith("default-src 'none'")


def test_words_of_a_newsletter_name_source_authors_and_address_wherever_they_stand():
    for name in ALL_FORMATS:
        text = written(name, FULL).replace("\\", "")
        assert "A thing worth telling" in text
        assert "Some Newsletter #9" in text, name
        assert "Lovelace" in text, name
        assert "https://newsletter.example/p/9" in text, name


@pytest.mark.parametrize("name", FORMATS)
def test_writing_never_reads_ahead(name):
    """So a list of any length is streamed: what was read is written before more is asked for."""
    read = 0

    def parts():
        nonlocal read
        for number in range(1, 200):
            read = number
            yield Part("item", item(number, url=f"https://example.org/{number}"))

    head = {key: FULL[key] for key in FULL if key not in ("items", "sections")}
    seen = 0
    for piece in FORMATS[name].write(Source(head, parts())):
        seen += piece.count("https://example.org/")
        assert read <= seen + 1
