"""Who wrote what, in which order and under which printed name."""

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from papers.models.works import Paper


class AuthorManager(models.Manager["Author"]):
    def get_by_natural_key(self, name: str, orcid: str | None) -> "Author":
        return self.get(name=name, orcid=orcid)


class Author(models.Model):
    """A person who wrote papers. Two people of one name are told apart by ORCID, where known."""

    name = models.CharField(max_length=300)
    orcid = models.CharField(max_length=19, null=True, blank=True, unique=True)
    history = HistoricalRecords()

    objects = AuthorManager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(orcid=None),
                name="papers_author_name_once_without_orcid",
                violation_error_message="An author of this name without ORCID is there already.",
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="papers_author_has_name",
                violation_error_message="An author needs a name.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str, str | None]:
        return (self.name, self.orcid)


class AuthorshipManager(models.Manager["Authorship"]):
    def get_by_natural_key(self, key: str, position: int) -> "Authorship":
        return self.get(paper__citation_key=key, position=position)


class Authorship(models.Model):
    """A place in a paper's list of authors, with the name as it was printed."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="authorships")
    position = models.PositiveIntegerField()
    name_as_printed = models.CharField(max_length=300)
    author = models.ForeignKey(
        Author, models.SET_NULL, null=True, blank=True, related_name="authorships"
    )

    objects = AuthorshipManager()

    class Meta:
        ordering = ["paper", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "position"],
                name="papers_authorship_place_once",
                violation_error_message="Two authors cannot stand in one place.",
            )
        ]

    def __str__(self) -> str:
        return self.name_as_printed

    def natural_key(self) -> tuple[str, int]:
        return (self.paper.citation_key, self.position)

    natural_key.dependencies = ["papers.paper", "papers.author"]
