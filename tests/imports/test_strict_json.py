import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imports.jsonl import Line, digest_of
from imports.strict_json import Rejected, parse_object


def line(raw: bytes | str) -> Line:
    raw = raw.encode() if isinstance(raw, str) else raw
    return Line(7, raw, len(raw), digest_of(raw), 100)


def reason(raw: bytes | str) -> str:
    with pytest.raises(Rejected) as caught:
        parse_object(line(raw))
    return str(caught.value)


@pytest.mark.parametrize("bars", ["", " | |", "\t|", "  ", " |||  "])
def test_the_object_is_given_with_its_json_as_it_stands(bars):
    values, text = parse_object(line('  {"a":  [1, 2]}' + bars))

    assert values == {"a": [1, 2]}
    assert text == '{"a":  [1, 2]}'


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        ('{"a": 1', "invalid JSON: .* at character 8"),
        ("{'a': 1}", "invalid JSON"),
        ('{"a": 1} {"b": 2}', "more text after the value at character 9"),
        ('{"a": 1} | x', "more text after the value"),
        ("[]", "not an object but an array"),
        ('"x"', "not an object but a string"),
        ("null", "not an object but null"),
        ("3", "not an object but a number"),
        ("true", "not an object but a truth value"),
        ('{"a": 1, "b": 2, "a": 3}', "duplicate key 'a'"),
        ('{"b": {"a": 1, "a": 1}}', "duplicate key 'a'"),
        ('{"a": NaN}', "NaN is no JSON"),
        ('{"a": -Infinity}', "-Infinity is no JSON"),
        ('{"a": 1e400}', "'1e400' is too large"),
        ('{"a": ' + "1" * 5000 + "}", "an integer of 5,000 digits"),
        ('{"a": ' + "[" * 100_000 + "]" * 100_000 + "}", "nested"),
        ('{"a": ' + "[" * 120 + "]" * 120 + "}", "nested more than 100 deep"),
        ('{"a": "\\ud800"}', "lone surrogate"),
        ('{"a": {"\\udc00x": 1}}', "lone surrogate"),
        ('{"a": "tab\there"}', "invalid JSON: Invalid control character"),
        (b'{"a": "\xff"}', r"byte 0xff at byte offset 7 of the line \(107 of the file\)"),
        (b'{"a": "\xed\xa0\x80"}', "not UTF-8: byte 0xed"),
    ],
)
def test_what_is_no_plain_json_object_is_rejected_with_the_reason(raw, told):
    assert re.search(told, reason(raw))


def test_a_pair_of_surrogates_is_a_character():
    assert parse_object(line('{"a": "\\ud83d\\ude00"}'))[0] == {"a": "😀"}


def test_a_line_that_was_too_long_is_rejected_with_its_size():
    with pytest.raises(Rejected, match="line too long: 60,000,000 bytes"):
        parse_object(Line(1, b'{"a": 1}', 60_000_000, "", 0))


texts = st.text(st.characters(exclude_categories=["Cs"]))
numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
json_values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(texts, json_values), st.booleans())
def test_every_object_that_json_can_write_is_read(values, ascii_only):
    text = json.dumps(values, ensure_ascii=ascii_only)

    assert parse_object(line(text)) == (values, text)


@given(st.binary(max_size=60))
def test_any_bytes_are_an_object_or_rejected(raw):
    try:
        found = parse_object(line(raw))
    except Rejected as error:
        found = str(error)

    assert found if isinstance(found, str) else json.loads(found[1]) == found[0]
