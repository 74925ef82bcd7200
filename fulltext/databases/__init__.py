"""What differs between the databases: how matches are written, and how the newest are found."""

from collections.abc import Callable, Sequence
from typing import Protocol

from django.db import connection

from fulltext.databases.postgres import PostgresIndex
from fulltext.databases.sqlite import SQLiteIndex
from fulltext.matches import Match
from fulltext.vocabulary import Counts


class Index(Protocol):
    """`counts` tells about how many match; that decides how to look, not what is found."""

    def newest(
        self, match: Match, bounds: tuple[int, int], limit: int, counts: Callable[[], Counts]
    ) -> list[int]:
        """The highest numbers within bounds that match, in falling order."""
        ...

    def newest_of_each(
        self,
        match: Match,
        places: Sequence[tuple[int, int]],
        limit: int,
        counts: Callable[[], Counts],
    ) -> list[list[int]]:
        """The same within several bounds."""
        ...

    def in_turns(
        self,
        matches: Sequence[Match],
        bounds: tuple[int, int],
        limit: int,
        counts: Callable[[], Counts],
    ) -> list[tuple[int, int]]:
        """The newest of the first match, then of the next, until there are enough: each number
        with the place of its match. A number may come with several."""
        ...

    def all_within(self, match: Match, bounds: tuple[int, int]) -> tuple[str, tuple]:
        """SQL that selects everything within bounds that matches, as numbers from 0."""
        ...

    def tidy(self) -> None:
        """Put the index in the shape in which it is quickest, step by step, in no transaction."""
        ...


def index() -> Index:
    return PostgresIndex() if connection.vendor == "postgresql" else SQLiteIndex()
