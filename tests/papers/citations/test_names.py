"""Names as printed, taken apart and put together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from markup.text import clean_line
from papers.citations.names import OTHERS, Name, split_name, split_names

PRINTED = {
    "Dan Hendrycks": Name("Hendrycks", "Dan"),
    "Laurens van der Maaten": Name("van der Maaten", "Laurens"),
    "Aaron Van den Oord": Name("Van den Oord", "Aaron"),
    "Daniel de Haas": Name("de Haas", "Daniel"),
    "Stephanie C. Y. Chan": Name("Chan", "Stephanie C. Y."),
    "Walter H.L. Pinaya": Name("Pinaya", "Walter H.L."),
    "Krishnamurthy (Dj) Dvijotham": Name("Dvijotham", "Krishnamurthy (Dj)"),
    "Oğuzhan Fatih Kar": Name("Kar", "Oğuzhan Fatih"),
    "Jane Doe, Jr.": Name("Doe", "Jane", "Jr."),
    "Jane Doe Jr.": Name("Doe", "Jane", "Jr."),
    "Doe, Jane": Name("Doe", "Jane"),
    "Doe, Jr., Jane": Name("Doe", "Jane", "Jr."),
    "Doe, Jane, III": Name("Doe", "Jane", "III"),
    "García Márquez, Gabriel": Name("García Márquez", "Gabriel"),
    "山田 太郎": Name("山田", "太郎"),
    "김 철수": Name("김", "철수"),
    "王小明": Name(literal="王小明"),
    "Plato": Name(literal="Plato"),
    "OpenAI": Name(literal="OpenAI"),
    "Center for AI Safety": Name(literal="Center for AI Safety"),
    "Foo, Inc.": Name(literal="Foo, Inc."),
    "DeepMind Safety Team": Name(literal="DeepMind Safety Team"),
    "House of Lords": Name(literal="House of Lords"),
    "III Smith": Name(literal="III Smith"),
    "a, b, c, d": Name(literal="a, b, c, d"),
    "فاطمة الفهري": Name("الفهري", "فاطمة"),
}


@pytest.mark.parametrize(("printed", "name"), PRINTED.items())
def test_a_name_is_split_as_its_owner_would(printed, name):
    assert split_name(printed) == name


def test_a_name_is_put_together_as_it_was_printed():
    as_printed = [text for text in PRINTED if "," not in text]

    assert [split_name(text).printed for text in as_printed] == as_printed


def test_a_family_name_of_two_words_keeps_its_comma():
    assert split_name("García Márquez, Gabriel").printed == "García Márquez, Gabriel"
    assert split_name("Doe, Jane").printed == "Jane Doe"


def test_more_authors_are_said_once_and_last():
    assert list(split_names(["Dan Hendrycks et al.", "Jane Doe", "et al."])) == [
        Name("Hendrycks", "Dan"),
        Name("Doe", "Jane"),
        OTHERS,
    ]
    assert list(split_names(["Jane Doe and others"])) == [Name("Doe", "Jane"), OTHERS]


def test_what_is_no_name_is_left_out():
    assert list(split_names(["nan", "*", " ", "n/a", "Jane Doe"])) == [Name("Doe", "Jane")]


WORD_LIST = """
Jane Doe van der Van Jr. III jr de , ,, and & Inc. 山田 太郎 et al. Team O'Neil 3 (Dj) ; - PhD nan
"""
WORDS = st.one_of(st.sampled_from(WORD_LIST.split()), st.text(max_size=5))


@given(st.lists(WORDS, max_size=6).map(" ".join))
def test_printed_and_sorted_forms_are_read_back_the_same(text):
    name = split_name(text)

    assert split_name(name.printed) == name
    assert split_name(name.sorted) == name
    assert clean_line(name.printed) == name.printed


@given(st.lists(st.lists(WORDS, max_size=4).map(" ".join), max_size=4))
def test_a_list_of_names_is_read_back_the_same(printed):
    names = list(split_names(printed))

    assert list(split_names(name.printed for name in names)) == names
    assert list(split_names(name.sorted for name in names)) == names
