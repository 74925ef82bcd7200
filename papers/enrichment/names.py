"""The authors of a paper that is being completed."""

from collections.abc import Iterator, Sequence

from simple_history.utils import bulk_create_with_history

from papers.citation_keys import family_name
from papers.enrichment.likeness import families, same_person
from papers.enrichment.records import Person
from papers.models import Author, Authorship, Paper


class Names:
    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.rows: list[Authorship] = (
            list(paper.authorships.select_related("author").order_by("position"))
            if paper.pk
            else []
        )

    def printed(self) -> list[str]:
        return [row.name_as_printed for row in self.rows]

    def in_words(self) -> str:
        return ", ".join(self.printed())

    def are_those_of(self, people: Sequence[Person]) -> bool:
        return families(self.printed()) == families(person.name for person in people)

    def are_a_start_of(self, people: Sequence[Person]) -> bool:
        """None, or the first few of a list that was cut short."""
        own = families(self.printed())
        theirs = families(person.name for person in people)
        return len(own) < len(theirs) and own == theirs[: len(own)]

    def replace(self, people: Sequence[Person]) -> bool:
        """Print these names; whether they differ from those printed before."""
        names = [person.name for person in people]
        if names == self.printed():
            return False
        known = {row.name_as_printed: row.author for row in self.rows}
        authors = self._authors([name for name in names if not known.get(name)])
        self.paper.authorships.all().delete()
        self.rows = Authorship.objects.bulk_create(
            Authorship(
                paper=self.paper,
                position=place,
                name_as_printed=name,
                author=known.get(name) or authors.get(name),
            )
            for place, name in enumerate(names)
        )
        return True

    def _authors(self, names: Sequence[str]) -> dict[str, Author]:
        found = {a.name: a for a in Author.objects.filter(name__in=names, orcid=None)}
        new = [Author(name=n) for n in dict.fromkeys(names) if n not in found and family_name(n)]
        bulk_create_with_history(new, Author)
        return found | {author.name: author for author in new}

    def identify(self, people: Sequence[Person]) -> Iterator[tuple[str, str]]:
        """Give authors the ORCID told for them, where it is clear who is meant.

        The row of a name is shared by all who bear it: who has an ORCID gets a row of their own.
        """
        for person in people:
            rows = [row for row in self.rows if same_person(row.name_as_printed, person.name)]
            if person.orcid is None or len(rows) != 1:
                continue
            row = rows[0]
            if row.author is not None and row.author.orcid is not None:
                continue
            row.author = _author_with(person.orcid, row.name_as_printed)
            row.save()
            yield row.name_as_printed, person.orcid


def _author_with(orcid: str, name: str) -> Author:
    author, _ = Author.objects.get_or_create(orcid=orcid, defaults={"name": name})
    return author
