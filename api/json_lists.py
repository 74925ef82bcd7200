"""Lists of rows that the database writes as JSON, as `dump` would have."""

from functools import lru_cache
from operator import itemgetter
from typing import Any

import orjson
from django.db.models import Aggregate, TextField
from django.db.models.functions import JSONObject


class Listed(Aggregate):
    """A group's values as the text of a list, each as it is in JSON, in no promised order."""

    function = "JSON_GROUP_ARRAY"
    arity = 1
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # Unlike JSON_AGG, this one puts no spaces between.
        template = "ARRAY_TO_JSON(ARRAY_AGG(%(expressions)s))::text"
        return self.as_sql(compiler, connection, template=template, **context)


class Written(JSONObject):
    """An object to be listed: PostgreSQL's own functions for objects put spaces between."""

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        expressions = self.get_source_expressions()
        columns, params = [], []
        for name, value in zip(expressions[::2], expressions[1::2], strict=True):
            sql, its_params = compiler.compile(value)
            columns.append(f"{sql} AS {connection.ops.quote_name(name.value)}")
            params += its_params
        return f"(SELECT r FROM (SELECT {', '.join(columns)}) r)", params  # noqa: S608


def in_order(written: str, positions: str) -> Any:
    """A list as text, for `dump`, if it is in the order of the positions, else the list sorted."""
    if _is_ascending(positions):
        return orjson.Fragment(written)
    placed = zip(orjson.loads(positions), orjson.loads(written), strict=True)
    return [value for _, value in sorted(placed, key=itemgetter(0))]


@lru_cache(maxsize=1_000)
def _is_ascending(positions: str) -> bool:
    numbers = orjson.loads(positions)
    return numbers == sorted(numbers)
