"""Bodies that go out: JSON, JSON Lines and CSV, from plain dicts, by orjson."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import orjson
from django.utils.functional import Promise
from rest_framework.renderers import BaseRenderer

_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC
# What a spreadsheet takes for the beginning of a formula; some fold the full-width forms first.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", *"＝＋－＠")


def dump(value: Any) -> bytes:
    """JSON as the API writes it: times in UTC with Z, decimals as text so that none is rounded."""
    return orjson.dumps(value, default=_as_text, option=_OPTIONS)


def _as_text(value: Any) -> Any:
    if isinstance(value, Decimal | Promise):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


class JSONRenderer(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None
    render_style = "binary"

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None):
        return b"" if data is None else dump(data) + b"\n"


class JSONLinesRenderer(BaseRenderer):
    """One JSON object a line; what surrounds a page (count, next) is in the headers."""

    media_type = "application/jsonl"
    format = "jsonl"
    charset = None
    render_style = "binary"

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None):
        return b"".join(dump(row) + b"\n" for row in rows_of(data))


class CSVRenderer(BaseRenderer):
    """A row a line; lists of words are joined by "; ", other nested values are JSON."""

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None):
        rows = rows_of(data)
        columns = getattr((renderer_context or {}).get("view"), "csv_columns", list)()
        return write_csv(rows, columns or list(rows[0] if rows else ()))


def rows_of(data: Any) -> Sequence[Mapping[str, Any]]:
    if data is None:
        return []
    if isinstance(data, Mapping) and "results" in data:
        return data["results"]
    return [data] if isinstance(data, Mapping) else data


def write_csv(
    rows: Iterable[Mapping[str, Any]], columns: Sequence[str], *, with_names: bool = True
) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    if with_names:
        writer.writerow(columns)
    writer.writerows([csv_cell(row.get(column)) for column in columns] for row in rows)
    return out.getvalue()


def csv_cell(value: Any) -> Any:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        value = "; ".join(value)
    if value is None or isinstance(value, int | float):
        return value
    if not isinstance(value, str):
        value = dump(value).decode().strip('"')
    return escape_formula(value)


def escape_formula(text: str) -> str:
    """Spreadsheets run cells that begin like a formula; an apostrophe keeps them text."""
    return f"'{text}" if _is_formula(text) else text


def unescape_formula(text: str) -> str:
    """The text as it was before `escape_formula`, for our own CSV coming back in."""
    return text[1:] if text.startswith("'") and _is_formula(text) else text


def _is_formula(text: str) -> bool:
    # Behind apostrophes too, so that taking one off again gives what was there before.
    return text.lstrip("'").startswith(FORMULA_STARTS)
