"""The bad inputs of reference files: what is broken is named with its line, the rest arrives."""

import time

import pytest

from papers.references import Aside, Problem, Reference, bibtex, read_references, recognise

GOOD = "@article{key%d, title={Title number %d}, author={Doe, Jane}, year={2020}}\n"


def read(text: str) -> list:
    return list(read_references(text, recognise(text)))


def references(text: str) -> list[Reference]:
    return [record for record in read(text) if isinstance(record, Reference)]


def problems(text: str) -> list[tuple[int, str]]:
    return [(record.line, record.reason) for record in read(text) if isinstance(record, Problem)]


@pytest.mark.parametrize(
    "broken",
    [
        "@article{broken, title={No end, year={2020}\n",
        '@article{broken, title="No end, year={2020}\n',
        "@article{broken title={No comma}, year={2020}}\n",
        "@article{broken, title={Closed} early}, year={2020}}\n",
        "@article{broken, title={A} {B}, year={2020}}\n",
        "@article{broken, title, year={2020}}\n",
        "@article{broken, year={2020}}\n",
    ],
)
def test_bad_39_one_broken_entry_among_a_thousand_costs_no_other(broken):
    entries = [GOOD % (number, number) for number in range(1000)]
    entries[500] = broken
    text = "".join(entries)

    assert len(references(text)) == 999
    assert [line for line, _ in problems(text)] == [501]


def test_bad_40_the_second_entry_of_a_key_comes_in_without_it_and_says_so():
    first, second = references(GOOD % (1, 1) + "@misc{KEY1, title={Another}}")

    assert (first.key, second.key) == ("key1", "")
    assert second.warnings == ["the key KEY1 stands in line 1 already"]


@pytest.mark.parametrize("end", ["}" * 20_000, ""])
def test_bad_41_a_brace_bomb_is_a_problem_at_once(end):
    text = "@article{bomb, title={" + "{" * 20_000 + end + "}}\n" + GOOD % (1, 1)

    started = time.process_time()
    assert [each.key for each in references(text)] == ["key1"]
    assert [line for line, _ in problems(text)] == [1]
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("what", "costly"),
    [
        ("characters of LaTeX", "title={" + "\\'e" * 20 + "}"),
        ("names", "author={" + "A and " * 60 + "B}, title={T}"),
        ("characters", "title=big"),
    ],
)
def test_a_file_that_takes_too_long_to_read_is_read_so_far(monkeypatch, what, costly):
    limits = [(name, 100 if name == what else n, count) for name, n, count in bibtex._LIMITS]
    monkeypatch.setattr(bibtex, "_LIMITS", limits)
    plain = "" if what == "characters" else GOOD % (1, 1)
    text = "@string{big = {" + "b" * 90 + "}}\n" + f"@article{{a, {costly}}}\n" * 2 + plain

    assert [each.title for each in references(text)][1:] == (["Title number 1"] if plain else [])
    assert problems(text) == [(3, f"the file holds more than 100 {what}: split it")]


def test_bad_42_what_is_closed_comes_in_though_the_file_ends_within_an_entry():
    text = GOOD % (1, 1) + GOOD % (2, 2) + "@article{three, title={No end"

    assert [each.key for each in references(text)] == ["key1", "key2"]
    assert problems(text) == [(3, "it does not end: a closing brace or quote is missing")]


def test_bad_43_comments_preambles_and_strings_are_no_papers():
    text = (
        '% a line\n@comment{jabref-meta: x}\n@preamble{"\\newcommand{\\x}{y}"}\n'
        '@string{nips = "Neural " # "Processing"}\n'
        "@inproceedings{a, title={A title}, booktitle = nips # { 2020}}\n"
    )
    [paper] = references(text)

    assert paper.venue == "Neural Processing 2020"
    asides = [record for record in read(text) if isinstance(record, Aside)]
    assert [aside.line for aside in asides] == [1, 2, 3]
    assert not problems(text)


@pytest.mark.parametrize(
    "command", [r"\input{/etc/passwd}", r"\write18{ls}", r"\include{x}", r"\openin\x"]
)
def test_bad_44_commands_stay_text(command):
    [paper] = references(f"@misc{{a, title={{On {command} and {{\\'e}}tudes}}}}")

    assert paper.title == f"On {command} and études"


