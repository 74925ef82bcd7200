"""What a service says of a work, in one form for all services."""

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from markup.text import clean_line, clean_text
from papers.citation_keys import family_name
from papers.identifiers import Identifier, identify
from papers.models import Authorship, Paper

MOST_AUTHORS = 5000
LONGEST_ABSTRACT = 50_000
LONGEST_TITLE = Paper._meta.get_field("title").max_length or 0
LONGEST_VENUE = Paper._meta.get_field("venue").max_length or 0
LONGEST_NAME = Authorship._meta.get_field("name_as_printed").max_length or 0
_ORCID = re.compile(r"(\d{4}-\d{4}-\d{4}-\d{3}[\dX])$", re.ASCII)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,1000}>")
_WITHOUT_CONTENT = re.compile(
    r"<(jats:title|title|mml:annotation|tex-math)\b[^<>]{0,1000}>.{0,20000}?</\1>",
    re.DOTALL | re.IGNORECASE,
)
_BLOCK_END = re.compile(r"</(?:jats:)?(?:p|sec|list-item|title)\s*>|<br\s*/?>", re.IGNORECASE)

type PartialDate = tuple[int, int | None, int | None]


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    orcid: str | None = None


@dataclass(frozen=True, slots=True)
class Retraction:
    note: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One service's record of one work; what it does not say is empty or None."""

    service: str
    asked: str  # the identifier under which it was asked for
    title: str | None = None
    authors: tuple[Person, ...] = ()
    published: PartialDate | None = None
    venue: str | None = None
    abstract: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    retraction: Retraction | None = None


def title_of(line: str) -> str | None:
    return clean_line(line)[:LONGEST_TITLE].strip() or None


def venue_of(line: str) -> str | None:
    return clean_line(line)[:LONGEST_VENUE].strip() or None


def without_tags(text: Any) -> str:
    """A line without the markup that publishers leave in titles and names."""
    if not isinstance(text, str):
        return ""
    return clean_line(html.unescape(_TAG.sub("", text[:LONGEST_ABSTRACT])))


def abstract_in_markup(text: Any) -> str | None:
    """Plain paragraphs of an abstract in JATS or HTML."""
    if not isinstance(text, str):
        return None
    text = _WITHOUT_CONTENT.sub(" ", text[:LONGEST_ABSTRACT])
    return abstract_of(html.unescape(_TAG.sub("", _BLOCK_END.sub("\n\n", text))))


def abstract_of(text: str) -> str | None:
    paragraphs = (
        clean_line(part) for part in re.split(r"\n\s*\n", clean_text(text[:LONGEST_ABSTRACT]))
    )
    return "\n\n".join(filter(None, paragraphs)) or None


def person_of(name: Any, orcid: Any = None) -> Person | None:
    """None for what is no name, such as "nan"."""
    line = without_tags(name)[:LONGEST_NAME].strip()
    return Person(line, orcid_of(orcid)) if line and family_name(line) else None


def people_of(people: Iterable[Person | None]) -> tuple[Person, ...]:
    return tuple(person for person in people if person is not None)[:MOST_AUTHORS]


def orcid_of(text: Any) -> str | None:
    """The sixteen characters of an ORCID whose check digit is right (ISO 7064, MOD 11-2)."""
    match = _ORCID.search(text.strip().upper()) if isinstance(text, str) else None
    if match is None:
        return None
    digits = match[1].replace("-", "")
    total = 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    return match[1] if digits[-1] == ("X" if check == 10 else str(check)) else None


def date_of(parts: Sequence[Any]) -> PartialDate | None:
    """Year, month and day as far as they are given and exist."""
    numbers = [part if type(part) is int else 0 for part in parts]
    year, month, day = (*numbers, 0, 0, 0)[:3]
    if not 1000 <= year <= 2999:
        return None
    if not 1 <= month <= 12:
        return year, None, None
    longest = 29 if month == 2 else 30 if month in (4, 6, 9, 11) else 31
    return year, month, day if 1 <= day <= longest else None


def date_in(text: Any) -> PartialDate | None:
    """Of "2021-07-01", "2021-07", "2021" or an instant."""
    match = re.match(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", text) if isinstance(text, str) else None
    return date_of([int(part) for part in match.groups() if part]) if match else None


def identifiers_of(texts: Iterable[Any]) -> tuple[Identifier, ...]:
    """arXiv ids and DOIs among addresses and ids, each once, without version or fragment."""
    found = (identify(text) for text in texts if isinstance(text, str))
    keys = {i.key: Identifier(*i.key) for i in found if i and i.scheme in ("arxiv", "doi")}
    return tuple(keys.values())
