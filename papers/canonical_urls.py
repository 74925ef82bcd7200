"""One spelling for each address that no better identifier exists for."""

import re
from collections.abc import Callable
from urllib.parse import SplitResult, urlsplit, urlunsplit

# Who sent the reader, not what they read.
_TRACKING = re.compile(
    r"utm_\w*|fbclid|gclid|dclid|yclid|msclkid|twclid|mc_[ce]id|mkt_tok|igshid|_hs(?:enc|mi)"
    r"|ref|ref_src|ref_url|referrer|spm|cmpid|si|trk",
    re.IGNORECASE,
)
_ESCAPE = re.compile("%([0-9a-fA-F]{2})")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_DEFAULT_PORTS = frozenset({80, 443})


def canonical_url(url: str) -> str:
    """https, host in lower case without www., no fragment, no tracking, a sorted query.

    ValueError if it is no web address.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"no web address: {url[:200]!r}")
    host = plain_host(parts)
    path = _plain_path(parts.path)
    query = _plain_query(parts.query)
    rewrite = _SITES.get(host)
    if rewrite and (rewritten := rewrite(path)):
        return rewritten
    port = "" if parts.port in (None, *_DEFAULT_PORTS) else f":{parts.port}"
    return urlunsplit(("https", host + port, path, query, ""))


def plain_host(parts: SplitResult) -> str:
    host = (parts.hostname or "").lower().rstrip(".")
    if ":" in host:
        return f"[{host}]"
    # "www.com" is a site's name, "www.example.com" a habit.
    return host.removeprefix("www.") if host.count(".") > 1 else host


def url_pdf(url: str) -> str | None:
    """The PDF behind a canonical address, where the site's own rule gives it."""
    for page, pdf in _PDF_RULES:
        if page.fullmatch(url):
            return page.sub(pdf, url)
    return url if urlsplit(url).path.lower().endswith(".pdf") else None


def _plain_path(path: str) -> str:
    segments: list[str] = []
    for segment in _plain_escapes(path).split("/")[1:]:
        if segment == "..":
            segments = segments[:-1]
        elif segment != ".":
            segments.append(segment)
    return ("/" + "/".join(segments)).rstrip("/")


def _plain_query(query: str) -> str:
    pairs = [pair for pair in _plain_escapes(query).split("&") if pair]
    return "&".join(sorted(pair for pair in pairs if not _TRACKING.fullmatch(pair.split("=")[0])))


def _plain_escapes(text: str) -> str:
    """Escapes in one spelling, and none where none is needed (RFC 3986, 6.2.2)."""
    return _ESCAPE.sub(_plain_escape, text)


def _plain_escape(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return chr(code) if code in _UNRESERVED else f"%{code:02X}"


def _neurips(path: str) -> str | None:
    """PDF, abstract and supplement of a paper share year and hash (a hash alone repeats)."""
    match = _NEURIPS_PATH.fullmatch(path)
    if not match:
        return None
    year, digest, track = int(match[1]), match[2].lower(), match[3] or ""
    if year < _NEURIPS_TRACKS_SINCE:
        return f"https://proceedings.neurips.cc/paper/{year}/hash/{digest}-Abstract.html"
    track = track or "-Conference"
    return f"https://proceedings.neurips.cc/paper_files/paper/{year}/hash/{digest}-Abstract{track}.html"


_NEURIPS_TRACKS_SINCE = 2022
_NEURIPS_PATH = re.compile(
    r"/(?:paper_files/)?paper/((?:19|20)\d\d)/(?:file|hash)/([0-9a-f]{32})"
    r"(?:-[A-Za-z]+(-Conference|-Datasets_and_Benchmarks(?:_Track)?|-Creative_AI_Track)?"
    r"\.(?:pdf|html|zip|txt|bib))?",
    re.IGNORECASE | re.ASCII,
)


def _forum_post(host: str) -> Callable[[str], str | None]:
    """A post's id is enough; the slug changes with its title. Cross-posts stay on their host."""

    def rewrite(path: str) -> str | None:
        match = _POST_PATH.match(path)
        return f"https://{host}/posts/{match[1]}" if match else None

    return rewrite


_POST_PATH = re.compile(r"/(?:posts|s/\w+/p)/(\w{15,20})(?=/|$)", re.ASCII)


def _acl(path: str) -> str | None:
    match = _ACL_PATH.fullmatch(path)
    return f"https://aclanthology.org/{match[1]}" if match else None


_ACL_PATH = re.compile(
    r"(?:/anthology)?/((?:[A-Z]\d{2}-\d{4})|(?:\d{4}\.[\w-]+\.\d+))(?:v\d+)?(?:\.(?:pdf|bib|xml))?",
    re.ASCII,
)


def _pmlr(path: str) -> str | None:
    match = _PMLR_PATH.fullmatch(path)
    return f"https://proceedings.mlr.press/{match[1]}/{match[2]}.html" if match else None


_PMLR_PATH = re.compile(r"/([vr]\d+)/([a-z0-9-]+)(?:\.html|/\2(?:-supp)?\.pdf)?", re.ASCII)


def _nsf_par(path: str) -> str | None:
    match = _NSF_PATH.fullmatch(path)
    return f"https://par.nsf.gov/biblio/{match[1]}" if match else None


_NSF_PATH = re.compile(r"/(?:servlets/purl|biblio)/(\d+)(?:-[^/]*)?", re.ASCII)


def _github(path: str) -> str | None:
    match = _GITHUB_REPOSITORY.fullmatch(path)
    return f"https://github.com/{match[1]}/{match[2]}" if match else None


_GITHUB_REPOSITORY = re.compile(
    r"/([\w-]+)/([\w.-]+?)(?:\.git)?(?:/(?:tree|blob)/(?:main|master|HEAD)(?:/README\.md)?)?",
    re.ASCII,
)

_SITES: dict[str, Callable[[str], str | None]] = {
    **dict.fromkeys(
        ("proceedings.neurips.cc", "papers.neurips.cc", "papers.nips.cc", "proceedings.nips.cc"),
        _neurips,
    ),
    **{
        host: _forum_post(host)
        for host in ("alignmentforum.org", "lesswrong.com", "forum.effectivealtruism.org")
    },
    "aclanthology.org": _acl,
    "aclweb.org": _acl,
    "proceedings.mlr.press": _pmlr,
    "par.nsf.gov": _nsf_par,
    "github.com": _github,
}

_PDF_RULES = (
    (
        re.compile(r"(https://proceedings\.neurips\.cc/.*)/hash/(\w{32})-Abstract(.*)\.html"),
        r"\1/file/\2-Paper\3.pdf",
    ),
    (re.compile(r"(https://aclanthology\.org/[\w.-]+)"), r"\1.pdf"),
    (re.compile(r"(https://proceedings\.mlr\.press/[vr]\d+)/([a-z0-9-]+)\.html"), r"\1/\2/\2.pdf"),
    (re.compile(r"https://par\.nsf\.gov/biblio/(\d+)"), r"https://par.nsf.gov/servlets/purl/\1"),
)
