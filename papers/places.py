"""Where a paper is to be had and spoken of: its versions, and what newsletters link beside it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from markup.urls import clean_url
from papers.canonical_urls import plain_host
from papers.identifiers import identify, landing_url, pdf_url
from papers.models import Identifier
from papers.surroundings import Row

MOST = 30
LONGEST_PATH = 36
# In the order in which they are shown.
KINDS = {
    "page": "Page",
    "pdf": "PDF",
    "code": "Code",
    "video": "Video",
    "website": "Website",
    "discussion": "Discussion",
    "article": "Article",
}
# A link's role says what an address is, unless its host says it better.
ROLES = {"code": "code", "video": "video", "website": "website", "article": "article"}
HOSTS = {
    **dict.fromkeys(
        ("alignmentforum.org", "lesswrong.com", "forum.effectivealtruism.org", "reddit.com",
         "old.reddit.com", "news.ycombinator.com"), "discussion",
    ),
    **dict.fromkeys(("youtube.com", "youtu.be", "vimeo.com", "slideslive.com"), "video"),
    **dict.fromkeys(
        ("github.com", "gitlab.com", "bitbucket.org", "huggingface.co", "paperswithcode.com"),
        "code",
    ),
}  # fmt: skip
SCHEMES = {"arxiv": "arXiv", "doi": "DOI", "openreview": "OpenReview"}


@dataclass(frozen=True, slots=True)
class Place:
    """An address that is safe to follow, and what is found there."""

    kind: str
    name: str
    url: str

    @property
    def kind_name(self) -> str:
        return KINDS[self.kind]


def places_of(
    paper: Mapping[str, Any], names: Iterable[tuple[str, str]], links: Iterable[tuple[str, str]]
) -> list[Place]:
    """Each once, from a paper's columns, its identifiers and its `links_beside`."""
    found: dict[tuple[str, str, bool], Place] = {}
    for kind, url in _addresses(paper, names, links):
        place = _place(kind, url)
        if place is not None:
            found.setdefault(_key(place), place)
    order = list(KINDS)
    return sorted(found.values(), key=lambda place: order.index(place.kind))[:MOST]


def links_beside(paper: int, around: Iterable[Row]) -> list[tuple[str, str]]:
    """Role and address of links to the work's own code, video, website and articles.

    They stand in entries that present this work and no other: beside two works, a link may
    belong to either.
    """
    rows = list(around)
    presented: dict[int, set[int]] = {}
    for row in rows:
        if row["role"] == "primary" and row["paper"] is not None:
            presented.setdefault(row["entry"], set()).add(row["paper"])
    alone = {entry for entry, papers in presented.items() if papers == {paper}}
    return [
        (row["role"], row["href"])
        for row in rows
        if row["href"] and row["role"] in ROLES and _is_its_own(row, paper, alone)
    ]


def _is_its_own(row: Row, paper: int, alone: set[int]) -> bool:
    return row["paper"] == paper or (row["paper"] is None and row["entry"] in alone)


def _addresses(
    paper: Mapping[str, Any], names: Iterable[tuple[str, str]], links: Iterable[tuple[str, str]]
) -> Iterator[tuple[str | None, str]]:
    for scheme, value in names:
        if scheme != Identifier.Scheme.URL:
            yield "page", landing_url(scheme, value)
            if pdf := pdf_url(scheme, value):
                yield "pdf", pdf
    yield None, paper["url"] or ""
    yield "pdf", paper["pdf_url"] or ""
    yield "code", paper["code_url"] or ""
    yield from ((None, value) for scheme, value in names if scheme == Identifier.Scheme.URL)
    yield from ((ROLES[role], url) for role, url in links)


def _place(kind: str | None, url: str) -> Place | None:
    safe = clean_url(url)
    if safe is None or safe.startswith("mailto:"):
        return None
    parts = urlsplit(safe)
    host = plain_host(parts)
    if parts.path.lower().endswith(".pdf"):
        kind = "pdf"
    kind = HOSTS.get(host) or kind or "page"
    identity = identify(safe)
    is_named = identity is not None and identity.scheme in SCHEMES
    if is_named:
        return Place(kind, f"{SCHEMES[identity.scheme]} {identity.value}", safe)  # type: ignore[union-attr]
    return Place(kind, shortened(host, parts), safe)


def shortened(host: str, parts: SplitResult) -> str:
    """An address as one reads it out: no scheme, and no more than tells it from others."""
    path = parts.path.rstrip("/") + (f"?{parts.query}" if parts.query else "")
    return host + (path if len(path) <= LONGEST_PATH else f"{path[: LONGEST_PATH - 1]}…")


def with_pdfs(places: Iterable[Place]) -> list[tuple[Place, Place | None]]:
    """Each place, a page together with its own PDF."""
    pdfs = {_key(place)[:2]: place for place in places if place.kind == "pdf"}
    lines: list[tuple[Place, Place | None]] = []
    for place in places:
        if place.kind == "page":
            lines.append((place, pdfs.pop(_key(place)[:2], None)))
        elif place.kind != "pdf" or place in pdfs.values():
            lines.append((place, None))
    return lines


def _key(place: Place) -> tuple[str, str, bool]:
    """A work's page and its PDF are two places, however their addresses are written."""
    identity = identify(place.url)
    scheme, value = identity.key if identity else ("url", place.url)
    return scheme, value, place.kind == "pdf"
