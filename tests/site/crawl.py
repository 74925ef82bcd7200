"""All addresses asked for by everybody, once, and what was answered."""

import base64
import hashlib
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass

from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from tests.site.addresses import Route, address_of, all_routes
from tests.site.library import Library

# Tables in which a mere look may write, and why.
WRITTEN_BY_READING = {
    "django_session": "a form's second step is kept in the session",
    "api_ratecount": "requests are counted",
    "shared_cache": "sign-ins and requests are counted",
    "readinglists_sharelink": "its owner is shown when it was last used",
    "sqlite_sequence": "SQLite's own",
}
# Columns of other tables, likewise: as for API tokens, the latest use is shown to the owner.
NOTED_BY_READING = {"readinglists_sharelink": {"last_used_at"}}

EVERYBODY = ("stranger", "reader", "maintainer")


@dataclass(frozen=True)
class Answer:
    who: str
    route: Route
    address: str
    response: HttpResponse

    @property
    def body(self) -> bytes:
        return b"" if self.response.streaming else self.response.content

    @property
    def is_page(self) -> bool:
        """What a browser shows; a file to keep is none, whatever it is."""
        headers = self.response.headers
        is_file = headers.get("Content-Disposition", "").startswith("attachment")
        return headers.get("Content-Type", "").startswith("text/html") and not is_file

    def __str__(self) -> str:
        return f"{self.response.status_code} for {self.who} at {self.address}"


def ask(client: Client, address: str, method: str = "get", **kwargs: object) -> HttpResponse:
    """The answer, a failure's included: what a browser would see."""
    client.raise_request_exception = False
    try:
        return getattr(client, method)(address, **kwargs)
    finally:
        client.raise_request_exception = True


def crawl(
    library: Library, routes: Iterable[Route] = (), whom: Container[str] = EVERYBODY
) -> list[Answer]:
    return [
        Answer(who, route, address, ask(client, address))
        for route in routes or all_routes()
        for address in [address_of(route, library)]
        for who, client in library.clients.items()
        if who in whom
    ]


def failures(answers: list[Answer]) -> list[str]:
    return [
        f"{answer}: {answer.response.exc_info[1]!r}" if answer.response.exc_info else str(answer)
        for answer in answers
        if answer.response.status_code >= 500
    ]


def state_of_tables() -> dict[str, str]:
    """A digest of every table's rows, to see what a request wrote."""
    tables = set(connection.introspection.table_names()) - WRITTEN_BY_READING.keys()
    with connection.cursor() as cursor:
        return {table: _digest(cursor, table) for table in sorted(tables)}


def _digest(cursor, table: str) -> str:
    columns = "*"
    if noted := NOTED_BY_READING.get(table):
        described = connection.introspection.get_table_description(cursor, table)
        left = [column.name for column in described if column.name not in noted]
        columns = ", ".join(map(connection.ops.quote_name, left))
    cursor.execute(f"SELECT {columns} FROM {connection.ops.quote_name(table)}")
    rows = sorted(repr(row) for row in cursor.fetchall())
    return hashlib.sha256("\n".join(rows).encode(errors="replace")).hexdigest()


def dump() -> Iterator[tuple[str, str]]:
    """Each table with every row of it as text: what somebody reads who holds a copy of it."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                yield table, repr([bytes(each) if _is_raw(each) else each for each in row])
                if table == "shared_cache":
                    yield table, repr(base64.b64decode(row[1]))
    for session in Session.objects.all():
        yield "django_session", repr(session.get_decoded())


def _is_raw(value: object) -> bool:
    return isinstance(value, memoryview)
