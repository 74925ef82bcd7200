"""Titles as they are compared: words without case, accents and signs; and digests to find them."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from hashlib import blake2b

from rapidfuzz import fuzz

from markup.text import clean_line

MOST_TITLES = 6
_WORD = re.compile(r"[^\W_]+")
_HEAD_END = re.compile(r"\s*(?::\s|\s[-–—]\s|\?\s|\.\s)")
_SMALL_WORD_LIST = """
a an and are as at be by for from how in into is it its of on or that the their this to toward
towards using via we what when which with without
"""
_SMALL_WORDS = frozenset(_SMALL_WORD_LIST.split())
# "Part II" and "Part III" are two works, however alike they read.
_ROMAN = re.compile(r"(?:x{0,3})(?:ix|iv|v?i{0,3})")


def words_of(title: str) -> list[str]:
    decomposed = unicodedata.normalize("NFKD", clean_line(title).casefold())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _WORD.findall(bare)


def is_same(one: str, other: str) -> bool:
    """Alike to the letter; "multi-task" and "multitask" are."""
    joined = "".join(words_of(one))
    return bool(joined) and joined == "".join(words_of(other))


def likeness(one: str, other: str) -> float:
    """From 0 to 1; 0 where the numbers in them differ."""
    mine, theirs = words_of(one), words_of(other)
    if not mine or not theirs or _numbers(mine) != _numbers(theirs):
        return 0.0
    return fuzz.token_sort_ratio(" ".join(mine), " ".join(theirs)) / 100


def begins_alike(one: str, other: str) -> bool:
    """Whether one is the other with a subtitle: three words at least before the colon."""
    head, other_head = (_HEAD_END.split(clean_line(each), maxsplit=1)[0] for each in (one, other))
    is_bare = is_same(head, one) or is_same(other_head, other)
    return is_bare and len(words_of(head)) >= 3 and is_same(head, other_head)


def _numbers(words: Iterable[str]) -> set[str]:
    digits = {n for word in words for n in re.findall(r"\d+", word)}
    return digits | {word for word in words if _ROMAN.fullmatch(word) and word not in ("", "i")}


def blocks_of(titles: Iterable[str]) -> set[int]:
    """Digests of a work's titles; two works are only compared where they share one."""
    return {
        _digest(text) for title in list(titles)[:MOST_TITLES] for text in _blocks(words_of(title))
    }


def _blocks(words: list[str]) -> Iterator[str]:
    if not words:
        return
    yield "=" + "".join(words)
    telling = [word for word in words if word not in _SMALL_WORDS] or words
    if len(telling) < 2:
        return
    # A slip of the pen spoils one of these, seldom all three.
    yield "<" + " ".join(telling[:2])
    yield ">" + " ".join(telling[-2:])
    yield "#" + " ".join(sorted(sorted(set(telling), key=lambda word: (-len(word), word))[:2]))


def _digest(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), signed=True)
