"""A query as pages, API, feeds and saved searches pass it on."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest

from fulltext import expressions
from fulltext.query.compiling import (
    Compiled,
    Ready,
    check_fields,
    check_fields_of_any,
    compile_query,
    texts_wanted,
)
from fulltext.query.explanation import explain
from fulltext.query.fields import indexed_kinds, known_fields, query_kind
from fulltext.query.nodes import Identifier, Node
from fulltext.query.parsing import parse
from fulltext.query.printing import print_query
from fulltext.registry import normal_identifier

type Expression = expressions.Expression


@dataclass(frozen=True, slots=True)
class Query:
    """Read, and found fit for one kind of things; for all of them if `kind` is None."""

    node: Node
    kind: str | None = None

    @property
    def text(self) -> str:
        """In the one spelling in which equal queries are equal."""
        return print_query(self.node)

    @property
    def explanation(self) -> str:
        return explain(self.node, query_kind(self.kind).plural if self.kind else "everything")

    @property
    def identifier(self) -> str | None:
        """The arXiv id, DOI or address that is the whole query."""
        return self.node.text if isinstance(self.node, Identifier) else None

    def of(
        self, kind: str, queryset: QuerySet, request: HttpRequest, ready: Ready = lambda text: text
    ) -> Compiled:
        """Of rows somebody may see those that fit; a field that `kind` lacks fits none."""
        return compile_query(self.node, query_kind(kind), queryset, request, ready)

    def wanted(self, kind: str) -> Expression | None:
        """All texts that a hit may hold, to highlight them; None if it asks for fields only."""
        found = texts_wanted(self.node, query_kind(kind))
        return expressions.Or(tuple(found)) if found else None


def read_query(text: str, kind: str | None = None) -> Query | None:
    """Raises QueryMistake; None if there is nothing in it."""
    offered = query_kind(kind).fields if kind else None
    node = parse(text, known_fields(), offered=offered, identifier=normal_identifier)
    if node is None:
        return None
    if kind:
        check_fields(node, query_kind(kind))
    else:
        check_fields_of_any(node, indexed_kinds())
    return Query(node, kind)
