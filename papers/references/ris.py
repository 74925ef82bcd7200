"""RIS by rispy, record by record: rispy alone drops a record without end, and text between two,
without a word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rispy.config import LIST_TYPE_TAGS, TAG_KEY_MAPPING
from rispy.parser import RisParser

from papers.references import identifying, kinds
from papers.references.dates import read_date
from papers.references.reference import (
    Aside,
    Name,
    PartialDate,
    Problem,
    Record,
    Reference,
    checked,
)

LONGEST_RECORD = 2_000_000

# Some write "TY - JOUR", some leave out the blank at the end, or put one before the tag.
_TAG = re.compile(r"\s{0,2}([A-Z][A-Z0-9]) {1,3}-(?: (.*)|(.*))?")
_END = re.compile(r"\s{0,2}ER {0,3}-?\s*")
_START = re.compile(r"\s{0,2}TY {1,3}-\s*(.*)")
_NUMBERING = re.compile(r"\s*\d{1,6}[.):]?\s*")
_VENUES = ("T2", "JF", "JO", "BT", "JA", "J2", "T3", "PB")
_DETAILS = {
    "VL": "volume",
    "IS": "issue",
    "PB": "publisher",
    "CY": "publisher-place",
    "ET": "edition",
    "SN": "ISSN",
    "LA": "language",
}


class _Parser(RisParser):
    """Keeps what rispy's own would drop or join: repeated fields, lines, `;` in addresses."""

    def __init__(self) -> None:
        mapping = {tag: tag for tag in TAG_KEY_MAPPING}
        super().__init__(
            mapping=mapping,
            list_tags=[*LIST_TYPE_TAGS, "DO", "L1", "L2", "L3", "L4", "LK"],
            delimiter_tags_mapping={},
            enforce_list_tags=False,
        )

    def _add_tag(self, record: Any, tag: str, content: str, extend_multiline: bool = False) -> None:
        if not extend_multiline or tag not in record:
            super()._add_tag(record, tag, content)
        elif isinstance(record[tag], list):
            record[tag][-1] = f"{record[tag][-1]}\n{content}"
        else:
            record[tag] = f"{record[tag]}\n{content}"


@dataclass(slots=True)
class _Lines:
    """A stretch of lines that belong together."""

    start: int
    lines: list[str]

    @property
    def raw(self) -> str:
        return "\n".join(self.lines)


def read_ris(text: str) -> Iterator[Record]:
    record: _Lines | None = None
    stray: _Lines | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        if _START.fullmatch(line):
            yield from _told(stray)
            yield from _unended(record, f"before the next one begins in line {number}")
            record, stray = _Lines(number, [line]), None
        elif record is None:
            if line.strip():
                stray = stray or _Lines(number, [])
                stray.lines.append(line)
            elif stray:
                stray.lines.append(line)
        elif _END.fullmatch(line):
            record.lines.append(line)
            yield _read(record)
            record = None
        else:
            record.lines.append(line)
    yield from _told(stray)
    yield from _unended(record, "at the end of the file")


def _told(stray: _Lines | None) -> Iterator[Record]:
    if stray is not None:
        raw = stray.raw.strip("\n")
        if _NUMBERING.fullmatch(raw):
            yield Aside(stray.start, "the number of a record", raw)
            return
        yield Problem(stray.start, f"text outside of any record: “{raw.strip()[:60]}”", raw)


def _unended(record: _Lines | None, where: str) -> Iterator[Record]:
    if record is not None:
        yield Problem(record.start, f"no ER line {where}", record.raw.rstrip("\n"))


