"""What differs between the databases: how matches are written, and how the newest are found."""

from typing import Protocol

from django.db import connection

from fulltext.databases.postgres import PostgresIndex
from fulltext.databases.sqlite import SQLiteIndex
from fulltext.matches import Match


class Index(Protocol):
    def newest(
        self, match: Match, bounds: tuple[int, int], limit: int, expected: float
    ) -> list[int]:
        """The highest numbers within bounds that match, in falling order.

        `expected` is about how many match; it decides how to look, not what is found.
        """
        ...

    def all_within(self, match: Match, bounds: tuple[int, int]) -> tuple[str, tuple]:
        """SQL that selects everything within bounds that matches, as numbers from 0."""
        ...

    def tidy(self) -> None:
        """Put the index in the shape in which it is quickest, step by step, in no transaction."""
        ...


def index() -> Index:
    return PostgresIndex() if connection.vendor == "postgresql" else SQLiteIndex()
