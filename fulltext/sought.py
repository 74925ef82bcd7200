"""What is looked for, made ready once, however many kinds are searched for it."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from django.db import connection

from fulltext import vocabulary
from fulltext.databases import index
from fulltext.documents import STOP_WORDS, identifier_token, whole_title_token
from fulltext.expressions import And, Expression, Phrase, Word
from fulltext.matches import holds_all, match_of, plain_stems
from fulltext.numbering import bounds, key_of, key_of_number
from fulltext.registry import TITLE, Kind, identifier_or_key, kind_named

MOST_WEIGHED = 16  # words of a query


class Sought:
    """An expression as the index is asked for it, of some kinds."""

    def __init__(self, expression: Expression, kinds: Sequence[str] = ()) -> None:
        self.expression = expression
        self.match = match_of(expression, vocabulary.stems_beginning)
        self.stems = plain_stems(self.match)
        self.whole = list(_whole_tokens(expression))
        self.kinds = kinds
        self._newest: dict[tuple[str, int], list[Any]] = {}

    @cached_property
    def counts(self) -> vocabulary.Counts:
        kinds = self.kinds if index().needs_counts else ()
        return vocabulary.counts(self.stems, [bounds(kind_named(name)) for name in kinds])

    @property
    def is_counted(self) -> bool:
        return "counts" in self.__dict__

    @cached_property
    def is_in_all(self) -> bool:
        """Whether every hit holds every word."""
        return holds_all(self.match)

    @property
    def read_columns(self) -> list[str]:
        """What of a document tells its rank: which words it mentions only where that differs."""
        return ["levels"] if self.is_in_all else ["levels", "mentioned"]

    @property
    def said(self) -> list[str]:
        """The stems that tell hits apart."""
        return [stem for stem in self.stems if stem not in STOP_WORDS] or self.stems

    @cached_property
    def weights(self) -> dict[str, float]:
        said = self.said
        if len(said) == 1:
            return {said[0]: 1.0}  # weighed against nothing
        weights = {stem: self.counts.weight(stem) for stem in said}
        return dict(sorted(weights.items(), key=lambda each: -each[1])[:MOST_WEIGHED])

    def newest(self, kind: Kind, limit: int) -> list[Any]:
        """The keys of the newest hits; read at once for all kinds that are searched for it."""
        if (kind.name, limit) not in self._newest:
            names = list(dict.fromkeys([kind.name, *self.kinds]))
            found: list[list[Any]] = [[] for _ in names]
            for place, key in self._keys([kind_named(name) for name in names], limit):
                found[place].append(key_of(names[place], key))
            self._newest |= {(n, limit): own for n, own in zip(names, found, strict=True)}
        return self._newest[kind.name, limit]

    def _keys(self, kinds: Sequence[Kind], limit: int) -> list[tuple[int, str]]:
        """Places of kinds, and keys as text."""
        named, selects, params = [], [], list[Any]()
        for place, kind in enumerate(kinds):
            sql, own = index().newest(self.match, bounds(kind), limit, lambda: self.counts)
            named.append(f"hit_{place}(id) AS ({sql})")
            params += own
            key, joined = key_of_number(kind, f"hit_{place}.id - {bounds(kind)[0]}")
            text = f"CAST({key} AS varchar)"
            selects.append(f"SELECT {place}, {text} FROM hit_{place}{joined}")  # noqa: S608 - ours
        with connection.cursor() as cursor:
            cursor.execute(f"WITH {', '.join(named)} {' UNION ALL '.join(selects)}", params)
            return cursor.fetchall()


def _whole_tokens(expression: Expression) -> Iterator[str]:
    """What marks a document that is named by the whole query: by title, or by identifier."""
    parts = expression.parts if isinstance(expression, And) else (expression,)
    texts = [
        part.text
        for part in parts
        if isinstance(part, Word | Phrase) and part.field in (None, TITLE)
    ]
    if len(texts) < len(parts):
        return
    text = " ".join(texts)
    if title := whole_title_token(text):
        yield title
    if identifier := identifier_or_key(text):
        yield identifier_token(identifier)
