"""One JSON object of any generation of the exporter -> one record in one form (DATA_FORMAT.md)."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from imports.strict_json import Rejected
from markup.text import clean_line, clean_text, has_visible_text
from markup.urls import clean_url
from newsletter.dates import is_nothing, read_date
from newsletter.numbering import number_in
from newsletter.reader import first_heading

KNOWN_FIELDS = frozenset(
    {"text", "title", "post_title", "url", "id", "source", "initial_source", "source_type"}
    | {"date_published", "authors", "author", "summary", "summaries"}
)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_NAME_SUFFIX = re.compile(r"(?:Jr|Sr|II|III|IV|Ph\.?D|M\.?D|Esq)\.?", re.IGNORECASE)
_SEVERAL_NAMES = re.compile(r"\s*;\s*|\s+and\s+|\s+&\s+|\s*,\s*")
LONGEST = 300  # characters of a title or an id; a longer one is never cut silently
_START_OF_TEXT = 20_000  # a title stands at the top
_LARGEST_INTEGER = 2**63 - 1


@dataclass(slots=True)
class Record:
    """What a line says about one mailing, cleaned; `values` and `json` are as they came."""

    source: str | None
    initial_source: str | None
    source_type: str | None
    source_id: str | None
    title: str
    text: str
    source_url: str | None
    url: str | None
    number: int | None
    authors: list[str]
    published_at: datetime | None
    published_raw: str | None
    extra: dict[str, Any]
    values: dict[str, Any]
    json: str = ""
    unknown_fields: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def read_record(values: dict[str, Any], json: str = "") -> Record:
    """The record in an object; Rejected, naming the field, if it cannot be one."""
    warnings: list[str] = []
    raw_text = _text(values, "text") or ""
    title = _title(values, raw_text, warnings)
    source_url = _line(values, "url")
    url = clean_url(values["url"]) if source_url else None
    if source_url and url is None:
        warnings.append("url is not safe to follow; kept as text")
    published = read_date(_date_value(values))
    if published.warning:
        warnings.append(published.warning)
    unknown = [name for name in values if name not in KNOWN_FIELDS]
    return Record(
        source=_line(values, "source"),
        initial_source=_line(values, "initial_source"),
        source_type=_line(values, "source_type"),
        source_id=_source_id(values, warnings),
        title=title,
        text=clean_text(raw_text),
        source_url=source_url,
        url=url,
        number=_number(values, title),
        authors=_authors(values),
        published_at=published.at,
        published_raw=clean_text(published.raw) if published.raw else None,
        extra=_extra(values, unknown),
        values=values,
        json=json,
        unknown_fields=unknown,
        warnings=warnings,
    )


def _text(values: dict[str, Any], name: str) -> str | None:
    """A text as it came; None for null, nothing and what exporters print for it."""
    value = values.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise Rejected(f"{name}: not a text")
    return None if is_nothing(value) and not _is_blank_but_something(value) else value


def _is_blank_but_something(value: str) -> bool:
    return value != "" and not value.strip()


def _line(values: dict[str, Any], name: str) -> str | None:
    value = _text(values, name)
    return clean_line(value) or None if value else None


def _title(values: dict[str, Any], text: str, warnings: list[str]) -> str:
    raw, origin = _text(values, "title"), "title"
    if raw is None:
        raw, origin = _text(values, "post_title"), "post_title"
    if raw is None:
        raw, origin = first_heading(text[:_START_OF_TEXT]), "first heading"
    if raw is None:
        raise Rejected("title: missing, and there is neither a post_title nor a heading")
    title = clean_line(raw)
    if not has_visible_text(title):
        raise Rejected(f"{origin}: nothing in it is visible")
    if len(title) > LONGEST:
        raise Rejected(f"{origin}: {len(title)} characters, of at most {LONGEST}")
    if origin != "title":
        warnings.append(f"title missing; taken from the {origin}")
    if _CONTROL.search(raw.replace("\n", " ").replace("\r", " ")):
        warnings.append(f"control characters removed from the {origin}")
    return title


def _source_id(values: dict[str, Any], warnings: list[str]) -> str | None:
    value = values.get("id")
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if value is not None and not isinstance(value, str):
        raise Rejected("id: neither a text nor a number")
    source_id = None if value is None or is_nothing(value) else clean_line(value)
    if not source_id:
        warnings.append("no id; known by its address or title alone")
        return None
    if len(source_id) > LONGEST:
        raise Rejected(f"id: {len(source_id)} characters, of at most {LONGEST}")
    return source_id


def _date_value(values: dict[str, Any]) -> str | int | float | None:
    value = values.get("date_published")
    if value is None or (isinstance(value, str | int | float) and not isinstance(value, bool)):
        return value
    raise Rejected("date_published: neither a text nor a number")


def _number(values: dict[str, Any], title: str) -> int | None:
    for name in ("issue_number", "newsletter_number"):
        value = values.get(name)
        if isinstance(value, str) and value.strip().isdecimal():
            value = int(value) if len(value) < 6 else None
        if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 100_000:
            return value
    return number_in(title, _line(values, "initial_source") or _line(values, "source"))


def _authors(values: dict[str, Any]) -> list[str]:
    """Names in order, without what stands for none; "Jr." goes back to its name."""
    value = values.get("authors", values.get("author"))
    if value is None:
        return []
    if isinstance(value, str):
        value = _SEVERAL_NAMES.split(value)
    if not isinstance(value, list):
        raise Rejected("authors: neither a list nor a text")
    names: list[str] = []
    for item in value:
        name = item.get("name") if isinstance(item, dict) else item
        if name is None:
            continue
        if not isinstance(name, str):
            raise Rejected("authors: one of them is not a text")
        name = clean_line(name)
        if names and _NAME_SUFFIX.fullmatch(name):
            names[-1] += f", {name}"
        elif not is_nothing(name) and name != "*":
            names.append(name)
    return names


def _extra(values: dict[str, Any], unknown: list[str]) -> dict[str, Any]:
    """Fields we have no place for. A year among them has to be one."""
    _check_year(values.get("year"))
    kept = {name: values[name] for name in unknown}
    for name in ("summary", "summaries"):
        if values.get(name):
            kept[name] = values[name]
    return _storable(kept)


def _check_year(value: object) -> None:
    if value is None or (isinstance(value, str) and is_nothing(value)):
        return
    digits = str(value).strip()
    is_year = not isinstance(value, bool) and len(digits) == 4 and digits.isascii()
    if not (is_year and digits.isdecimal() and digits >= "1000"):
        raise Rejected(f"year: {digits[:20]!r} is no year")


def _storable(value: Any) -> Any:
    """JSON that both databases take: no control characters, no endless integers."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {clean_text(name): _storable(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, int) and abs(value) > _LARGEST_INTEGER:
        return str(value)
    return value
