"""The examples people are shown are true."""

import re

import pytest
from django.conf import settings

from fulltext.query.fields import query_kinds
from fulltext.query.mistakes import QueryMistake
from fulltext.query.reading import read_query

TEXT = (settings.BASE_DIR / "docs" / "search.md").read_text()


def table(after):
    """The rows of the first table behind a line, without its head."""
    lines = TEXT.partition(after)[2].splitlines()
    rows = [line for line in lines if line.startswith("|")]
    end = next(n for n, line in enumerate(lines) if line.startswith("|"))
    own = []
    for line in lines[end:]:
        if not line.startswith("|"):
            break
        own.append([cell.strip().strip("`") for cell in line.strip("|").split(" | ")])
    assert rows
    return own[2:]


EXAMPLES = table("# Searching")
MISTAKES = table("## Mistakes")


@pytest.mark.parametrize(("text", "words"), EXAMPLES)
def test_an_example_is_understood_as_it_says(text, words):
    assert read_query(text, "paper").explanation == words


@pytest.mark.parametrize(("text", "code", "place"), MISTAKES)
def test_a_mistake_is_told_as_it_says(text, code, place):
    with pytest.raises(QueryMistake) as caught:
        read_query(text, "paper")
    assert (caught.value.code, caught.value.start) == (code, int(place))


def test_every_field_of_every_kind_is_named():
    told = {things: set(re.findall(r"\w+", fields)) for things, fields in table("## Fields")}

    assert told == {kind.plural: set(kind.fields) for kind in query_kinds()}
