"""A query string of the search, read: for the page, the API and the feed alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from api.relevance import RelevancePage, frozen_page
from fulltext.query.explanation import explain
from fulltext.query.reading import Query
from newsletter.models import Issue
from papers.filters import PaperFilter
from papers.identifiers import identify
from papers.models import Paper
from search.correcting import corrected
from search.filters import LATEST, EverythingFilter
from search.finding import Search
from search.kinds import FACETS, KINDS


@dataclass(frozen=True, slots=True)
class Asked:
    """`search` is none without words, or where something is mistaken. Where nothing was found and
    other words would be, it is the search for those, and `instead_of` what was asked for."""

    filterset: EverythingFilter
    data: dict[str, str]  # of the search, in one spelling
    search: Search | None = None
    instead_of: Query | None = None

    @property
    def query(self) -> str:
        return urlencode(self.data)

    def query_with(self, **changes: str | None) -> str:
        merged = {**self.data, **changes}
        return urlencode({name: value for name, value in merged.items() if value})

    @property
    def explanation(self) -> str:
        """What is shown, in words: "papers about “robustness”"."""
        if self.search is None:
            return ""
        chosen = {kind.name: kind.many for kind in KINDS}
        return explain(self.search.query.node, chosen.get(self.search.kind or "", "everything"))


def ask(
    request: Any, data: QueryDict, also_known: Iterable[str] = (), *, is_counted: bool = False
) -> Asked:
    filterset = EverythingFilter(data, Paper.objects.none(), request=request, also_known=also_known)
    known = filterset.known()
    given = {name: str(data[name]) for name in sorted(known) if data.get(name)}
    if not filterset.form.is_valid():
        return Asked(filterset, given)
    cleaned = filterset.form.cleaned_data
    query: Query | None = cleaned["q"]
    if query is None:
        return Asked(filterset, given)
    given["q"] = query.text
    search = _search(query, cleaned, request, is_counted=is_counted)
    if cleaned["verbatim"] or data.get("cursor") or not search.is_empty:
        return Asked(filterset, given, search)
    if better := corrected(search):
        given["q"] = better.text
        search = _search(better, cleaned, request, is_counted=is_counted)
        return Asked(filterset, given, search, instead_of=query)
    return Asked(filterset, given, search)


def found_page(
    asked: Asked, cursor: str | None, size: int, *, as_entries: bool = False
) -> RelevancePage:
    """Its rows are `Hit`s, or entries of a feed. Raises CursorError; without words nothing is
    found."""
    search = asked.search
    if search is None:
        return RelevancePage([], None, None, 0, True)
    read = search.feed_entries if as_entries else search.hits
    return frozen_page(search.ranked, read, search.asked, cursor, size)


def _search(query: Query, cleaned: dict[str, Any], request: Any, *, is_counted: bool) -> Search:
    values = {name: str(cleaned[name] or "") for name in FACETS}
    latest = cleaned["ordering"] == LATEST
    return Search(
        query, values, cleaned["kind"] or None, request, latest=latest, is_counted=is_counted
    )


def named(search: Search) -> Paper | Issue | None:
    """What a pasted arXiv id, DOI or address leads to: the one paper, or the issue."""
    name = search.query.identifier
    if name is None or search.values:
        return None
    paper = _paper_named(name, search) if search.kind in (None, "paper") else None
    return paper or (_issue_named(name, search) if search.kind is None else None)


def _paper_named(name: str, search: Search) -> Paper | None:
    papers = Paper.objects.visible_to(search.user)
    query = QueryDict(urlencode({"url": name}))
    found = list(PaperFilter(query, papers, request=search.request).qs[:2])
    return found[0] if len(found) == 1 else None


def _issue_named(name: str, search: Search) -> Issue | None:
    identity = identify(name)
    if identity is None:
        return None
    issues = Issue.objects.visible_to(search.user)
    return issues.filter(sources__canonical_url=identity.value).first()
