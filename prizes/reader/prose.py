"""Markdown as it is read: the words without the markup, each knowing where it stood.

Every pattern here is linear: runs are possessive, or start where the run starts.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

_ADDRESS = r"\((?:[^()\n]|\([^()\n]*+\))*+\)"
_TOKEN = re.compile(
    rf"""
      (?P<image>!\[[^\[\]]*+\]{_ADDRESS})
    | (?P<close>\]{_ADDRESS})
    | (?P<shut>\])
    | (?P<open>\[)
    | (?P<escape>\\[!-/:-@\[-`{{-~])
    | (?P<entity>&(?:\#\d{{1,7}}|\#[xX][0-9a-fA-F]{{1,6}}|[A-Za-z]{{2,30}});)
    | (?P<tag></?[A-Za-z][A-Za-z0-9-]*+(?:\s[^<>\n]*+)?>|<https?://[^\s<>]*+>)
    | (?P<rule>^[ \t]*+(?:-{{3,}}+|={{3,}}+|\*{{3,}}+|_{{3,}}+)[ \t\r]*+$)
    | (?P<block>^[ \t]*+(?:\#{{1,6}}[ \t]|>|[*+-][ \t]++|\|))
    | (?P<number>^[ \t]*+\d{{1,3}}[.)][ \t]++)
    | (?P<hardbreak>(?<![ ])[ ]{{2,}}+\r?\n|\\\r?\n)
    | (?P<emphasis>\*{{1,3}}|__|~~|`++|(?<!\w)_(?=\w)|(?<=\w)_(?!\w))
    """,
    re.VERBOSE | re.MULTILINE,
)
_BREAK = "\n\n"
_BREAKS = {"image", "rule", "block", "hardbreak"}
_ENDS_IN_MONTH = re.compile(
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?\s{0,3}$"
)
_BOUNDARY = re.compile(r"\n\s*\n|(?<=[.!?…])[\"”’')\]]*+\s++|(?<=[a-z][a-z][.!?])(?=[A-Z][a-z])")
_ABBREVIATIONS = frozenset(
    (
        "e.g", "i.e", "vs", "al", "etc", "cf", "approx", "ca", "dr", "mr", "mrs",
        "ms", "prof", "st", "no", "inc", "ltd", "co", "corp", "fig", "eq", "sec",
        "dept", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct",
        "nov", "dec", "a.m", "p.m", "u.s", "u.k", "e.u",
    )
)  # fmt: skip
# What a bare link to the thing itself is labelled: no words of the sentence behind it.
MARKER = (
    r"(?:(?i:link|paper|pdf|arxiv|preprint|report|article|blog(?: ?post)?|post|code|github|dataset"
    r"|demo|video|youtube(?: video)?|talk|slides|website|project(?: page)?|thread|apply)"
    r"(?: ?\d{1,2})?"
    r"|\d{1,2})"
)
MARKERS = re.compile(rf"(?:\[\[?{MARKER}\]?\]\s*)+")
_LONGEST_SENTENCE = 1500  # so that what looks at a whole sentence looks at little
_OPENING_QUOTES = "\"“‘'([«"


@dataclass(frozen=True, slots=True)
class ProseLink:
    """A link, with the place of its label in the plain text."""

    start: int
    end: int
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: its place in the plain text, and its words with single spaces."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Prose:
    """A text without markup; `span` leads back to where a piece of it stood."""

    plain: str
    links: tuple[ProseLink, ...]
    sentences: tuple[Sentence, ...]
    paragraphs: tuple[str, ...]
    _sentence_starts: tuple[int, ...]
    _starts: tuple[int, ...]
    _sources: tuple[int, ...]
    _ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The positions in the given text of a stretch of the plain one."""
        if not self._starts or start >= end:
            return 0, 0
        return self._source(start), self._source(end - 1) + 1

    def _source(self, position: int) -> int:
        piece = bisect_right(self._starts, position) - 1
        source = self._sources[piece] + position - self._starts[piece]
        return min(source, self._ends[piece] - 1)

    def place(self, source: int) -> int:
        """The position in the plain text of a position in the given one."""
        piece = max(bisect_right(self._sources, source) - 1, 0)
        return self._starts[piece] + source - self._sources[piece] if self._starts else 0

    def sentence_number(self, position: int) -> int:
        """The index of the sentence a position lies in, or of the one before it."""
        return max(bisect_right(self._sentence_starts, position) - 1, 0)

    def links_in(self, sentence: Sentence) -> tuple[ProseLink, ...]:
        """The links whose label begins in a sentence."""
        first = bisect_left(self.links, sentence.start, key=_link_start)
        return self.links[first : bisect_left(self.links, sentence.end, key=_link_start)]

    def sentence_at(self, position: int) -> Sentence:
        return self.sentences[self.sentence_number(position)]


def _link_start(link: ProseLink) -> int:
    return link.start


def one_line(text: str) -> str:
    """The text on one line with single spaces."""
    return " ".join(text.split())


@dataclass(slots=True)
class _Piece:
    text: str
    source: int
    source_end: int


def read_prose(text: str) -> Prose:
    """The plain view of a Markdown text."""
    pieces, spans = _cut(text)
    starts, position = [], 0
    for piece in pieces:
        starts.append(position)
        position += len(piece.text)
    plain = "".join(piece.text for piece in pieces)
    kept = [n for n, piece in enumerate(pieces) if piece.text]
    links = []
    for first, last, url in spans:
        start = starts[first]
        end = starts[last] if last < len(starts) else position
        if label := one_line(plain[start:end]):
            links.append(ProseLink(start, end, label, url))
    sentences = tuple(_sentences(plain))
    return Prose(
        plain=plain,
        links=tuple(sorted(links, key=_link_start)),
        sentences=sentences,
        paragraphs=tuple(_paragraphs(plain)),
        _sentence_starts=tuple(sentence.start for sentence in sentences),
        _starts=tuple(starts[n] for n in kept),
        _sources=tuple(pieces[n].source for n in kept),
        _ends=tuple(pieces[n].source_end for n in kept),
    )


def _cut(text: str) -> tuple[list[_Piece], list[tuple[int, int, str]]]:
    """Pieces of words between the markup, and the links as (first piece, past last, URL)."""
    pieces: list[_Piece] = []
    opened: list[int] = []
    links: list[tuple[int, int, str]] = []
    position = 0
    for token in _TOKEN.finditer(text):
        start, end = token.span()
        if start > position:
            pieces.append(_Piece(text[position:start], position, start))
        position = end
        kind = token.lastgroup
        if kind == "close" and not opened:
            kind = "words"  # a bracket that closes nothing is text
        match kind:
            case "open":
                opened.append(len(pieces))
            case "shut" if opened:
                opened.pop()
            case "close":
                first = opened.pop()
                pieces[first].text = ""
                links.append((first, len(pieces), _url(token.group())))
        pieces.append(_Piece(_words(token, kind, pieces), start, end))
    if position < len(text):
        pieces.append(_Piece(text[position:], position, len(text)))
    return pieces, links


def _words(token: re.Match[str], kind: str | None, before: list[_Piece]) -> str:
    """What a piece of markup leaves to read."""
    if kind in _BREAKS:
        return _BREAK
    if kind in {"open", "shut", "words"}:
        return token.group()
    if kind == "escape":
        return token.group()[1:]
    if kind == "entity":
        return html.unescape(token.group())
    if kind == "number":  # "30. " under "September" is no list item
        return token.group() if before and _ENDS_IN_MONTH.search(before[-1].text[-14:]) else _BREAK
    return ""


def _url(close: str) -> str:
    """The address in `](address "title")`."""
    parts = close[2:-1].split(None, 1)
    return parts[0].strip("<>") if parts else ""


def _sentences(plain: str) -> Iterator[Sentence]:
    start = 0
    for boundary in _BOUNDARY.finditer(plain):
        if not _ends_sentence(plain, boundary):
            continue
        quotes = len(boundary.group()) - len(boundary.group().lstrip("\"”’')]"))
        yield from _trimmed(plain, start, boundary.start() + quotes)
        start = boundary.end()
    yield from _trimmed(plain, start, len(plain))


def _ends_sentence(plain: str, boundary: re.Match[str]) -> bool:
    if boundary.group().count("\n") > 1:
        return True
    if not boundary.group():  # glued: "...the end.And on"
        return True
    following = plain[boundary.end() : boundary.end() + 8].lstrip(_OPENING_QUOTES)[:1]
    if following and not (following.isupper() or following.isdigit() or following in "$€£¥"):
        return False
    words = plain[max(0, boundary.start() - 12) : boundary.start()].split()
    if plain[boundary.start() - 1] != "." or not words:
        return True
    word = words[-1].lstrip(_OPENING_QUOTES).rstrip(".").lower()
    return word not in _ABBREVIATIONS and not (len(word) == 1 and word.isalpha())


def _paragraphs(plain: str) -> Iterator[str]:
    return filter(None, map(one_line, re.split(r"\n\s*\n", plain)))


def _trimmed(plain: str, start: int, end: int) -> Iterator[Sentence]:
    """The stretch without white space at its ends; an endless one in bounded pieces."""
    while start < end:
        stop = end
        if end - start > _LONGEST_SENTENCE:
            space = plain.rfind(" ", start + 1, start + _LONGEST_SENTENCE)
            stop = space if space > start else start + _LONGEST_SENTENCE
        words = plain[start:stop]
        first = start + len(words) - len(words.lstrip())
        if marker := MARKERS.match(plain, first, stop):
            first = marker.end()
        if words := plain[first:stop].rstrip():
            yield Sentence(first, first + len(words), one_line(words))
        start = stop
