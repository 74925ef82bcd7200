"""Markdown as it is read, with every word's place; and that reading stays linear."""

import datetime as dt
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prizes.reader import read_dates, read_mentions, read_money, read_opportunities
from prizes.reader.prose import read_prose


@pytest.mark.parametrize(
    ("markdown", "sentences"),
    [
        (
            "**Bold** and [a link](https://x.org/a_(b)) end. Next one.",
            ["Bold and a link end.", "Next one."],
        ),
        ("[[Link](https://x.org)] The text.", ["The text."]),
        ("**[[Link]](https://x.org)** The text.", ["The text."]),
        ("[we] provide it.", ["[we] provide it."]),
        ("[![alt. Text](u)](v)Glued caption.Then text.", ["Glued caption.", "Then text."]),
        ("Title\n-----\n\nA line\nwrapped.", ["Title", "A line wrapped."]),
        ("* one\n* two", ["one", "two"]),
        ("Ends Sept. 30 at 5 p.m. ET, i.e. soon.", ["Ends Sept. 30 at 5 p.m. ET, i.e. soon."]),
        ("Will it “rain by May?” Nobody knows.", ["Will it “rain by May?”", "Nobody knows."]),
        ("closes on September\n30. The end.", ["closes on September 30.", "The end."]),
        ("a_b and _this_ &amp; <b>that</b> `x`", ["a_b and this & that x"]),
    ],
)
def test_sentences_are_read_without_markup(markdown, sentences):
    assert [sentence.text for sentence in read_prose(markdown).sentences] == sentences


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet=st.sampled_from(list('ab .!?[]()*_\\&;#<>`|-\n1"”'))))
def test_places_lead_back_to_the_given_text(text):
    prose = read_prose(text)

    for place, letter in enumerate(prose.plain):
        start, end = prose.span(place, place + 1)
        assert 0 <= start < end <= len(text)
        if letter in "ab1":
            assert text[start] == letter
            assert prose.place(start) == place


ENDLESS = ["$5 ", "May 5 ", "[", "](", "![", " ", "\n ", "*", "9,999", "due May 5. ", "(", ". ",
           "prize pool of $5 and ", "The Center for ",
           "\n- [a](https://x.org) $5 prize", "<a "]  # fmt: skip


def seconds(text: str) -> float:
    published_on = dt.date(2022, 9, 26)
    start = time.process_time()
    read_money(text)
    read_dates(text, published_on)
    read_mentions(text, published_on)
    read_opportunities(text, "A Prize", published_on, kind="opportunity")
    return time.process_time() - start


@pytest.mark.parametrize("piece", ENDLESS, ids=repr)
def test_eight_times_the_text_takes_no_more_than_eight_times_as_long(piece):
    short = min(seconds(piece * (4_000 // len(piece))) for _ in range(3))
    long = seconds(piece * (32_000 // len(piece)))

    assert long < 20 * short + 0.3
