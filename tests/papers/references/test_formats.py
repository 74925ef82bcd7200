"""Real files' quirks, in small samples of our own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imports.jsonl import UnreadableSource
from papers.references import Format, Problem, Reference, decode, latex, read_references, recognise
from papers.references.dates import read_date
from papers.references.latex import decode_latex, plain_address

LATEX = [
    "word", "{Word}", "\\'{e}t\\'e", "S\\o ren", "S{\\o}ren", "\\c c", "\\v{s}", "--", "``two",
    "words''", "$x^2$", "$\\alpha$", "$5", "50%", "50\\%", "A & B", "\\emph{two words}",
    "{\\em more words}", "a~b", "\\\\", "\\url{http://x.y/a_b}", "\n\n", "{", "}", "\\",
    "\\LaTeX{}", "\\unknown{arg}", "\\ ", "\\' e", "\\begin{x}", "\\end{x}",
    "\\input{/etc/passwd}",
]  # fmt: skip


def read(text: str) -> list[Reference]:
    found = list(read_references(text, recognise(text)))
    return [record for record in found if isinstance(record, Reference)]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("% x\n@article{a, title={T}}", Format.BIBTEX),
        ("  @web_page{a,\n title={T}}", Format.BIBTEX),
        ("TY  - JOUR\nER  - ", Format.RIS),
        ("1.\nTY - JOUR\nER -", Format.RIS),
        ('[{"id": "a"}]', Format.CSLJSON),
        ('{"items": [{"id": "a"}]}', Format.CSLJSON),
        ("<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL>", Format.BOOKMARKS),
        ("id,title,doi\n1,T,10.1/x", Format.CSV),
        ("1706.03762\n10.1000/x", Format.TEXT),
        ("", Format.TEXT),
        ("longer than a cell of a table may be by itself " * 4_000, Format.TEXT),
        ("title\r,url", Format.TEXT),
    ],
)
def test_a_format_is_known_by_what_a_text_says(text, form):
    assert recognise(text) == form


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('<rdf:RDF xmlns:z="x">', "Zotero RDF; choose CSL JSON"),
        ("<!DOCTYPE html><html>", "a web page"),
        ("PMID- 123", "PubMed"),
        ("%0 Journal Article", "EndNote"),
        ("FN Clarivate", "Web of Science"),
    ],
)
def test_formats_that_are_not_read_are_refused_with_what_to_do(text, words):
    with pytest.raises(UnreadableSource, match=words):
        recognise(text)


class TestEncoding:
    def test_a_mark_at_the_beginning_is_no_text(self):
        assert decode(b"\xef\xbb\xbf@misc{a}", "x").text == "@misc{a}"

    def test_latin_1_is_read_line_by_line_and_said(self):
        text = decode("Müller\nИван\n".encode() + b"M\xfcller \x93x\x94\r\n", "x")

        assert text.text == "Müller\nИван\nMüller “x”\n"
        assert text.warnings == ["not UTF-8 in line 3: read as Windows-1252 (Latin-1)"]

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
    def test_utf_16_is_refused_with_words(self, encoding):
        with pytest.raises(UnreadableSource, match="not UTF-8"):
            decode("@misc{a, title={T}}".encode(encoding), "x.bib")

    @pytest.mark.parametrize("raw", [b"PK\x03\x04xx", b"%PDF-1.4", b"\x00\x01\x02abc"])
    def test_what_is_no_text_is_refused(self, raw):
        with pytest.raises(UnreadableSource):
            decode(raw, "x")


class TestBibTeX:
    def test_accents_macros_and_names(self):
        [paper] = read(
            r"@article{a, title={{\'E}tude of {\"o} -- \emph{this} {GAN} \& 50\% of $\alpha$},"
            r" author={van der Maaten, Laurens and {Google Brain} and King, Jr., Martin L. and"
            r" {\L}ukasz Kaiser and others}, month = mar # {~7}, year=2020, pages={1--9}}"
        )

        assert paper.title == "Étude of ö – this GAN & 50% of α"
        assert paper.names == [
            "Laurens van der Maaten", "Google Brain", "Martin L. King Jr.", "Łukasz Kaiser",
            "et al.",
        ]  # fmt: skip
        assert paper.published.parts == (2020, 3, 7)
        assert paper.details == {"page": "1–9"}

    def test_a_crossref_gives_what_an_entry_does_not_say(self):
        text = (
            "@inproceedings{a, title={Child}, crossref={P}}\n"
            "@inproceedings{b, title={Own}, booktitle={Mine}, year={2001}, crossref={P}}\n"
            "@proceedings{p, title={Proc. of X}, year={1999}, doi={10.1000/volume}}\n"
        )
        first, second = read(text)

        assert (first.venue, first.published.year, first.identifiers) == ("Proc. of X", 1999, ())
        assert (second.venue, second.published.year) == ("Mine", 2001)

    @pytest.mark.parametrize(
        ("fields", "identifier"),
        [
            ("eprint={1706.03762}, archiveprefix={arXiv}", "arxiv:1706.03762"),
            ("eprint={1706.03762v5}, eprinttype={arxiv}", "arxiv:1706.03762"),
            ("journal={arXiv preprint arXiv:1706.03762}", "arxiv:1706.03762"),
            ("journal={CoRR}, volume={abs/1706.03762}", "arxiv:1706.03762"),
            ("howpublished={\\url{https://arxiv.org/abs/1706.03762}}", "arxiv:1706.03762"),
            ("note={arXiv:1706.03762 [cs]}", "arxiv:1706.03762"),
            ("doi={https://doi.org/10.1000/A\\_b}", "doi:10.1000/a_b"),
            ("url={https://openreview.net/forum?id=rJl-b3RcF7}", "openreview:rJl-b3RcF7"),
            ("url={https://x.org/~u/a\\%20b}", "url:https://x.org/~u/a%20b"),
        ],
    )
    def test_identifiers_wherever_they_are_stated(self, fields, identifier):
        [paper] = read(f"@misc{{a, title={{T}}, {fields}}}")

        assert str(paper.identifiers[0]) == identifier

    def test_a_front_page_names_no_paper(self):
        [paper] = read("@article{a, title={T}, url={https://papers.example.org/}}")

        assert paper.identifiers == ()
        assert paper.url == "https://papers.example.org/"

    def test_an_entry_without_key_is_read(self):
        [paper] = read("@misc{title = {T}, year = {2020}}")

        assert (paper.title, paper.key) == ("T", "")


class TestRIS:
    def test_names_lines_and_repeated_fields(self):
        [paper] = read(
            "TY - JOUR\nA1 - Doe, Jane, Jr.\nTI - A title\nAB - one\ntwo\nN1 - a\nN1 - b\n"
            "UR - https://x.org/a;b\nPY - 2020\nDA - 2020/03/07/\nKW - x\nKW - y\nER -\n"
        )

        assert paper.names == ["Jane Doe, Jr."] or paper.names == ["Jane Doe Jr."]
        assert (paper.abstract, paper.notes) == ("one\ntwo", ("a", "b"))
        assert paper.url == "https://x.org/a;b"
        assert paper.published.parts == (2020, 3, 7)
        assert paper.keywords == ("x", "y")


class TestCSL:
    def test_particles_orcid_extra_and_key(self):
        [paper] = read(
            '[{"id": "http://zotero.org/x/1", "citation-key": "bee2020", "title": "T",'
            '"author": [{"family": "Beethoven", "given": "Ludwig", "non-dropping-particle": "van",'
            '"ORCID": "https://orcid.org/0000-0002-1825-0097"}, {"literal": "ACME"}],'
            '"issued": {"date-parts": [["2020", 3]]},'
            '"note": "arXiv:1706.03762 [cs]\\nMy thought"}]'
        )

        assert paper.names == ["Ludwig van Beethoven", "ACME"]
        assert paper.authors[0].orcid == "0000-0002-1825-0097"
        assert str(paper.identifiers[0]) == "arxiv:1706.03762"
        assert paper.notes == ("My thought",)
        assert paper.key == "bee2020"

    def test_a_damaged_item_costs_no_other(self):
        text = '[{"id": 1, "title": "A"},\n{"title": "B" "x": 1},\n{"title": "C"}, {"title": "D'
        records = list(read_references(text, Format.CSLJSON))

        assert [r.title for r in records if isinstance(r, Reference)] == ["A", "C"]
        assert [r.line for r in records if isinstance(r, Problem)] == [2, 3]

    @pytest.mark.parametrize(
        "text", ['[\n{"title": "A"},\n', '[\n{"title": "A"}\n', '{"items":\n [{"title": "A"}]']
    )
    def test_a_list_that_is_cut_between_two_items_is_no_whole_list(self, text):
        paper, problem = read_references(text, Format.CSLJSON)
        assert (paper.title, problem.line) == ("A", 2)
        assert "there may have been more" in problem.reason

    def test_marks_in_a_title_are_none_of_it_but_in_our_own_files(self):
        title = 'On <i>E. coli</i>, CO<sub>2</sub> and <span class=\\"nocase\\">if a < b</span>'
        [paper] = read(f'[{{"title": "{title}", "container-title": "<i>Cell</i>"}}]')
        assert (paper.title, paper.venue) == ("On E. coli, CO2 and if a < b", "Cell")
        [paper] = read(f'[{{"title": "{title}", "custom": {{"kind": "paper"}}}}]')
        assert paper.title == title.replace("\\", "")


def test_bookmarks_of_a_browser():
    papers = read(
        "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><p>\n<DT><H3>Safety</H3>\n<DL><p>\n"
        '<DT><A HREF="https://arxiv.org/abs/1706.03762v5" TAGS="nlp,é">Attention &amp; more</A>\n'
        "<DD>My words\n"
        '<DT><A HREF="https://www.example.org/blog?utm_source=x">A blog</A>\n'
        '<DT><A HREF="javascript:alert(1)">bookmarklet</A>\n</DL><p>\n</DL><p>\n'
    )

    paper, blog = papers
    assert (paper.title, paper.notes) == ("Attention & more", ("My words",))
    assert paper.keywords == ("nlp", "é", "Safety")
    assert str(paper.identifiers[0]) == "arxiv:1706.03762"
    assert (paper.is_any_address, blog.is_any_address) == (False, True)


def test_identifiers_in_plain_text():
    papers = read(
        "# mine\n1706.03762, doi: 10.1000/ABC and https://openreview.net/forum?id=abcdefgh\n"
        "- [T](https://en.example.org/wiki/Foo_(bar))\n"
    )

    assert sorted(str(paper.identifiers[0]) for paper in papers) == [
        "arxiv:1706.03762", "doi:10.1000/abc", "openreview:abcdefgh",
        "url:https://en.example.org/wiki/Foo_(bar)",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("2021", (2021, None, None)),
        ("2021-03-07T10:00:00Z", (2021, 3, 7)),
        ("2021/03//", (2021, 3, None)),
        ("7 March 2021", (2021, 3, 7)),
        ("Mar. 7, 2021", (2021, 3, 7)),
        ("c. 1999", (1999, None, None)),
        ("2020--2021", (2020, None, None)),
        ("12/13/2021", None),
        ("2023-02-30", None),
        ("in press", None),
        ("20x0", None),
    ],
)
def test_dates_are_never_more_exact_than_written(text, parts):
    found = read_date(text)

    assert (found.parts if found else None) == parts


@given(st.lists(st.sampled_from(LATEX), max_size=8))
def test_latex_is_read_the_same_with_and_without_the_plain_words_around_it(parts):
    text = " ".join(parts)
    in_parts = decode_latex(text)
    latex._decoded.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(latex, "_parts", lambda whole: [(whole, True)])
        as_one = decode_latex(text)
    latex._decoded.cache_clear()

    if latex._NEEDS_READING.search(text):
        assert in_parts.split() == as_one.split()


def test_the_library_reads_no_more_than_latex(monkeypatch):
    read = []
    monkeypatch.setattr(latex, "_read", lambda part: read.append(part) or "ø")
    latex._decoded.cache_clear()

    assert decode_latex("many {Plain} words \\o and more " + "of them " * 99).startswith(
        "many Plain"
    )
    assert read == ["\\o and "]
    latex._decoded.cache_clear()


@given(st.text(max_size=80))
def test_no_text_breaks_a_reader(text):
    for form in Format:
        for wrapped in (text, f"@misc{{a, title={{{text}}}}}", f"TY  - X\nTI  - {text}\nER  - "):
            list(read_references(wrapped, form))
    decode_latex(text)
    plain_address(text)
