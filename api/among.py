"""`paper__among=ids`: as `__in`, for the ids of a page, as one parameter.

Django checks and writes each value of `__in` by itself, which for a page of 100 rows costs more
than running the query. It also looks through lists and tuples: of a thousand ids give an `array`.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import BigIntegerField, ForeignKey, Lookup

from api.renderers import dump


@BigIntegerField.register_lookup
@ForeignKey.register_lookup
class Among(Lookup):
    """Of integer ids only."""

    lookup_name = "among"
    prepare_rhs = False
    rhs: Sequence[int]

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        sql = f"{column} IN (SELECT value FROM json_each(%s))"  # noqa: S608
        return sql, [*params, dump(list(self.rhs)).decode()]

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*params, list(self.rhs)]
