"""What a paper's page shows: all that helps to decide whether to read it, in ten queries."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import CharField, Count, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from papers.models import Authorship, CitationKeyAlias, Identifier, Paper
from papers.places import Place, links_beside, places_of, with_pdfs
from papers.related import Related, lists_with, related_to
from papers.surroundings import links_around, places_in
from papers.tellings import Telling, Told, told_of

MOST_AUTHORS = 50
AUTHORS_SHOWN = 12  # the others unfold
MOST_LISTS = 20


@dataclass(frozen=True, slots=True)
class FormerTitle:
    """Another title of the work, and where it was called by it, if that is known."""

    title: str
    telling: Telling | None


@dataclass(frozen=True, slots=True)
class PaperPage:
    told: Told
    authors: list[Authorship]
    author_count: int
    identifiers: list[tuple[str, str]]
    former_keys: list[str]
    former_titles: list[FormerTitle]
    places: list[Place]
    related: list[Related]
    lists: list[Any]
    may_be_completed: bool

    @property
    def first_authors(self) -> list[Authorship]:
        return self.authors[:AUTHORS_SHOWN]

    @property
    def folded_authors(self) -> list[Authorship]:
        return self.authors[AUTHORS_SHOWN:]

    @property
    def authors_left_out(self) -> int:
        return self.author_count - len(self.authors)

    @property
    def authors_folded(self) -> int:
        return self.author_count - len(self.first_authors)

    @property
    def versions(self) -> list[tuple[Place, Place | None]]:
        return with_pdfs(self.places)


def page_of(paper: Paper, user) -> PaperPage:
    told = told_of(paper, user)
    own = places_in(told.links)
    around = links_around(own, user)
    names = names_of(paper)
    known = [name for name in names if name[0] != KEY]
    written = paper.authorships.order_by("position")
    written = written.annotate(count=author_count_of(OuterRef("paper")))
    authors: list[Any] = list(written[:MOST_AUTHORS])
    return PaperPage(
        told=told,
        authors=authors,
        author_count=authors[0].count if authors else 0,
        identifiers=known,
        former_keys=[value for scheme, value in names if scheme == KEY],
        former_titles=[
            FormerTitle(title, told.where_called(title)) for title in paper.alternative_titles
        ],
        places=places_of(vars(paper), known, links_beside(paper.pk, around)),
        related=related_to(paper.pk, around, own, user),
        lists=list(lists_with(paper.pk, user)[:MOST_LISTS]),
        may_be_completed=settings.ENRICH != "off"
        and any(scheme in ("arxiv", "doi") for scheme, _ in known),
    )


KEY = "key"


def names_of(paper: Paper) -> list[tuple[str, str]]:
    """Scheme and value of its identifiers, and its former citation keys as such."""
    named = Identifier.objects.filter(paper=paper).order_by().values_list("scheme", "value")
    keys = CitationKeyAlias.objects.filter(paper=paper).order_by()
    keys = keys.values_list(Value(KEY, CharField()), "key")
    return sorted(named.union(keys, all=True).order_by())


def author_count_of(paper: OuterRef) -> Coalesce:
    written = Authorship.objects.filter(paper=paper).order_by().values("paper")
    return Coalesce(Subquery(written.annotate(n=Count("pk")).values("n")), 0)
