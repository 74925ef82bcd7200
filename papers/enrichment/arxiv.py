"""arXiv's API: Atom, many papers to a question (https://info.arxiv.org/help/api/user-manual.html)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from http import HTTPStatus
from itertools import batched
from xml.etree import ElementTree as ET

from papers.enrichment import http
from papers.enrichment.answers import keep, kept_answers
from papers.enrichment.errors import Nonsense
from papers.enrichment.hosts import ARXIV
from papers.enrichment.records import (
    Record,
    Retraction,
    abstract_of,
    date_in,
    identifiers_of,
    people_of,
    person_of,
    title_of,
    venue_of,
)
from papers.identifiers import identify, landing_url

AT_ONCE = 50
ATOM = "{http://www.w3.org/2005/Atom}"
OWN = "{http://arxiv.org/schemas/atom}"
_WITHDRAWN = re.compile(
    r"\W*(?:this|the)\s+(?:paper|article|submission|manuscript|work|preprint)\s+"
    r"(?:has been|was|is)\s+withdrawn\b",
    re.IGNORECASE,
)


def records(ids: Iterable[str], max_age: timedelta) -> dict[str, Record]:
    """What arXiv says of these ids; one it does not know is left out."""
    wanted = list(dict.fromkeys(ids))
    answers = kept_answers(ARXIV, map(_question, wanted), max_age)
    missing = [value for value in wanted if _question(value) not in answers]
    for batch in batched(missing, AT_ONCE):
        answers |= _ask(batch)
    found = {}
    for value in wanted:
        body = answers.get(_question(value))
        if body is not None:
            found[value] = read_entry(parse(body), value)
    return found


def record(value: str, max_age: timedelta) -> Record | None:
    return records([value], max_age).get(value)


def _ask(ids: Sequence[str]) -> dict[str, bytes | None]:
    """One request; each entry is kept under its own id, whichever others it is asked with next."""
    query = {"id_list": ",".join(ids), "max_results": str(len(ids))}
    entries: dict[str, bytes | None] = dict.fromkeys(ids)
    try:
        body = http.get(ARXIV, "/api/query", query).body
    except Nonsense as error:
        if error.status != HTTPStatus.BAD_REQUEST or len(ids) == 1:
            raise
        # One id that arXiv takes for malformed makes it refuse them all.
        half = len(ids) // 2
        return _ask(ids[:half]) | _ask(ids[half:])
    if body is None:
        raise Nonsense("arXiv has no such address")
    for value, entry in entries_of(parse(body)):
        if value in entries:
            entries[value] = ET.tostring(entry)
    for value, content in entries.items():
        keep(ARXIV, _question(value), content)
    return {_question(value): content for value, content in entries.items()}


def _question(value: str) -> str:
    return f"entry {value}"


class _WithoutDoctype(ET.TreeBuilder):
    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        raise Nonsense("arXiv answered with a document type, which may define anything")


def parse(body: bytes) -> ET.Element:
    try:
        return ET.fromstring(body, ET.XMLParser(target=_WithoutDoctype()))  # noqa: S314 - no DTD
    except (ET.ParseError, ValueError, LookupError) as error:
        raise Nonsense("arXiv answered with broken XML") from error


def entries_of(feed: ET.Element) -> Iterator[tuple[str, ET.Element]]:
    """The entries with a title, by their id; an unknown id has none, an error one of its own."""
    if feed.tag != f"{ATOM}feed":
        raise Nonsense("arXiv answered something else than a feed")
    for entry in feed.findall(f"{ATOM}entry"):
        identity = identify(_text(entry, f"{ATOM}id"))
        if identity is not None and identity.scheme == "arxiv" and _text(entry, f"{ATOM}title"):
            yield identity.value, entry


def read_entry(entry: ET.Element, value: str) -> Record:
    summary = _text(entry, f"{ATOM}summary")
    names = (_text(author, f"{ATOM}name") for author in entry.findall(f"{ATOM}author"))
    return Record(
        service=ARXIV.name,
        asked=f"arxiv:{value}",
        title=title_of(_text(entry, f"{ATOM}title")),
        authors=people_of(map(person_of, names)),
        published=date_in(_text(entry, f"{ATOM}published")),
        venue=venue_of(_text(entry, f"{OWN}journal_ref")),
        abstract=None if _WITHDRAWN.match(summary) else abstract_of(_without_breaks(summary)),
        identifiers=identifiers_of([f"arxiv:{value}", *_dois(entry)]),
        retraction=_withdrawal(summary, _text(entry, f"{OWN}comment"), value),
    )


def _dois(entry: ET.Element) -> list[str]:
    """An entry may name several, separated by spaces."""
    return [f"doi:{doi}" for doi in _text(entry, f"{OWN}doi").split()]


def _withdrawal(summary: str, comment: str, value: str) -> Retraction | None:
    if _WITHDRAWN.match(summary) or _WITHDRAWN.match(comment):
        return Retraction("Withdrawn on arXiv.", landing_url("arxiv", value))
    return None


def _without_breaks(text: str) -> str:
    """Lines are cut at 80 characters; a paragraph begins with an indent."""
    return re.sub(r"(?<!\n)\n(?!\n)", " ", re.sub(r"\n[ \t]+", "\n\n", text))


def _text(element: ET.Element, tag: str) -> str:
    return (element.findtext(tag) or "").strip()
