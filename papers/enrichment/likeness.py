"""Whether two records speak of one work: titles change, authors are printed in many ways."""

import re
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz

from markup.text import ascii_fold
from papers.citation_keys import family_name

ALIKE = 70  # of 100; a retitled work is known by its authors
_NOT_A_LETTER = re.compile(r"[^a-z0-9]+")


def plain(text: str | None) -> str:
    """Letters and digits alone: case, accents, punctuation and spaces make no other title."""
    return _NOT_A_LETTER.sub(" ", ascii_fold(text or "").lower()).strip()


def same_title(one: str | None, other: str | None) -> bool:
    return (plain(one) or one) == (plain(other) or other)


def alike(one: str | None, other: str | None) -> bool:
    return fuzz.token_set_ratio(plain(one), plain(other)) >= ALIKE


def families(names: Iterable[str]) -> list[str]:
    return [plain(family_name(name) or name) for name in names]


def share_authors(some: Sequence[str], others: Sequence[str]) -> bool:
    """Whether at least half of the shorter list's family names stand in the other."""
    one, other = set(families(some)), set(families(others))
    return bool(one and other) and len(one & other) * 2 >= min(len(one), len(other))


def same_person(one: str, other: str) -> bool:
    """The same family name, and first names that may be each other's initials."""
    if families([one]) != families([other]):
        return False
    first, second = plain(one)[:1], plain(other)[:1]
    return first == second or "," in one + other
