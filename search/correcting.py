"""What a search that finds nothing may have meant."""

from collections.abc import Iterator
from dataclasses import replace

from fulltext import engine, expressions
from fulltext.query.nodes import And, Node, Not, Or, Phrase, Word
from fulltext.query.reading import Query
from search.finding import Search

MOST_WORDS = 12


def corrected(search: Search) -> Query | None:
    """The same query with words that nobody uses replaced by the nearest that somebody does; None
    if there are none. Only what the reader may see is ever suggested."""
    if sum(1 for _ in _words(search.query.node)) > MOST_WORDS:
        return None
    node = _Corrector(search).node(search.query.node)
    return replace(search.query, node=node) if node != search.query.node else None


def _words(node: Node) -> Iterator[Word | Phrase]:
    match node:
        case And(operands) | Or(operands):
            for operand in operands:
                yield from _words(operand)
        case Word() | Phrase():
            yield node


class _Corrector:
    def __init__(self, search: Search) -> None:
        self.kinds = [(kind, kind.visible(search.reader(kind))) for kind in search.chosen]

    def node(self, node: Node) -> Node:
        match node:
            case And(operands) | Or(operands):
                return replace(node, operands=tuple(map(self.node, operands)))
            case Word(text):
                return replace(node, text=self._text(expressions.Word(text)))
            case Phrase(text):
                return replace(node, text=self._text(expressions.Phrase(text)))
            case Not():
                return node
        return node

    def _text(self, leaf: expressions.Word | expressions.Phrase) -> str:
        """Known to any kind, it stays."""
        sought = engine.Sought(leaf, [kind.name for kind, _ in self.kinds])
        known = engine.rankings([(kind.name, sought, rows) for kind, rows in self.kinds], 1)
        if any(found.total for found in known):
            return leaf.text
        for kind, rows in self.kinds:
            found = engine.suggestion(leaf, kind.name, rows)
            if isinstance(found, expressions.Word | expressions.Phrase):
                return found.text
        return leaf.text
