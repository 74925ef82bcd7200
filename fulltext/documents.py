"""What the index holds of a document: the sequence of its tokens, and how much each word says.

Any field's words stand in the sequence as they are; those of title, author and venue once more
with a mark, so that a search in one field is a search for other tokens. Marks are characters that
no word holds. Between texts stands a break, which no phrase passes.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import chain

from fulltext import tokens
from fulltext.registry import AUTHOR, BODY, TITLE, VENUE, Document

BREAK = "|"
EVERYTHING = "#"  # stands in every document
FIELD_MARKS = {TITLE: "t:", AUTHOR: "a:", VENUE: "v:"}
ERA_BITS = 13  # as many neighbouring ids share an era's token

# PostgreSQL keeps no more positions, so neither database is given more.
MAX_POSITIONS = 16_000
MAX_OCCURRENCES = 250

# How much a word says of a document: 1 to 15. What it is found in counts first, then how often.
MENTIONED, IN_VENUE, IN_AUTHOR, IN_TITLE = 1, 4, 6, 8
HIGHEST = 15
USUAL_BODY = 150  # words
LEVEL_DIGITS = "0123456789abcdef"

STOP_WORDS = frozenset(
    """
    a an and are as at be been but by can could did do does for from had has have how i if in into
    is it its may no not of on or our so such than that the their them then there these they this
    those to was we were what when where which who why will with would you your
    """.split()  # noqa: SIM905 - a list of single words would take half a page
)


@dataclass(frozen=True, slots=True)
class Content:
    """What is stored of a document."""

    tokens: tuple[str, ...]
    levels: str  # of the words above MENTIONED, which the index knows too
    mentioned: str = ""  # the others
    words: dict[str, str] = field(default_factory=dict)  # each to its stem
    short_words: frozenset[str] = frozenset()  # those of title and authors

    @property
    def digest(self) -> int:
        """Differs when anything stored differs, or the rules it was made by."""
        text = f"{tokens.RULES}\n{self.levels}{self.mentioned}\n{' '.join(self.tokens)}"
        return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), signed=True)


def content_of(document: Document, document_id: int) -> Content:
    return _Builder(document, document_id).content()


def identifier_token(identifier: str) -> str:
    return "@" + _hashed(identifier.casefold())


def whole_title_token(text: str) -> str | None:
    """Marks documents with exactly this title, its case, accents and punctuation aside."""
    words = tokens.words(text)
    return "=" + _hashed(" ".join(words)) if words else None


def level_token(stem: str, level: int) -> str:
    return f"{stem}^{LEVEL_DIGITS[level]}"


def era_token(document_id: int) -> str:
    return f"~{document_id >> ERA_BITS:x}"


def level_key(stem: str) -> str:
    """What stands before the level of a stem, or of a mark of the whole, in `Content.levels`."""
    return f" {stem}:"


def _hashed(text: str) -> str:
    return blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


class _Text:
    """One text: its distinct chunks, its stems in order, its hyphenated words as one."""

    __slots__ = ("chunks", "joined", "stems")

    def __init__(self, text: str) -> None:
        found = tokens.CHUNK.findall(text)
        self.chunks = list(map(tokens.analysed, dict.fromkeys(found)))
        self.stems = list(chain.from_iterable(map(tokens.stems_of_chunk, found)))
        self.joined = [chunk.joined for chunk in self.chunks if chunk.joined]

    def __iter__(self) -> Iterator[str]:
        return chain(self.stems, self.joined)


class _Builder:
    def __init__(self, document: Document, document_id: int) -> None:
        self.document = document
        self.id = document_id
        self.fields = {
            name: [_Text(text) for text in getattr(document, name)]
            for name in (TITLE, AUTHOR, VENUE, BODY)
        }

    def content(self) -> Content:
        levels = self._levels()
        told = [(stem, level) for stem, level in levels.items() if level > MENTIONED]
        mentioned = [(stem, level) for stem, level in levels.items() if level <= MENTIONED]
        whole = list(map(identifier_token, self.document.identifier))
        whole += filter(None, map(whole_title_token, self.document.title))
        marks = [EVERYTHING, era_token(self.id), *self._joined(), *whole]
        marks += [level_token(stem, level) for stem, level in told]
        told[:0] = [(mark, HIGHEST) for mark in whole]
        return Content(
            tokens=(*_bounded(self._sequence()), *dict.fromkeys(marks)),
            levels=_written(told),
            mentioned=_written(mentioned),
            words=self._words(TITLE, AUTHOR, VENUE, BODY),
            short_words=frozenset(self._words(TITLE, AUTHOR)),
        )

    def _sequence(self) -> list[str]:
        sequence: list[str] = []
        for texts in self.fields.values():
            for text in texts:
                sequence += text.stems
                sequence.append(BREAK)
        for name, mark in FIELD_MARKS.items():
            for text in self.fields[name]:
                sequence += [mark + stem for stem in text.stems]
                sequence.append(BREAK)
        return sequence

    def _joined(self) -> Iterator[str]:
        for name, texts in self.fields.items():
            mark = FIELD_MARKS.get(name, "")
            for stem in _distinct_joined(texts):
                yield stem
                if mark:
                    yield mark + stem

    def _words(self, *fields: str) -> dict[str, str]:
        return {
            word: stem
            for name in fields
            for text in self.fields[name]
            for chunk in text.chunks
            for word, stem in zip(chunk.words, chunk.stems, strict=True)
        }

    def _levels(self) -> dict[str, int]:
        body = Counter(stem for text in self.fields[BODY] for stem in text)
        length = 0.25 + 0.75 * body.total() / USUAL_BODY
        said = {stem: count / (count + 1.2 * length) for stem, count in body.items()}
        levels = {stem: max(MENTIONED, int(4 * share)) for stem, share in said.items()}
        for name, base in ((VENUE, IN_VENUE), (AUTHOR, IN_AUTHOR)):
            for stem in _distinct(self.fields[name]):
                levels[stem] = base + int(2 * said.get(stem, 0))
        for stem, share in _shares(self.fields[TITLE]).items():
            strength = 0.6 * min(1, 4 * share) + 0.4 * said.get(stem, 0)
            levels[stem] = min(HIGHEST, IN_TITLE + int(8 * strength))
        return {stem: level for stem, level in levels.items() if stem not in STOP_WORDS}


def _written(levels: Iterable[tuple[str, int]]) -> str:
    return "".join([f" {word}:{LEVEL_DIGITS[level]}" for word, level in levels])


def _distinct_joined(texts: Iterable[_Text]) -> dict[str, None]:
    return dict.fromkeys(stem for text in texts for stem in text.joined)


def _distinct(texts: Iterable[_Text]) -> dict[str, None]:
    return dict.fromkeys(stem for text in texts for stem in text)


def _shares(titles: Iterable[_Text]) -> dict[str, float]:
    """The largest part of a title that each stem makes up."""
    shares: dict[str, float] = {}
    for title in titles:
        for stem, count in Counter(title).items():
            shares[stem] = max(shares.get(stem, 0), count / len(title.stems))
    return shares


def _bounded(sequence: list[str]) -> Iterable[str]:
    """The sequence, cut where positions are no longer kept; what follows is found by word only."""
    if len(sequence) <= MAX_OCCURRENCES:
        return sequence
    if len(sequence) <= MAX_POSITIONS and max(Counter(sequence).values()) <= MAX_OCCURRENCES:
        return sequence
    seen: Counter[str] = Counter()
    kept: list[str] = []
    rest: dict[str, None] = {}
    for token in sequence:
        seen[token] += 1
        if len(kept) >= MAX_POSITIONS:
            rest[token] = None
        else:
            kept.append(BREAK if seen[token] > MAX_OCCURRENCES else token)
    return [*kept, *rest]