def test_bad_45_a_ris_record_without_end_is_named():
    text = "TY  - JOUR\nTI  - One\nER  - \nTY  - JOUR\nTI  - Two\nTY  - JOUR\nTI  - Three\n"

    assert [each.title for each in references(text)] == ["One"]
    assert problems(text) == [
        (4, "no ER line before the next one begins in line 6"),
        (6, "no ER line at the end of the file"),
    ]


def test_bad_46_text_between_ris_records_is_named():
    text = "TY  - JOUR\nTI  - One\nER  - \nsome garbage\n\nTY  - JOUR\nTI  - Two\nER  - \n"

    assert [each.title for each in references(text)] == ["One", "Two"]
    assert problems(text) == [(4, "text outside of any record: “some garbage”")]


@pytest.mark.parametrize(
    "issued",
    ['{"date-parts": [["20x0"]]}', '{"date-parts": [[2020, 13]]}', '{"date-parts": 2020}', '"2020"',
     '{"date-parts": [[1e400]]}', '{"date-parts": [[0]]}'],
)  # fmt: skip
def test_bad_47_a_date_that_is_none_keeps_its_item_out(issued):
    text = f'[{{"id": "a", "title": "A", "issued": {issued}}},\n{{"id": "b", "title": "B"}}]'

    assert [each.title for each in references(text)] == ["B"]
    assert [line for line, _ in problems(text)] == [1]


def test_bad_47_an_item_without_date_comes_in_and_says_so():
    [item] = references('[{"id": "b", "title": "B"}]')

    assert item.published is None
    assert item.warnings == ["it has no date"]


def test_bad_48_five_thousand_authors_come_in_in_order():
    names = " and ".join(f"Doe{'x' * (number % 9)}, A." for number in range(5000))
    started = time.process_time()
    [paper] = references(f"@article{{a, title={{Big}}, author={{{names}}}}}")

    assert len(paper.authors) == 5000
    assert paper.authors[4999].printed == "A. Doe" + "x" * (4999 % 9)
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x",
     "java\tscript:alert(1)", "http://127.0.0.1/", "http://169.254.169.254/x", "file:///etc/passwd"],
)  # fmt: skip
def test_bad_30_an_address_that_is_no_link_stays_text_in_every_format(url):
    texts = (
        f"@misc{{a, title={{T}}, url={{{url}}}, pdf={{{url}}}}}",
        f"TY  - JOUR\nTI  - T\nUR  - {url}\nL1  - {url}\nER  - \n",
        f'[{{"id": "a", "title": "T", "URL": "{url}"}}]'.replace("\t", "\\t"),
        f'title,url\nT,"{url}"\n',
    )
    for text in texts:
        [found] = references(text)
        assert (found.url, found.pdf_url, found.identifiers) == ("", "", ())
        assert found.warnings


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("@misc{a, title={" + "x" * 501 + "}}", "title has 501"),
        ("@misc{a, title={T}, journal={" + "x" * 301 + "}}", "venue has 301"),
        ("@misc{a, title={T}, author={" + "x" * 301 + "}}", "an author's name has 301"),
        ("@misc{a, title={T}, abstract={" + "x" * 100_001 + "}}", "abstract has 100,001"),
    ],
)
def test_bad_36_what_is_too_long_is_refused_and_never_cut(text, field):
    [(line, reason)] = problems(text)

    assert line == 1
    assert field in reason


def test_an_xml_bomb_is_refused_with_words():
    with pytest.raises(Exception, match="is XML; export as CSL-JSON, BibTeX or RIS"):
        recognise('<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">]><lolz>&lol;</lolz>')


def test_macros_that_double_each_other_are_stopped():
    macros = (
        '@string{a0 = "'
        + "x" * 100
        + '"}\n'
        + "".join(f"@string{{a{n + 1} = a{n} # a{n}}}\n" for n in range(60))
    )
    started = time.process_time()
    found = problems(macros + "@misc{a, title={T}, note = a60}")

    assert "more than 1,000,000 characters" in found[0][1]
    assert time.process_time() - started < 5
