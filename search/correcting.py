"""What a search that finds nothing may have meant."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from fulltext import engine, expressions
from fulltext.query.nodes import And, Node, Or, Phrase, Word
from fulltext.query.reading import Query
from search.finding import Search


def corrected(search: Search) -> Query | None:
    """The same query with words that nobody uses replaced by the nearest that somebody does; None
    if there are none. Only what the reader may see is ever suggested."""
    texts = list(map(_as_sought, _texts(search.query.node)))
    visible = [(kind.name, kind.visible_to(search.reader(kind))) for kind in search.chosen]
    better = engine.corrections(texts, visible)
    return replace(search.query, node=_with(better, search.query.node)) if better else None


def _texts(node: Node) -> Iterator[Word | Phrase]:
    """What stands in a query to be found, and in no field."""
    match node:
        case And(operands) | Or(operands):
            for operand in operands:
                yield from _texts(operand)
        case Word() | Phrase():
            yield node


def _as_sought(node: Word | Phrase) -> engine.Text:
    sought = expressions.Word if isinstance(node, Word) else expressions.Phrase
    return sought(node.text)


def _with(better: Mapping[engine.Text, engine.Text], node: Node) -> Node:
    match node:
        case And(operands) | Or(operands):
            return replace(node, operands=tuple(_with(better, each) for each in operands))
        case Word() | Phrase():
            sought = _as_sought(node)
            return replace(node, text=better.get(sought, sought).text)
    return node
