"""Which hits come first.

What a word says of a document was settled when the document was indexed (`documents.level`), so
a rank is the sum of a few stored levels, weighted by how rare their words are. Up to a thousand
hits all are ranked. Of more, the strongest are taken from the index tier by tier, the newest of
each first, and ranked; the newest of the others follow them. No search reads more rows than that,
however many match.
"""

from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL

from fulltext.databases import index
from fulltext.documents import (
    FIELD_MARKS,
    HIGHEST,
    IN_VENUE,
    LEVEL_DIGITS,
    level_key,
    level_token,
)
from fulltext.expressions import Expression
from fulltext.matches import All, Match, all_of, any_of, plain_stems, token
from fulltext.models import Document, NumberedKey
from fulltext.numbering import bounds, ids_of, is_numbered, keys_of
from fulltext.registry import TITLE, Kind, kind_named
from fulltext.sought import Sought

MOST_RANKED = 1_000
SPARE = 100  # hits more than are ranked, since some may not be for the reader
STRONGEST = 400  # of more hits than are ranked, how many come first for what they say
ENOUGH = 100  # of which no further are looked for among those that say less
STRONG = range(HIGHEST, 11, -1)  # levels of words that make up much of a title
EXACT = 1_000.0  # above what levels can add up to


type Scored = tuple[float, int]  # with its number: of equals the newest is the greatest


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best hits first. `total` is exact up to `MOST_RANKED`, as `is_exact` says; `numbers` are
    what `numbers_by_key` gives for the keys."""

    keys: tuple[object, ...]
    scores: tuple[float, ...]
    numbers: tuple[int, ...]
    total: int
    is_exact: bool


def ranked(
    kind: str, expression: Expression | Sought, queryset: QuerySet, limit: int = MOST_RANKED
) -> Ranking:
    """The rows of the queryset that match, best first, at most `limit` of them.

    The queryset holds all other conditions. An identifier or a title that matches as a whole
    comes first; then what matches best, and of equals the newest.
    """
    return search_for(kind, expression, queryset).ranking(limit)


def search_for(kind: str, expression: Expression | Sought, queryset: QuerySet) -> "Search":
    sought = expression if isinstance(expression, Sought) else Sought(expression)
    return Search(kind_named(kind), sought, queryset.order_by())


def matching(kind: str, expression: Expression) -> Q:
    """A condition on rows of the kind's model, to be combined with any other, also by ~ and |.

    Costs a query: what finds few is given as their keys, so that no planner walks a whole table
    for them.
    """
    searched, sought = kind_named(kind), Sought(expression)
    few = sought.newest(searched, MOST_RANKED + 1)
    if len(few) <= MOST_RANKED:
        return Q(pk__in=list(keys_of(searched, few).values()))
    return _condition(searched, sought)


def _condition(kind: Kind, sought: Sought) -> Q:
    # Parameters are bound; there is no ORM for a full-text index of either database.
    numbers = RawSQL(*index().all_within(sought.match, bounds(kind)))  # noqa: S611
    if is_numbered(kind):
        return Q(pk__in=NumberedKey.objects.filter(id__in=numbers).values("key"))
    return Q(pk__in=numbers)


class Search:
    """One kind's rows of a queryset, by how much they say of what is sought."""

    def __init__(self, kind: Kind, sought: Sought, queryset: QuerySet) -> None:
        self.kind = kind
        self.bounds = bounds(kind)
        self.sought = sought
        self.match, self.whole = sought.match, sought.whole
        self.queryset = queryset

    @property
    def weights(self) -> dict[str, float]:
        return self.sought.weights

    def ranking(self, limit: int) -> Ranking:
        newest = self.sought.newest(self.kind, MOST_RANKED + SPARE)
        scored, total = (
            self._few(newest) if len(newest) < MOST_RANKED + SPARE else self._many(newest)
        )
        is_exact = total <= MOST_RANKED
        best = scored[: min(limit, MOST_RANKED)]
        keys = keys_of(self.kind, [number for _, number in best])
        scores = tuple(score for score, _ in best)
        numbers = tuple(number - self.bounds[0] for _, number in best)
        return Ranking(tuple(keys.values()), scores, numbers, min(total, MOST_RANKED), is_exact)

    def _few(self, numbers: Sequence[int]) -> tuple[list[Scored], int]:
        """All that meet the other conditions, ranked by all that is known of them."""
        scored = [(score, each) for each, score in self._scored(self._levels_of_allowed(numbers))]
        return sorted(scored, reverse=True), len(scored)

    def _many(self, newest: Sequence[int]) -> tuple[list[Scored], int]:
        """The strongest first, then the newest of the others."""
        strongest = self._strongest()
        numbers = list(dict.fromkeys([*strongest, *newest]))[: MOST_RANKED + SPARE]
        allowed = self._allowed(numbers)
        if len(allowed) <= MOST_RANKED:
            # The other conditions leave out so many that a thousand do not tell.
            return self._few(self._all_allowed(MOST_RANKED + 1))
        first = [(score, number) for number, score in strongest.items() if number in allowed]
        least = min(self.weights.values(), default=0.0)
        others = [(least, each) for each in numbers if each in allowed and each not in strongest]
        return [*sorted(first, reverse=True), *others], len(allowed)

    def _strongest(self) -> dict[int, float]:
        """Scores of those that say most, as far as the index alone tells who they are."""
        if len(self.weights) == 1:
            return self._strongest_of_one(*self.weights.items())
        found: list[int] = []
        for tiers in self._tiers():
            found += [number for number, _ in self._in_turns(tiers)]
            if len(found) >= ENOUGH:
                break
        return dict(self.scored(found))

    def _strongest_of_one(self, said: tuple[str, float]) -> dict[int, float]:
        """The tiers of one word are its levels: no document has to be read."""
        stem, weight = said
        levels = range(HIGHEST, IN_VENUE - 1, -1)
        tiers = [any_of(map(token, self.whole)), *(token(level_token(stem, at)) for at in levels)]
        scores = [EXACT, *(weight * (1 + level) for level in levels)]
        strongest: dict[int, float] = {}
        for number, place in self._in_turns(tiers):
            strongest.setdefault(number, scores[place])
        return strongest

    def _tiers(self) -> Iterator[list[Match]]:
        """What to ask of a hit beyond matching, the most first."""
        titled = [token(FIELD_MARKS[TITLE] + stem) for stem in self.weights]
        yield [any_of(map(token, self.whole)), *([all_of(titled)] if titled else [])]
        yield [any_of(token(level_token(stem, at)) for at in STRONG) for stem in self.weights]
        yield [any_of(titled)]

    def _in_turns(self, tiers: Iterable[Match]) -> list[tuple[int, int]]:
        wanted = [all_of([*_not_implied(self.match, tier), tier]) for tier in tiers]
        return index().in_turns(wanted, self.bounds, STRONGEST, lambda: self.sought.counts)

    def _allowed(self, numbers: Sequence[int]) -> set[int]:
        """Those that meet the other conditions."""
        keys = keys_of(self.kind, numbers)
        allowed = set(self._rows(keys.values()).values_list("pk", flat=True))
        return {number for number, key in keys.items() if key in allowed}

    def _all_allowed(self, limit: int) -> list[int]:
        rows = (
            self.queryset.filter(_condition(self.kind, self.sought))
            .order_by("-pk")
            .values_list("pk", flat=True)
        )
        return list(ids_of(self.kind, rows[:limit]).values())

    def _rows(self, keys: Collection[Any]) -> QuerySet:
        if is_numbered(self.kind):
            return self.queryset.filter(pk__in=list(keys))
        return self.queryset.filter(pk__among=array("q", keys))

    def _levels_of_allowed(self, numbers: Sequence[int]) -> Iterable[tuple[int, str]]:
        if not numbers:
            return []
        if is_numbered(self.kind):
            return _levels(self._allowed(numbers))
        base = self.bounds[0]
        document = Document.objects.filter(id=OuterRef("pk") + base).values("levels")
        rows = self._rows([number - base for number in numbers])
        return [
            (base + key, said or "") for key, said in rows.values_list("pk", Subquery(document))
        ]

    def scored(self, numbers: Collection[int]) -> Iterator[tuple[int, float]]:
        return self._scored(_levels(numbers))

    def _scored(self, rows: Iterable[tuple[int, str]]) -> Iterator[tuple[int, float]]:
        """Of numbers with their levels."""
        stems = [(level_key(stem), weight) for stem, weight in self.weights.items()]
        whole = [level_key(mark) for mark in self.whole]
        for number, levels in rows:
            score = 0.0
            for mark in whole:
                if mark in levels:
                    score = EXACT
            for key, weight in stems:
                place = levels.find(key)
                if place >= 0:
                    score += weight * (1 + LEVELS[levels[place + len(key)]])
            yield number, score


def _not_implied(match: Match, tier: Match) -> list[Match]:
    """The parts of a match that have to be asked beside a tier: who has a word in the title, or
    on a level, has it."""
    parts = match.parts if isinstance(match, All) and not match.without else (match,)
    tiers = tier.parts if isinstance(tier, All) else (tier,)
    stems = [plain_stems(each) for each in tiers]
    implied = {token(each[0]) for each in stems if len(each) == 1}
    return [part for part in parts if part not in implied]


def _levels(numbers: Collection[int]) -> Iterable[tuple[int, str]]:
    if not numbers:
        return []
    rows = Document.objects.filter(id__among=array("q", numbers))
    return rows.values_list("id", "levels")


LEVELS = {digit: level for level, digit in enumerate(LEVEL_DIGITS)}
