"""Papers from the database as citations: a number of queries that grows with batches alone."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import CharField, QuerySet, Value

from api.among import Ids
from api.keyset import Ordering, keyset_page
from api.resources import grouped
from markup.text import clean_line, clean_text
from markup.urls import clean_url
from papers.citations.citation import Citation
from papers.citations.names import OTHERS
from papers.citations.notes import editors_note, notes_of
from papers.models import Authorship, Identifier, Paper

COLUMNS = (
    "id",
    "kind",
    "title",
    "title_source",
    "alternative_titles",
    "published_year",
    "published_month",
    "published_day",
    "published_order",
    "venue",
    "abstract",
    "citation_key",
    "url",
    "pdf_url",
    "code_url",
    "editor_note",
    "sources",
)
BATCH = 2_000


def citations_of(
    papers: Sequence[Mapping[str, Any]], user, *, with_notes: bool = True
) -> list[Citation]:
    """From values of COLUMNS, in three queries more."""
    ids = [paper["id"] for paper in papers]
    authors = _authors(Ids(ids))
    identifiers, keywords = _names(Ids(ids))
    notes = notes_of(ids, user) if with_notes else {}
    return [
        citation_from(
            paper,
            authors.get(paper["id"], []),
            identifiers.get(paper["id"], []),
            keywords.get(paper["id"], []),
            notes=[*notes.get(paper["id"], []), *kept_notes(paper["sources"], user)],
        )
        for paper in papers
    ]


def batches(papers: QuerySet, ordering: Ordering, size: int = BATCH) -> Iterator[list[Any]]:
    """All rows of `papers.values()`, in order, a batch at a time: memory stays flat."""
    cursor: str | None = None
    while True:
        page = keyset_page(papers, ordering, cursor, size)
        yield page.rows
        cursor = page.next
        if cursor is None:
            return


def citation_from(
    paper: Mapping[str, Any],
    authors: Sequence[str],
    identifiers: Sequence[tuple[str, str]],
    keywords: Sequence[str],
    *,
    notes: Sequence[str] = (),
    has_more_authors: bool = False,
) -> Citation:
    """From what was read already; of `paper` the values of COLUMNS."""
    kept = paper["sources"]
    details = kept.get("csl", {})
    return Citation(
        key=clean_line(paper["citation_key"]),
        kind=paper["kind"],
        title=clean_line(paper["title"]) or "Untitled",
        title_source=paper["title_source"],
        alternative_titles=tuple(clean_line(str(each)) for each in paper["alternative_titles"]),
        authors=(*authors, OTHERS.literal) if has_more_authors else tuple(authors),
        year=paper["published_year"],
        month=paper["published_month"],
        day=paper["published_day"],
        venue=clean_line(paper["venue"] or "") or None,
        volume=_detail(details, "volume"),
        issue=_detail(details, "issue"),
        pages=_detail(details, "page"),
        abstract=clean_text(paper["abstract"] or "").strip() or None,
        url=paper["url"],
        pdf_url=paper["pdf_url"],
        code_url=paper["code_url"],
        identifiers=tuple(sorted(each for each in identifiers if _is_fit(*each))),
        keywords=keywords_of([*keywords, *map(str, kept.get("keywords", ()))]),
        notes=(*notes, *editors_note(paper["editor_note"])),
    )


def keywords_of(names: Sequence[str]) -> tuple[str, ...]:
    """As formats tell keywords apart: by commas and semicolons, each once, by the alphabet."""
    parts = (part for name in names for part in clean_line(name).replace(";", ",").split(","))
    return tuple(sorted({part.strip() for part in parts if part.strip()}))


def kept_notes(sources: Mapping[str, Any], user) -> list[str]:
    """Notes of a file the paper came from: maintainers' alone, since such notes may be private."""
    is_maintainer = user.is_authenticated and user.is_staff
    return (
        [clean_text(str(note)) for note in sources.get("reference_notes", ())]
        if is_maintainer
        else []
    )


def _is_fit(scheme: str, value: str) -> bool:
    """Whatever way it came into the database: a name that its scheme could have given."""
    if scheme == Identifier.Scheme.URL:
        return clean_url(value) is not None
    if scheme == Identifier.Scheme.DOI:
        return value.startswith("10.") and value.isprintable()
    return ":" not in value and value.isprintable()


def _detail(details: Mapping[str, Any], name: str) -> str | None:
    return clean_line(str(details.get(name) or "")) or None


def _authors(ids: Ids) -> dict[int, list[str]]:
    written = Authorship.objects.filter(paper__among=ids).order_by("paper", "position")
    return grouped(written.values_list("paper", "name_as_printed"))


def _names(ids: Ids) -> tuple[dict[int, list[tuple[str, str]]], dict[int, list[str]]]:
    """Identifiers, and topics by name, in one round trip."""
    named = Identifier.objects.filter(paper__among=ids).order_by()
    filed = Paper.topics.through.objects.filter(paper__among=ids).order_by()
    rows = named.values_list("paper", "scheme", "value").union(
        filed.values_list("paper", Value("topic", CharField()), "topic__name"), all=True
    )
    identifiers: dict[int, list[tuple[str, str]]] = {}
    topics: dict[int, list[str]] = {}
    for paper, scheme, value in rows.order_by():
        if scheme == "topic":
            topics.setdefault(paper, []).append(value)
        else:
            identifiers.setdefault(paper, []).append((scheme, value))
    return identifiers, topics
