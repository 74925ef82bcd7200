"""The names under which works are known."""

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from papers.models.works import Paper


class IdentifierManager(models.Manager["Identifier"]):
    def get_by_natural_key(self, scheme: str, value: str) -> "Identifier":
        return self.get(scheme=scheme, value=value)


class Identifier(models.Model):
    """A name under which a work is known, in one normal form (`papers.identifiers`)."""

    class Scheme(models.TextChoices):
        ARXIV = "arxiv", "arXiv"
        DOI = "doi", "DOI"
        OPENREVIEW = "openreview", "OpenReview"
        URL = "url", "address"

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="identifiers")
    scheme = models.CharField(max_length=10, choices=Scheme)
    value = models.CharField(max_length=1000)
    history = HistoricalRecords()

    objects = IdentifierManager()

    class Meta:
        ordering = ["paper", "scheme", "value"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "value"],
                name="papers_identifier_names_one_work",
                violation_error_message="Another paper has this identifier already.",
            ),
            models.CheckConstraint(
                condition=~Q(value=""),
                name="papers_identifier_not_empty",
                violation_error_message="An identifier cannot be empty.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"

    def natural_key(self) -> tuple[str, str]:
        return (self.scheme, self.value)

    natural_key.dependencies = ["papers.paper"]
