"""A tree as a query again, in one spelling: what is printed parses to the same tree."""

import re

from fulltext.query.nodes import And, FieldValue, Identifier, Node, Not, Or, Phrase, Prefix, Word

# But for years that have no end: 2022..
_NEEDS_QUOTES = re.compile(r"[\s()]|^[^\w.]|[,;!?]$|(?<!\.)\.$|\.{3}$")


def print_query(node: Node | None) -> str:
    match node:
        case None:
            return ""
        case Or(operands):
            return " OR ".join(map(print_query, operands))
        case And(operands):
            return " ".join(map(_within, operands))
        case Not(operand):
            printed = print_query(operand)
            return f"-({printed})" if isinstance(operand, And | Or) else f"-{printed}"
        case Phrase(text):
            return f'"{text}"'
        case Prefix(text):
            return f"{text}*"
        case FieldValue(name, value):
            return f"{name}:{_value(value)}"
        case Word(text) | Identifier(text):
            return text


def _within(node: Node) -> str:
    return f"({print_query(node)})" if isinstance(node, Or) else print_query(node)


def _value(value: str) -> str:
    return f'"{value}"' if _NEEDS_QUOTES.search(value) else value
