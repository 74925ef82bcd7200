"""What the services say of a paper."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from papers.enrichment import arxiv, crossref, openalex
from papers.enrichment.errors import ServiceError
from papers.enrichment.records import Record
from papers.identifiers import Identifier

MOST_DOIS = 3  # of one paper


@dataclass(slots=True)
class Gathered:
    """The records of a paper, and what went wrong with the services that have none of it."""

    records: list[Record] = field(default_factory=list)
    errors: list[ServiceError] = field(default_factory=list)
    was_asked: bool = False


def prefetch(identities: Iterable[Identifier], max_age: timedelta) -> None:
    """Ask arXiv about many at once; what went wrong shows when one of them is asked for."""
    with suppress(ServiceError):
        arxiv.records((each.value for each in identities if each.scheme == "arxiv"), max_age)


def gather(identities: Sequence[Identifier], max_age: timedelta) -> Gathered:
    """In the order arXiv, Crossref, OpenAlex, since each may name what to ask the next."""
    found = Gathered()
    for identity in identities:
        if identity.scheme == "arxiv":
            _ask(found, partial(arxiv.record, identity.value, max_age))
    dois = _dois(identities, found.records)
    for doi in dois:
        _ask(found, partial(crossref.record, doi, max_age))
    if known := _best_known(identities, dois):
        _ask(found, partial(openalex.record, known, max_age))
    return found


def _ask(found: Gathered, question: Callable[[], Record | None]) -> None:
    found.was_asked = True
    try:
        record = question()
    except ServiceError as error:
        found.errors.append(error)
    else:
        if record is not None:
            found.records.append(record)


def _dois(identities: Iterable[Identifier], records: Iterable[Record]) -> list[str]:
    """The paper's own, then those that arXiv names for its published version."""
    named = [identity for record in records for identity in record.identifiers]
    dois = [each.value for each in (*identities, *named) if each.scheme == "doi"]
    return list(dict.fromkeys(dois))[:MOST_DOIS]


def _best_known(identities: Sequence[Identifier], dois: Sequence[str]) -> Identifier | None:
    if dois:
        return Identifier("doi", dois[0])
    return next((each for each in identities if each.scheme == "arxiv"), None)
