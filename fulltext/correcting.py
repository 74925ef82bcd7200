"""What a misspelt search may have meant."""

from dataclasses import replace

from django.db.models import QuerySet

from fulltext import tokens, vocabulary
from fulltext.expressions import And, Expression, Leaf, Not, Or, Phrase, Prefix, Word, leaves
from fulltext.ranking import matching

MOST_TRIED = 5  # known words that are looked up for one unknown
MOST_WORDS = 12


def suggestion(expression: Expression, kind: str, visible: QuerySet) -> Expression | None:
    """The same with its unknown words replaced by the nearest known ones; None if there are none.

    `visible` holds what the asking person may see: nothing else is ever suggested.
    """
    corrector = _Corrector(kind, visible)
    if sum(1 for _ in leaves(expression)) > MOST_WORDS:
        return None
    corrected = corrector.corrected(expression)
    return corrected if corrected != expression else None


class _Corrector:
    def __init__(self, kind: str, visible: QuerySet) -> None:
        self.kind = kind
        self.visible = visible
        self.nearest: dict[tuple[str, str | None], str] = {}

    def corrected(self, expression: Expression) -> Expression:
        match expression:
            case And(parts):
                return And(tuple(map(self.corrected, parts)))
            case Or(parts):
                return Or(tuple(map(self.corrected, parts)))
            case Not() | Prefix():
                return expression
            case Word() | Phrase():
                return self._leaf(expression)

    def _leaf(self, leaf: Word | Phrase) -> Leaf:
        words = tokens.words(leaf.text)
        if not 0 < len(words) <= MOST_WORDS:
            return leaf
        known = [self._known(word, leaf.field) for word in words]
        return leaf if known == words else replace(leaf, text=" ".join(known))

    def _known(self, word: str, field: str | None) -> str:
        """The word itself if anybody's text holds it, else the nearest that one does."""
        asked = (word, field)
        if asked not in self.nearest:
            self.nearest[asked] = word
            if len(word) >= vocabulary.MIN_CORRECTED and not self._finds(word, field):
                tried = vocabulary.nearest(word)[:MOST_TRIED]
                found = (near for near in tried if self._finds(near, field))
                self.nearest[asked] = next(found, word)
        return self.nearest[asked]

    def _finds(self, word: str, field: str | None) -> bool:
        return self.visible.filter(matching(self.kind, Word(word, field))).exists()
