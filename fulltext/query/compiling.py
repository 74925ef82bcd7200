"""From a tree to rows: fields by the kind's own filters, texts by the index.

What all rows must hold is kept apart from the texts, since the index ranks best what it is asked
as one expression over rows that fit all else.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from fulltext import engine, expressions
from fulltext.expressions import Expression
from fulltext.query.fields import Field, QueryKind, TextField, one_of
from fulltext.query.mistakes import QueryMistake
from fulltext.query.nodes import (
    And,
    FieldValue,
    Identifier,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Word,
    fields_of,
    leaves,
)

NEVER = Q(pk__in=[])
# A kind with this field finds a pasted identifier by it, exactly; others search for it as a text.
IDENTIFIER_FIELD = "url"

type Ready = Callable[[Expression], Expression | engine.Sought]


def check_fields(node: Node, kind: QueryKind) -> None:
    """Raises QueryMistake for a field or a value that this kind does not know; asks no database."""
    for leaf in fields_of(node):
        field = kind.fields.get(leaf.name)
        if field is None:
            raise _no_such_field(leaf, kind)
        try:
            field.check(kind, leaf.value)
        except ValidationError as error:
            raise _unfit(leaf, error) from None


def check_fields_of_any(node: Node, kinds: tuple[QueryKind, ...]) -> None:
    """Across kinds a value has to fit one of them: to the others it is what no row has."""
    for leaf in fields_of(node):
        mistakes = []
        for kind in kinds:
            try:
                check_fields(leaf, kind)
            except QueryMistake as mistake:
                mistakes.append(mistake)
        if len(mistakes) == len(kinds):
            told = [each for each in mistakes if each.code != "unknown_field"] or mistakes
            raise _not_one_of(leaf, kinds) or told[0]


def _not_one_of(leaf: FieldValue, kinds: tuple[QueryKind, ...]) -> QueryMistake | None:
    """Where kinds list what they take: all of that, in the order of the kinds."""
    fields = [(kind, kind.fields[leaf.name]) for kind in kinds if leaf.name in kind.fields]
    listed = dict.fromkeys(value for kind, field in fields for value in field.choices(kind))
    if not listed:
        return None
    return _unfit(leaf, ValidationError(one_of(listed), code="invalid_choice"))


def _no_such_field(leaf: FieldValue, kind: QueryKind) -> QueryMistake:
    known = ", ".join(f"{name}:" for name in sorted(kind.fields))
    return QueryMistake(
        "unknown_field",
        f"{kind.plural.capitalize()} have no {leaf.name}:. Known here are {known}.",
        leaf.name_span.start,
        leaf.name_span.end,
    )


def _unfit(leaf: FieldValue, error: ValidationError) -> QueryMistake:
    return QueryMistake(
        error.code or "invalid",
        f"{leaf.name}: {' '.join(error.messages)}",
        leaf.span.start,
        leaf.span.end,
    )


@dataclass(frozen=True, slots=True)
class Compiled:
    """The rows that fit all but the texts; `text` is what each row holds, or None; `wish` is what
    some rows hold, where texts stand beside fields in an OR: it ranks, and leaves nobody out."""

    kind: QueryKind
    narrowed: QuerySet
    request: HttpRequest
    text: Expression | None = None
    wish: Expression | None = None

    @property
    def rows(self) -> QuerySet:
        if self.text is None:
            return self.narrowed
        return self.narrowed.filter(self.kind.matching(self.text, self.request))


def compile_query(
    node: Node | None,
    kind: QueryKind,
    queryset: QuerySet,
    request: HttpRequest,
    ready: Ready = lambda text: text,
) -> Compiled:
    """Of rows somebody may see those that fit. A field the kind does not know fits no row.

    `ready` gives a text as it is looked for, where it is looked for in several kinds at once.
    """
    if node is None:
        return Compiled(kind, queryset, request)
    compiler = _RowCompiler(kind, queryset.order_by(), request, ready)
    texts: list[Expression] = []
    for part in node.operands if isinstance(node, And) else (node,):
        if text := compiler.text(part):
            texts.append(text)
        else:
            queryset = compiler.narrow(queryset, part)
    text = _all(texts)
    if text is not None and not (kind.is_ranked and any(expressions.leaves(text))):
        # Only what is left out, or nothing that ranks.
        return Compiled(kind, queryset.filter(compiler.holding(text)), request)
    wish = None if text else _any(compiler.texts_wanted(node))
    return Compiled(kind, queryset, request, text, wish)


def texts_wanted(node: Node, kind: QueryKind) -> list[Expression]:
    """What is looked for in texts, by which rows can be ranked and highlighted."""
    return _TextCompiler(kind).texts_wanted(node)


class _TextCompiler:
    def __init__(self, kind: QueryKind) -> None:
        self.kind = kind

    def texts_wanted(self, node: Node) -> list[Expression]:
        if not self.kind.is_ranked:
            return []
        return [text for leaf in leaves(_positive(node)) if (text := self.text(leaf))]

    def text(self, node: Node) -> Expression | None:
        """The whole of it as an expression, if it speaks of texts only."""
        match node:
            case Word(text):
                return expressions.Word(text)
            case Phrase(text):
                return expressions.Phrase(text)
            case Prefix(text):
                return _beginning(text)
            case Not(operand):
                inner = self.text(operand)
                return inner and expressions.Not(inner)
            case And(operands):
                return self._joined(expressions.And, operands)
            case Or(operands):
                return self._joined(expressions.Or, operands)
            case Identifier(text) if IDENTIFIER_FIELD not in self.kind.fields:
                return expressions.Word(text)
            case FieldValue(name, value):
                field = self.kind.fields.get(name)
                if isinstance(field, TextField):
                    return expressions.Phrase(value, field.column)
        return None

    def _joined(self, join: type, operands: tuple[Node, ...]) -> Expression | None:
        texts = [self.text(operand) for operand in operands]
        return None if None in texts else join(tuple(texts))


class _RowCompiler(_TextCompiler):
    def __init__(self, kind: QueryKind, base: QuerySet, request: HttpRequest, ready: Ready) -> None:
        super().__init__(kind)
        self.base = base
        self.request = request
        self.ready = ready

    def narrow(self, queryset: QuerySet, part: Node) -> QuerySet:
        match part:
            case FieldValue(name, value):
                return self._by_field(queryset, name, value)
            case Identifier(text):
                return self._by_field(queryset, IDENTIFIER_FIELD, text)
        return queryset.filter(self.condition(part))

    def condition(self, node: Node) -> Q:
        if text := self.text(node):
            return self.holding(text)
        match node:
            case Not(operand):
                return ~self.condition(operand)
            case And(operands):
                condition = Q()
                for operand in operands:
                    condition &= self.condition(operand)
                return condition
            case Or(operands):
                condition = NEVER
                for operand in operands:
                    condition |= self.condition(operand)
                return condition
        return Q(pk__in=self.narrow(self.base, node).values("pk"))

    def holding(self, text: Expression) -> Q:
        if self.kind.is_ranked:
            return engine.matching(self.kind.name, self.ready(text))
        return self.kind.matching(text, self.request)

    def _by_field(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        field = self._field(name, value)
        return field.narrow(self.kind, queryset, value, self.request) if field else queryset.none()

    def _field(self, name: str, value: str) -> Field | None:
        field = self.kind.fields.get(name)
        try:
            if field:
                field.check(self.kind, value)
        except ValidationError:
            return None
        return field


def _beginning(text: str) -> Expression:
    """Of "red-team*" the last part is a beginning; what stands before it are words."""
    head, hyphen, last = text.rpartition("-")
    if not (hyphen and head):
        return expressions.Prefix(text)
    return expressions.And((expressions.Word(head), expressions.Prefix(last)))


def _positive(node: Node) -> Node:
    """Without what is left out."""
    match node:
        case And(operands) | Or(operands):
            return Or(tuple(_positive(each) for each in operands if not isinstance(each, Not)))
        case Not():
            return Or(())
    return node


def _all(texts: list[Expression]) -> Expression | None:
    if len(texts) <= 1:
        return texts[0] if texts else None
    return expressions.And(tuple(texts))


def _any(texts: list[Expression]) -> Expression | None:
    if len(texts) <= 1:
        return texts[0] if texts else None
    return expressions.Or(tuple(texts))
