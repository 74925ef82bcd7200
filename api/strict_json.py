"""JSON read without its usual leniencies: each mistake is named with its place.

Python's reader takes duplicate keys, NaN, lone surrogates and 1e400 for good, and fails with a
RecursionError on deep nesting; orjson keeps the last of two equal keys.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

DEEPEST = 64
# Whatever databases and other readers can hold: 64 bits.
SMALLEST, LARGEST = -(2**63), 2**63 - 1
# The closing quote may be missing: a string that goes on to the end is passed over once, not again
# from each of its quotes.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{\]}]', re.DOTALL)
_UNFIT = re.compile("[\x00\ud800-\udfff]")


class StrictJSONError(ValueError):
    """What is wrong with a text, and where: `position` counts characters, or bytes before UTF-8."""

    def __init__(
        self, detail: str, *, code: str, position: int | None = None, found: str = ""
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code
        self.position = position
        self.found = found  # what it is about, for who words it otherwise


def read_json(raw: bytes) -> Any:
    """The value of a JSON text in UTF-8, or a StrictJSONError."""
    text = _decoded(raw)
    _refuse_depth(text)
    try:
        value = _DECODER.decode(text.lstrip("\ufeff"))
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise StrictJSONError(
            f"This is not valid JSON: {error.msg[:1].lower()}{error.msg[1:]} at {place}.",
            code="invalid_json",
            position=error.pos,
        ) from None
    for path, string in strings_of(value):
        _refuse_unfit(path, string)
    return value


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise StrictJSONError(
            f"The text is not UTF-8: byte {raw[error.start]:#04x} at offset {error.start}.",
            code="invalid_utf8",
            position=error.start,
        ) from None


def _refuse_depth(text: str) -> None:
    place = first_beyond(text, DEEPEST)
    if place is not None:
        raise StrictJSONError(
            f"Nested deeper than {DEEPEST} levels at character {place}.",
            code="too_deep",
            position=place,
        )


def first_beyond(text: str, deepest: int, start: int = 0) -> int | None:
    """Where a text is first nested deeper, before the parser sees it: that calls itself for each
    level."""
    depth = 0
    for token in _TOKEN.finditer(text, start):
        mark = token[0]
        if mark in "[{":
            depth += 1
            if depth > deepest:
                return token.start()
        elif mark in "]}":
            depth -= 1
    return None


def no_double_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        times = Counter(key for key, _ in pairs)
        double = next(key for key, _ in pairs if times[key] > 1)
        found = _shown(double)
        raise StrictJSONError(f"The key {found} stands twice.", code="duplicate_key", found=found)
    return value


def no_constant(name: str) -> None:
    raise StrictJSONError(f"{name} is no JSON value.", code="invalid_json", found=name)


def finite(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise _too_large(digits)
    return value


def _bounded(digits: str) -> int:
    # Compared by length first: Python refuses to read more than 4,300 digits.
    if len(digits) > 20 or not SMALLEST <= (value := int(digits)) <= LARGEST:
        raise _too_large(digits)
    return value


def _too_large(digits: str) -> StrictJSONError:
    found = _shown(digits)
    detail = f"{found} is too large a number."
    return StrictJSONError(detail, code="number_too_large", found=found)


def _shown(text: str) -> str:
    return ascii(text if len(text) <= 60 else f"{text[:60]}…")


def strings_of(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """All texts of a value, keys too, each with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from strings_of(item, f"{path}[{number}]")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield path, key
            yield from strings_of(item, f"{path}.{key}" if path else key)


def _refuse_unfit(path: str, string: str) -> None:
    unfit = _UNFIT.search(string)
    if unfit is None:
        return
    where = f" in {path!a}" if path else ""
    if unfit[0] == "\x00":
        raise StrictJSONError(f"The character NUL{where} is not allowed.", code="null_character")
    raise StrictJSONError(
        f"Half of a surrogate pair{where}: \\u{ord(unfit[0]):04x}.", code="lone_surrogate"
    )


_DECODER = json.JSONDecoder(
    object_pairs_hook=no_double_keys,
    parse_constant=no_constant,
    parse_float=finite,
    parse_int=_bounded,
)
