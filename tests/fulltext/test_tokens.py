"""Texts are taken apart in one way, for documents and queries alike."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulltext import tokens
from fulltext.columns import quoted_lexeme, vector_literal

# fmt: off
ENDINGS = (
    "s", "ies", "ed", "ied", "ing", "ying", "er", "ly", "y", "ness", "ation", "ational", "ization",
    "ity", "ability", "ibility", "ivity", "iveness", "fulness", "ousness", "alism", "ance", "ence",
    "ment", "able", "ous", "ive", "ize", "ator", "al", "ogy", "ogist", "icity", "ful", "eed", "e",
)
# fmt: on


@pytest.mark.parametrize(
    ("text", "stems"),
    [
        ("Robust robustness, ROBUSTLY!", ["robust", "robust", "robust"]),
        ("Schölkopf Ångström naïve", ["scholkopf", "angstrom", "naiv"]),
        ("Scho\u0308lkopf", ["scholkopf"]),
        ("Straße Łukasz Bjørn", ["strass", "lukasz", "bjorn"]),
        ("don't it's we're O'Neil", ["dont", "it", "we", "o", "neil"]),
        ("don’t", ["dont"]),
        ("state-of-the-art", ["state", "of", "the", "art"]),
        ("GPT-3.5 x² ½ ﬁnetuning", ["gpt", "3", "5", "x2", "1", "2", "finetun"]),
        ("snake_case", ["snake", "case"]),
        ("机器学习 models", ["机", "器", "学", "习", "model"]),
        ("データ", ["テ\u3099"[:0] + "デ", "ー", "タ"]),
        ("Чёрный ящик", ["черныи", "ящик"]),
        ("السَّلامة", ["السلامة"]),
        ("ไทย", ["ไ", "ท", "ย"]),
        ("한국어 연구", ["한국어", "연구"]),
        ("हिन्दी", ["हिन्दी"]),
        ("𝐀𝐁 ＡＢ", ["ab", "ab"]),
        ("-- & % \\ \" '", []),
        ("", []),
    ],
)
def test_words_are_folded_and_stemmed(text, stems):
    assert tokens.stems(text) == stems


def test_a_word_begins_as_its_stem_does():
    """But for a letter at its end: highlights look for no more of a text than that."""
    printed = Path("fixtures/papers.json").read_text().lower()
    words = {*re.findall("[a-z]{3,}", printed), "dying", "lies", "skies", "idly", "happily", "news"}
    strays = {word for word in words if not word.startswith(tokens.beginning_of(tokens.stem(word)))}
    assert strays == set()


@given(
    beginning=st.text("abcdefghiklmnoprstuvy", min_size=1, max_size=6),
    endings=st.lists(st.sampled_from(ENDINGS), min_size=1, max_size=3),
)
def test_whatever_a_word_ends_in_it_begins_as_its_stem_does(beginning, endings):
    word = "".join([beginning, *endings])
    assert word.startswith(tokens.beginning_of(tokens.stem(word)))


@pytest.mark.parametrize(
    ("chunk", "joined"),
    [
        ("pre-training", "pretrain"),
        ("CIFAR-10", "cifar10"),
        ("pre\u2010training", "pretrain"),
        ("pretraining", None),
        ("state-of-the-art", None),
    ],
)
def test_hyphenated_words_are_one_word_too(chunk, joined):
    assert tokens.analysed(chunk).joined == joined


def test_a_word_of_any_length_has_a_bounded_token():
    assert {len(stem) for stem in tokens.stems("x" * 10_000 + " " + "語" * 3)} == {64, 1}


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_more(text):
    folded = tokens.fold(text)

    assert tokens.fold(folded) == folded


@given(st.text(max_size=60))
def test_tokens_hold_nothing_that_an_index_takes_for_a_sign(text):
    for token in tokens.stems(text):
        assert token
        assert not set(token) & set(" |:^=@#~\"'\\\0*()")


@given(st.lists(st.text(min_size=1, max_size=5), max_size=8))
def test_lexemes_are_quoted_whole(texts):
    literal = vector_literal(tuple(texts))

    assert literal.count("':") >= len(set(texts))
    assert all(quoted_lexeme(text) in literal for text in texts)
