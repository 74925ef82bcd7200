"""PostgreSQL's tsvector with a GIN index.

GIN knows no order: for a frequent word it would gather a third of all documents to give the
newest thousand. Each document therefore holds the token of its era (some thousand neighbouring
numbers), and the newest eras are asked first. GIN is quick at what is frequent here and rare there.
"""

from django.db import connection

from fulltext.columns import quoted_lexeme
from fulltext.documents import ERA_BITS
from fulltext.matches import NOTHING, All, Any, Match, Sequence, all_of, any_of, token

# Below so many expected hits all are gathered at once.
FEW = 10_000
MARGIN = 1.5
# Few eras are asked even so: where words are frequent, each costs as much as a thousand hits.
NEAR = 8 << ERA_BITS


class PostgresIndex:
    def newest(
        self, match: Match, bounds: tuple[int, int], limit: int, expected: float
    ) -> list[int]:
        if match == NOTHING:
            return []
        newest = self._newest_of_all(bounds) if expected > FEW else None
        if newest is not None:
            total = newest - bounds[0] + 1
            expected = min(expected, total)
            while (wanted := MARGIN * limit * total / expected) < total / 2:
                if expected <= FEW and wanted > NEAR:
                    break
                lowest = max(bounds[0], newest - int(wanted))
                era = _within_eras(match, lowest, newest)
                found = self._select(era, (lowest, bounds[1]), limit)
                if len(found) >= limit:
                    return found
                # This tells better than single words do how many there are.
                expected = (len(found) + 1) * total / wanted
        return self._select(match, bounds, limit)

    def all_within(self, match: Match, bounds: tuple[int, int]) -> tuple[str, tuple]:
        return (
            "SELECT id - %s FROM fulltext_document WHERE tokens @@ %s::tsquery "
            "AND id BETWEEN %s AND %s",
            (bounds[0], query_text(match), *bounds),
        )

    def tidy(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE fulltext_document, fulltext_term")

    def _newest_of_all(self, bounds: tuple[int, int]) -> int | None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT max(id) FROM fulltext_document WHERE id BETWEEN %s AND %s", bounds
            )
            return cursor.fetchone()[0]

    def _select(self, match: Match, bounds: tuple[int, int], limit: int) -> list[int]:
        # Materialised: a planner that sees the order and the limit would walk all rows backwards.
        with connection.cursor() as cursor:
            cursor.execute(
                "WITH hit AS MATERIALIZED (SELECT id FROM fulltext_document "
                "WHERE tokens @@ %s::tsquery AND id BETWEEN %s AND %s) "
                "SELECT id FROM hit ORDER BY id DESC LIMIT %s",
                [query_text(match), *bounds, limit],
            )
            return [row[0] for row in cursor.fetchall()]


def _within_eras(match: Match, lowest: int, highest: int) -> Match:
    eras = range(lowest >> ERA_BITS, (highest >> ERA_BITS) + 1)
    return all_of([match, any_of(token(f"~{era:x}") for era in eras)])


def query_text(match: Match) -> str:
    """A tsquery; lexemes stand in quotes, where no operators are known."""
    match match:
        case Sequence(tokens):
            return "(" + " <-> ".join(map(quoted_lexeme, tokens)) + ")"
        case Any(parts):
            return "(" + " | ".join(map(query_text, parts)) + ")"
        case All(parts, without):
            text = " & ".join(map(query_text, parts))
            return f"({text} & !{query_text(Any(without))})" if without else f"({text})"
