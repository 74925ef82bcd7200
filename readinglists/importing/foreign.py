"""Reference files, tables and bookmarks as lists: records in their order, with the groups, labels
and folders that each format has for sections."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any

from api.renderers import unescape_formula
from markup.text import clean_line
from papers.citations.citation import Citation
from papers.importing import Source
from papers.references import Aside, Format, Problem, Reference
from papers.references.latex import decode_latex
from readinglists.importing.drafts import MOST_RECORDS, Draft, DraftItem, Unread, Values
from readinglists.importing.shapes import LONGEST_NOTE, read_item
from readinglists.targets import paper_target

_GROUPS = re.compile(r"\bgroups\s*=\s*\{((?:[^{}]|\{[^{}]*\})*)\}", re.IGNORECASE)
_LABEL = re.compile(r"^LB {1,3}- ?(.*)$", re.MULTILINE)
_TAGS = re.compile(r"\btags=\"([^\"]*)\"", re.IGNORECASE)
_SIGNATURE = re.compile(r"\s*— (.{1,300}?)(?:, brought in by .+)?")


def read_foreign(source: Source) -> Draft:
    draft = Draft(str(source.format), warnings=list(source.warnings))
    rows = _rows(source.text) if source.format == Format.CSV else {}
    for record in source.records():
        if isinstance(record, Problem | Aside):
            is_aside = isinstance(record, Aside)
            draft.add(Unread(record.line, record.raw, record.reason, is_aside))
        else:
            row = rows.get(record.line, {})
            section = draft.section_of(_section(record, source.format, row))
            draft.add(_item(record, row, section))
    return draft


def _item(reference: Reference, row: Mapping[str, str], section: int | None) -> DraftItem | Unread:
    values: Values = {"notes": [each for note in _notes(reference) for each in note]}
    key, title = reference.key, reference.title
    kind = row.get("kind", "")
    if row.get("anchor") and row.get("issue"):
        key = f"entry:{row['issue']}:{row['anchor']}"
    elif row.get("prize"):
        key = f"prize:{row['prize']}"
    if key.startswith("entry:") and key.count(":") >= 2:
        _, issue, anchor = key.split(":", 2)
        values["entry"] = {
            "issue": issue,
            "anchor": anchor,
            "headline": title,
            "issue_title": reference.venue,
            "authors": reference.names,
            "published": _published(reference),
            "url": reference.url,
        }
    elif key.startswith("prize:"):
        values["prize"] = {
            "slug": key.removeprefix("prize:"),
            "name": title,
            "organiser": reference.venue,
            "website": reference.url,
        }
    elif key.startswith("item:") or kind == "url" or reference.is_any_address:
        address = reference.url or next((each.landing_url for each in reference.identifiers), "")
        values |= {"url": address, "title": "" if title == address else title}
    else:
        values["paper"] = target_of(reference)
    read = read_item(reference.line, reference.raw, values, section)
    if isinstance(read, DraftItem):
        read.reference = reference if "paper" in values else None
        read.warnings = reference.warnings
    return read


def target_of(reference: Reference) -> Values:
    """A reference as documents tell of papers."""
    details = reference.details
    year, month, day = reference.published.parts if reference.published else (None, None, None)
    return paper_target(
        Citation(
            key=reference.key or None,
            kind=reference.kind,
            title=reference.title,
            title_source="link_text" if reference.title_is_provisional else "official",
            alternative_titles=reference.alternative_titles,
            authors=tuple(reference.names),
            year=year,
            month=month,
            day=day,
            venue=reference.venue or None,
            volume=details.get("volume"),
            issue=details.get("issue"),
            pages=details.get("page"),
            abstract=reference.abstract or None,
            url=reference.url or None,
            pdf_url=reference.pdf_url or None,
            code_url=reference.code_url or None,
            identifiers=tuple(each.key for each in reference.identifiers),
            keywords=reference.keywords,
        )
    )


def _published(reference: Reference) -> str:
    parts = reference.published.parts if reference.published else ()
    return "-".join(f"{part:02d}" for part in parts if part)


# --- Notes ------------------------------------------------------------------------------------
def _notes(reference: Reference) -> Iterator[list[Values]]:
    """Ours end with their author, which tells them apart where a format joins them to one."""
    for text in reference.notes:
        said: list[str] = []
        paragraphs = text.split("\n\n")
        for paragraph, following in zip_longest(paragraphs, paragraphs[1:], fillvalue=""):
            signed = _SIGNATURE.fullmatch(paragraph)
            # A note may itself end with whom it quotes: ours is the last one.
            if signed and said and not _SIGNATURE.fullmatch(following):
                yield _pieces("\n\n".join(said), clean_line(signed[1]))
                said = []
            else:
                said.append(paragraph)
        if said:
            yield _pieces(*_signed_in_line("\n\n".join(said)))


def _signed_in_line(text: str) -> tuple[str, str]:
    """RIS has no paragraphs: the author stands behind the last dash."""
    words, dash, author = text.rpartition(" — ")
    if dash and words and "\n" not in author and len(author) <= 150:
        return words, clean_line(author.partition(", brought in by ")[0])
    return text, ""


def _pieces(text: str, author: str) -> list[Values]:
    """A note too long for us is several, none of it lost."""
    pieces = []
    while len(text) > LONGEST_NOTE:
        cut = max(text.rfind("\n", 0, LONGEST_NOTE), text.rfind(" ", 0, LONGEST_NOTE))
        cut = cut if cut > 0 else LONGEST_NOTE
        pieces.append(text[:cut].strip())
        text = text[cut:]
    pieces.append(text.strip())
    return [{"markdown": piece, "author": author} for piece in pieces if piece]


# --- Sections ---------------------------------------------------------------------------------
def _section(reference: Reference, form: Format, row: Mapping[str, str]) -> str:
    read = {
        Format.BIBTEX: _group,
        Format.RIS: _label,
        Format.CSLJSON: _custom,
        Format.BOOKMARKS: _folder,
    }.get(form)
    title = row.get("section", "") if form == Format.CSV else read(reference) if read else ""
    return clean_line(title)[:300]


def _group(reference: Reference) -> str:
    """JabRef's and Better BibTeX's; of nested ones and of several the first."""
    match = _GROUPS.search(reference.raw)
    return decode_latex(match[1]).split(",")[0].strip() if match else ""


def _label(reference: Reference) -> str:
    match = _LABEL.search(reference.raw)
    return match[1].strip() if match else ""


def _custom(reference: Reference) -> str:
    try:
        said: Any = json.loads(reference.raw)
    except (ValueError, RecursionError):
        return ""
    custom = said.get("custom") if isinstance(said, dict) else None
    title = custom.get("section") if isinstance(custom, dict) else None
    return title if isinstance(title, str) else ""


def _folder(reference: Reference) -> str:
    """The reader puts the folder behind the bookmark's own tags."""
    tags = _TAGS.search(reference.raw)
    own = [tag for tag in (tags[1].split(",") if tags else []) if clean_line(tag)]
    return reference.keywords[-1] if len(reference.keywords) > len(set(own)) else ""


def _rows(text: str) -> dict[int, dict[str, str]]:
    """What our own table says beside the reference, by the line where a row begins."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: dict[int, dict[str, str]] = {}
    columns: list[str] = []
    begins = 1
    try:
        for cells in reader:
            if not columns:
                columns = [name.strip().lower() for name in cells]
            elif any(cells):
                told = zip(columns, map(unescape_formula, cells), strict=False)
                rows[begins] = dict(told)
            begins = reader.line_num + 1
            if len(rows) > MOST_RECORDS:
                break
    except csv.Error:
        pass  # the reader of references says so, and where
    return rows
