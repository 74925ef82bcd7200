"""One name for one work, whatever address or id somebody used for it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, quote, unquote, urlsplit

from markup.urls import MAX_URL_LENGTH, clean_url

from .canonical_urls import canonical_url, plain_host, url_pdf
from .publishers import doi_in_path, is_research_host

__all__ = [
    "Identifier",
    "canonical_url",
    "identify",
    "is_research_host",
    "landing_url",
    "looks_like_paper",
    "pdf_url",
]

SCHEMES = ("arxiv", "doi", "openreview", "url")

# Four digits after the point until 2014, five since; before April 2007 archive/number.
_ARXIV_ID = re.compile(
    r"((?:0[7-9]|1[0-4])(?:0[1-9]|1[0-2])\.\d{4}|(?:1[5-9]|[2-9]\d)(?:0[1-9]|1[0-2])\.\d{5}"
    r"|[a-z]+(?:-[a-z]+)?(?:\.[a-z]{2})?/\d{2}(?:0[1-9]|1[0-2])\d{3})(v[1-9]\d{0,2})?",
    re.IGNORECASE | re.ASCII,
)
_ARXIV_PREFIXED = re.compile(r"\Aarxiv:\s*", re.IGNORECASE)
_ARXIV_NOTE = re.compile(r"\s*\[[\w.\-]+\]$", re.ASCII)  # "arXiv:2101.00001 [cs.LG]"
_ARXIV_PATH = re.compile(
    r"/(?:[a-z][a-z-]*/)*?(?:arxiv:)?(?=\d{4}\.\d|[a-z.-]+/\d{7})", re.IGNORECASE
)
_ARXIV_PATH_END = re.compile(r"(?:\.pdf)?(?:/.*|\W*)", re.IGNORECASE)
_ARXIV_HOSTS = frozenset(
    {"arxiv.org", "ar5iv.org", "ar5iv.labs.arxiv.org", "alphaxiv.org", "xxx.lanl.gov",
     "arxiv-vanity.com", "scirate.com"}
)  # fmt: skip
_ARXIV_DOI = "10.48550/arxiv."

_DOI = re.compile(r"10\.\d{4,9}/[!-~]{1,300}", re.ASCII)
_DOI_PREFIXED = re.compile(r"\Adoi:\s*", re.IGNORECASE)
_DOI_HOSTS = frozenset({"doi.org", "dx.doi.org"})
_CLOSING = {")": "(", "]": "[", "}": "{", ">": "<"}

_OPENREVIEW_ID = re.compile(r"[A-Za-z0-9_-]{6,24}", re.ASCII)
_OPENREVIEW_PATHS = frozenset({"/forum", "/pdf", "/attachment"})

_BARE_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}/", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class Identifier:
    """Scheme and value are the identity; version and fragment belong to the mention."""

    scheme: str
    value: str
    version: str | None = None
    fragment: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        return self.scheme, self.value

    @property
    def landing_url(self) -> str:
        return landing_url(self.scheme, self.value, self.version)

    @property
    def pdf_url(self) -> str | None:
        return pdf_url(self.scheme, self.value, self.version)

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"


def identify(raw: str) -> Identifier | None:
    """The identity behind a bare id or a web address that may be a link; None for all else."""
    if not isinstance(raw, str) or len(raw) > MAX_URL_LENGTH:
        return None
    text = raw.strip().removeprefix("<").removesuffix(">").strip()
    bare = _bare_identifier(text)
    if bare:
        return bare
    if _BARE_HOST.match(text) and is_research_host(text.partition("/")[0]):
        text = f"https://{text}"
    url = clean_url(text)
    if url is None or url.startswith("mailto:"):
        return None
    return _identify_url(url)


def landing_url(scheme: str, value: str, version: str | None = None) -> str:
    """The page that presents the work."""
    match scheme:
        case "arxiv":
            return f"https://arxiv.org/abs/{value}{version or ''}"
        case "doi":
            return f"https://doi.org/{quote(value, safe='/:;()._-,')}"
        case "openreview":
            return f"https://openreview.net/forum?id={value}"
        case "url":
            return value
    raise ValueError(f"unknown scheme {scheme!r}")


def pdf_url(scheme: str, value: str, version: str | None = None) -> str | None:
    """The work's PDF, where its address follows from the identifier."""
    match scheme:
        case "arxiv":
            return f"https://arxiv.org/pdf/{value}{version or ''}"
        case "openreview":
            return f"https://openreview.net/pdf?id={value}"
        case "url":
            return url_pdf(value)
    return None


