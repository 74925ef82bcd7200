"""The readable part of an address: ASCII only, never empty, never a path."""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Container

from .text import ascii_fold, clean_line

MAX_SLUG_LENGTH = 80
_SEPARATORS = re.compile(r"[^a-z0-9]+")
_APOSTROPHES = re.compile("['’‘`]")


def slugify(title: str, *, max_length: int = MAX_SLUG_LENGTH) -> str:
    """ "Don't Panic" -> dont-panic; a title in another script gets a short hash of itself."""
    line = clean_line(title)
    folded = ascii_fold(_APOSTROPHES.sub("", line)).lower()
    slug = _shortened(_SEPARATORS.sub("-", folded).strip("-"), max_length)
    if slug and not _loses_most_letters(line):
        return slug
    digest = hashlib.blake2s(line.encode(), digest_size=4).hexdigest()
    return f"{_shortened(slug or 'x', max_length - len(digest) - 1)}-{digest}"


def unique_slug(base: str, taken: Container[str] | Callable[[str], bool]) -> str:
    """The base itself, else the first free of base-2, base-3, ..."""
    is_taken = taken if callable(taken) else taken.__contains__
    candidate, number = base, 1
    while is_taken(candidate):
        number += 1
        ending = f"-{number}"
        candidate = _shortened(base, max(MAX_SLUG_LENGTH, len(base)) - len(ending)) + ending
    return candidate


def _shortened(slug: str, length: int) -> str:
    """Cut at a word's end where there is one in the second half."""
    if len(slug) <= length:
        return slug
    cut = slug[: length + 1].rpartition("-")[0]
    return cut if len(cut) > length // 2 else slug[:length].rstrip("-")


def _loses_most_letters(line: str) -> bool:
    letters = [char for char in line if unicodedata.category(char)[0] == "L"]
    return 2 * sum(1 for char in letters if not ascii_fold(char)) > len(letters)
