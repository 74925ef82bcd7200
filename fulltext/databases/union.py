"""Several questions to an index in one statement."""

from collections.abc import Sequence
from typing import Any

from django.db import connection


def select_in_turns(part: str, asked: Sequence[Sequence[Any]], limit: int) -> list[tuple[int, int]]:
    """The rows of each part, in this order: numbers, and the place of what was asked. What the
    limit leaves nothing for is not even begun."""
    if not asked:
        return []
    params = [value for values in asked for value in values]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([part] * len(asked)) + " LIMIT %s", [*params, limit])
        return cursor.fetchall()


def by_place(found: Sequence[tuple[int, int]], places: int) -> list[list[int]]:
    return [[number for number, at in found if at == place] for place in range(places)]
