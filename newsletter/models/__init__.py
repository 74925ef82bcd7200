"""Publications and their issues, read into sections, entries, links and images."""

from newsletter.models.issues import Issue, IssueQuerySet, IssueSource, IssueSourceManager
from newsletter.models.parts import (
    AnchoredQuerySet,
    Entry,
    Image,
    Link,
    PartQuerySet,
    PlacedQuerySet,
    Section,
)
from newsletter.models.publications import Publication, PublicationQuerySet

__all__ = [
    "AnchoredQuerySet",
    "Entry",
    "Image",
    "Issue",
    "IssueQuerySet",
    "IssueSource",
    "IssueSourceManager",
    "Link",
    "PartQuerySet",
    "PlacedQuerySet",
    "Publication",
    "PublicationQuerySet",
    "Section",
]
