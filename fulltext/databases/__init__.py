"""What differs between the databases: how matches are written, and how the newest are found."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from django.db import connection

from fulltext.databases.postgres import PostgresIndex
from fulltext.databases.sqlite import SQLiteIndex
from fulltext.matches import Match
from fulltext.vocabulary import Counts

type Select = tuple[str, list[Any]]  # a statement and its parameters


class Index(Protocol):
    """`counts` tells about how many match; that decides how to look, not what is found."""

    needs_counts: bool  # to look for anything at all

    def newest(
        self, match: Match, bounds: tuple[int, int], limit: int, counts: Callable[[], Counts]
    ) -> Select:
        """SQL that selects the highest numbers within bounds that match, in falling order."""
        ...

    def all_within(self, match: Match, bounds: tuple[int, int]) -> Select:
        """SQL that selects everything within bounds that matches, as numbers from 0."""
        ...

    def listed(self, numbers: Sequence[int]) -> Select:
        """SQL that selects some numbers, as `number`."""
        ...

    def gathered(self, column: str) -> str:
        """SQL of all values of a group as a JSON list, as text."""
        ...

    def tidy(self) -> None:
        """Put the index in the shape in which it is quickest, step by step, in no transaction."""
        ...


def index() -> Index:
    return PostgresIndex() if connection.vendor == "postgresql" else SQLiteIndex()
