"""What a document of ours may say, field by field: all else is refused with its place."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from markup.text import clean_line, clean_text, has_visible_text
from papers.references import Name, Problem, Reference
from papers.references.dates import read_date
from papers.references.identifying import from_fields
from papers.references.reference import LONGEST_ABSTRACT, checked
from readinglists.importing.drafts import DraftItem, Unread, Values
from readinglists.models import Audience
from readinglists.targets import LISTS, PLAIN

LONGEST_NOTE = 50_000
LONGEST_TEXT = 50_000
MOST_NOTES = 1_000
_KINDS = ("paper", "entry", "prize", "url")
_ENTRY = ("issue", "anchor", "headline", "issue_title", "publication", "published", "url")
_PRIZE = ("slug", "name", "kind", "organiser", "website")
_LONGEST_FIELD = 1_000
_MOST_FIELD_VALUES = 5_000


class Unfit(Exception):
    """What a document says and cannot mean."""


def read_item(line: int, raw: str, said: Any, section: int | None) -> DraftItem | Unread:
    try:
        return _item(line, raw, said, section)
    except Unfit as error:
        return Unread(line, raw, str(error))


def _item(line: int, raw: str, said: Any, section: int | None) -> DraftItem | Unread:
    if not isinstance(said, Mapping):
        raise Unfit("an item is no object")
    kinds = [kind for kind in _KINDS if kind in said]
    if len(kinds) != 1:
        raise Unfit("an item is one of paper, entry, prize or url")
    [kind] = kinds
    values: Values = {"notes": _notes(said.get("notes", []))}
    if pk := read_id(said.get("id")):
        values["id"] = pk
    if title := line_of(said, "title", 500):
        values["title"] = title
    if said.get("is_proposed") is True:
        values["is_proposed"] = True
    if said[kind] is None:
        return Unread(line, raw, "it was no longer available where it was exported", True)
    if kind == "url":
        return DraftItem(line, raw, values | {"url": text_of(said, "url", 4_000)}, section)
    if not isinstance(said[kind], Mapping):
        raise Unfit(f"{kind} is no object")
    if kind == "paper":
        reference = reference_of(said[kind], line, raw)
        return DraftItem(line, raw, values | {"paper": _paper(said[kind])}, section, reference)
    names = _ENTRY if kind == "entry" else _PRIZE
    target = _fields(said[kind], names, ("authors",) if kind == "entry" else ())
    for name in ("issue", "anchor", "headline") if kind == "entry" else ("slug", "name"):
        if not target.get(name):
            raise Unfit(f"{kind} has no {name}")
    return DraftItem(line, raw, values | {kind: target}, section)


def reference_of(paper: Mapping[str, Any], line: int, raw: str) -> Reference:
    """A paper of a document in the shape in which all references come in."""
    target = _paper(paper)
    names = [name.partition(":") for name in target.get("identifiers", ())]
    by_scheme: dict[str, list[str]] = {}
    for scheme, _, value in names:
        by_scheme.setdefault(scheme, []).append(value)
    said = target.get("published", "")
    source = target.get("title_source", "")
    details = {"volume": "volume", "issue": "issue", "pages": "page"}
    found = checked(
        Reference(
            line=line,
            raw=raw,
            kind=target.get("kind", "paper"),
            title=target.get("title", ""),
            title_is_provisional=source == "link_text",
            title_source=source,
            alternative_titles=tuple(target.get("alternative_titles", ())),
            authors=tuple(Name(literal=name) for name in target.get("authors", ())),
            published=read_date(said) if said else None,
            venue=target.get("venue", ""),
            abstract=target.get("abstract", ""),
            identifiers=from_fields(
                arxiv=by_scheme.get("arxiv", ()),
                dois=by_scheme.get("doi", ()),
                openreview=by_scheme.get("openreview", ()),
                urls=by_scheme.get("url", ()),
            ),
            url=target.get("url", ""),
            pdf_url=target.get("pdf_url", ""),
            code_url=target.get("code_url", ""),
            key=target.get("citation_key", ""),
            keywords=tuple(target.get("keywords", ())),
            details={name: target[ours] for ours, name in details.items() if ours in target},
        )
    )
    if isinstance(found, Problem):
        raise Unfit(found.reason)
    assert isinstance(found, Reference)  # noqa: S101
    return found


def _paper(said: Mapping[str, Any]) -> Values:
    target = _fields(said, (*PLAIN, "citation_key", "published"), (*LISTS, "identifiers"))
    if not target.get("title"):
        raise Unfit("paper has no title")
    return target


def _fields(said: Mapping[str, Any], lines: tuple[str, ...], lists: tuple[str, ...]) -> Values:
    """Those that are known, in the document's order, so that it goes out as it came."""
    found: Values = {}
    for name in said:
        if name == "abstract" and name in lines:
            found[name] = text_of(said, name, LONGEST_ABSTRACT)
        elif name in lines:
            found[name] = line_of(said, name, _LONGEST_FIELD)
        elif name in lists:
            found[name] = _lines_of(said, name)
    return {name: value for name, value in found.items() if value}


def _lines_of(said: Mapping[str, Any], name: str) -> list[str]:
    values = said[name] or []
    fits = isinstance(values, list) and all(isinstance(each, str) for each in values)
    if not fits or len(values) > _MOST_FIELD_VALUES:
        raise Unfit(f"{name} is no list of texts")
    return [clean_line(each)[:_LONGEST_FIELD] for each in values]


def _notes(said: Any) -> list[Values]:
    if not isinstance(said, list) or len(said) > MOST_NOTES:
        raise Unfit("notes are no list")
    return [_note(each) for each in said]


def _note(said: Any) -> Values:
    if not isinstance(said, Mapping):
        raise Unfit("a note is no object")
    markdown = text_of(said, "markdown", LONGEST_NOTE)
    if not has_visible_text(markdown):
        raise Unfit("a note has no text")
    audience = said.get("audience", Audience.PRIVATE)
    if audience not in Audience.values:
        raise Unfit("a note's audience is private, members or public")
    note: Values = {"author": line_of(said, "author", 300), "markdown": markdown}
    note["audience"] = audience
    if pk := read_id(said.get("id")):
        note["id"] = pk
    if at := _moment(said.get("created_at")):
        note["created_at"] = at
    return note


def _moment(said: Any) -> datetime | None:
    """When it was written; nothing is of the future."""
    try:
        at = parse_datetime(said) if isinstance(said, str) else None
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        return None
    return min(at, timezone.now())


def read_id(said: Any) -> UUID | None:
    try:
        return UUID(said) if isinstance(said, str) else None
    except ValueError:
        return None


def line_of(said: Mapping[str, Any], name: str, longest: int) -> str:
    return _checked(said, name, longest, clean_line)


def text_of(said: Mapping[str, Any], name: str, longest: int) -> str:
    return _checked(said, name, longest, clean_text)


def _checked(said: Mapping[str, Any], name: str, longest: int, clean: Callable[[str], str]) -> str:
    value = said.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Unfit(f"{name} is no text")
    cleaned = clean(value)
    if len(cleaned) > longest:
        raise Unfit(f"{name} has {len(cleaned):,} characters; at most {longest:,} are kept")
    return cleaned
