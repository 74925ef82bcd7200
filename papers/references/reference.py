"""What a reference file says of one work, whatever its format; the same shape goes out again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from markup.text import clean_line, clean_text, has_visible_text
from markup.urls import clean_url
from papers.citation_keys import family_name
from papers.citations.names import Name as PrintedName
from papers.identifiers import Identifier

# What our columns hold. Longer is refused, never cut.
LONGEST_TITLE = 500
LONGEST_VENUE = 300
LONGEST_NAME = 300
LONGEST_IDENTIFIER = 1000
LONGEST_KEY = 80
LONGEST_ABSTRACT = 100_000
LONGEST_NOTE = 100_000
_PRINTED = frozenset({"paper", "report"})
MOST_AUTHORS = 20_000
MOST_NOTES = 1_000
MOST_KEYWORDS = 1_000


@dataclass(frozen=True, slots=True)
class Name:
    """An author: in parts, or as one text that must not be taken apart (an organisation)."""

    family: str = ""  # with its particles: "van der Maaten"
    given: str = ""
    suffix: str = ""
    literal: str = ""
    orcid: str | None = None

    @property
    def printed(self) -> str:
        return PrintedName(self.family, self.given, self.suffix, self.literal).printed


@dataclass(frozen=True, slots=True)
class PartialDate:
    """Never more than is known."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def parts(self) -> tuple[int | None, int | None, int | None]:
        return self.year, self.month, self.day


@dataclass(slots=True)
class Reference:
    """One work as a file presents it, cleaned; `raw` is the record as it came."""

    line: int = 0
    raw: str = ""
    type: str = ""  # in the file's own words
    kind: str = "paper"  # one of Paper.Kind
    title: str = ""
    alternative_titles: tuple[str, ...] = ()
    # A link's text or an address stands in for a title nobody has looked up yet.
    title_is_provisional: bool = False
    title_source: str = ""  # one of Paper.TitleSource, where a file of ours says it
    authors: tuple[Name, ...] = ()
    published: PartialDate | None = None
    venue: str = ""
    abstract: str = ""
    identifiers: tuple[Identifier, ...] = ()
    url: str = ""
    pdf_url: str = ""
    code_url: str = ""
    key: str = ""
    notes: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    # What we have no column for, under its CSL name: volume, issue, page, publisher …
    details: Mapping[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    # A bookmark of any site: only a person knows whether it is a work.
    is_any_address: bool = False

    @property
    def names(self) -> list[str]:
        return [name.printed for name in self.authors]


@dataclass(frozen=True, slots=True)
class Problem:
    """A record that cannot be read, with the reason for people."""

    line: int
    reason: str
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Aside:
    """What stands in a file and is no reference: a comment, a volume that others stand in."""

    line: int
    reason: str
    raw: str = ""


type Record = Reference | Problem | Aside


class UnfitReference(Exception):
    """A record that would have to be cut or guessed; the message says what is wrong with it."""


def checked(reference: Reference) -> Record:
    """The reference with its texts cleaned, or the problem that keeps it out."""
    try:
        _clean(reference)
        _check(reference)
    except UnfitReference as error:
        return Problem(reference.line, str(error), reference.raw)
    return reference


def _clean(reference: Reference) -> None:
    reference.title = clean_line(reference.title)
    reference.alternative_titles = _clean_all(reference.alternative_titles, clean_line)
    reference.venue = clean_line(reference.venue)
    reference.key = clean_line(reference.key)
    reference.abstract = clean_text(reference.abstract).strip()
    names = map(_clean_name, reference.authors)
    reference.authors = tuple(name for name in names if family_name(name.printed))
    reference.notes = _clean_all(reference.notes, lambda text: clean_text(text).strip())
    reference.keywords = _clean_all(reference.keywords, clean_line)
    reference.details = {
        name: text for name, value in reference.details.items() if (text := clean_line(value))
    }
    for name in ("url", "pdf_url", "code_url"):
        setattr(reference, name, _clean_address(reference, getattr(reference, name)))
    reference.identifiers = tuple(
        {
            each.key: each for each in reference.identifiers if _names_a_work(each, reference.kind)
        }.values()
    )


def _clean_address(reference: Reference, address: str) -> str:
    address = address.strip()
    if not address:
        return ""
    cleaned = clean_url(address)
    if cleaned is None or cleaned.startswith("mailto:"):
        reference.warnings.append(f"not a link, kept as text only: {clean_line(address)[:200]}")
        return ""
    return cleaned


def _names_a_work(identifier: Identifier, kind: str) -> bool:
    """A site's front page names the site, which may be a project but is no paper."""
    if kind not in _PRINTED:
        return True
    parts = urlsplit(identifier.value)
    return identifier.scheme != "url" or bool(parts.path.strip("/") or parts.query)


def _clean_name(name: Name) -> Name:
    return Name(
        family=clean_line(name.family),
        given=clean_line(name.given),
        suffix=clean_line(name.suffix),
        literal=clean_line(name.literal),
        orcid=name.orcid,
    )


def _clean_all(texts: Iterable[str], clean) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(clean, texts))))


def _check(reference: Reference) -> None:
    _refuse_long("title", reference.title, LONGEST_TITLE)
    _refuse_long("venue", reference.venue, LONGEST_VENUE)
    _refuse_long("abstract", reference.abstract, LONGEST_ABSTRACT)
    _refuse_many("authors", reference.authors, MOST_AUTHORS)
    _refuse_many("notes", reference.notes, MOST_NOTES)
    _refuse_many("keywords", reference.keywords, MOST_KEYWORDS)
    for name in reference.authors:
        _refuse_long("an author's name", name.printed, LONGEST_NAME)
    for note in reference.notes:
        _refuse_long("a note", note, LONGEST_NOTE)
    for identifier in reference.identifiers:
        _refuse_long("an address", identifier.value, LONGEST_IDENTIFIER)
    if not has_visible_text(reference.title):
        if not reference.identifiers:
            raise UnfitReference("it has neither a title nor an identifier or address")
        first = reference.identifiers[0]
        reference.title = first.landing_url
        reference.title_is_provisional = True
        _refuse_long("its address, for want of a title,", reference.title, LONGEST_TITLE)


def _refuse_long(what: str, text: str, longest: int) -> None:
    if len(text) > longest:
        raise UnfitReference(f"{what} has {len(text):,} characters; at most {longest:,} are kept")


def _refuse_many(what: str, things: tuple, most: int) -> None:
    if len(things) > most:
        raise UnfitReference(f"{len(things):,} {what}; at most {most:,} are kept")
