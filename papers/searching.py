"""What of a paper can be searched."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from fulltext import registry
from fulltext.registry import Document, Kind
from papers.identifiers import identify
from papers.models import Authorship, CitationKeyAlias, Identifier, Paper

TEXTS = ("title", "alternative_titles", "venue", "abstract")
_CITATION_KEY = re.compile(r"[a-z]+[12][0-9]{3}[a-z0-9]*", re.ASCII | re.IGNORECASE)


def register() -> None:
    registry.register(Kind("paper", 1, Paper, documents))
    registry.register_identifier_reader(normal_identifier)
    registry.register_key_reader(citation_key)


def documents(keys: Sequence[object]) -> Iterator[Document]:
    """Merged papers are found by what they were merged into; a former key finds its paper too."""
    identifiers = _by_paper(Identifier, keys, "scheme", "value")
    former_keys = _by_paper(CitationKeyAlias, keys, "key")
    papers = Paper._base_manager.filter(pk__in=keys, merged_into=None)
    authors = authors_of(keys)
    for pk, citation_key, *texts in papers.values_list("pk", "citation_key", *TEXTS):
        names = [*former_keys.get(pk, ()), *identifiers.get(pk, ())]
        named = [citation_key, *map(":".join, names)]
        yield document(pk, texts, authors.get(pk, ()), named)


def document(
    key: int, texts: Sequence[Any], authors: Sequence[str], identifiers: Sequence[str] = ()
) -> Document:
    """`texts` are the values of TEXTS."""
    title, other_titles, venue, abstract = texts
    return Document(
        key=key,
        title=(title, *map(str, other_titles)),
        author=authors,
        venue=(venue,) if venue else (),
        identifier=identifiers,
        body=(abstract,) if abstract else (),
    )


def authors_of(keys: Sequence[object]) -> dict[object, list[str]]:
    """All names, as they are printed."""
    written = _by_paper(Authorship, keys, "name_as_printed")
    return {paper: [name for (name,) in names] for paper, names in written.items()}


def normal_identifier(text: str) -> str | None:
    identifier = identify(text)
    return str(identifier) if identifier else None


def citation_key(text: str) -> str | None:
    """What looks like one that was made here: hendrycks2021unsolved."""
    return text.casefold() if _CITATION_KEY.fullmatch(text) else None


def _by_paper(model, keys: Sequence[object], *fields: str) -> dict[object, list[tuple]]:
    grouped: dict[object, list[tuple]] = {}
    rows = model._base_manager.filter(paper__in=keys).values_list("paper_id", *fields)
    for paper, *values in rows.order_by("paper_id", "position" if model is Authorship else "pk"):
        grouped.setdefault(paper, []).append(tuple(values))
    return grouped
