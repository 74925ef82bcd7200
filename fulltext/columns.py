"""Columns that the ORM has no type for."""

from typing import Any

from django.db import models


class CodePointField(models.CharField):
    """Text ordered by code points whatever the database's language, so that ranges are prefixes."""

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        collation = "C" if _is_postgresql(connection) else None
        return super().db_parameters(connection) | {"collation": collation}


class TokensField(models.TextField):
    """A sequence of tokens: a tsvector in PostgreSQL, text that FTS5 is fed with in SQLite."""

    def db_type(self, connection: Any) -> str:
        return "tsvector" if _is_postgresql(connection) else "text"

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        return {"type": self.db_type(connection), "check": None, "collation": None}

    def get_placeholder_sql(self, value: Any, compiler: Any, connection: Any) -> tuple[str, Any]:
        return ("%s::tsvector" if _is_postgresql(connection) else "%s"), (value,)

    def get_prep_value(self, value: Any) -> Any:
        return value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if not isinstance(value, tuple):
            return value
        return vector_literal(value) if _is_postgresql(connection) else " ".join(value)


def _is_postgresql(connection: Any) -> bool:
    return connection.vendor == "postgresql"


def vector_literal(tokens: tuple[str, ...]) -> str:
    """Lexemes with their positions, as PostgreSQL reads them."""
    positions: dict[str, list[str]] = {}
    for place, token in enumerate(tokens, 1):
        positions.setdefault(token, []).append(str(min(place, 16_383)))
    return " ".join(
        f"{quoted_lexeme(token)}:{','.join(places)}" for token, places in positions.items()
    )


def quoted_lexeme(token: str) -> str:
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"
