"""One way to take texts apart, for documents and queries, whatever database holds the index.

Words are folded (compatibility forms, case and accents go) and stemmed (Snowball's English). What
is written without spaces is taken apart into characters, and found by their sequence. Words
joined by hyphens are words of their own, and one word: "pre-training" is also "pretraining".
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, groupby

from snowballstemmer.english_stemmer import EnglishStemmer

from markup.text import fold_letters

# Texts of documents made by other rules than these are indexed anew by `rebuild_search`.
RULES = 2
MAX_WORD = 64

# Thai, Lao, Tibetan, Myanmar, Khmer, Kana, Han.
_SPACELESS = (
    "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
# Latin, Greek and Cyrillic accents; Hebrew points; Arabic vowel signs and the stretched line.
_ACCENTS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640"
    "\u064b-\u065f\u0670]"
)
_APOSTROPHES = "'\u2019\u02bc"
_HYPHENS = "\\-\u2010\u2011_"
_DROPPED_ENDS = frozenset({"s", "re", "ve", "ll", "d", "m"})  # it's, we're, we'd


def _marks() -> str:
    """Signs that belong to the letter before them, as ranges: they are no letters to `re`."""
    points = (
        point for point in range(0x300, 0x10000) if unicodedata.category(chr(point))[0] == "M"
    )
    runs = groupby(enumerate(points), lambda pair: pair[1] - pair[0])
    ranges = ([point for _, point in run] for _, run in runs)
    return "".join(f"{chr(run[0])}-{chr(run[-1])}" for run in ranges)


_MARKS = _marks()
_LETTERS = rf"[^\W_]+(?:[{_MARKS}]+[^\W_]*)*"
WORD = re.compile(rf"{_LETTERS}(?:[{_APOSTROPHES}]{_LETTERS})*")
CHUNK = re.compile(rf"{WORD.pattern}(?:[{_HYPHENS}]{WORD.pattern})*")
CHARACTER = re.compile(rf"[{_SPACELESS}][{_MARKS}]*")
_PIECE = re.compile(rf"[{_SPACELESS}][{_MARKS}]*|(?:(?![{_SPACELESS}])[^\W_]|[{_MARKS}])+")
_STEMMABLE = re.compile(r"[a-z]{3,}\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Chunk:
    """What stands between two spaces: its words, their stems, and the stem of all as one word."""

    words: tuple[str, ...]
    stems: tuple[str, ...]
    joined: str | None = None


def chunks(text: str) -> Iterator[Chunk]:
    return map(analysed, CHUNK.findall(text))


def stems(text: str) -> list[str]:
    return [stem for chunk in chunks(text) for stem in chunk.stems]


def words(text: str) -> list[str]:
    """The folded words, not stemmed."""
    return [word for chunk in chunks(text) for word in chunk.words]


@lru_cache(maxsize=65_536)
def analysed(chunk: str) -> Chunk:
    parts = re.split(f"[{_HYPHENS}]", chunk)
    folded = tuple(word for part in parts for word in _folded_words(part))
    joined = None
    if 1 < len(parts) <= 3 and len(chunk) <= MAX_WORD:
        joined = stem("".join(folded))
    return Chunk(folded, tuple(map(stem, folded)), joined)


@lru_cache(maxsize=65_536)
def stems_of_chunk(chunk: str) -> tuple[str, ...]:
    return analysed(chunk).stems


@lru_cache(maxsize=16_384)
def findable(text: str) -> tuple[str, ...]:
    """All that a search for one word may find a short text by."""
    known = list(chunks(text))
    joined = [chunk.joined for chunk in known if chunk.joined]
    return (*chain.from_iterable(chunk.stems for chunk in known), *joined)


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    if not _STEMMABLE.match(word):
        return word
    # A stemmer keeps the word it is at: one for all threads would mix them up.
    return EnglishStemmer().stemWord(word)


def beginning_of(stem: str) -> str:
    """How every word of this stem begins: "happier" is of "happi", "dying" of "die"."""
    short = 2 if len(stem) == 3 and stem.endswith("ie") else 1
    return stem[: max(1, len(stem) - short)]


def fold(text: str) -> str:
    """Without case, accents and compatibility forms; letters stay whole."""
    text = unicodedata.normalize("NFKD", fold_letters(text)).casefold()
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFKD", text)))


def _folded_words(text: str) -> Iterator[str]:
    parts = re.split(f"[{_APOSTROPHES}]", text)
    while len(parts) > 1 and parts[-1].lower() in _DROPPED_ENDS:
        parts.pop()
    if len(parts) > 1 and parts[-1].lower() == "t":  # don't
        parts[-2:] = [parts[-2] + parts[-1]]
    for part in parts:
        # A compatibility form may hold what is no letter: ½ is 1⁄2.
        yield from (piece[:MAX_WORD] for piece in _PIECE.findall(fold(part)))
