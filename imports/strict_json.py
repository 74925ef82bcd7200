"""One JSON object out of a line, or the reason why it is none; nothing is guessed."""

import json
import re
from typing import Any

from api.strict_json import (
    StrictJSONError,
    finite,
    first_beyond,
    no_constant,
    no_double_keys,
    strings_of,
)
from markup.text import has_lone_surrogate

from .jsonl import Line

DEEPEST = 100
LONGEST_INTEGER = 1000

# Some exporters put empty table cells behind each object.
_TRAILING_BARS = re.compile(r"[ \t]*(?:\|[ \t]*)*")
_SURROGATE_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")


class Rejected(Exception):
    """A line that cannot be imported, with the reason for people."""


def parse_object(line: Line) -> tuple[dict[str, Any], str]:
    """The object of a line and its JSON exactly as it stands there."""
    if line.is_too_long:
        raise Rejected(f"line too long: {line.size:,} bytes")
    text = _decode(line)
    start = len(text) - len(text.lstrip(" \t"))
    if first_beyond(text, DEEPEST + 1, start) is not None:
        raise Rejected(f"nested more than {DEEPEST} deep")
    try:
        value, end = _DECODER.raw_decode(text, start)
    except json.JSONDecodeError as error:
        raise Rejected(f"invalid JSON: {error.msg} at character {error.pos + 1}") from error
    except StrictJSONError as error:
        raise Rejected(_REASONS[error.code].format(error.found)) from error
    if not _TRAILING_BARS.fullmatch(text, end):
        raise Rejected(f"invalid JSON: more text after the value at character {end + 1}")
    if not isinstance(value, dict):
        raise Rejected(f"not an object but {_kind_of(value)}")
    if _SURROGATE_ESCAPE.search(line.raw) and any(
        has_lone_surrogate(string) for _, string in strings_of(value)
    ):
        raise Rejected("a lone surrogate, half a character, in a text")
    return value, text[start:end]


def _decode(line: Line) -> str:
    try:
        return line.raw.decode()
    except UnicodeDecodeError as error:
        byte = line.raw[error.start]
        raise Rejected(
            f"not UTF-8: byte 0x{byte:02x} at byte offset {error.start} of the line "
            f"({line.position + error.start} of the file)"
        ) from error


_REASONS = {
    "duplicate_key": "duplicate key {}",
    "number_too_large": "the number {} is too large",
    "invalid_json": "{} is no JSON",
}


def _integer(digits: str) -> int:
    if len(digits) > LONGEST_INTEGER:
        raise Rejected(f"an integer of {len(digits.lstrip('-')):,} digits")
    return int(digits)


_DECODER = json.JSONDecoder(
    object_pairs_hook=no_double_keys,
    parse_int=_integer,
    parse_float=finite,
    parse_constant=no_constant,
)


def _kind_of(value: object) -> str:
    if value is None:
        return "null"
    kinds = {bool: "a truth value", str: "a string", list: "an array"}
    return kinds.get(type(value), "a number")
