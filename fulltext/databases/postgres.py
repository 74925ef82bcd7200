"""PostgreSQL's tsvector with a GIN index.

GIN knows no order: for a frequent word it would gather a third of all documents to give the
newest thousand. Each document therefore holds the token of its era (some thousand neighbouring
numbers), and the newest eras are asked first. GIN is quick at what is frequent here and rare there.
"""

from collections.abc import Callable, Sequence

from django.db import connection

from fulltext.columns import quoted_lexeme
from fulltext.databases.union import by_place, select_in_turns
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

# Materialised: a planner that sees the order and the limit would walk all rows backwards.
NEWEST = (
    "SELECT * FROM (WITH hit AS MATERIALIZED (SELECT id FROM fulltext_document "
    "WHERE tokens @@ %s::tsquery AND id BETWEEN %s AND %s) "
    "SELECT id, %s::integer FROM hit ORDER BY id DESC LIMIT %s) AS part"
)


class PostgresIndex:
    def newest(
        self, match: Match, bounds: tuple[int, int], limit: int, counts: Callable[[], Counts]
    ) -> list[int]:
        if match == NOTHING:
            return []
        found: list[tuple[int, int]] = []
        if eras := self._eras_to_ask(match, bounds, limit, counts):
            within = [all_of([match, token(f"~{era:x}")]) for era in eras]
            found = _select([(each, bounds) for each in within], limit, limit)
        if len(found) < limit:
            found = _select([(match, bounds)], limit, limit)
        return [number for number, _ in found]

    def newest_of_each(
        self,
        match: Match,
        places: Sequence[tuple[int, int]],
        limit: int,
        counts: Callable[[], Counts],
    ) -> list[list[int]]:
        if counts().at_most(match) > FEW:
            return [self.newest(match, bounds, limit, counts) for bounds in places]
        wanted = [(match, bounds) for bounds in places]
        found = _select(wanted, limit, limit * len(places))
        return by_place(found, len(places))

    def in_turns(
        self,
        matches: Sequence[Match],
        bounds: tuple[int, int],
        limit: int,
        counts: Callable[[], Counts],
    ) -> list[tuple[int, int]]:
        if all(counts().at_most(match) <= FEW for match in matches):
            return _select([(match, bounds) for match in matches], limit, limit)
        found: list[tuple[int, int]] = []
        for place, match in enumerate(matches):
            if len(found) < limit:
                newest = self.newest(match, bounds, limit - len(found), counts)
                found += [(number, place) for number in newest]
        return found

    def _eras_to_ask(
        self, match: Match, bounds: tuple[int, int], limit: int, counts: Callable[[], Counts]
    ) -> list[int]:
        """The newest eras, if few hold enough; none if it is quicker to ask for all at once."""
        if counts().at_most(match) <= FEW or (newest := self._newest_of_all(bounds)) is None:
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


def _select(
    wanted: Sequence[tuple[Match, tuple[int, int]]], limit: int, limit_of_all: int
) -> list[tuple[int, int]]:
    """The newest of each, in this order, with their places."""
    parts = [
        (query_text(match), *bounds, place, limit)
        for place, (match, bounds) in enumerate(wanted)
        if match != NOTHING
    ]
    return select_in_turns(NEWEST, parts, limit_of_all)


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
