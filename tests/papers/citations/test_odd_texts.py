"""Bad input 49: whatever a title, name or note holds, it comes back out of a file as it went in."""

import bibtexparser
import pytest
import rispy
from hypothesis import example, given
from hypothesis import strategies as st
from pybtex.database import parse_string

from markup.text import clean_line, has_visible_text
from papers.citations import bibtex as bibtex_module
from papers.citations import tex
from papers.citations.citation import Citation
from papers.citations.formats import BIBTEX, CSL_JSON, MARKDOWN, RIS
from papers.citations.names import split_names
from papers.references import Format, Reference, read_references

FORMS = [(BIBTEX, Format.BIBTEX), (RIS, Format.RIS), (CSL_JSON, Format.CSLJSON)]
each_format = pytest.mark.parametrize(("form", "read_as"), FORMS, ids=["bibtex", "ris", "csljson"])

ODD = [
    "{", "}", "{}", "}{", "#1 in 100%", "a \\ b \\", "\\input{/etc/passwd}", "$x$ & $y_1^2$ ~ z",
    "“quotes” ‘and’ \"more\" ``x'' --- a--b", "🙈 emoji 👩‍🔬", "مرحبا بالعالم (RTL) שלום",
    "@article{x,",
    "x = {y},", "ER  - ", "TY  - JOUR", "a, b and c", "İstanbul ǅ ﬁ", "<i>x</i> & <script>",
    "?`What!` ,,x'' <<y>>", "100% \\% {\\%}", "\\textbackslash{}", "e^{i\\pi} = -1", "GPT-4's AI",
]  # fmt: skip
PIECES = st.one_of(
    st.sampled_from(ODD),
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")), max_size=8),
    st.text(st.sampled_from("{}\\#%&_$~^\"'`@,= -<>?!aB\n"), max_size=12),
)
TITLES = (
    st.lists(PIECES, min_size=1, max_size=4)
    .map(" ".join)
    .map(clean_line)
    .filter(has_visible_text)
    .filter(lambda title: title[-1] not in ".")
)


def read(text: str, form: Format) -> list[Reference]:
    records = list(read_references(text, form))
    assert all(isinstance(record, Reference) for record in records), records
    return records


def written(form, *citations: Citation) -> str:
    return "".join(form.document(citations))


@each_format
@given(title=TITLES)
@example(title="}{ \\ # % ~ ^ _ & $")
@example(title="@article{x, title = {y}}")
def test_odd_titles_come_back(form, read_as, title):
    text = written(form, Citation(key="one", title=title), Citation(key="two", title="Another"))

    first, second = read(text, read_as)

    assert first.title == title
    assert (first.key, second.key, second.title) == ("one", "two", "Another")


@each_format
@pytest.mark.parametrize("odd", ODD)
def test_odd_texts_come_back_from_every_field(form, read_as, odd):
    citation = Citation(
        key="one",
        title=f"On {odd} here",
        authors=("Jane Doe", f"Deep {odd} Team", "et al."),
        year=2022,
        month=3,
        day=7,
        venue=f"Journal of {odd} things",
        abstract=f"{odd} first\n\n{odd} second",
        notes=(f"{odd} said\n\n{odd} again",),
        url="https://example.org/a?b=1&c=%7Bd%7D#e_f~g",
    )

    (found,) = read(written(form, citation), read_as)

    assert found.title == clean_line(citation.title)
    assert found.names == [name.printed for name in split_names(citation.authors)]
    assert found.published.parts == (2022, 3, 7)
    assert found.venue == clean_line(citation.venue)
    assert " ".join(found.abstract.split()) == " ".join(citation.abstract.split())
    assert " ".join(found.notes[0].split()) == " ".join(citation.notes[0].split())
    assert found.url == citation.url


@given(title=TITLES)
def test_parsers_of_others_find_one_whole_entry(title):
    citation = Citation(key="one", title=title, notes=(title,), abstract=title)
    text = written(BIBTEX, citation)

    library = bibtexparser.parse_string(text)
    assert [entry.key for entry in library.entries] == ["one"]
    assert library.failed_blocks == []
    assert list(parse_string(text, "bibtex").entries) == ["one"]
    (entry,) = rispy.loads(written(RIS, citation))
    assert (entry["title"], entry["notes"]) == (title, [title])


def found_in(text: str) -> list[str]:
    library = bibtexparser.parse_string(text)
    return [entry.key for entry in library.entries] if not library.failed_blocks else []


def test_without_its_escapes_a_file_breaks(monkeypatch):
    """The guards of the tests above: they would notice."""
    odd = Citation(key="one", title="{ and }}", abstract="As in\n\n@article{y, title = {z}}")
    assert found_in(written(BIBTEX, odd)) == ["one"]

    with monkeypatch.context() as without:
        without.setattr(tex, "_SPECIAL", {sign: sign for sign in tex._SPECIAL})
        assert found_in(written(BIBTEX, odd)) != ["one"]
    monkeypatch.setattr(bibtex_module, "escape_prose", lambda text: tex.escape_tex(text))
    assert found_in(written(BIBTEX, odd)) != ["one"]


TITLE_CASES = {
    "Natural Adversarial Examples": "Natural Adversarial Examples",
    "ImageNet accuracy and GPT-4 in the USA": "{ImageNet} accuracy and {GPT}-4 in the {USA}",
    "X-Risk Analysis for AI Research": "{X}-Risk Analysis for {AI} Research",
    "A survey of the methods of Bayes": "A survey of the methods of {Bayes}",
    "A survey of methods: From Bayes onwards": "A survey of methods: From {Bayes} onwards",
    "why we need bias": "why we need bias",
    "Out-of-Distribution Detection": "Out-of-Distribution Detection",
    "100% of C_1 & a#b": "100\\% of {C}\\_1 \\& a\\#b",
    "a--b ``c''": "a-{}-b `{}`c'{}'",
}


@pytest.mark.parametrize(("title", "written_as"), TITLE_CASES.items())
def test_capitals_that_a_style_must_keep_are_protected(title, written_as):
    assert tex.escape_title(title) == written_as


def test_addresses_that_are_no_links_go_into_no_file():
    citation = Citation(
        key="one",
        title="Hostile",
        url="javascript:alert(1)",
        pdf_url="data:text/html,x",
        code_url="javascript:alert(2)",
    )

    for form in (BIBTEX, RIS, CSL_JSON, MARKDOWN):
        text = written(form, citation)
        assert "javascript" not in text
        assert "data:" not in text