def _read(record: _Lines) -> Record:
    raw = record.raw
    if len(raw) > LONGEST_RECORD:
        return Problem(record.start, f"a record of {len(raw):,} characters", raw)
    fields = _fields(record)
    warnings: list[str] = []
    reference = Reference(
        line=record.start,
        raw=raw,
        type=_one(fields, "TY"),
        kind=kinds.of_ris(_one(fields, "TY"), *fields.get("M3", ())),
        title=_one(fields, "TI", "T1", "CT", "BT", "ST"),
        authors=tuple(map(_name, [*fields.get("AU", ()), *fields.get("A1", ())])),
        published=_published(fields, warnings),
        venue=_venue(fields),
        abstract=_one(fields, "AB", "N2"),
        identifiers=_identifiers(fields),
        url=_one(fields, "UR", "LK", "L2", "L3"),
        pdf_url=_one(fields, "L1"),
        code_url=_one(fields, "C5"),
        key=_one(fields, "ID", "LB"),
        notes=tuple(fields.get("N1", []) + fields.get("RN", [])),
        keywords=tuple(line for text in fields.get("KW", ()) for line in text.split("\n")),
        details=_details(fields),
        warnings=warnings,
    )
    return checked(reference)


def _fields(record: _Lines) -> dict[str, list[str]]:
    """All values of each tag, in their order."""
    lines = []
    for line in record.lines:
        tag = _TAG.fullmatch(line)
        lines.append(f"{tag[1]}  - {(tag[2] or tag[3] or '').strip()}" if tag else f"   {line}")
    lines[-1] = "ER  - "
    [parsed] = _Parser().parse("\n".join(lines))
    fields: dict[str, list[str]] = {}
    for tag, value in parsed.items():
        values = value if isinstance(value, list) else [value]
        if isinstance(value, dict):  # tags rispy does not know
            for name, texts in value.items():
                fields.setdefault(str(name), []).extend(texts)
        else:
            fields.setdefault(tag, []).extend(values)
    return {
        tag: [text.strip() for text in values if text.strip()] for tag, values in fields.items()
    }


def _one(fields: dict[str, list[str]], *tags: str) -> str:
    return next((fields[tag][0] for tag in tags if fields.get(tag)), "")


def _venue(fields: dict[str, list[str]]) -> str:
    title = _one(fields, "TI", "T1", "CT", "BT", "ST")
    return next(
        (text for tag in _VENUES for text in fields.get(tag, ()) if text and text != title), ""
    )


def _name(text: str) -> Name:
    parts = [part.strip() for part in text.split(",")]
    if len(parts) == 1:
        return Name(literal=parts[0])
    suffix = ", ".join(filter(None, parts[2:]))
    return Name(family=parts[0], given=parts[1], suffix=suffix)


def _published(fields: dict[str, list[str]], warnings: list[str]) -> PartialDate | None:
    said = [text for tag in ("DA", "PY", "Y1") for text in fields.get(tag, ())]
    found = [date for text in said if (date := read_date(text))]
    if said and not found:
        warnings.append(f"its date “{said[0][:60]}” cannot be read")
    # DA often holds more than PY; where they are of two years, PY is the one that is cited.
    year = next(
        (
            date.year
            for tag in ("PY", "Y1")
            for text in fields.get(tag, ())
            if (date := read_date(text))
        ),
        None,
    )
    fit = [date for date in found if year in (None, date.year)]
    return max(fit, key=_precision, default=None)


def _precision(date: PartialDate) -> int:
    return sum(part is not None for part in date.parts)


def _identifiers(fields: dict[str, list[str]]):
    urls = [
        address
        for tag in ("UR", "LK", "L2", "L3")
        for text in fields.get(tag, ())
        for address in ([text] if " " not in text else text.split())
    ]
    stated = [text for tag in ("AN", "M1", "M3", "C1", "C7") for text in fields.get(tag, ())]
    return identifying.from_fields(
        dois=fields.get("DO", ()),
        urls=urls,
        prose=[*stated, *fields.get("T2", ()), *fields.get("JO", ())],
        notes=fields.get("N1", ()),
    )


def _details(fields: dict[str, list[str]]) -> dict[str, str]:
    details = {csl: _one(fields, tag) for tag, csl in _DETAILS.items()}
    details["page"] = "–".join(filter(None, (_one(fields, "SP"), _one(fields, "EP"))))
    return details
