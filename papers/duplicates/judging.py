"""Whether two works may be one, from what is known of them alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product
from urllib.parse import urlsplit

from papers.citation_keys import family_name
from papers.duplicates.titles import begins_alike, is_same, likeness, words_of
from papers.models import DuplicateSuggestion

Reason = DuplicateSuggestion.Reason

SURE_ENOUGH = 0.5
ALIKE = 0.92
ALIKE_WITHOUT_AUTHORS = 0.95
DISTINCTIVE = 4  # words of a title that two works hardly share by chance
MOST_AUTHORS = 50
YEARS_APART = 3
FORUMS = frozenset({"alignmentforum.org", "lesswrong.com", "forum.effectivealtruism.org"})
# Kinds of things that bear a paper's title beside it.
COMPANIONS = frozenset({"dataset", "code", "project"})


@dataclass(frozen=True, slots=True)
class Work:
    """What two papers are compared by."""

    pk: int
    kind: str
    titles: tuple[str, ...]
    year: int | None = None
    families: frozenset[str] = frozenset()
    identifiers: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def ids(self, scheme: str) -> frozenset[str]:
        return self.identifiers.get(scheme, frozenset())

    @property
    def forums(self) -> set[str]:
        return {urlsplit(url).hostname or "" for url in self.ids("url")} & FORUMS


@dataclass(frozen=True, slots=True)
class Finding:
    reason: str
    score: float
    evidence: str


def families_of(names: Iterable[str]) -> frozenset[str]:
    """Family names as they are compared."""
    families = (family_name(name) for name in names)
    return frozenset("".join(words_of(family)) for family in families if family) - {""}


def judge(one: Work, other: Work) -> Finding | None:
    if one.kind != other.kind and {one.kind, other.kind} & COMPANIONS:
        return None
    shared = one.families & other.families
    if one.families and other.families and not shared:
        return None
    found = _by_title(one, other, bool(shared))
    if found is None:
        return None
    reason, score, said = found
    score *= _doubt(one, other)
    if score < SURE_ENOUGH:
        return None
    evidence = [said, _authors_in_words(shared), _versions_in_words(one, other)]
    return Finding(reason, round(score, 3), "; ".join(filter(None, evidence)))


def _by_title(one: Work, other: Work, is_shared: bool) -> tuple[str, float, str] | None:
    pairs = list(product(one.titles, other.titles))
    if any(is_same(*pair) for pair in pairs):
        if one.forums and other.forums and one.forums != other.forums:
            return Reason.CROSS_POST, 0.97 if is_shared else 0.9, "the same title on two forums"
        if is_shared:
            is_preprint = _is_preprint(one, other)
            reason = Reason.PREPRINT if is_preprint else Reason.SAME_TITLE
            return reason, 0.98 if is_preprint else 0.95, "the same title"
        words = max(len(words_of(one.titles[0])), len(words_of(other.titles[0])))
        said = "the same title, authors of one not known"
        return (Reason.SAME_TITLE, 0.75, said) if words >= DISTINCTIVE else None
    best = max((likeness(*pair) for pair in pairs), default=0.0)
    if best >= (ALIKE if is_shared else ALIKE_WITHOUT_AUTHORS):
        said = f"titles alike to {int(best * 100)} %"
        reason = Reason.PREPRINT if is_shared and _is_preprint(one, other) else Reason.SIMILAR_TITLE
        return reason, best * (0.95 if is_shared else 0.7), said
    if is_shared and any(begins_alike(*pair) for pair in pairs):
        return Reason.SIMILAR_TITLE, 0.8, "the same title but for a subtitle"
    return None


def _is_preprint(one: Work, other: Work) -> bool:
    """One is on arXiv, the other published, and neither is both."""
    arxiv = [bool(work.ids("arxiv")) for work in (one, other)]
    published = [bool(work.ids("doi") or work.ids("openreview")) for work in (one, other)]
    return any(arxiv) and any(published) and not all(arxiv) and arxiv != published


def _doubt(one: Work, other: Work) -> float:
    """What speaks against it: two ids of one scheme, years far apart."""
    doubt = 1.0
    for scheme, weight in (("arxiv", 0.6), ("doi", 0.85), ("openreview", 0.85)):
        if one.ids(scheme) and other.ids(scheme):
            doubt *= weight
    if one.year and other.year and abs(one.year - other.year) > YEARS_APART:
        doubt *= 0.7
    return doubt


def _authors_in_words(shared: frozenset[str]) -> str:
    return f"{len(shared)} author{'s' if len(shared) > 1 else ''} in common" if shared else ""


def _versions_in_words(one: Work, other: Work) -> str:
    return "one is on arXiv, the other published" if _is_preprint(one, other) else ""
