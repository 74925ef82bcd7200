"""What is shown of a hit as one JSON column, so that one statement reads hits of all kinds."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
from django.db.models import Aggregate, OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import JSONArray, JSONObject

from accounts.models import User
from papers.models import Topic

type Columns = Mapping[str, Any]
type Values = Mapping[str, Any]


class _Gathered(Aggregate):
    """The JSON of a group's rows, as a list in no order."""

    function = "JSON_GROUP_ARRAY"
    arity = 1
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="JSONB_AGG", **context)


def related(rows: QuerySet, back: str, *columns: str) -> Subquery:
    """Columns of the rows that lead back to a hit; `parts` reads them, in the order of the first
    columns."""
    own = rows.filter(**{back: OuterRef("pk")}).order_by().values(back)
    return Subquery(own.annotate(gathered=_Gathered(JSONArray(*columns))).values("gathered"))


def as_json(columns: Columns) -> JSONObject:
    return JSONObject(**columns)


def listed(value: Any) -> Any:
    """SQLite forgets that what a column or a subquery gives is JSON."""
    return orjson.loads(value) if isinstance(value, str) else value


def parts(value: str | list[list[Any]] | None) -> list[list[Any]]:
    return sorted(listed(value) or [])


def moment(text: str) -> datetime:
    """As either database writes it, in UTC."""
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def person(username: str, deleted_at: str | None) -> User:
    return User(username=username, deleted_at=moment(deleted_at) if deleted_at else None)


def topic(slug: str | None, name: str | None) -> list[Topic]:
    return [Topic(slug=slug, name=name)] if slug and name else []
