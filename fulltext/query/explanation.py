"""A query said back in plain words, so that nobody has to guess how it was understood."""

from collections.abc import Iterable, Mapping

from fulltext.query.fields import Field, known_fields
from fulltext.query.nodes import And, FieldValue, Identifier, Node, Not, Or, Phrase, Prefix, Word


def explain(node: Node | None, things: str = "everything", fields: Mapping | None = None) -> str:
    """ "papers about “robustness”, filed under alignment, not mentioning “vision”"."""
    if node is None:
        return things
    return f"{things} {Explainer(known_fields() if fields is None else fields).clause(node)}"


class Explainer:
    def __init__(self, fields: Mapping[str, Field]) -> None:
        self.fields = fields

    def clause(self, node: Node) -> str:
        match node:
            case And(operands):
                return ", ".join(self._sorted_clauses(operands))
            case Or(operands):
                return self._either(operands)
            case Not(operand):
                return self._without(operand)
            case Word(text):
                return f"about “{text}”"
            case Phrase(text):
                return f"with the phrase “{text}”"
            case Prefix(text):
                return f"with a word that begins with “{text}”"
            case Identifier(text):
                return f"that {text} leads to"
            case FieldValue(name, value):
                return self._field(name, value)

    def _sorted_clauses(self, operands: Iterable[Node]) -> Iterable[str]:
        """First what it is about, then fields, and last what is left out."""
        operands = list(operands)
        words = [each.text for each in operands if isinstance(each, Word)]
        if words:
            yield f"about {_listed(words, 'and')}"
        others = [each for each in operands if not isinstance(each, Word)]
        for each in sorted(others, key=_place):
            yield self.clause(each)

    def _either(self, operands: Iterable[Node]) -> str:
        operands = list(operands)
        if words := _words(operands):
            return f"about {_listed(words, 'or')}"
        return f"either {' or '.join(map(self._bracketed, operands))}"

    def _bracketed(self, node: Node) -> str:
        return f"({self.clause(node)})" if isinstance(node, And) else self.clause(node)

    def _without(self, node: Node) -> str:
        match node:
            case Word(text):
                return f"not mentioning “{text}”"
            case Phrase(text):
                return f"without the phrase “{text}”"
            case Prefix(text):
                return f"without a word that begins with “{text}”"
            case Or(operands) if words := _words(operands):
                return f"mentioning neither {_listed(words, 'nor')}"
            case FieldValue(name, value):
                return f"not {self._field(name, value)}"
        return f"but not those {self.clause(node)}"

    def _field(self, name: str, value: str) -> str:
        field = self.fields.get(name)
        return field.words(value) if field else f"with {name} {value}"


def _words(operands: Iterable[Node]) -> list[str]:
    """The words, if there is nothing else."""
    texts = [each.text if isinstance(each, Word) else "" for each in operands]
    return texts if all(texts) else []


def _place(node: Node) -> int:
    if isinstance(node, Not):
        return 2
    return 1 if isinstance(node, FieldValue) else 0


def _listed(texts: Iterable[str], conjunction: str) -> str:
    *first, last = (f"“{text}”" for text in texts)
    if not first:
        return last
    joint = f" {conjunction} "
    if conjunction == "nor":
        return joint.join([*first, last])
    return f"{', '.join(first)}{joint}{last}"
