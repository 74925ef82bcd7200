"""Crossref's REST API: what publishers say of a DOI (https://api.crossref.org/swagger-ui/)."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from papers.enrichment.answers import ask
from papers.enrichment.errors import Nonsense
from papers.enrichment.hosts import CROSSREF
from papers.enrichment.records import (
    PartialDate,
    Person,
    Record,
    Retraction,
    abstract_in_markup,
    date_of,
    identifiers_of,
    people_of,
    person_of,
    title_of,
    venue_of,
    without_tags,
)
from papers.identifiers import identify
from papers.models.works import printed_date

# The day of the work itself before those of its forms and of its record.
DATES = ("published", "published-online", "published-print", "posted", "issued")
SAME_WORK = ("is-preprint-of", "has-preprint", "is-identical-to")
RETRACTIONS = {"retraction", "withdrawal", "removal"}


def record(doi: str, max_age: timedelta) -> Record | None:
    """None where Crossref does not know the DOI: others register DOIs, too."""
    body = ask(CROSSREF, f"/works/{quote(doi, safe='')}", max_age=max_age)
    return None if body is None else read(body, doi)


def read(body: bytes, doi: str) -> Record:
    work = _work_in(body)
    given = identify(f"doi:{work.get('DOI')}")
    if given is None or given.value != doi:
        raise Nonsense("Crossref answered about another work")
    return Record(
        service=CROSSREF.name,
        asked=f"doi:{doi}",
        title=_title(work),
        authors=people_of(_people(work)),
        published=_date(work),
        venue=venue_of(_first(work, "container-title") or _name_of_event(work)),
        abstract=abstract_in_markup(work.get("abstract")),
        identifiers=identifiers_of([f"doi:{doi}", *_same_works(work)]),
        retraction=_retraction(work),
    )


def _work_in(body: bytes) -> Mapping[str, Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Nonsense("Crossref answered with broken JSON") from error
    work = answer.get("message") if isinstance(answer, dict) else None
    if not isinstance(work, dict) or answer.get("message-type") != "work":
        raise Nonsense("Crossref answered something else than a work")
    return work


def _title(work: Mapping[str, Any]) -> str | None:
    title, subtitle = _first(work, "title"), _first(work, "subtitle")
    if title and subtitle and subtitle.casefold() not in title.casefold():
        title = f"{title.rstrip(':')}: {subtitle}"
    return title_of(title)


def _people(work: Mapping[str, Any]) -> Iterator[Person | None]:
    for author in _objects(work.get("author")):
        parts = (author.get(part) for part in ("given", "family", "suffix"))
        whole = " ".join(filter(None, map(without_tags, parts)))
        # An organisation has a `name`.
        yield person_of(whole or author.get("name"), author.get("ORCID"))


def _date(work: Mapping[str, Any]) -> PartialDate | None:
    for name in DATES:
        if date := _date_parts(work.get(name)):
            return date
    return None


def _date_parts(value: Any) -> PartialDate | None:
    """[[2021, 7, 1]], as far as it is known; [[null]] where nothing is."""
    parts = value.get("date-parts") if isinstance(value, dict) else None
    first = parts[0] if isinstance(parts, list) and parts else None
    return date_of(first) if isinstance(first, list) else None


def _name_of_event(work: Mapping[str, Any]) -> str:
    event = work.get("event")
    return without_tags(event.get("name")) if isinstance(event, dict) else ""


def _same_works(work: Mapping[str, Any]) -> Iterator[str]:
    relations = work.get("relation")
    for kind in SAME_WORK:
        for other in _objects(relations.get(kind) if isinstance(relations, dict) else None):
            if other.get("id-type") in ("doi", "arxiv", "uri"):
                # A bare number such as 2303.08112 is read as well.
                yield str(other.get("id"))


def _retraction(work: Mapping[str, Any]) -> Retraction | None:
    """`updated-by` names the notices about this work; in `update-to` it would be the notice."""
    for notice in _objects(work.get("updated-by")):
        kind = str(notice.get("type")).lower().replace("_", "-")
        if kind not in RETRACTIONS:
            continue
        date = _date_parts(notice.get("updated"))
        since = f" {printed_date(*date)}" if date else ""
        told = "Retraction Watch" if notice.get("source") == "retraction-watch" else "its publisher"
        identity = identify(f"doi:{notice.get('DOI')}")
        return Retraction(
            f"{kind.capitalize()}{since}, told by {told}.",
            identity.landing_url if identity else None,
        )
    return None


def _first(work: Mapping[str, Any], name: str) -> str:
    values = work.get(name)
    return without_tags(values[0]) if isinstance(values, list) and values else ""


def _objects(values: Any) -> Sequence[Mapping[str, Any]]:
    return [v for v in values if isinstance(v, dict)] if isinstance(values, list) else []
