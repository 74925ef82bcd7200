"""Show where a text matches: escaped, then marked, for the few hits a page shows."""

import re
from collections.abc import Iterable, Iterator
from html import escape

from django.utils.safestring import SafeString

from fulltext import tokens
from fulltext.documents import FIELD_MARKS, STOP_WORDS
from fulltext.expressions import Expression
from fulltext.matches import sequences
from fulltext.registry import AUTHOR, BODY, TITLE, VENUE, Document
from fulltext.sought import Sought

SNIPPET = 240  # characters of a body that are shown
MOST_READ = 50_000  # characters of a text that are looked through
_OPENED, _CLOSED = "\x02", "\x03"
_SPACE = re.compile(" ")
_ODD = ("-", "_", "'")
_FOLDED = re.compile("[-_'\x80-\U0010ffff]")
_LETTER = re.compile(rf"{tokens.CHARACTER.pattern}|{tokens.WORD.pattern}")


def highlighted(text: str, expression: Expression, field: str = BODY) -> SafeString:
    """A text, escaped, its matching words in `<mark>`."""
    return Marker(expression).marked(text, field)


class Marker:
    """Marks what an expression looks for, in any number of texts."""

    def __init__(self, expression: Expression | Sought) -> None:
        sought = expression if isinstance(expression, Sought) else Sought(expression)
        found = [sequence.tokens for sequence in sequences(sought.match)]
        anywhere = _wanted(found, "")
        self.wanted = {name: anywhere | _wanted(found, mark) for name, mark in FIELD_MARKS.items()}
        self.wanted[BODY] = anywhere
        self.places = {name: _Places(stems) for name, stems in self.wanted.items()}
        # What stood between spaces in each field, and where in it wanted words stand.
        self.known: dict[str, dict[str, list[tuple[int, int]]]] = {name: {} for name in self.wanted}

    def shown(self, document: Document) -> dict[str, SafeString]:
        """By field, what matched."""
        fields: dict[str, SafeString] = {}
        for name in (TITLE, AUTHOR, VENUE, BODY):
            texts = getattr(document, name)
            if len(texts) > 1 and not self.places[name].of("\n".join(texts)):
                continue  # none of many names, told at once
            snippets = filter(None, [self.snippet(text, name) for text in texts])
            if joined := "; ".join(snippets):
                fields[name] = SafeString(joined)  # of escaped parts
        return fields

    def marked(self, text: str, field: str = BODY) -> SafeString:
        text = text[:MOST_READ]
        return _with_marks(text, self._spans(text, field))

    def snippet(self, text: str, field: str = BODY) -> SafeString | None:
        """The part of a text with most matches; a field other than the body whole. None without."""
        text = text[:MOST_READ]
        spans = list(self._spans(text, field))
        if not spans:
            return None
        if field != BODY or len(text) <= SNIPPET:
            return _with_marks(text, spans)
        start, end = _densest(text, spans)
        inside = [(a - start, b - start) for a, b in spans if start <= a and b <= end]
        before, after = "… " if start else "", " …" if end < len(text) else ""
        # `_with_marks` escapes; the rest is our ellipsis.
        return SafeString(f"{before}{_with_marks(text[start:end], inside)}{after}")

    def _spans(self, text: str, field: str) -> Iterator[tuple[int, int]]:
        """From where to where a wanted word stands."""
        wanted, known = self.wanted[field], self.known[field]
        if not wanted:
            return
        end = -1
        for at in self.places[field].of(text):
            if at < end:
                continue
            # No chunk passes a space.
            start = text.rfind(" ", 0, at) + 1
            end = text.find(" ", at)
            part = text[start:] if end < 0 else text[start:end]
            spans = known.get(part)
            if spans is None:
                spans = known[part] = list(_within(part, wanted))
            for first, last in spans:
                yield start + first, start + last
            if end < 0:
                return


class _Places:
    """Where words of some stems may stand: at far fewer places than words do."""

    def __init__(self, stems: Iterable[str]) -> None:
        self.beginnings = {tokens.beginning_of(stem) for stem in stems if stem.isascii()}

    def of(self, text: str) -> list[int]:
        lowered = text.lower()
        if len(lowered) != len(text):
            return [0, *(space.end() for space in _SPACE.finditer(text))]
        # What is joined is one word too, and what is not ASCII may be folded to it.
        if text.isascii():
            found = [at for odd in _ODD for at in _all(odd, text)]
        else:
            found = [odd.start() for odd in _FOLDED.finditer(text)]
        for beginning in self.beginnings:
            for at in _all(beginning, lowered):
                if not at or not text[at - 1].isalnum():
                    found.append(at)
        return sorted(found)


def _all(part: str, text: str) -> Iterator[int]:
    """Where it stands: much quicker than any pattern where it stands rarely."""
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)


def _within(part: str, wanted: set[str]) -> Iterator[tuple[int, int]]:
    """Where in what stands between two spaces."""
    if wanted.isdisjoint(tokens.findable(part)):
        return
    for chunk in tokens.CHUNK.finditer(part):
        yield from _within_chunk(chunk, wanted)


def _within_chunk(chunk: re.Match[str], wanted: set[str]) -> Iterator[tuple[int, int]]:
    """The wanted words; all of it, if it is wanted as one word."""
    text, start = chunk.group(), chunk.start()
    if wanted.isdisjoint(tokens.findable(text)):
        return
    analysed = tokens.analysed(text)
    if analysed.joined in wanted or len(analysed.stems) == 1:
        yield start, start + len(text)
        return
    for word in _LETTER.finditer(text):
        if not wanted.isdisjoint(tokens.stems_of_chunk(word.group())):
            yield start + word.start(), start + word.end()


def _wanted(found: Iterable[tuple[str, ...]], mark: str) -> set[str]:
    """The stems to be marked in a field; of small words only those that were asked for alone."""
    stems: set[str] = set()
    for sequence in found:
        own = [text.removeprefix(mark) for text in sequence if text.startswith(mark)]
        own = [text for text in own if text[:1] not in "@=#~" and text[1:2] != ":"]
        stems.update([text for text in own if text not in STOP_WORDS] or own)
    return stems


def _with_marks(text: str, spans: Iterable[tuple[int, int]]) -> SafeString:
    # Escaped once, as a whole: marks are put in as signs that no escaping touches.
    text = text.replace(_OPENED, " ").replace(_CLOSED, " ")
    pieces, at = [], 0
    for start, end in spans:
        pieces += [text[at:start], _OPENED, text[start:end], _CLOSED]
        at = end
    escaped = escape("".join([*pieces, text[at:]]))
    return SafeString(escaped.replace(_OPENED, "<mark>").replace(_CLOSED, "</mark>"))


def _densest(text: str, spans: list[tuple[int, int]]) -> tuple[int, int]:
    """The window with most different matching words, the first of equals, at word boundaries."""
    best, best_count = spans[0][0], 0
    for place, (start, _) in enumerate(spans):
        inside = {
            text[a:b].casefold() for a, b in spans[place : place + 50] if b <= start + SNIPPET
        }
        if len(inside) > best_count:
            best, best_count = start, len(inside)
    start = max(0, best - SNIPPET // 4)
    end = min(len(text), start + SNIPPET)
    start = max(0, end - SNIPPET)
    if start and (space := text.find(" ", start, best)) != -1:
        start = space + 1
    if end < len(text) and (space := text.rfind(" ", best, end)) > best:
        end = space
    return start, end
