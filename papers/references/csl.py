"""CSL-JSON: a list of items, each read by itself, so that a damaged one costs no other."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from api.strict_json import (
    StrictJSONError,
    finite,
    first_beyond,
    no_constant,
    no_double_keys,
    strings_of,
)
from markup.text import has_lone_surrogate
from papers.models import Paper
from papers.references import identifying, kinds
from papers.references.dates import partial_date, read_date
from papers.references.reference import (
    Name,
    PartialDate,
    Problem,
    Record,
    Reference,
    UnfitReference,
    checked,
)

LONGEST_ITEM = 2_000_000
_DEEPEST = 20
_LONGEST_INTEGER = 18

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{\]}]', re.DOTALL)
_DETAILS = (
    *("volume", "issue", "page", "publisher", "publisher-place", "edition", "collection-title"),
    *(
        "ISBN",
        "ISSN",
        "language",
        "number",
        "event-title",
        "container-title-short",
        "PMID",
        "PMCID",
    ),
)
_TEXTS = (
    *("type", "title", "container-title", "abstract", "note", "annote", "DOI", "URL", "id"),
    *("citation-key", "keyword", "genre", "publisher", "archive", "archive_location"),
)
# A line of Zotero's "Extra" that states a field, not a thought.
_EXTRA = re.compile(r"(?:arxiv|doi|openreview|citation key|version|pmid|pmcid)\s*:", re.IGNORECASE)
# What CSL lets titles hold (Zotero writes it): italics, small capitals, words that keep their case.
_MARKUP = re.compile(r"</?(?:i|b|sub|sup|sc)>|<span (?:class|style)=\"[^\"<>]*\">|</span>")


def read_csl(text: str) -> Iterator[Record]:
    for line, source in _items(text):
        try:
            if not source:
                raise UnfitReference("the list ends before its bracket: there may have been more")
            yield _read(line, source)
        except UnfitReference as error:
            yield Problem(line, str(error), source)


def _items(text: str) -> Iterator[tuple[int, str]]:
    """The objects of the outermost list, of `{"items": [...]}`, or standing one behind another;
    at last nothing, where the list does not end."""
    depth, start, line, counted = 0, None, 1, 0
    outer = _level_of_items(text)
    for token in _TOKEN.finditer(text):
        mark = token[0]
        if mark in "[{":
            if depth == outer and mark == "{":
                start = token.start()
                line += text.count("\n", counted, start)
                counted = start
            depth += 1
        elif mark in "]}":
            depth -= 1
            if depth == outer and start is not None:
                yield line, text[start : token.end()]
                start = None
    if start is not None:
        yield line, text[start:]
    elif depth > 0:
        line += text.count("\n", counted, len(text.rstrip()))
        yield line, ""


def _level_of_items(text: str) -> int:
    if re.match(r"\s*\[", text):
        return 1
    # {"items": [ … ]} and the like: the objects within its list.
    if re.match(r"\s*\{\s*\"(?:items|references|data)\"\s*:\s*\[", text):
        return 2
    return 0


def _read(line: int, source: str) -> Record:
    item = _parsed(source)
    if "itemType" in item:
        raise UnfitReference("Zotero's own JSON; export as “CSL JSON” instead")
    warnings: list[str] = []
    texts = {name: _text(item, name) for name in _TEXTS}
    custom = item.get("custom")
    custom = custom if isinstance(custom, dict) else {}
    if "kind" not in custom:  # ours hold none, and "<i>" in them is text
        for name in ("title", "container-title"):
            texts[name] = _MARKUP.sub("", texts[name])
    note = texts["note"]
    return checked(
        Reference(
            line=line,
            raw=source,
            type=texts["type"],
            kind=kinds.of_csl(texts["type"], _text(custom, "kind"), texts["genre"]),
            title=texts["title"],
            title_is_provisional=custom.get("title_source") == Paper.TitleSource.LINK_TEXT,
            title_source=_title_source(custom.get("title_source")),
            alternative_titles=_alternative_titles(custom),
            authors=tuple(_names(item)),
            published=_published(item, warnings),
            venue=texts["container-title"] or texts["publisher"],
            abstract=texts["abstract"],
            identifiers=_identifiers(texts, custom),
            url=texts["URL"],
            pdf_url=_text(custom, "pdf_url"),
            code_url=_text(custom, "code_url"),
            key=_key(texts),
            notes=tuple(filter(None, (texts["annote"], _without_extra(note)))),
            keywords=tuple(re.split(r"[,;]", texts["keyword"])),
            details={name: _text(item, name) for name in _DETAILS},
            warnings=warnings,
        )
    )


def _parsed(source: str) -> dict[str, Any]:
    if len(source) > LONGEST_ITEM:
        raise UnfitReference(f"an item of {len(source):,} characters")
    if first_beyond(source, _DEEPEST) is not None:
        raise UnfitReference(f"nested more than {_DEEPEST} deep")
    try:
        item = _DECODER.decode(source)
    except json.JSONDecodeError as error:
        where = f"at line {error.lineno} of the item, column {error.colno}"
        raise UnfitReference(f"invalid JSON: {error.msg} {where}") from error
    except StrictJSONError as error:
        raise UnfitReference(str(error)) from error
    for _, text in strings_of(item):
        if has_lone_surrogate(text):
            raise UnfitReference("a lone surrogate, half a character, in a text")
    return item


def _integer(digits: str) -> int:
    if len(digits) > _LONGEST_INTEGER:
        raise UnfitReference(f"an integer of {len(digits):,} digits")
    return int(digits)


_DECODER = json.JSONDecoder(
    object_pairs_hook=no_double_keys,
    parse_int=_integer,
    parse_float=finite,
    parse_constant=no_constant,
)


def _text(item: Mapping[str, Any], name: str) -> str:
    """A text, or a number written as one; of a list (Crossref's own form) its first."""
    value = item.get(name)
    if isinstance(value, list):
        value = value[0] if value else None
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise UnfitReference(f"{name} is no text")
    return str(value)


def _names(item: Mapping[str, Any]) -> Iterator[Name]:
    names = item.get("author") or []
    if not isinstance(names, list) or not all(isinstance(name, dict) for name in names):
        raise UnfitReference("author is no list of names")
    for name in names:
        particles = [_text(name, "non-dropping-particle"), _text(name, "dropping-particle")]
        family = " ".join(filter(None, [*reversed(particles), _text(name, "family")]))
        given = _text(name, "given")
        literal = _text(name, "literal") or _text(name, "name")
        yield Name(
            family=family if given else "",
            given=given,
            suffix=_text(name, "suffix"),
            literal=literal or ("" if given else family),
            orcid=identifying.read_orcid(_text(name, "ORCID")),
        )


def _published(item: Mapping[str, Any], warnings: list[str]) -> PartialDate | None:
    issued = item.get("issued")
    if issued is None:
        warnings.append("it has no date")
        return None
    if not isinstance(issued, dict):
        raise UnfitReference("issued is no date")
    if (parts := issued.get("date-parts")) is not None:
        return _of_parts(parts)
    said = _text(issued, "raw") or _text(issued, "literal")
    found = read_date(said)
    if found is None:
        warnings.append(f"its date “{said[:60]}” cannot be read")
    return found


def _of_parts(parts: Any) -> PartialDate | None:
    shown = json.dumps(parts)[:60]
    if not isinstance(parts, list) or not all(isinstance(part, list) for part in parts):
        raise UnfitReference(f"issued has no date-parts but {shown}")
    if not parts or not parts[0]:
        return None
    numbers = [_number(part, shown) for part in parts[0][:3]]
    found = partial_date(*numbers)
    if found is None:
        raise UnfitReference(f"issued is no day there is: {shown}")
    return found


def _number(part: Any, shown: str) -> int | None:
    if part is None or part == "":
        return None
    if isinstance(part, str) and part.strip().isdecimal() and len(part) <= 6:
        return int(part)
    if isinstance(part, int) and not isinstance(part, bool):
        return part
    raise UnfitReference(f"issued is no date: {shown}")


def _identifiers(texts: Mapping[str, str], custom: Mapping[str, Any]):
    stated = custom.get("identifiers")
    stated = stated if isinstance(stated, list) else []
    by_scheme: dict[str, list[str]] = {}
    for each in filter(lambda each: isinstance(each, dict), stated):
        by_scheme.setdefault(_text(each, "scheme"), []).append(_text(each, "value"))
    return identifying.from_fields(
        arxiv=by_scheme.get("arxiv", ()),
        dois=[texts["DOI"], *by_scheme.get("doi", ())],
        openreview=by_scheme.get("openreview", ()),
        urls=[texts["URL"], *by_scheme.get("url", ())],
        prose=[
            texts["container-title"],
            _archived(texts["archive"], texts["archive_location"]),
        ],
        notes=[texts["note"]],
    )


def _title_source(said: Any) -> str:
    return said if said in Paper.TitleSource.values else ""


def _archived(archive: str, location: str) -> str:
    """ "arXiv:2303.08112", also where archive and number stand apart."""
    return location if ":" in location else f"{archive}:{location}"


def _alternative_titles(custom: Mapping[str, Any]) -> tuple[str, ...]:
    titles = custom.get("alternative_titles")
    titles = titles if isinstance(titles, list) else []
    return tuple(title for title in titles if isinstance(title, str))


def _key(texts: Mapping[str, str]) -> str:
    """Zotero's ids are addresses of its own; its key stands beside them, or in "Extra"."""
    extra = re.search(r"^citation key\s*:\s*(\S+)", texts["note"], re.IGNORECASE | re.MULTILINE)
    key = texts["citation-key"] or (extra[1] if extra else texts["id"])
    return "" if "/" in key else key


def _without_extra(note: str) -> str:
    return "\n".join(line for line in note.split("\n") if not _EXTRA.match(line.strip())).strip()
