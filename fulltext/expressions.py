"""What is looked for in texts: words, phrases, beginnings of words, and how they are combined.

Texts stand in expressions as somebody wrote them; the engine splits, folds and stems them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

MIN_PREFIX = 3


@dataclass(frozen=True, slots=True)
class Word:
    """A word in any inflection, accents aside; what splits into several words is a phrase.

    An identifier (arXiv id, DOI, address) is a word too. `field` is one of `registry.FIELDS`.
    """

    text: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand beside each other in this order."""

    text: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Prefix:
    """Any word that begins so, `MIN_PREFIX` letters or more; shorter finds nothing."""

    text: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: "Expression"


type Leaf = Word | Phrase | Prefix
type Expression = Leaf | And | Or | Not


def leaves(expression: Expression) -> Iterator[Leaf]:
    """The texts that a hit may hold, in order: what stands under `Not` is no such."""
    match expression:
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves(part)
        case Not():
            return
        case _:
            yield expression
