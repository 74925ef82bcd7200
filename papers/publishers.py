"""What is known of the sites that papers stand on."""

import re
from collections.abc import Mapping, Sequence

# Every address on these (but the front page) leads to a paper.
_PAPER_HOSTS = frozenset(
    {
        "aclanthology.org",
        "alphaxiv.org",
        "ar5iv.org",
        "arxiv.org",
        "biorxiv.org",
        "datasets-benchmarks-proceedings.neurips.cc",
        "distill.pub",
        "ecva.net",
        "eprint.iacr.org",
        "jair.org",
        "jmlr.org",
        "medrxiv.org",
        "mlr.press",
        "ojs.aaai.org",
        "openaccess.thecvf.com",
        "openreview.net",
        "papers.nips.cc",
        "papers.neurips.cc",
        "papers.ssrn.com",
        "par.nsf.gov",
        "proceedings.neurips.cc",
        "semanticscholar.org",
        "transformer-circuits.pub",
    }
)
# These hold journals, calls and collections as well: only a DOI in the address says "paper".
_PUBLISHER_HOSTS = frozenset(
    {
        "acm.org",
        "annualreviews.org",
        "aps.org",
        "cambridge.org",
        "doi.org",
        "frontiersin.org",
        "ieee.org",
        "iop.org",
        "mitpress.mit.edu",
        "nature.com",
        "oup.com",
        "plos.org",
        "pnas.org",
        "royalsocietypublishing.org",
        "sagepub.com",
        "science.org",
        "sciencedirect.com",
        "springer.com",
        "tandfonline.com",
        "wiley.com",
    }
)
_NATURE_ARTICLE = re.compile(
    r"/articles/([a-z0-9][a-z0-9._-]*[a-z0-9])/?", re.IGNORECASE | re.ASCII
)
_DOI_SEGMENT = re.compile(r"/(10\.\d{4,9}/.+)", re.ASCII)
_DOI_FOLDER = re.compile(r"/doi/(?:[a-z]+/)*(10\.\d{4,9}/.+)", re.IGNORECASE | re.ASCII)
# What sites append to the DOI in an address: a view of the paper, not its name.
_VIEW = re.compile(
    r"(?:/(?:full|abstract|abs|pdf|epdf|html|meta|summary|fulltext|references|citations)"
    r"|\.(?:full|abstract|pdf|html)|\.full-text|\.full\.pdf)$",
    re.IGNORECASE,
)
_PREPRINT_VERSION = re.compile(r"v\d{1,2}$")
_PREPRINT_HOSTS = ("biorxiv.org", "medrxiv.org")


def is_research_host(host: str, *, papers_only: bool = False) -> bool:
    """Whether a site is known for research; `papers_only` leaves out those that hold more."""
    name = host.lower().rstrip(".").removeprefix("www.")
    return _is_under(name, _PAPER_HOSTS) or (not papers_only and _is_under(name, _PUBLISHER_HOSTS))


def doi_in_path(host: str, path: str, query: Mapping[str, Sequence[str]]) -> str | None:
    """The DOI that a publisher's address spells out; None if it has none."""
    if _is_under(host, {"nature.com"}):
        article = _NATURE_ARTICLE.fullmatch(path)
        return f"10.1038/{article[1].removesuffix('.pdf')}" if article else None
    if _is_under(host, {"plos.org"}) and query.get("id"):
        return query["id"][0]
    found = _DOI_FOLDER.search(path)
    if not found and is_research_host(host):
        found = _DOI_SEGMENT.search(path)
    if not found:
        return None
    doi = _without_views(found[1].rstrip("/"))
    return _PREPRINT_VERSION.sub("", doi) if _is_under(host, _PREPRINT_HOSTS) else doi


def _without_views(doi: str) -> str:
    while (shorter := _VIEW.sub("", doi)) != doi:
        doi = shorter
    return doi


def _is_under(host: str, names: frozenset[str] | set[str] | Sequence[str]) -> bool:
    return any(host == name or host.endswith(f".{name}") for name in names)
