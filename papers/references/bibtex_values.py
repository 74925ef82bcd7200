"""What a BibTeX field says: `jan # "~7"`, a macro's text, braces and quotes taken off.

bibtexparser leaves concatenations as they are, and macros inside macros.
"""

import re
from collections.abc import Mapping

from papers.references.reference import UnfitReference

LONGEST_VALUE = 1_000_000

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
PREDEFINED: Mapping[str, str] = {month: month for month in _MONTHS}

_DELIMITER = re.compile(r'\\.|[{}"]', re.DOTALL)
_BARE = re.compile(r'[^\s#{}",=]+')


def read_value(source: str, macros: Mapping[str, str], unknown: list[str] | None = None) -> str:
    """The text of a value expression; UnfitReference if its braces or quotes do not match."""
    parts: list[str] = []
    size = 0
    place = 0
    while True:
        place = _skip_space(source, place)
        if place >= len(source):
            break
        part, place = _read_part(source, place, macros, unknown)
        parts.append(part)
        size += len(part)
        if size > LONGEST_VALUE:
            raise UnfitReference(f"a field of more than {LONGEST_VALUE:,} characters")
        place = _skip_space(source, place)
        if place < len(source):
            if source[place] != "#":
                raise UnfitReference(
                    f"unexpected text behind a value: “{source[place : place + 30]}”"
                )
            place += 1
    return "".join(parts)


def _skip_space(source: str, place: int) -> int:
    while place < len(source) and source[place].isspace():
        place += 1
    return place


def _read_part(
    source: str, place: int, macros: Mapping[str, str], unknown: list[str] | None
) -> tuple[str, int]:
    if source[place] in '{"':
        end = _end_of(source, place)
        return source[place + 1 : end], end + 1
    bare = _BARE.match(source, place)
    if bare is None:
        raise UnfitReference(f"a value that cannot be read: “{source[place : place + 30]}”")
    word = bare[0]
    if word.isdecimal():
        return word, bare.end()
    text = macros.get(word.lower())
    if text is None:
        text = word
        if unknown is not None:
            unknown.append(word)
    return text, bare.end()


def _end_of(source: str, start: int) -> int:
    """Where the brace or quote that opens at `start` closes."""
    closing = "}" if source[start] == "{" else '"'
    depth = 0
    for mark in _DELIMITER.finditer(source, start + 1):
        char = mark[0]
        if depth == 0 and char == closing:
            return mark.start()
        if char == "{":
            depth += 1
        elif char == "}":
            depth -= 1
            if depth < 0:
                break
    raise UnfitReference("braces or quotes that do not match")
