"""SQLite's FTS5, from 3.35 on: its tokenizer only splits at spaces what we took apart."""

from collections.abc import Callable
from collections.abc import Sequence as Listed
from typing import Any as Anything

from django.db import connection

from fulltext.matches import NOTHING, All, Any, Match
from fulltext.matches import Sequence as Words
from fulltext.vocabulary import Counts

PAGES_A_STEP = 500
# Numbers stand in the index with a minus, so the newest stand first: what it costs to read them
# depends on the limit.
NEWEST = (
    "SELECT -rowid FROM fulltext_index WHERE fulltext_index MATCH %s "
    "AND rowid BETWEEN {} AND {} ORDER BY rowid LIMIT {}"
)


class SQLiteIndex:
    needs_counts = False

    def newest(
        self, match: Match, bounds: tuple[int, int], limit: int, counts: Callable[[], Counts]
    ) -> tuple[str, list[Anything]]:
        if match == NOTHING:
            return "SELECT 0 WHERE 1 = 0", []
        lowest, highest = bounds
        # Ours, and many: Django looks for each parameter in the text, every time.
        return NEWEST.format(-highest, -lowest, limit), [match_text(match)]

    def all_within(self, match: Match, bounds: tuple[int, int]) -> tuple[str, list[Anything]]:
        lowest, highest = bounds
        return (
            "SELECT -rowid - %s FROM fulltext_index WHERE fulltext_index MATCH %s "
            "AND rowid BETWEEN %s AND %s",
            [lowest, match_text(match), -highest, -lowest],
        )

    def listed(self, numbers: Listed[int]) -> tuple[str, list[Anything]]:
        return "SELECT value AS number FROM json_each(%s)", [f"[{','.join(map(str, numbers))}]"]

    def gathered(self, column: str) -> str:
        return f"json_group_array({column})"

    def tidy(self) -> None:
        # In steps, between which others can write: one merge of all takes a minute a million.
        pages = -PAGES_A_STEP
        with connection.cursor() as cursor:
            while True:
                before = _total_changes(cursor)
                cursor.execute(
                    "INSERT INTO fulltext_index(fulltext_index, rank) VALUES ('merge', %s)", [pages]
                )
                if _total_changes(cursor) - before < 2:
                    return
                pages = PAGES_A_STEP


def _total_changes(cursor) -> int:
    cursor.execute("SELECT total_changes()")
    return cursor.fetchone()[0]


def match_text(match: Match) -> str:
    """Tokens stand in quotes, where FTS5 knows no operators; they hold no quotes themselves."""
    match match:
        case Words(tokens):
            return '"' + " ".join(tokens).replace('"', '""') + '"'
        case Any(parts):
            return "(" + " OR ".join(map(match_text, parts)) + ")"
        case All(parts, without):
            text = "(" + " AND ".join(map(match_text, parts)) + ")"
            return f"({text} NOT {match_text(Any(without))})" if without else text
