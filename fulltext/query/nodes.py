"""What a query says, as a tree in one normal form.

Conjunctions and disjunctions are flat and hold two operands or more, nothing is negated twice, and
what has no letter or digit is left out: trees that mean the same by these rules are equal.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Span:
    """From which character of the query to which."""

    start: int
    end: int


NOWHERE = Span(0, 0)


@dataclass(frozen=True, slots=True)
class Word:
    """As it was written, such as "red-teaming" or "O(n)": what it is made of has to be adjacent."""

    text: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Phrase:
    text: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Prefix:
    """Words that begin so; without the asterisk."""

    text: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Identifier:
    """A whole query that names one work: an arXiv id, a DOI, an address, in any spelling."""

    text: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class FieldValue:
    """`topic:alignment`; the span is that of the value."""

    name: str
    value: str
    span: Span = field(default=NOWHERE, compare=False)
    name_span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    operand: "Node"
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class And:
    operands: tuple["Node", ...]
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Or:
    operands: tuple["Node", ...]
    span: Span = field(default=NOWHERE, compare=False)


type Leaf = Word | Phrase | Prefix | FieldValue | Identifier
type Node = Leaf | Not | And | Or


def all_of(operands: Iterable[Node | None]) -> Node | None:
    return _joined(And, operands)


def any_of(operands: Iterable[Node | None]) -> Node | None:
    return _joined(Or, operands)


def none_of(operand: Node | None, start: int) -> Node | None:
    if operand is None:
        return None
    if isinstance(operand, Not):
        return operand.operand
    return Not(operand, Span(start, operand.span.end))


def _joined(kind: type[And] | type[Or], operands: Iterable[Node | None]) -> Node | None:
    flat: list[Node] = []
    for operand in operands:
        if isinstance(operand, kind):
            flat += operand.operands
        elif operand is not None:
            flat.append(operand)
    if len(flat) <= 1:
        return flat[0] if flat else None
    return kind(tuple(flat), Span(flat[0].span.start, flat[-1].span.end))


def leaves(node: Node) -> Iterator[Leaf]:
    if isinstance(node, And | Or):
        for operand in node.operands:
            yield from leaves(operand)
    elif isinstance(node, Not):
        yield from leaves(node.operand)
    else:
        yield node


def fields_of(node: Node) -> Iterator[FieldValue]:
    return (leaf for leaf in leaves(node) if isinstance(leaf, FieldValue))


def deepest(node: Node, depth: int = 0) -> tuple[int, Node]:
    """How many conjunctions, disjunctions and negations stand around the innermost node."""
    if isinstance(node, Not):
        return deepest(node.operand, depth + 1)
    if isinstance(node, And | Or):
        return max(
            (deepest(operand, depth + 1) for operand in node.operands), key=lambda found: found[0]
        )
    return depth, node
