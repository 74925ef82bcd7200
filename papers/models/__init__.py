"""Works the newsletter points at: one row a work, however many addresses it has."""

from papers.models.authors import Author, AuthorManager, Authorship, AuthorshipManager
from papers.models.completion import Completion, ServiceAnswer, ServicePace
from papers.models.identifiers import Identifier, IdentifierManager
from papers.models.merges import (
    DuplicateSuggestion,
    DuplicateSuggestionQuerySet,
    Merge,
    MergeQuerySet,
    TitleBlock,
)
from papers.models.topics import Topic, TopicQuerySet
from papers.models.works import CitationKeyAlias, Paper, PaperQuerySet

__all__ = [
    "Author",
    "AuthorManager",
    "Authorship",
    "AuthorshipManager",
    "CitationKeyAlias",
    "Completion",
    "DuplicateSuggestion",
    "DuplicateSuggestionQuerySet",
    "Identifier",
    "IdentifierManager",
    "Merge",
    "MergeQuerySet",
    "Paper",
    "PaperQuerySet",
    "ServiceAnswer",
    "ServicePace",
    "TitleBlock",
    "Topic",
    "TopicQuerySet",
]
