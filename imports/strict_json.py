"""One JSON object out of a line, or the reason why it is none; nothing is guessed."""

import json
import math
import re
from typing import Any

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
    try:
        value, end = _DECODER.raw_decode(text, start)
    except json.JSONDecodeError as error:
        raise Rejected(f"invalid JSON: {error.msg} at character {error.pos + 1}") from error
    except RecursionError as error:
        raise Rejected("nested too deep") from error
    if not _TRAILING_BARS.fullmatch(text, end):
        raise Rejected(f"invalid JSON: more text after the value at character {end + 1}")
    if not isinstance(value, dict):
        raise Rejected(f"not an object but {_kind_of(value)}")
    if _depth_exceeds(value, DEEPEST):
        raise Rejected(f"nested more than {DEEPEST} deep")
    if _SURROGATE_ESCAPE.search(line.raw) and _holds_lone_surrogate(value):
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


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise Rejected(f"duplicate key {_shown(name)}")
            seen.add(name)
    return found


def _integer(digits: str) -> int:
    if len(digits) > LONGEST_INTEGER:
        raise Rejected(f"an integer of {len(digits.lstrip('-')):,} digits")
    return int(digits)


def _number(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise Rejected(f"the number {_shown(digits)} is too large")
    return value


def _constant(name: str) -> float:
    raise Rejected(f"{name} is no JSON")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_number, parse_constant=_constant
)


def _shown(text: str) -> str:
    return ascii(text if len(text) <= 60 else f"{text[:60]}…")


def _kind_of(value: object) -> str:
    if value is None:
        return "null"
    kinds = {bool: "a truth value", str: "a string", list: "an array"}
    return kinds.get(type(value), "a number")


def _depth_exceeds(value: object, limit: int) -> bool:
    level = [value]
    for _ in range(limit + 1):
        level = [
            child
            for node in level
            if isinstance(node, dict | list)
            for child in (node.values() if isinstance(node, dict) else node)
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return True


def _holds_lone_surrogate(value: object) -> bool:
    waiting = [value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            if has_lone_surrogate(node):
                return True
        elif isinstance(node, dict):
            waiting += [*node.keys(), *node.values()]
        elif isinstance(node, list):
            waiting += node
    return False