def looks_like_paper(url: str) -> bool:
    """Whether the address alone says that it leads to a research paper."""
    identifier = identify(url)
    if identifier is None:
        return False
    if identifier.scheme != "url":
        return True
    parts = urlsplit(identifier.value)
    return bool(parts.path.strip("/")) and is_research_host(parts.hostname or "", papers_only=True)


def _bare_identifier(text: str) -> Identifier | None:
    prefixed = _ARXIV_PREFIXED.sub("", text, count=1)
    arxiv = _arxiv(_ARXIV_NOTE.sub("", prefixed))
    if arxiv:
        return arxiv
    doi = _doi(_DOI_PREFIXED.sub("", text, count=1))
    if doi:
        return doi
    scheme, _, value = text.partition(":")
    return _openreview(value.strip()) if scheme.lower() == "openreview" else None


def _identify_url(url: str) -> Identifier:
    parts = urlsplit(url)
    host = plain_host(parts)
    fragment = parts.fragment or None
    for find in _FINDERS:
        found = find(host, parts)
        if found:
            return Identifier(found.scheme, found.value, found.version, fragment)
    return Identifier("url", canonical_url(url), fragment=fragment)


def _find_arxiv(host: str, parts: SplitResult) -> Identifier | None:
    if host not in _ARXIV_HOSTS and not host.endswith(".arxiv.org"):
        return None
    path = unquote(parts.path)
    start = _ARXIV_PATH.match(path)
    match = _ARXIV_ID.match(path, start.end()) if start else None
    if match is None or not _ARXIV_PATH_END.fullmatch(path, match.end()):
        return None
    return _arxiv(match[0])


def _find_doi(host: str, parts: SplitResult) -> Identifier | None:
    path = unquote(parts.path)
    if host in _DOI_HOSTS:
        return _doi(path.lstrip("/"))
    found = doi_in_path(host, path, parse_qs(parts.query))
    return _doi(found) if found else None


def _find_openreview(host: str, parts: SplitResult) -> Identifier | None:
    if host != "openreview.net" or parts.path.rstrip("/") not in _OPENREVIEW_PATHS:
        return None
    return _openreview(parse_qs(parts.query).get("id", [""])[0])


_FINDERS: tuple[Callable[[str, SplitResult], Identifier | None], ...] = (
    _find_arxiv,
    _find_doi,
    _find_openreview,
)


def _arxiv(text: str) -> Identifier | None:
    match = _ARXIV_ID.fullmatch(_without_trailing_punctuation(text.strip()))
    if match is None:
        return None
    value, version = match[1].lower(), match[2]
    archive, slash, number = value.partition("/")
    # math.GT/0309136 is math/0309136: the subject class was never part of the id.
    value = archive.partition(".")[0] + slash + number if slash else value
    return Identifier("arxiv", value, version.lower() if version else None)


def _doi(text: str) -> Identifier | None:
    value = _without_trailing_punctuation(text.strip()).lower()
    if not _DOI.fullmatch(value):
        return None
    if value.startswith(_ARXIV_DOI):
        return _arxiv(value.removeprefix(_ARXIV_DOI)) or Identifier("doi", value)
    return Identifier("doi", value)


def _openreview(text: str) -> Identifier | None:
    return Identifier("openreview", text) if _OPENREVIEW_ID.fullmatch(text) else None


def _without_trailing_punctuation(text: str) -> str:
    """What a sentence leaves behind an id; a closing bracket stays if it was opened inside."""
    while text:
        last = text[-1]
        opening = _CLOSING.get(last)
        if last not in "/.,;:!?\"'’”" and not (opening and text.count(last) > text.count(opening)):
            break
        text = text[:-1]
    return text
