"""PostgreSQL's tsvector with a GIN index.

GIN knows no order: for a frequent word it would gather a third of all documents to give the
newest thousand. Each document therefore holds the token of its era (some thousand neighbouring
numbers), and the newest eras are asked first. GIN is quick at what is frequent here and rare there.
"""

from collections.abc import Callable, Sequence
from typing import Any as Anything

from django.db import connection

from fulltext.columns import quoted_lexeme
from fulltext.documents import ERA_BITS
from fulltext.matches import NOTHING, All, Any, Match, all_of, token
from fulltext.matches import Sequence as Words
from fulltext.vocabulary import Counts

# Below so many expected hits all are gathered at once.
FEW = 10_000
# Eras are parts of a UNION, of which those behind the limit are never asked: GIN takes the longer
# for each the more of them stand in one condition.
MOST_ERAS = 24
MARGIN = 1.5

# A planner that sees both the order and the limit would walk all rows backwards; it does not look
# into what has an offset.
NEWEST = (
    "SELECT * FROM (SELECT id FROM (SELECT id FROM fulltext_document "
    "WHERE tokens @@ %s::tsquery AND id BETWEEN %s AND %s OFFSET 0) AS found "
    "ORDER BY id DESC LIMIT %s) AS part"
)


class PostgresIndex:
    needs_counts = True

    def newest(
        self, match: Match, bounds: tuple[int, int], limit: int, counts: Callable[[], Counts]
    ) -> tuple[str, list[Anything]]:
        if match == NOTHING:
            return "SELECT 0::bigint WHERE false", []
        lowest, highest = bounds
        parts: list[Anything] = []
        asked = self._eras_to_ask(match, bounds, limit, counts)
        for era in asked:
            within = all_of([match, token(f"~{era:x}")])
            parts += [query_text(within), lowest, highest, limit]
        # What the limit leaves nothing for is not even begun.
        rest = (asked[-1] << ERA_BITS) - 1 if asked else highest
        parts += [query_text(match), lowest, rest, limit]
        return " UNION ALL ".join([NEWEST] * (len(asked) + 1)) + " LIMIT %s", [*parts, limit]

    def _eras_to_ask(
        self, match: Match, bounds: tuple[int, int], limit: int, counts: Callable[[], Counts]
    ) -> list[int]:
        """The newest eras, if few hold enough; none if it is quicker to ask for all at once."""
        if counts().at_most(match) <= FEW or (newest := _newest_of_all(bounds, counts())) is None:
            return []
        total = newest - bounds[0] + 1
        likely = min(counts().likely(match, total), total)
        if likely <= FEW:
            return []
        numbers = int(MARGIN * limit * total / likely)
        lowest = max(bounds[0], newest - numbers)
        eras = list(range(newest >> ERA_BITS, (lowest >> ERA_BITS) - 1, -1))
        if numbers >= total / 2 or len(eras) > MOST_ERAS:
            return []
        return eras

    def all_within(self, match: Match, bounds: tuple[int, int]) -> tuple[str, list[Anything]]:
        return (
            "SELECT id - %s FROM fulltext_document WHERE tokens @@ %s::tsquery "
            "AND id BETWEEN %s AND %s",
            [bounds[0], query_text(match), *bounds],
        )

    def listed(self, numbers: Sequence[int]) -> tuple[str, list[Anything]]:
        return "SELECT unnest(%s::bigint[]) AS number", [f"{{{','.join(map(str, numbers))}}}"]

    def gathered(self, column: str) -> str:
        return f"CAST(json_agg({column}) AS text)"

    def tidy(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE fulltext_document, fulltext_term")


def _newest_of_all(bounds: tuple[int, int], counts: Counts) -> int | None:
    """The highest number there is; what comes meanwhile is for the next search to find."""
    if bounds in counts.newest:
        return counts.newest[bounds]
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM fulltext_document WHERE id BETWEEN %s AND %s", bounds)
        return cursor.fetchone()[0]


def query_text(match: Match) -> str:
    """A tsquery; lexemes stand in quotes, where no operators are known."""
    match match:
        case Words(tokens):
            return "(" + " <-> ".join(map(quoted_lexeme, tokens)) + ")"
        case Any(parts):
            return "(" + " | ".join(map(query_text, parts)) + ")"
        case All(parts, without):
            text = " & ".join(map(query_text, parts))
            return f"({text} & !{query_text(Any(without))})" if without else f"({text})"
