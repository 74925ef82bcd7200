"""From the text somebody typed to a tree; what cannot be read is pointed at.

The grammar says how words, operators and fields are told apart. Whatever somebody may paste as the
title of a paper is words.
"""

import re
from collections.abc import Callable, Collection
from functools import cache
from pathlib import Path

from lark import Lark, Token
from lark.exceptions import UnexpectedCharacters, UnexpectedToken

from fulltext.query.limits import LONGEST_ADDRESS, check_length, check_tree
from fulltext.query.mistakes import QueryMistake
from fulltext.query.nodes import Identifier, Node, Span
from fulltext.query.tree_builder import TreeBuilder

GRAMMAR = Path(__file__).with_name("grammar.lark")

# One character for one, so that places stay those of the text as it was typed: quotation marks of
# all tables, brackets and colons of East Asian keyboards, and what no keyboard writes.
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»＂〝〞", '"'),
        "（": "(",
        "）": ")",
        "：": ":",
        "＊": "*",
        **dict.fromkeys([*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0))], " "),
    }
)
_OPERATORS = {"OR", "AND", "NOT", "MINUS"}

type IdentifierReader = Callable[[str], str | None]


@cache
def _parser() -> Lark:
    # LALR: linear in the text. The builder holds the fields known, so it comes later.
    return Lark(GRAMMAR.read_text(), parser="lalr", maybe_placeholders=False)


def parse(
    text: str,
    fields: Collection[str] = (),
    *,
    offered: Collection[str] | None = None,
    identifier: IdentifierReader | None = None,
) -> Node | None:
    """The tree of a query; None if it is empty; raises QueryMistake.

    `fields` are all known anywhere, `offered` those a mistake should name. `identifier` reads a
    whole query that is an arXiv id, a DOI or an address.
    """
    if found := _whole_identifier(text, identifier):
        return found
    check_length(text)
    plain = text.translate(_PLAIN)
    if not plain.strip():
        return None
    try:
        tree = _parser().parse(plain)
    except UnexpectedCharacters as error:
        raise _unreadable(plain, error.pos_in_stream or 0) from None
    except UnexpectedToken as error:
        raise _misplaced(plain, error) from None
    node = TreeBuilder(frozenset(fields), offered if offered is not None else fields).build(tree)
    if node is None:
        raise QueryMistake(
            "nothing_to_search",
            "There is no letter or digit in this: write a word to search for.",
            len(plain) - len(plain.lstrip()),
            len(plain.rstrip()),
        )
    check_tree(node)
    return node


def _whole_identifier(text: str, read: IdentifierReader | None) -> Identifier | None:
    stripped = text.strip()
    if read is None or not stripped or len(stripped) > LONGEST_ADDRESS or "\x00" in stripped:
        return None
    if "://" in stripped and re.search(r"\s", stripped):
        return None  # an address and something else
    start = text.index(stripped)
    span = Span(start, start + len(stripped))
    return Identifier(stripped, span) if read(stripped) else None


def _unreadable(text: str, place: int) -> QueryMistake:
    if text[place] == '"':
        return QueryMistake(
            "unclosed_quote",
            "This quotation mark is never closed: close it, or leave it out.",
            place,
        )
    return _unexpected(text, place, place + 1)


def _misplaced(text: str, error: UnexpectedToken) -> QueryMistake:
    """What stood last is at fault if it waits for something; else what came is."""
    token: Token = error.token
    parser = error.interactive_parser
    before = [item for item in parser.parser_state.value_stack if isinstance(item, Token)]
    stack = parser.parser_state.value_stack
    last = stack[-1] if stack and isinstance(stack[-1], Token) else None
    if last is not None and last.type in _OPERATORS:
        return _dangling(last)
    if token.type in _OPERATORS:
        return _dangling(token)
    if token.type == "RPAR":
        place = token.start_pos or 0
        return QueryMistake(
            "unopened_bracket",
            "No bracket is open here: open one before it, or leave this one out.",
            place,
        )
    opened = [item for item in before if item.type == "LPAR"]
    if token.type == "$END" and opened:
        place = opened[-1].start_pos or 0
        return QueryMistake(
            "unclosed_bracket", "This bracket is never closed: close it, or leave it out.", place
        )
    if token.type == "$END":
        return _unexpected(text, len(text) - 1, len(text))
    return _unexpected(text, token.start_pos or 0, token.end_pos or len(text))


def _dangling(token: Token) -> QueryMistake:
    start, end = token.start_pos or 0, token.end_pos or 1
    if token.type in ("MINUS", "NOT"):
        message = f"{token} leaves out what follows it: write that, or leave {token} out."
    else:
        message = (
            f"{token} stands between two things: write what is missing, "
            f"or “{token.lower()}” in small letters if you mean the word."
        )
    return QueryMistake("dangling_operator", message, start, end)


def _unexpected(text: str, start: int, end: int) -> QueryMistake:
    shown = text[start:end][:20]
    return QueryMistake(
        "unexpected", f"“{shown}” cannot stand here: put quotation marks around it.", start, end
    )
