"""What somebody pastes to be added: a thing a line, in whatever form it was copied. No database."""

import re
from dataclasses import dataclass

from markup.text import clean_line, clean_text
from papers.identifiers import identify
from readinglists.wanted import Wanted

MOST_LINES = 1_000
LONGEST = 200_000
_LONGEST_TITLE = 500
_BULLET = re.compile(r"^(?:[-*+•]|\d{1,4}[.)])\s+")
_LINKED = re.compile(r"^\[(?P<title>.+?)\]\(<?(?P<address>[^\s<>]+)>?\)[\s.,;]*$")
_AROUND = " \t-–—:;,.|<>()[]\"'“”"
_WEB = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """A line with something in it, and what it asks for."""

    number: int
    text: str
    wanted: Wanted


def read_lines(text: str) -> list[Line]:
    """An identifier or address a line, with or without a title beside it."""
    lines = [clean_line(line) for line in clean_text(text).splitlines()]
    filled = [(number, line) for number, line in enumerate(lines, 1) if line]
    return [Line(number, line, _wanted(line)) for number, line in filled]


def address_in(*texts: str) -> str | None:
    """The first web address in texts of which one is likely to hold it."""
    for text in texts:
        if found := _WEB.search(text):
            return found[0].rstrip(".,;)")
    return None


def _wanted(line: str) -> Wanted:
    line = _BULLET.sub("", line)
    if linked := _LINKED.match(line):
        return Wanted(identifier=linked["address"], title=_title(linked["title"]))
    if identify(line) is not None:
        return Wanted(identifier=line)
    for word in line.split():
        name = word.strip("<>\"'“”,;|")
        if identify(name) is not None:
            return Wanted(identifier=name, title=_title(line.replace(word, " ", 1)))
    return Wanted(identifier=line)


def _title(text: str) -> str | None:
    return clean_line(text).strip(_AROUND)[:_LONGEST_TITLE] or None
