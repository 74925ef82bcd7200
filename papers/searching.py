"""What of a paper can be searched."""

from collections.abc import Iterator, Mapping, Sequence

from fulltext import registry
from fulltext.registry import Document, Kind
from papers.identifiers import identify
from papers.models import Authorship, Identifier, Paper


def register() -> None:
    registry.register(Kind("paper", 1, Paper, documents, texts=texts))
    registry.register_identifier_reader(normal_identifier)


def documents(keys: Sequence[object]) -> Iterator[Document]:
    return _documents(keys, _by_paper(Identifier, keys, "scheme", "value"))


def texts(keys: Sequence[object]) -> Iterator[Document]:
    return _documents(keys, {})


def _documents(
    keys: Sequence[object], identifiers: Mapping[object, list[tuple]]
) -> Iterator[Document]:
    """Merged papers are found by what they were merged into."""
    papers = Paper._base_manager.filter(pk__in=keys, merged_into=None).values_list(
        "pk", "title", "alternative_titles", "venue", "abstract", "citation_key"
    )
    authors = _by_paper(Authorship, keys, "name_as_printed")
    for pk, title, other_titles, venue, abstract, citation_key in papers:
        yield Document(
            key=pk,
            title=(title, *map(str, other_titles)),
            author=[name for (name,) in authors.get(pk, ())],
            venue=(venue,) if venue else (),
            identifier=[citation_key, *map(":".join, identifiers.get(pk, ()))],
            body=(abstract,) if abstract else (),
        )


def normal_identifier(text: str) -> str | None:
    identifier = identify(text)
    return str(identifier) if identifier else None


def _by_paper(model, keys: Sequence[object], *fields: str) -> dict[object, list[tuple]]:
    grouped: dict[object, list[tuple]] = {}
    rows = model._base_manager.filter(paper__in=keys).values_list("paper_id", *fields)
    for paper, *values in rows.order_by("paper_id", "pk" if model is Identifier else "position"):
        grouped.setdefault(paper, []).append(tuple(values))
    return grouped
