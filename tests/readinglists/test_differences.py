"""What differs between two texts is told so that both can be had from it, and in good time."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readinglists.differences import Kind, Piece, difference, shortened, text_after, text_before

texts = st.one_of(st.text(max_size=60), st.text("ab ,\n", max_size=60))


@given(before=texts, after=texts, steps=st.sampled_from([0, 5, 40_000]))
def test_both_texts_can_be_had_from_their_difference(before, after, steps):
    pieces = difference(before, after, steps)
    assert text_before(pieces) == before
    assert text_after(pieces) == after
    assert all(piece.text for piece in pieces)


@given(before=texts, after=texts)
def test_shortening_leaves_every_change(before, after):
    pieces = difference(before * 5, after * 5)
    changes = [piece for piece in pieces if piece.kind != Kind.SAME]
    kept = [each for each in shortened(pieces) if each.kind in (Kind.GONE, Kind.NEW)]
    assert kept == changes


def test_whole_words_are_told():
    assert difference("A quick brown fox, here", "A quiet brown cat, here") == [
        Piece(Kind.SAME, "A "),
        Piece(Kind.GONE, "quick"),
        Piece(Kind.NEW, "quiet"),
        Piece(Kind.SAME, " brown "),
        Piece(Kind.GONE, "fox"),
        Piece(Kind.NEW, "cat"),
        Piece(Kind.SAME, ", here"),
    ]


@pytest.mark.parametrize(
    "pair",
    [("ab " * 16_000, "ba " * 16_000), ("a\n" * 25_000, "b\n" * 25_000), ("x" * 50_000, "")],
    ids=["words", "lines", "nothing"],
)
def test_texts_with_nothing_in_common_take_no_longer(pair):
    began = time.process_time()
    pieces = difference(*pair)
    assert (text_before(pieces), text_after(pieces)) == pair
    assert time.process_time() - began < 2
