"""From what the grammar matched to nodes in their normal form."""

import re
from collections.abc import Collection

from lark import Token, Tree

from fulltext.query.limits import SHORTEST_PREFIX
from fulltext.query.mistakes import QueryMistake
from fulltext.query.nodes import (
    FieldValue,
    Node,
    Phrase,
    Prefix,
    Span,
    Word,
    all_of,
    any_of,
    none_of,
)

OPERATOR_WORDS = {"AND", "OR", "NOT"}
# What is written as a word, read again, is that word: no operator, no field, no hyphen before it.
_IS_PLAIN = re.compile(r"\w(?:[^\s()\"]|\([^\s()\"]*\))*")
# Written without quotation marks these would be something else.
_IS_SYNTAX = re.compile(r"[A-Za-z_]{2,30}:[(\w.]|(?:AND|OR|NOT)(?:\(|$)")
_OUTER = r"[^\w()]|_"
_BEFORE = re.compile(rf"^(?:{_OUTER})+")
_AFTER = re.compile(rf"(?:(?![+#])(?:{_OUTER}))+$")  # C++, C#
_VALUE_AFTER = re.compile(r"(?:[,;!?]+|(?<!\.)\.)$")  # not of 2021..


class TreeBuilder:
    def __init__(self, fields: frozenset[str], offered: Collection[str]) -> None:
        self.fields = fields
        self.offered = offered

    def build(self, tree: Tree) -> Node | None:
        """From the leaves up, without recursion: brackets may nest as deep as the text is long."""
        built: dict[int, Node | None] = {}
        for subtree in tree.iter_subtrees():
            children = [
                built[id(each)] if isinstance(each, Tree) else each for each in subtree.children
            ]
            built[id(subtree)] = getattr(self, f"_{subtree.data}")(children)
        return built[id(tree)]

    def _start(self, children: list) -> Node | None:
        return children[0] if children else None

    _group = _start

    def _disjunction(self, children: list) -> Node | None:
        return any_of(each for each in children if not isinstance(each, Token))

    def _conjunction(self, children: list) -> Node | None:
        return all_of(each for each in children if not isinstance(each, Token))

    def _negation(self, children: list) -> Node | None:
        sign, operand = children
        return none_of(operand, sign.start_pos)

    def _phrase(self, children: list) -> Node | None:
        return phrase(str(children[0])[1:-1], _span(children[0]))

    def _word(self, children: list) -> Node | None:
        return word(str(children[0]), _span(children[0]))

    def _field(self, children: list) -> Node | None:
        name, value = children
        if (field := self._name(name)) is None:
            return all_of([word(str(name), _span(name)), _text(value)])
        return _field_value(field, name, value)

    def _field_group(self, children: list) -> Node | None:
        name, *values = (each for each in children if each.type != "OR")
        if (field := self._name(name)) is None:
            return all_of([word(str(name), _span(name)), *map(_text, values)])
        return any_of(_field_value(field, name, value) for value in values)

    def _name(self, token: Token) -> str | None:
        """The field meant; None if it looks like a word with a colon, such as "Re:Zero"."""
        name = str(token)[:-1]
        if name.lower() in self.fields:
            return name.lower()
        if name != name.lower():
            return None
        known = ", ".join(f"{each}:" for each in sorted(self.offered)) or "none"
        raise QueryMistake(
            "unknown_field",
            f"There is no field {name}:. Known are {known}; "
            "write a blank after the colon if you mean the word.",
            token.start_pos or 0,
            token.end_pos,
        )


def word(text: str, span: Span) -> Node | None:
    """Without the punctuation around it; what **stands between asterisks** is no prefix."""
    inner = _AFTER.sub("", _BEFORE.sub("", text))
    if not any(map(str.isalnum, inner)):
        return None
    is_prefix = text[0] != "*" and text[text.rindex(inner) + len(inner) :].startswith("*")
    make: type[Word] | type[Prefix] = Prefix if is_prefix and _begins(inner, span) else Word
    if inner in OPERATOR_WORDS:
        inner = inner.lower()
    if _IS_SYNTAX.match(inner) or not _IS_PLAIN.fullmatch(inner):
        return phrase(inner, span)
    return make(inner, span)


def phrase(text: str, span: Span) -> Node | None:
    text = " ".join(text.replace('"', " ").split())
    return Phrase(text, span) if any(map(str.isalnum, text)) else None


def _begins(beginning: str, span: Span) -> bool:
    """Not if the asterisk belongs to a name of one letter, such as A*."""
    letters = sum(map(str.isalnum, re.split(r"[^\w]", beginning)[-1]))
    if 1 < letters < SHORTEST_PREFIX:
        raise QueryMistake(
            "short_prefix",
            f"An asterisk needs {SHORTEST_PREFIX} letters before it: write more of the word.",
            span.start,
            span.end,
        )
    return letters >= SHORTEST_PREFIX


def _text(token: Token) -> Node | None:
    make = phrase if token.type == "PHRASE" else word
    return make(str(token).strip('"'), _span(token))


def _field_value(name: str, sign: Token, token: Token) -> Node | None:
    is_quoted = token.type == "PHRASE"
    text = str(token)[1:-1] if is_quoted else _VALUE_AFTER.sub("", str(token))
    text = " ".join(text.replace('"', " ").split())
    if not any(map(str.isalnum, text)):
        raise QueryMistake(
            "empty_value", f"Write what {name}: should be.", token.start_pos or 0, token.end_pos
        )
    return FieldValue(name, text, _span(token), _span(sign))


def _span(token: Token) -> Span:
    return Span(token.start_pos or 0, token.end_pos or 0)
