"""How well the rows of each kind fit: all kinds at once, in one statement for those that hold a
text and one for those found by their fields."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast

from api.relevance import MOST_RANKED
from api.together import rows_together
from fulltext import engine
from fulltext.expressions import Expression
from fulltext.query.compiling import Compiled
from search.kinds import SearchKind

type Sought = Callable[[Expression], engine.Sought]


@dataclass(frozen=True, slots=True)
class Scored:
    """The best rows of one kind; how many fit, as far as counted. `numbers` are the engine's."""

    keys: Sequence[Any]
    numbers: Sequence[int]
    scores: Sequence[float]
    total: int
    is_exact: bool


type Part = tuple[SearchKind, Compiled]
type Row = tuple[int, Any, float]  # its number, its key, when it came


def score(parts: Sequence[Part], sought: Sought, *, latest: bool) -> list[Scored]:
    """`latest`: by when they came, so that all kinds stand in one order of time."""
    texts = [part.text if part.text is not None else part.wish for _, part in parts]
    asked = [
        (kind.name, sought(text), part.narrowed)
        for (kind, part), text in zip(parts, texts, strict=True)
        if text is not None
    ]
    ranked = iter(engine.rankings(asked) if asked else ())
    rankings = [None if text is None else next(ranked) for text in texts]
    if latest:
        return _latest(parts, rankings, sought)
    return _best(parts, rankings)


def _best(parts: Sequence[Part], rankings: Sequence[engine.Ranking | None]) -> list[Scored]:
    """Where a field may stand for a text the rows that hold one, the best first, then the others,
    the newest first."""
    others = _rows(
        (kind, part.narrowed.order_by(*kind.newest_first) if part.text is None else None)
        for kind, part in parts
    )
    return [
        _as_scored(ranking) if part.text is not None and ranking else _with_others(ranking, rows)
        for (_, part), ranking, rows in zip(parts, rankings, others, strict=True)
    ]


def _as_scored(ranking: engine.Ranking) -> Scored:
    exact = (ranking.total, ranking.is_exact)
    return Scored(ranking.keys, ranking.numbers, ranking.scores, *exact)


def _with_others(ranking: engine.Ranking | None, rows: Sequence[Row]) -> Scored:
    found = dict(zip(ranking.numbers, ranking.keys, strict=True)) if ranking else {}
    scores = list(ranking.scores) if ranking else []
    for number, key, _ in rows:
        found.setdefault(number, key)
    numbers, keys = list(found)[:MOST_RANKED], list(found.values())[:MOST_RANKED]
    scores += [0.0] * (len(numbers) - len(scores))
    return Scored(keys, numbers, scores, *_counted(rows))


def _latest(
    parts: Sequence[Part], rankings: Sequence[engine.Ranking | None], sought: Sought
) -> list[Scored]:
    found = _rows(
        (kind, _fitting(kind, part, ranking, sought).order_by("-created_at", "-pk"))
        for (kind, part), ranking in zip(parts, rankings, strict=True)
    )
    scored = []
    for rows in found:
        kept = rows[:MOST_RANKED]
        numbers, keys = [row[0] for row in kept], [row[1] for row in kept]
        scored.append(Scored(keys, numbers, [row[2] for row in kept], *_counted(rows)))
    return scored


def _fitting(
    kind: SearchKind, part: Compiled, ranking: engine.Ranking | None, sought: Sought
) -> QuerySet:
    if part.text is None or ranking is None:
        return part.narrowed
    if ranking.is_exact:
        return part.narrowed.filter(pk__in=ranking.keys)
    return part.narrowed.filter(engine.among_matches(kind.name, sought(part.text)))


def _rows(asked: Iterable[tuple[SearchKind, QuerySet | None]]) -> list[list[Row]]:
    """Of each kind one more than are ranked, if there are so many."""
    kinds, querysets = zip(*asked, strict=True)
    wanted = [
        queryset.annotate(
            hit_number=engine.number_of(kind.name), hit_key=Cast("pk", CharField())
        ).values_list("hit_number", "hit_key", "created_at")[: MOST_RANKED + 1]
        for kind, queryset in zip(kinds, querysets, strict=True)
        if queryset is not None
    ]
    found = iter(rows_together(*wanted))
    return [
        [] if queryset is None else [_read(kind, row) for row in next(found) if row[0]]
        for kind, queryset in zip(kinds, querysets, strict=True)
    ]


def _read(kind: SearchKind, row: tuple[int, str, datetime | str]) -> Row:
    number, key, moment = row
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    return number, engine.key_of(kind.name, key), moment.timestamp()


def _counted(rows: Sequence[Row]) -> tuple[int, bool]:
    return min(len(rows), MOST_RANKED), len(rows) <= MOST_RANKED
