"""Which hits come first.

What a word says of a document was settled when the document was indexed (`documents.level`), so
a rank is the sum of a few stored levels, weighted by how rare their words are. Up to a thousand
hits all are ranked. Of more, the strongest are taken from the index tier by tier, the newest of
each first, and ranked; the newest of the others follow them. No search reads more rows than that,
however many match.
"""

from array import array
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Concat

from api.together import rows_together
from fulltext.databases import index
from fulltext.documents import LEVEL_DIGITS, MENTIONED, level_key
from fulltext.expressions import Expression
from fulltext.finding import IN_NO_TIER, Found, Limits, Wanted, find
from fulltext.matches import Match
from fulltext.models import Document, NumberedKey
from fulltext.numbering import bounds, is_numbered, key_of, number_of
from fulltext.registry import Kind, kind_named
from fulltext.sought import Sought
from fulltext.strongest import LISTED, TOLD, levels_of_one, stages

MOST_RANKED = 1_000
SPARE = 100  # hits more than are ranked, since some may not be for the reader
READ = 100  # hits of a stage whose levels are read, where several words tell their rank
ENOUGH = 30  # of which no further are looked for among those that say less
EXACT = 1_000.0  # above what levels can add up to


type Scored = tuple[list[float], list[int]]  # with their numbers, the best first


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best hits first. `total` is exact up to `MOST_RANKED`, as `is_exact` says; `numbers` are
    what `number_of` gives for the keys."""

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
    return rankings([(kind, expression, queryset)], limit)[0]


def rankings(
    asked: Iterable[tuple[str, Expression | Sought, QuerySet]], limit: int = MOST_RANKED
) -> list[Ranking]:
    """Of several kinds, in one statement."""
    searches = [search_for(*each) for each in asked]
    limits = Limits(MOST_RANKED + SPARE, LISTED, READ, ENOUGH)
    wanted = [search.wanted(foreseen=search.foresees_many()) for search in searches]
    found = find(wanted, limits)
    unforeseen = [
        place for place, each in enumerate(found) if each.is_many and not wanted[place].stages
    ]
    again = find([searches[place].wanted(foreseen=True) for place in unforeseen], limits)
    for place, each in zip(unforeseen, again, strict=True):
        found[place] = each
    # The other conditions leave out so many that a thousand do not tell: then all are read.
    few = [place for place, each in enumerate(found) if each.is_many and len(each) <= MOST_RANKED]
    rows = rows_together(*(searches[place].all_allowed(MOST_RANKED + 1) for place in few))
    for place, own in zip(few, rows, strict=True):
        found[place] = Found()
        for number, levels, key in own:
            if number:
                found[place].take(IN_NO_TIER, number, levels, key)
    return [search.ranking(each, limit) for search, each in zip(searches, found, strict=True)]


def search_for(kind: str, expression: Expression | Sought, queryset: QuerySet) -> "Search":
    return Search(kind_named(kind), _sought(expression, kind), queryset)


def _sought(expression: Expression | Sought, kind: str) -> Sought:
    return expression if isinstance(expression, Sought) else Sought(expression, [kind])


def matching(kind: str, expression: Expression | Sought) -> Q:
    """A condition on rows of the kind's model, to be combined with any other, also by ~ and |.

    Costs a query, for all kinds that are searched for it: what finds few is given as their keys, so
    that no planner walks a whole table for them.
    """
    searched, sought = kind_named(kind), _sought(expression, kind)
    few = sought.newest(searched, MOST_RANKED + 1)
    return Q(pk__in=few) if len(few) <= MOST_RANKED else _condition(searched, sought)


def among_matches(kind: str, sought: Sought) -> Q:
    """The same of what matches often, at no query."""
    return _condition(kind_named(kind), sought)


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
        self.sought = sought
        self.match, self.whole = sought.match, sought.whole
        self.queryset = queryset

    @property
    def weights(self) -> dict[str, float]:
        return self.sought.weights

    def foresees_many(self) -> bool:
        """Whether to look for the strongest at once: planning what nothing asks for costs nothing
        but in PostgreSQL."""
        counts = self.sought.counts if index().needs_counts else None
        return counts is None or counts.at_most(self.match) >= MOST_RANKED

    def wanted(self, *, foreseen: bool) -> Wanted:
        """What to look for in the index."""
        asked: list[list[Match]] = []
        if foreseen:
            asked = [levels_of_one(self.sought)] if self._is_one else list(stages(self.sought))
        return Wanted(self.kind, self.sought, self.queryset, asked, by_tier=self._is_one)

    def ranking(self, found: Found, limit: int) -> Ranking:
        scores, numbers = self._by_tier(found) if self._is_one else ([], [])
        if found.read:
            scores, numbers = self._by_levels(found)
        others = _newest(found.listed.get(IN_NO_TIER, ()), but=set(numbers))
        numbers += others
        scores += [self._least] * len(others)
        best = min(limit, MOST_RANKED)
        return Ranking(
            self._keys(found, numbers[:best]),
            tuple(scores[:best]),
            tuple(numbers[:best]),
            min(len(numbers), MOST_RANKED),
            len(numbers) <= MOST_RANKED,
        )

    def _keys(self, found: Found, numbers: list[int]) -> tuple[object, ...]:
        if not is_numbered(self.kind):
            return tuple(numbers)
        return tuple([key_of(self.kind.name, found.keys[number]) for number in numbers])

    def _by_levels(self, found: Found) -> Scored:
        """Those that were read, by all that is known of them; of equals the newest first."""
        rows = self._scored([(number, levels) for number, levels, _ in found.read])
        best = sorted([(score, number) for number, score in rows], reverse=True)
        return [score for score, _ in best], [number for _, number in best]

    def _by_tier(self, found: Found) -> Scored:
        """Those that hold one word: after those that are named so the tiers are its levels, of
        which each has one. No document was read."""
        named = dict.fromkeys(found.listed.get(0, ()), EXACT + self._least)
        scores: list[float] = []
        numbers: list[int] = []
        for tier, level in enumerate(TOLD, 1):
            listed, score = found.listed.get(tier, ()), self._one * (1 + level)
            named |= dict.fromkeys(named.keys() & listed, EXACT + score)
            own = _newest(listed, but=named)
            numbers += own
            scores += [score] * len(own)
        first = sorted([(score, number) for number, score in named.items()], reverse=True)
        return (
            [*(score for score, _ in first), *scores],
            [*(number for _, number in first), *numbers],
        )

    @property
    def _is_one(self) -> bool:
        return len(self.sought.said) == 1

    @property
    def _one(self) -> float:
        return min(self.weights.values(), default=0.0)

    @property
    def _least(self) -> float:
        """What a hit is worth of which no more is known."""
        return self._one * (1 + MENTIONED)

    # --- What the index tells of hits --------------------------------------------------------
    def all_allowed(self, limit: int) -> QuerySet:
        """The newest that meet the other conditions, each with its levels, and its key as text."""
        document = Document.objects.filter(id=OuterRef("hit_number") + bounds(self.kind)[0])
        rows = self.queryset.filter(_condition(self.kind, self.sought)).order_by("-pk")
        levels = Subquery(document.values_list(self._levels))
        rows = rows.annotate(hit_number=number_of(self.kind.name), hit_levels=levels)
        return rows.values_list("hit_number", "hit_levels", Cast("pk", CharField()))[:limit]

    def scored(self, numbers: Collection[int]) -> Iterator[tuple[int, float]]:
        documents = Document.objects.filter(id__among=array("q", numbers))
        return self._scored(documents.values_list("id", self._levels) if numbers else ())

    @property
    def _levels(self) -> F | Concat:
        columns = self.sought.read_columns
        return Concat(*columns) if len(columns) > 1 else F(*columns)

    def _scored(self, rows: Iterable[tuple[int, str]]) -> Iterator[tuple[int, float]]:
        """Of numbers with their levels."""
        # A hit that has to hold a word of which no level was read mentions it at least.
        least = 1 + MENTIONED if self.sought.is_in_all else 0
        known = least * sum(self.weights.values())
        stems = [
            (
                key,
                len(key),
                {digit: weight * (1 + level - least) for digit, level in LEVELS.items()},
            )
            for key, weight in ((level_key(stem), weight) for stem, weight in self.weights.items())
        ]
        whole = [level_key(mark) for mark in self.whole]
        for number, levels in rows:
            score = known
            for mark in whole:
                if mark in levels:
                    score = EXACT + known
            for key, length, worth in stems:
                place = levels.find(key)
                if place >= 0:
                    score += worth[levels[place + length]]
            yield number, score


def _newest(numbers: Iterable[int], but: Collection[int] = ()) -> list[int]:
    if but:
        numbers = [number for number in numbers if number not in but]
    return sorted(numbers, reverse=True)


LEVELS = {digit: max(level, MENTIONED) for level, digit in enumerate(LEVEL_DIGITS)}
