"""Citation keys such as hendrycks2021natural, minted once and never re-lettered."""

import re
from collections.abc import Callable, Container, Iterable, Iterator
from itertools import count

from markup.text import ascii_fold, clean_line

# Exports of other catalogues write these where there is no author.
_NO_NAME = frozenset(
    {"", "*", "-", "?", "n/a", "na", "nan", "none", "null", "unknown", "anon", "anonymous"}
)
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "phd", "md"})
# Part of the family name where they are printed in lower case: "Laurens van der Maaten".
_PARTICLE_WORDS = """
af al am an aus bin da dal dalla das de degli dei del della den der des di do dos du el ibn la las
le los ten ter van vom von zu zum zur y
"""
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
_STOP_WORD_LIST = """
about above after against also among and around because been before being between beyond both could
does down during each from have having here into itself more most much must only onto other over
shall should some such than that their them then there these they this those through toward towards
under until upon using versus very were what when where whether which while whom whose will with
within without would your
"""
_STOP_WORDS = frozenset(_STOP_WORD_LIST.split())
_SHORTEST_WORD = 4
_LONGEST_PART = 40
_NOT_IN_KEY = re.compile("[^a-z0-9]+")
_BRACKETED = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_ET_AL = re.compile(r"[\s,]+(?:et\.?\s+al\.?|and\s+others|authors|team)\s*$", re.IGNORECASE)


def mint_key(
    authors: Iterable[str],
    year: int | None,
    title: str | None,
    taken: Container[str] | Callable[[str], bool],
) -> str:
    """First author's family name, year, first long title word; then a letter on a clash."""
    is_taken = taken if callable(taken) else taken.__contains__
    base = f"{_author_part(authors)}{year or 'nd'}{_title_part(title or '')}"
    return next(key for key in _lettered(base) if not is_taken(key))


def family_name(name: str) -> str | None:
    """The family name as printed, particles included; None for "nan", "*" and the like.

    "Laurens van der Maaten" -> "van der Maaten" (vandermaaten in a key); "Doe, Jane" and
    "Jane Doe, Jr." -> "Doe". A name of one word, an organisation's say, is its own.
    """
    line = _ET_AL.sub("", _BRACKETED.sub(" ", clean_line(name)))
    if line.strip().lower() in _NO_NAME:
        return None
    parts = [part.strip() for part in line.split(",")]
    parts = [part for part in parts if part and not is_suffix(part)]
    if not parts:
        return None
    if len(parts) > 1:
        return parts[0]  # "Doe, Jane"
    words = parts[0].split()
    while len(words) > 1 and is_suffix(words[-1]):
        words.pop()
    return " ".join(words[family_start(words) :])


def family_start(words: list[str]) -> int:
    """Where the family name begins in the words of a name as it is printed."""
    start = len(words) - 1
    while start > 1 and words[start - 1] in _PARTICLES:
        start -= 1
    # "Aaron Van den Oord": a capital particle counts where a small one follows it.
    if 1 < start < len(words) - 1 and words[start - 1].lower() in _PARTICLES:
        start -= 1
    return start


def is_suffix(word: str) -> bool:
    """ "Jr.", "III", "Ph.D." """
    return word.replace(".", "").lower() in _SUFFIXES


def _author_part(authors: Iterable[str]) -> str:
    names = filter(None, map(family_name, authors))
    return next(filter(None, map(_plain, names)), "anon")


def _title_part(title: str) -> str:
    words = [word for word in map(_plain, re.split(r"[\W_]+", clean_line(title))) if word]
    long_words = [
        word
        for word in words
        if len(word) >= _SHORTEST_WORD and word not in _STOP_WORDS and not word.isdecimal()
    ]
    return next(iter(long_words or words), "untitled")


def _plain(text: str) -> str:
    return _NOT_IN_KEY.sub("", ascii_fold(text).lower())[:_LONGEST_PART]


def _lettered(base: str) -> Iterator[str]:
    """base, basea, baseb, ... basez, baseaa, ..."""
    yield base
    for number in count(1):
        letters = ""
        while number:
            number, letter = divmod(number - 1, 26)
            letters = chr(ord("a") + letter) + letters
        yield base + letters
