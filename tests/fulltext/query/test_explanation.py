"""A query is said back in words."""

import pytest

from fulltext.query.explanation import explain
from fulltext.query.fields import ParameterField, said, years_said
from fulltext.query.parsing import parse

FIELDS = {
    "topic": ParameterField("topic", said("filed under {}"), "x"),
    "author": ParameterField("author", said("by {}"), "x"),
    "year": ParameterField("year", years_said, "2021"),
}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "papers"),
        ("robustness", "papers about “robustness”"),
        ("red teaming attacks", "papers about “red”, “teaming” and “attacks”"),
        (
            "-vision robustness year:2021..2023 topic:alignment",
            "papers about “robustness”, from 2021 to 2023, filed under alignment, "
            "not mentioning “vision”",
        ),
        ('"red teaming"', "papers with the phrase “red teaming”"),
        ('-"red teaming"', "papers without the phrase “red teaming”"),
        ("robust*", "papers with a word that begins with “robust”"),
        ("-robust*", "papers without a word that begins with “robust”"),
        ("gpt OR bert", "papers about “gpt” or “bert”"),
        ("-(gpt OR bert)", "papers mentioning neither “gpt” nor “bert”"),
        ("gpt OR topic:alignment", "papers either about “gpt” or filed under alignment"),
        (
            "gpt OR (topic:alignment attack)",
            "papers either about “gpt” or (about “attack”, filed under alignment)",
        ),
        ("-(gpt topic:x)", "papers but not those about “gpt”, filed under x"),
        ("-author:hendrycks", "papers not by hendrycks"),
        ("year:2021", "papers of 2021"),
        ("year:2021..", "papers from 2021 on"),
        ("year:..2021", "papers up to 2021"),
    ],
)
def test_a_query_is_said_in_words(text, words):
    assert explain(parse(text, FIELDS), "papers", FIELDS) == words


def test_an_identifier_is_said_as_what_it_names():
    tree = parse("2303.08112", identifier=lambda text: text)

    assert explain(tree, "papers", FIELDS) == "papers that 2303.08112 leads to"
