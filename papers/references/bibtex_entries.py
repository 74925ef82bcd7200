"""One entry's fields, as BibTeX, BibLaTeX and their many exporters name them."""

import re
from collections.abc import Iterator, Mapping

from bibtexparser.middlewares.names import (
    parse_single_name_into_parts,
    split_multiple_persons_names,
)

from papers.references import identifying, kinds
from papers.references.dates import partial_date, read_date, read_month
from papers.references.latex import DEEPEST, decode_latex, depth_of, plain_address
from papers.references.reference import (
    Name,
    PartialDate,
    Problem,
    Record,
    Reference,
    checked,
)

type Fields = Mapping[str, str]

_GENRES = ("type", "entrysubtype", "howpublished")
_VENUES = (
    *("journal", "journaltitle", "booktitle", "howpublished", "school", "institution"),
    *("organization", "eventtitle", "series", "publisher"),
)
_NOTES = ("annote", "annotation", "note", "addendum")
_KEYWORDS = ("keywords", "keyword", "mendeley-tags")
_CODE = ("code", "code_url", "codeurl", "github")
_PDF = ("pdf", "pdf_url", "pdfurl")
# BibTeX's name -> CSL's.
_DETAILS = {
    "volume": "volume",
    "number": "issue",
    "issue": "issue",
    "pages": "page",
    "publisher": "publisher",
    "address": "publisher-place",
    "location": "publisher-place",
    "edition": "edition",
    "series": "collection-title",
    "isbn": "ISBN",
    "issn": "ISSN",
    "editor": "editor",
    "language": "language",
    "langid": "language",
}
# "and others" in the words in which catalogues print it.
OTHERS = Name(literal="et al.")
_ARXIV_NAMES = frozenset({"arxiv", "arxiv.org"})
_OWN_ADDRESS = re.compile(r"url\d*|howpublished|link|ee|bdsk-url-\d")
_ANNOTATED = re.compile(r"(\d+)\s*=\s*\"?([^;\"]+)\"?")


def read_entry(
    kind: str, key: str, fields: Fields, *, line: int, raw: str, warnings: list[str]
) -> Record:
    deep = next((name for name, value in fields.items() if depth_of(value) > DEEPEST), None)
    if deep is not None:
        return Problem(line, f"{deep}: braces nested more than {DEEPEST} deep", raw)
    addresses = list(_addresses(fields))
    reference = Reference(
        line=line,
        raw=raw,
        type=kind,
        kind=kinds.of_bibtex(kind, *(_line(fields.get(name, "")) for name in _GENRES)),
        title=_title(fields),
        authors=_authors(fields),
        published=_published(fields, warnings),
        venue=_first(fields, _VENUES),
        abstract=_prose(fields.get("abstract", "")),
        identifiers=_identifiers(fields, addresses),
        url=plain_address(fields.get("url", "")) or next(iter(addresses), ""),
        pdf_url=_address(fields, _PDF),
        code_url=_address(fields, _CODE),
        key=key,
        notes=tuple(_prose(fields[name]) for name in _NOTES if name in fields),
        keywords=tuple(_keywords(fields)),
        details={csl: _line(fields[name]) for name, csl in _DETAILS.items() if name in fields},
        warnings=warnings,
    )
    return checked(reference)


def _line(value: str) -> str:
    return " ".join(decode_latex(value).split())


def _prose(value: str) -> str:
    """Paragraphs are kept; lines within one are the exporter's."""
    paragraphs = re.split(r"\n\s*\n", decode_latex(value))
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def _title(fields: Fields) -> str:
    title, subtitle = _line(fields.get("title", "")), _line(fields.get("subtitle", ""))
    return f"{title}: {subtitle}" if title and subtitle else title or subtitle


def _first(fields: Fields, names: tuple[str, ...]) -> str:
    for name in names:
        value = fields.get(name, "")
        # "howpublished = {\url{…}}" is an address, no venue.
        is_genre = name == "howpublished" and kinds.is_genre(_line(value))
        if value.strip() and not is_genre and not identifying.addresses_in(plain_address(value)):
            return _line(value)
    return ""


def _authors(fields: Fields) -> tuple[Name, ...]:
    source = fields.get("author", "")
    if not source.strip():
        return ()
    orcids = dict(_ANNOTATED.findall(fields.get("author+an:orcid", "")))
    names = []
    for number, name in enumerate(split_multiple_persons_names(source), start=1):
        if name.strip().lower() == "others":
            names.append(OTHERS)
            continue
        names.append(_name(name.strip(), identifying.read_orcid(orcids.get(str(number), ""))))
    return tuple(names)


def _name(source: str, orcid: str | None) -> Name:
    if source.startswith("{") and source.endswith("}") and _is_one_group(source):
        return Name(literal=_line(source[1:-1]), orcid=orcid)
    parts = parse_single_name_into_parts(source, strict=False)
    return Name(
        family=_line(" ".join([*parts.von, *parts.last])),
        given=_line(" ".join(parts.first)),
        suffix=_line(" ".join(parts.jr)),
        orcid=orcid,
    )


def _is_one_group(source: str) -> bool:
    depth = 0
    for place, char in enumerate(source):
        if char == "{" and source[place - 1 : place] != "\\":
            depth += 1
        elif char == "}" and source[place - 1 : place] != "\\":
            depth -= 1
            if depth == 0:
                return place == len(source) - 1
    return False


def _published(fields: Fields, warnings: list[str]) -> PartialDate | None:
    said = _line(fields.get("date", ""))
    found = read_date(said) if said else None
    if found is None and (year := _line(fields.get("year", ""))):
        said = said or year
        found = read_date(year)
        if found and found.month is None:
            found = _with_month(found, fields)
    if found is None and said:
        warnings.append(f"its date “{said[:60]}” cannot be read")
    return found


def _with_month(found: PartialDate, fields: Fields) -> PartialDate:
    month, day = read_month(_line(fields.get("month", "")))
    said = _line(fields.get("day", ""))
    if said.isdecimal() and len(said) <= 2:
        day = int(said)
    return partial_date(found.year, month, day) or partial_date(found.year, month) or found


def _addresses(fields: Fields) -> Iterator[str]:
    """Addresses that are the work's own; one in a note counts where there is no other."""
    own = [value for name, value in fields.items() if _OWN_ADDRESS.fullmatch(name)]
    for value in own or [fields.get("note", "")]:
        yield from identifying.addresses_in(plain_address(value))


def _address(fields: Fields, names: tuple[str, ...]) -> str:
    found = (plain_address(fields[name]) for name in names if name in fields)
    return next((value for value in found if value), "")


def _identifiers(fields: Fields, addresses: list[str]):
    prefix = _line(fields.get("archiveprefix") or fields.get("eprinttype") or "").lower()
    eprint = plain_address(fields.get("eprint", ""))
    is_arxiv = prefix in _ARXIV_NAMES or not prefix
    return identifying.from_fields(
        arxiv=[eprint * is_arxiv, plain_address(fields.get("arxivid", fields.get("arxiv", "")))],
        dois=[plain_address(fields.get("doi", ""))],
        openreview=[plain_address(fields.get("openreview", "")), eprint * (prefix == "openreview")],
        urls=[plain_address(fields.get("url", "")), *addresses],
        prose=[
            plain_address(fields[name])
            for name in ("journal", "journaltitle", "booktitle", "volume", "howpublished")
            if name in fields
        ],
        notes=[plain_address(fields.get("note", ""))],
    )


def _keywords(fields: Fields) -> Iterator[str]:
    for name in _KEYWORDS:
        for keyword in re.split(r"[,;\n]", fields.get(name, "")):
            yield _line(keyword)
