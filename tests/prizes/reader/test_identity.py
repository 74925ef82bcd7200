"""When two texts speak of one prize."""

import datetime as dt

import pytest

from prizes.reader import read_opportunity, same_prize, website_key


def prize(text: str, headline: str, url: str | None = None):
    links = [(url, "Website", "website")] if url else []
    return read_opportunity(text, headline, dt.date(2022, 9, 26), links, kind="opportunity")


MAZE = prize("There is $10,000 in prizes.", "Maze Solving Prize", "https://maze.example/")


@pytest.mark.parametrize(
    ("other", "sameness"),
    [
        (prize("$500 in prizes.", "Another name", "http://www.maze.example#top"), "match"),
        (prize("A $10,000 competition.", "The Maze Solving Competition"), "match"),
        (prize("$10,000 in prizes.", "Maze Solving Prize", "https://other.example"), "unsure"),
        (prize("$10,000 in prizes for solving.", "Kites"), "unsure"),
        (prize("$10,000 in prizes.", "Kite Flying Prize"), "no"),
        (prize("$700 in prizes.", "Kite Flying Prize"), "no"),
    ],
)
def test_a_prize_is_known_again_by_site_name_or_sum(other, sameness):
    assert same_prize(MAZE, other) == sameness
    assert same_prize(other, MAZE) == sameness


def test_two_years_of_one_prize_are_two_prizes():
    first = prize("$10,000 in prizes.", "Maze Prize 2022", "https://maze.example")
    second = prize("$10,000 in prizes.", "Maze Prize 2023", "https://maze.example")

    assert same_prize(first, second) == "no"


@pytest.mark.parametrize(
    ("url", "key"),
    [
        (
            "https://www.Maze.example/prize/?utm_source=x&b=2&a=1#rules",
            "maze.example/prize?a=1&b=2",
        ),
        ("http://maze.example", "maze.example"),
        ("http://[broken", None),
        ("", None),
        (None, None),
    ],
)
def test_the_key_of_a_website_leaves_out_what_does_not_tell_sites_apart(url, key):
    assert website_key(url) == key
