"""Which paper of the catalogue a reference is: by identifiers, else by title and first author."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.db.models import Q
from django.db.models.functions import Lower

from imports.jsonl import digest_of
from imports.models import ImportRow, ImportRun
from papers.importing.titles import folded_family, folded_title, is_telling, spellings
from papers.models import Authorship, Identifier, Paper
from papers.references import Reference

MOST_YEARS_APART = 2  # between a preprint and its publication
_CANDIDATES = 5_000


class Certainty(StrEnum):
    CERTAIN = "certain"
    LIKELY = "likely"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Match:
    """A paper that a reference is, or may be, and why."""

    paper: Paper
    certainty: Certainty
    reason: str
    others: tuple[Paper, ...] = ()  # that the same reference names as well


@dataclass(slots=True)
class Known:
    """What the catalogue holds that a batch of references may be about; found in five queries."""

    by_identifier: dict[tuple[str, str], Paper] = field(default_factory=dict)
    by_title: dict[str, list[Paper]] = field(default_factory=dict)
    by_digest: dict[str, Paper] = field(default_factory=dict)
    families: dict[int, str] = field(default_factory=dict)
    with_authors: set[int] = field(default_factory=set)

    @classmethod
    def about(cls, references: Sequence[Reference]) -> "Known":
        known = cls()
        known._find_identifiers(references)
        known._find_titles(references)
        known._find_imported(references)
        known._find_authors()
        return known

    def match(self, reference: Reference) -> Match | None:
        match = self._by_identifier(reference)
        if match and match.certainty == Certainty.CERTAIN:
            return match
        if paper := self.by_digest.get(digest(reference)):
            return Match(paper, Certainty.CERTAIN, "this very record was imported before")
        return match or self._by_title(reference)

    def taken(self, reference: Reference) -> list[Paper]:
        """Every paper that one of the reference's identifiers names."""
        found = (self.by_identifier.get(each.key) for each in reference.identifiers)
        return list({paper.pk: paper for paper in found if paper}.values())

    def _find_identifiers(self, references: Iterable[Reference]) -> None:
        values: dict[str, set[str]] = {}
        for reference in references:
            for each in reference.identifiers:
                values.setdefault(each.scheme, set()).add(each.value)
        condition = Q(pk__in=[])
        for scheme, wanted in values.items():
            condition |= Q(scheme=scheme, value__in=wanted)
        rows = Identifier.objects.filter(condition).select_related("paper__merged_into")
        for row in rows:
            self.by_identifier[row.scheme, row.value] = _standing(row.paper)

    def _find_titles(self, references: Iterable[Reference]) -> None:
        forms = {
            form
            for reference in references
            if not reference.title_is_provisional
            for form in spellings(reference.title)
        }
        rows = Paper.objects.filter(merged_into=None).annotate(lower=Lower("title"))
        for paper in rows.filter(lower__in=forms)[:_CANDIDATES]:
            self.by_title.setdefault(folded_title(paper.title), []).append(paper)

    def _find_imported(self, references: Iterable[Reference]) -> None:
        """Papers of records that came before, to the letter, and were not taken back."""
        rows = ImportRow.objects.filter(kind="paper", sha256__in=set(map(digest, references)))
        rows = rows.exclude(run__state=ImportRun.State.UNDONE)
        keys: dict[str, set[str]] = {}
        for sha256, key in rows.values_list("sha256", "key"):
            keys.setdefault(sha256, set()).add(key)
        # A line with two addresses became two papers: it names neither.
        ids = {sha256: int(*found) for sha256, found in keys.items() if len(found) == 1}
        papers = Paper.objects.select_related("merged_into").in_bulk(set(ids.values()))
        for sha256, pk in ids.items():
            if pk in papers:
                self.by_digest[sha256] = _standing(papers[pk])

    def _find_authors(self) -> None:
        papers = {paper.pk for group in self.by_title.values() for paper in group}
        papers |= {paper.pk for paper in self.by_identifier.values()}
        papers |= {paper.pk for paper in self.by_digest.values()}
        first = Authorship.objects.filter(paper__in=papers, position__lt=2).order_by("-position")
        for paper, name in first.values_list("paper", "name_as_printed"):
            self.with_authors.add(paper)
            self.families[paper] = folded_family([name])

    def _by_identifier(self, reference: Reference) -> Match | None:
        found = self.taken(reference)
        if not found:
            return None
        named = [i for i in reference.identifiers if self.by_identifier.get(i.key) == found[0]]
        if len(found) > 1:
            others = ", ".join(f"“{paper}”" for paper in found[1:])
            reason = f"it has the same {_named(named[0])}, and an identifier of {others}"
            return Match(found[0], Certainty.CERTAIN, reason, tuple(found[1:]))
        if all(each.scheme == "url" for each in named) and not self._titles_agree(
            reference, found[0]
        ):
            reason = f"it has the address of this paper ({named[0].value}), but another title"
            return Match(found[0], Certainty.UNSURE, reason)
        return Match(found[0], Certainty.CERTAIN, f"it has the same {_named(named[0])}")

    def _titles_agree(self, reference: Reference, paper: Paper) -> bool:
        """Many works stand at an address that is a site's or a volume's."""
        provisional = paper.title_source != Paper.TitleSource.OFFICIAL
        if reference.title_is_provisional or provisional:
            return True
        titles = {folded_title(title) for title in (paper.title, *paper.alternative_titles)}
        return folded_title(reference.title) in titles

    def _by_title(self, reference: Reference) -> Match | None:
        if reference.title_is_provisional:
            return None
        papers = self.by_title.get(folded_title(reference.title), [])
        found = [match for paper in papers if (match := self._compared(reference, paper))]
        return min(found, key=lambda match: _ORDER.index(match.certainty), default=None)

    def _compared(self, reference: Reference, paper: Paper) -> Match | None:
        family, other = folded_family(reference.names), self.families.get(paper.pk, "")
        year = reference.published.year if reference.published else None
        near = year_is_near(year, paper.published_year)
        if family and family == other:
            if near is not False:
                reason = "it has the same title and first author"
                return Match(paper, Certainty.LIKELY, reason)
            reason = f"the same title and first author, but of {year} and {paper.published_year}"
            return Match(paper, Certainty.UNSURE, reason)
        if not family and not other and near is not False and (near or is_telling(paper.title)):
            return Match(paper, Certainty.LIKELY, "it has the same title, and no author either")
        if (family and other) or not is_telling(reference.title) or near is False:
            return None
        return Match(paper, Certainty.UNSURE, "the same title; of one no author is known")


_ORDER = (Certainty.CERTAIN, Certainty.LIKELY, Certainty.UNSURE)


def year_is_near(one: int | None, other: int | None) -> bool | None:
    """None where one of them is not known."""
    return None if None in (one, other) else abs((one or 0) - (other or 0)) <= MOST_YEARS_APART


def digest(reference: Reference) -> str:
    return digest_of(reference.raw.encode(errors="surrogatepass"))


def _named(identifier) -> str:
    schemes = dict(Identifier.Scheme.choices)
    return f"{schemes[identifier.scheme]} ({identifier.value})"


def _standing(paper: Paper) -> Paper:
    seen = set()
    while paper.merged_into is not None and paper.pk not in seen:
        seen.add(paper.pk)
        paper = paper.merged_into
    return paper
