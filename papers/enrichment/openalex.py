"""OpenAlex: what others are gathered into (https://developers.openalex.org/api-reference/works)."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from papers.enrichment.answers import ask
from papers.enrichment.errors import Nonsense
from papers.enrichment.hosts import OPENALEX
from papers.enrichment.records import (
    LONGEST_ABSTRACT,
    PartialDate,
    Person,
    Record,
    Retraction,
    abstract_in_markup,
    date_in,
    identifiers_of,
    people_of,
    person_of,
    title_of,
    venue_of,
    without_tags,
)
from papers.identifiers import Identifier

MOST_WORDS = 20_000


def record(identity: Identifier, max_age: timedelta) -> Record | None:
    """An arXiv paper is known by the DOI that arXiv registers for it."""
    doi = identity.value if identity.scheme == "doi" else f"10.48550/arxiv.{identity.value}"
    body = ask(OPENALEX, f"/works/{quote(f'doi:{doi}', safe=':')}", max_age=max_age)
    return None if body is None else read(body, identity)


def read(body: bytes, identity: Identifier) -> Record:
    try:
        work = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Nonsense("OpenAlex answered with broken JSON") from error
    if not isinstance(work, dict) or not isinstance(work.get("id"), str):
        raise Nonsense("OpenAlex answered something else than a work")
    return Record(
        service=OPENALEX.name,
        asked=str(identity),
        title=title_of(without_tags(work.get("title") or work.get("display_name"))),
        authors=people_of(_people(work)),
        published=_date(work),
        venue=_venue(work),
        abstract=abstract_in_markup(text_of_index(work.get("abstract_inverted_index"))),
        identifiers=identifiers_of([work.get("doi"), *_addresses(work)]),
        retraction=Retraction("Retracted, according to OpenAlex.") if _retracted(work) else None,
    )


def _people(work: Mapping[str, Any]) -> Iterator[Person | None]:
    for authorship in _objects(work.get("authorships")):
        author = _object(authorship.get("author"))
        name = authorship.get("raw_author_name") or author.get("display_name")
        yield person_of(name, author.get("orcid"))


def _date(work: Mapping[str, Any]) -> PartialDate | None:
    """A day is always given; the first of January mostly stands for a year."""
    date = date_in(work.get("publication_date"))
    return (date[0], None, None) if date and date[1:] == (1, 1) else date


def _venue(work: Mapping[str, Any]) -> str | None:
    """Where it was published: a repository such as arXiv is no venue."""
    for location in (_object(work.get("primary_location")), *_objects(work.get("locations"))):
        source = _object(location.get("source"))
        if source.get("type") not in (None, "repository"):
            return venue_of(without_tags(source.get("display_name")))
    return None


def _addresses(work: Mapping[str, Any]) -> Iterator[Any]:
    for location in _objects(work.get("locations")):
        yield location.get("landing_page_url")


def _retracted(work: Mapping[str, Any]) -> bool:
    return work.get("is_retracted") is True


def text_of_index(index: Any) -> str | None:
    """The abstract, of which each word is given with its places: {"We": [0], "show": [1, 7]}."""
    if not isinstance(index, dict):
        return None
    words: dict[int, str] = {}
    for word, places in index.items():
        for place in places if isinstance(places, list) else ():
            if isinstance(place, int) and 0 <= place < MOST_WORDS:
                words[place] = word
    return " ".join(words[place] for place in sorted(words))[:LONGEST_ABSTRACT] or None


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _objects(values: Any) -> Sequence[Mapping[str, Any]]:
    return [v for v in values if isinstance(v, dict)] if isinstance(values, list) else []
