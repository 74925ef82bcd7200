"""The kinds of things the search of the whole site finds, in the order it names them.

A further kind is a module here that makes a `SearchKind`, and its place in `KINDS`; the app it
belongs to registers it in `fulltext`.
"""

from search.kinds.entries import ENTRIES
from search.kinds.kind import FACETS, Hit, SearchKind
from search.kinds.lists import LISTS
from search.kinds.notes import NOTES
from search.kinds.papers import PAPERS
from search.kinds.prizes import PRIZES

KINDS = (PAPERS, ENTRIES, PRIZES, LISTS, NOTES)

__all__ = ["FACETS", "KINDS", "Hit", "SearchKind", "kind_with"]


def kind_with(number: int) -> SearchKind:
    return next(kind for kind in KINDS if kind.number == number)
