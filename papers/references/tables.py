"""CSV as our own API and pages write it."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from api.renderers import unescape_formula
from papers.models import Paper
from papers.references import identifying
from papers.references.dates import read_date
from papers.references.reference import (
    Name,
    Problem,
    Record,
    Reference,
    UnfitReference,
    checked,
)

LONGEST_ROW = 2_000_000
# Of the whole process, so not left to whoever reads a table first.
csv.field_size_limit(LONGEST_ROW)
KNOWN = frozenset({"title", "citation_key", "identifiers", "doi", "arxiv", "url"})


def is_table(text: str) -> bool:
    """Whether the first line names columns of ours."""
    try:
        header = next(csv.reader([text.partition("\n")[0]]), [])
    except csv.Error:
        return False
    names = {name.strip().lower() for name in header}
    return len(names) > 1 and "title" in names and len(names & KNOWN) > 1


def read_table(text: str) -> Iterator[Record]:
    lines = text.split("\n")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    columns: list[str] = []
    begins = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Problem(begins, f"the table cannot be read from here: {error}", lines[begins - 1])
            return
        raw = "\n".join(lines[begins - 1 : reader.line_num])
        if not columns:
            columns = [name.strip().lower() for name in cells]
        elif any(cells):
            yield _row(begins, raw, columns, cells)
        begins = reader.line_num + 1


def _row(line: int, raw: str, columns: list[str], cells: list[str]) -> Record:
    if len(cells) > len(columns):
        return Problem(line, f"{len(cells)} cells under {len(columns)} columns", raw)
    row = {name: unescape_formula(cell) for name, cell in zip(columns, cells, strict=False) if cell}
    try:
        return checked(_reference(line, raw, row))
    except UnfitReference as error:
        return Problem(line, str(error), raw)


def _reference(line: int, raw: str, row: Mapping[str, str]) -> Reference:
    warnings: list[str] = []
    said = row.get("published") or row.get("year") or ""
    published = read_date(said) if said else None
    if said and published is None:
        warnings.append(f"its date “{said[:60]}” cannot be read")
    kind = row.get("kind", "").lower()
    return Reference(
        line=line,
        raw=raw,
        type=kind,
        kind=kind if kind in Paper.Kind.values else Paper.Kind.PAPER,
        title=row.get("title", ""),
        title_is_provisional=row.get("title_source") == Paper.TitleSource.LINK_TEXT,
        title_source=_known(row.get("title_source", "")),
        authors=tuple(_names(row.get("authors", ""))),
        published=published,
        venue=row.get("venue", ""),
        abstract=row.get("abstract", ""),
        identifiers=_identifiers(row),
        url=row.get("url", ""),
        pdf_url=row.get("pdf_url", ""),
        code_url=row.get("code_url", ""),
        key=row.get("citation_key", ""),
        notes=tuple(filter(None, [row.get("notes", ""), row.get("note", "")])),
        keywords=tuple(re.split(r"[;,]", row.get("topics") or row.get("keywords") or "")),
        warnings=warnings,
    )


def _known(title_source: str) -> str:
    return title_source if title_source in Paper.TitleSource.values else ""


def _names(cell: str) -> Iterator[Name]:
    """JSON as the API writes it, or names with "; " between them."""
    if cell.startswith("["):
        for name in _json(cell, "authors"):
            if not isinstance(name, dict) or not isinstance(name.get("name"), str):
                raise UnfitReference("authors is no list of names")
            yield Name(literal=name["name"], orcid=identifying.read_orcid(str(name.get("orcid"))))
        return
    for name in cell.split(";"):
        yield Name(literal=name.strip())


def _identifiers(row: Mapping[str, str]):
    by_scheme: dict[str, list[str]] = {}
    cell = row.get("identifiers", "")
    if cell.startswith("["):
        for each in _json(cell, "identifiers"):
            if not isinstance(each, dict):
                raise UnfitReference("identifiers is no list of schemes and values")
            by_scheme.setdefault(str(each.get("scheme")), []).append(str(each.get("value")))
    else:
        for each in filter(None, re.split(r"[;\s]+", cell)):
            scheme, _, value = each.partition(":")
            by_scheme.setdefault(scheme.lower(), []).append(value)
    return identifying.from_fields(
        arxiv=[row.get("arxiv", ""), *by_scheme.get("arxiv", ())],
        dois=[row.get("doi", ""), *by_scheme.get("doi", ())],
        openreview=[row.get("openreview", ""), *by_scheme.get("openreview", ())],
        urls=[*by_scheme.get("url", ()), row.get("url", "")],
    )


def _json(cell: str, name: str) -> list[Any]:
    try:
        value = json.loads(cell)
    except (ValueError, RecursionError) as error:
        raise UnfitReference(f"{name} cannot be read") from error
    if not isinstance(value, list):
        raise UnfitReference(f"{name} is no list")
    return value
