"""What the index holds of a document, without a database."""

from dataclasses import replace

import pytest

from fulltext import documents
from fulltext.documents import (
    BREAK,
    IN_AUTHOR,
    IN_TITLE,
    MENTIONED,
    content_of,
    identifier_token,
)
from fulltext.registry import Document

DOCUMENT = Document(
    key=7,
    title=("Measuring Massive Multitask Understanding",),
    author=("Dan Hendrycks", "Dawn Song"),
    venue=("ICLR",),
    identifier=("arxiv:2009.03300",),
    body=("A test of massive pre-trained models, and a test of tests.",),
)


def levels(document: Document = DOCUMENT) -> dict[str, int]:
    stored = content_of(document, 7)
    pairs = (pair.rsplit(":", 1) for pair in (stored.levels + stored.mentioned).split())
    return {word: int(level, 16) for word, level in pairs}


@pytest.mark.parametrize(
    "token",
    ["measur", "t:measur", "hendryck", "a:hendryck", "iclr", "v:iclr", "model", "pretrain",
     identifier_token("arXiv:2009.03300"), "#", "~0"],
)  # fmt: skip
def test_every_field_is_found(token):
    assert token in content_of(DOCUMENT, 7).tokens


@pytest.mark.parametrize("field", ["title", "author", "venue", "identifier", "body"])
def test_a_forgotten_field_changes_what_is_stored(field):
    values = {name: getattr(DOCUMENT, name) for name in documents.FIELD_MARKS | {"body": ""}}
    values["identifier"] = DOCUMENT.identifier
    without = Document(key=7, **(values | {field: ()}))

    assert content_of(without, 7).digest != content_of(DOCUMENT, 7).digest


def test_a_phrase_cannot_pass_from_one_text_to_the_next():
    stored = content_of(DOCUMENT, 7).tokens

    assert stored[stored.index("song") - 2 : stored.index("song") + 2] == (
        BREAK,
        "dawn",
        "song",
        BREAK,
    )


def test_titles_say_more_than_authors_and_those_more_than_the_body():
    found = levels()

    assert found["measur"] >= IN_TITLE > found["hendryck"] >= IN_AUTHOR > found["iclr"]
    assert found["iclr"] > found["model"]
    assert found["test"] > found["model"]  # said three times
    assert found["massiv"] > found["multitask"]  # said in the body too


def test_the_index_knows_the_level_of_all_that_is_more_than_mentioned():
    long = replace(DOCUMENT, body=(DOCUMENT.body[0] + " of more" * 80 + " things",))
    stored = content_of(long, 7)
    told = {word: level for word, level in levels(long).items() if word[0] not in "@="}

    known = {token for token in stored.tokens if "^" in token}
    assert known == {f"{word}^{level:x}" for word, level in told.items() if level > MENTIONED}
    assert {"test^2", "more^3", "dan^6", "iclr^4"} <= known
    assert set(stored.mentioned.split()) == {
        f"{word}:1" for word in ("pre", "train", "model", "pretrain", "thing")
    }


def test_a_word_of_a_short_title_says_more_than_one_of_a_long_title():
    short = Document(key=1, title=("Robust learning",))
    long = Document(key=1, title=("Robust learning of many things that take long to tell here",))

    assert levels(short)["robust"] > levels(long)["robust"]


def test_what_lies_beyond_the_positions_is_found_by_word_on_either_database():
    many = Document(key=1, body=("same " * 300 + "other " * 16_000 + "last",))
    stored = content_of(many, 1).tokens

    assert stored.count("same") == documents.MAX_OCCURRENCES
    assert stored.index("last") >= documents.MAX_POSITIONS
    assert len(stored) < documents.MAX_POSITIONS + 50
