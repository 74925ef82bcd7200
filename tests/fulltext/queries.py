"""A shorthand for expressions: `word "a phrase" begin* -not either|or title:word`."""

import re

from fulltext.expressions import And, Expression, Not, Or, Phrase, Prefix, Word

_PART = re.compile(r'-?(?:[a-z]+:(?!//))?(?:"[^"]*"|\S+)')


def expression(text: str) -> Expression:
    return And(tuple(_part(part) for part in _PART.findall(text)))


def _part(text: str) -> Expression:
    if text.startswith("-") and len(text) > 1:
        return Not(_part(text[1:]))
    if "|" in text and '"' not in text:
        return Or(tuple(map(_part, text.split("|"))))
    field, colon, rest = text.partition(":")
    if not (colon and field in ("title", "author", "venue")):
        field, rest = "", text
    if rest.startswith('"'):
        return Phrase(rest.strip('"'), field or None)
    if rest.endswith("*"):
        return Prefix(rest[:-1], field or None)
    return Word(rest, field or None)
