"""JSON, JSON Lines and CSV of a list."""

from collections.abc import Iterator
from typing import Any

import orjson

from api.renderers import write_csv
from papers.citations.citation import Citation
from readinglists.exporting.citing import Values, citation_of, kind_of, note_text, standing_parts
from readinglists.exporting.source import Source
from readinglists.targets import published

COLUMNS = (
    *("section", "kind", "title", "authors", "published", "venue", "citation_key", "identifiers"),
    *("url", "issue", "anchor", "prize", "note"),
)


def write_json(source: Source) -> Iterator[str]:
    """All of it, an item a line: what `document_of` gives, without its having to be there whole."""
    yield "{\n" + "".join(
        f" {_json(name)}: {_json(value)},\n" for name, value in source.head.items()
    )
    yield ' "items": ['
    between, ends = "\n", "\n ],\n"
    for part in source.parts:
        if part.kind == "section":
            opening = ' "sections": [\n' if ends == "\n ],\n" else ""
            heading = _json({**part.values, "items": []}).removesuffix("]}")
            yield f"{ends}{opening}{heading}"
            between, ends = "\n", "\n ]},\n"
        else:
            yield f"{between}{_json(part.values)}"
            between = ",\n"
    yield '\n ],\n "sections": []\n}\n' if ends == "\n ],\n" else "\n ]}\n ]\n}\n"


def write_json_lines(source: Source) -> Iterator[str]:
    section = None
    for part in source.parts:
        if part.kind == "section":
            section = part.values["title"]
        else:
            yield _json({"section": section, **part.values}) + "\n"


def write_list_csv(source: Source) -> Iterator[str]:
    yield write_csv([], COLUMNS)
    section = ""
    for part in standing_parts(source.parts):
        if part.kind == "section":
            section = part.values["title"]
        else:
            yield write_csv([_row(section, part.values)], COLUMNS, with_names=False)


def _row(section: str, item: Values) -> dict[str, Any]:
    kind = kind_of(item)
    citation = citation_of(item)
    target = item[kind] if kind != "url" else {}
    notes = "\n\n".join(map(note_text, item["notes"]))
    known = _work(citation, kind) if citation else {"title": "No longer available"}
    return {
        **known,
        "section": section,
        "kind": citation.kind if citation and kind == "paper" else kind,
        "issue": (target or {}).get("issue") if kind == "entry" else None,
        "anchor": (target or {}).get("anchor") if kind == "entry" else None,
        "prize": (target or {}).get("slug") if kind == "prize" else None,
        "note": notes or None,
    }


def _work(citation: Citation, kind: str) -> dict[str, Any]:
    return {
        "title": citation.title,
        # The sign between names has no place within one.
        "authors": [name.replace(";", ",") for name in citation.authors],
        "published": published(citation),
        "venue": citation.venue,
        "citation_key": citation.key if kind == "paper" else None,
        "identifiers": [f"{scheme}:{value}" for scheme, value in citation.identifiers],
        "url": citation.url,
    }


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
