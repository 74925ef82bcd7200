"""What no query may pass, so that each is answered at once whatever it holds."""

from fulltext.query.mistakes import QueryMistake
from fulltext.query.nodes import Node, deepest, leaves

LONGEST = 200  # characters; a title that is longer is found by its beginning
LONGEST_ADDRESS = 1000  # of a web address pasted as the whole query
MOST_TERMS = 40
DEEPEST = 8
SHORTEST_PREFIX = 3


def check_length(text: str) -> None:
    if len(text) > LONGEST:
        raise QueryMistake(
            "too_long",
            f"A query has at most {LONGEST} characters: leave out what stands from here on.",
            LONGEST,
            len(text),
        )


def check_tree(node: Node) -> None:
    terms = list(leaves(node))
    if len(terms) > MOST_TERMS:
        first_too_many = terms[MOST_TERMS].span
        raise QueryMistake(
            "too_many_terms",
            f"A query has at most {MOST_TERMS} words and fields: leave out some.",
            first_too_many.start,
            first_too_many.end,
        )
    depth, innermost = deepest(node)
    if depth > DEEPEST:
        raise QueryMistake(
            "too_deep",
            f"Brackets within brackets go {DEEPEST} deep at most: take some out.",
            innermost.span.start,
            innermost.span.end,
        )
