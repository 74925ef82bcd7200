"""Names in a query that nothing goes by."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.urls import reverse

from api.filters import LARGEST_ID
from api.together import rows_together
from fulltext.query.nodes import fields_of
from newsletter.models import Issue
from papers.models import Topic
from search.finding import Search

FIELDS = {"topic": (Topic, "newsletter:topics"), "issue": (Issue, "newsletter:list")}


@dataclass(frozen=True, slots=True)
class Missing:
    what: str  # "topic"
    name: str
    all_path: str  # to those there are


def missing_names(search: Search) -> list[Missing]:
    """The topics and issues a query names that its reader could not see anyway; in one query."""
    asked = list(dict.fromkeys(_named(search)))
    found = rows_together(*(_rows(search, *each).values_list("pk")[:1] for each in asked))
    return [
        Missing(what, name, reverse(FIELDS[what][1]))
        for (what, name), rows in zip(asked, found, strict=True)
        if not rows
    ]


def _named(search: Search) -> Iterator[tuple[str, str]]:
    leaves = fields_of(search.query.node)
    return ((leaf.name, leaf.value) for leaf in leaves if leaf.name in FIELDS)


def _rows(search: Search, what: str, name: str) -> QuerySet:
    model, _ = FIELDS[what]
    condition = Q(slug=name)
    if name.isascii() and name.isdigit() and int(name) <= LARGEST_ID:
        condition |= Q(pk=int(name))
    return model.objects.visible_to(search.user).filter(condition)
