"""What the index holds of a document: the sequence of its tokens, and how much each word says.

Any field's words stand in the sequence as they are; those of title, author and venue once more
with a mark, so that a search in one field is a search for other tokens. Marks are characters that
no word holds. Between texts stands a break, which no phrase passes.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
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

# How much a word says of a document: 0 to 15. What it is found in counts first, then how often.
IN_BODY, IN_VENUE, IN_AUTHOR, IN_TITLE = 0, 4, 6, 8
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
    levels: str
    words: dict[str, str] = field(default_factory=dict)  # each to its stem
    short_words: frozenset[str] = frozenset()  # those of title and authors

    @property
    def digest(self) -> int:
        """Differs when anything stored differs, or the rules it was made by."""
        text = f"{tokens.RULES}\n{self.levels}\n{' '.join(self.tokens)}"
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


@dataclass(slots=True)
class _Text:
    """The stems of one text, in order, and those of its hyphenated words as one."""

    stems: list[str] = field(default_factory=list)
    joined: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[str]:
        return chain(self.stems, self.joined)


class _Builder:
    def __init__(self, document: Document, document_id: int) -> None:
        self.document = document
        self.id = document_id
        self.sequence: list[str] = []
        self.joined: dict[str, None] = {}  # as tokens
        self.words: dict[str, str] = {}
        self.fields: dict[str, list[_Text]] = {}

    def content(self) -> Content:
        for name in (TITLE, AUTHOR, VENUE, BODY):
            self.fields[name] = [self._read(text, name) for text in getattr(self.document, name)]
        short_words = self._words_of(self.document.title, self.document.author)
        levels = self._levels()
        for name, mark in FIELD_MARKS.items():
            for found in self.fields[name]:
                self.sequence += [mark + stem for stem in found.stems]
                self.sequence.append(BREAK)
        marks = [EVERYTHING, era_token(self.id), *self.joined]
        whole = list(map(identifier_token, self.document.identifier))
        whole += filter(None, map(whole_title_token, self.document.title))
        marks += whole
        marks += (level_token(stem, level) for stem, level in levels if level >= IN_VENUE)
        return Content(
            tokens=(*_bounded(self.sequence), *dict.fromkeys(marks)),
            levels="".join(
                f"{level_key(word)}{LEVEL_DIGITS[level]}"
                for word, level in [*((mark, HIGHEST) for mark in whole), *levels]
            ),
            words=self.words,
            short_words=short_words,
        )

    def _read(self, text: str, name: str) -> "_Text":
        found = _Text()
        for chunk in tokens.chunks(text):
            found.stems += chunk.stems
            self.words.update(zip(chunk.words, chunk.stems, strict=True))
            if chunk.joined:
                found.joined.append(chunk.joined)
                self.joined[chunk.joined] = None
                if mark := FIELD_MARKS.get(name):
                    self.joined[mark + chunk.joined] = None
        self.sequence += found.stems
        self.sequence.append(BREAK)
        return found

    def _words_of(self, *fields: Sequence[str]) -> frozenset[str]:
        texts = (text for texts in fields for text in texts)
        return frozenset(word for text in texts for word in tokens.words(text))

    def _levels(self) -> list[tuple[str, int]]:
        body = Counter(stem for text in self.fields[BODY] for stem in text)
        length = 0.25 + 0.75 * body.total() / USUAL_BODY
        said = {stem: count / (count + 1.2 * length) for stem, count in body.items()}
        levels = {stem: IN_BODY + int(4 * share) for stem, share in said.items()}
        for name, base in ((VENUE, IN_VENUE), (AUTHOR, IN_AUTHOR)):
            for stem in _distinct(self.fields[name]):
                levels[stem] = base + int(2 * said.get(stem, 0))
        for stem, share in _shares(self.fields[TITLE]).items():
            strength = 0.6 * min(1, 4 * share) + 0.4 * said.get(stem, 0)
            levels[stem] = min(HIGHEST, IN_TITLE + int(8 * strength))
        return [(stem, level) for stem, level in levels.items() if stem not in STOP_WORDS]


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
