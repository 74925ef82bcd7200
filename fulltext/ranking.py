"""Which hits come first.

What a word says of a document was settled when the document was indexed (`documents.level`), so
a rank is the sum of a few stored levels, weighted by how rare their words are. Up to a thousand
hits all are ranked. Of more, the strongest are taken from the index level by level, the newest of
each first; no search reads more rows than that, however many match.
"""

from array import array
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from fulltext import vocabulary
from fulltext.databases import index
from fulltext.documents import (
    FIELD_MARKS,
    HIGHEST,
    IN_VENUE,
    LEVEL_DIGITS,
    STOP_WORDS,
    identifier_token,
    level_key,
    level_token,
    whole_title_token,
)
from fulltext.expressions import And, Expression, Phrase, Word
from fulltext.matches import All, Match, all_of, any_of, match_of, plain_stems, token, without_mark
from fulltext.matches import Sequence as Words
from fulltext.models import Document, NumberedKey
from fulltext.numbering import bounds, ids_of, is_numbered, keys_of
from fulltext.registry import TITLE, Kind, kind_named, normal_identifier

MOST_RANKED = 1_000
SPARE = 100  # hits more than are ranked, since some may not be for the reader
MOST_WEIGHED = 16  # words of a query
EXACT = 1_000.0  # above what levels can add up to


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best hits first. `total` is exact up to `MOST_RANKED`, as `is_exact` says."""

    keys: tuple[object, ...]
    scores: tuple[float, ...]
    total: int
    is_exact: bool


def ranked(
    kind: str, expression: Expression, queryset: QuerySet, limit: int = MOST_RANKED
) -> Ranking:
    """The rows of the queryset that match, best first, at most `limit` of them.

    The queryset holds all other conditions. An identifier or a title that matches as a whole
    comes first; then what matches best, and of equals the newest.
    """
    return search_for(kind, expression, queryset).ranking(limit)


def search_for(kind: str, expression: Expression, queryset: QuerySet) -> "Search":
    return Search(kind_named(kind), expression, queryset.order_by())


def matching(kind: str, expression: Expression) -> Q:
    """A condition on rows of the kind's model, to be combined with any other, also by ~ and |.

    Costs a query: what finds few is given as their keys, so that no planner walks a whole table
    for them.
    """
    searched = kind_named(kind)
    found = _Found(searched, expression)
    few = found.newest(MOST_RANKED + 1)
    if len(few) <= MOST_RANKED:
        return Q(pk__in=list(keys_of(searched, few).values()))
    return found.condition()


class _Found:
    """What matches an expression, whoever asks."""

    def __init__(self, kind: Kind, expression: Expression) -> None:
        self.kind = kind
        self.bounds = bounds(kind)
        self.match = match_of(expression, vocabulary.stems_beginning)
        self.stems = plain_stems(self.match)
        self.counts = vocabulary.counts(self.stems)

    def newest(self, limit: int, *also: Match) -> list[int]:
        match = all_of([*_not_implied(self.match, also), *also]) if also else self.match
        return index().newest(match, self.bounds, limit, self.counts.expected(match))

    def condition(self) -> Q:
        # Parameters are bound; there is no ORM for a full-text index of either database.
        numbers = RawSQL(*index().all_within(self.match, self.bounds))  # noqa: S611
        if is_numbered(self.kind):
            return Q(pk__in=NumberedKey.objects.filter(id__in=numbers).values("key"))
        return Q(pk__in=numbers)


def _not_implied(match: Match, also: Collection[Match]) -> list[Match]:
    """The parts of a match that have to be asked beside its tiers: who has a word in the title, or
    on a level, has it."""
    parts = match.parts if isinstance(match, All) and not match.without else (match,)
    tiers = [part for tier in also for part in (tier.parts if isinstance(tier, All) else (tier,))]
    marked = [tier.tokens[0] for tier in tiers if isinstance(tier, Words)]
    implied = {token(without_mark(text)) for text in marked}
    return [part for part in parts if part not in implied]


class Search(_Found):
    def __init__(self, kind: Kind, expression: Expression, queryset: QuerySet) -> None:
        super().__init__(kind, expression)
        self.queryset = queryset
        self.whole = list(_whole_tokens(expression))
        said = [stem for stem in self.stems if stem not in STOP_WORDS] or self.stems
        weights = {stem: self.counts.weight(stem) for stem in said}
        self.weights = dict(sorted(weights.items(), key=lambda each: -each[1])[:MOST_WEIGHED])

    def ranking(self, limit: int) -> Ranking:
        newest = self.newest(MOST_RANKED + SPARE)
        are_many = len(newest) == MOST_RANKED + SPARE
        levels = self._strongest(newest) if are_many else dict.fromkeys(newest, 0)
        hits = self._allowed(list(levels))
        if are_many and len(hits) <= MOST_RANKED:
            # The other conditions leave out so many that a thousand do not tell.
            hits, are_many = self._all_allowed(MOST_RANKED + 1), False
        is_exact = len(hits) <= MOST_RANKED
        if are_many and len(self.weights) == 1:
            # The tiers of one word are its levels: no document has to be read.
            ((_, weight),) = self.weights.items()
            scored = [(weight * (1 + levels[number]), number) for number in hits]
        else:
            scored = list(self.scored(hits[:MOST_RANKED]))
        best = sorted(scored, reverse=True)[:limit]
        keys = keys_of(self.kind, [number for _, number in best])
        total = len(hits) if is_exact else MOST_RANKED
        return Ranking(tuple(keys.values()), tuple(score for score, _ in best), total, is_exact)

    def _allowed(self, numbers: Sequence[int]) -> list[int]:
        """Those that meet the other conditions, in the same order."""
        keys = keys_of(self.kind, numbers)
        if is_numbered(self.kind):
            rows = self.queryset.filter(pk__in=list(keys.values()))
        else:
            rows = self.queryset.filter(pk__among=array("q", keys.values()))
        allowed = set(rows.values_list("pk", flat=True))
        return [number for number in numbers if keys.get(number) in allowed]

    def _all_allowed(self, limit: int) -> list[int]:
        rows = self.queryset.filter(self.condition()).order_by("-pk").values_list("pk", flat=True)
        return sorted(ids_of(self.kind, rows[:limit]).values(), reverse=True)

    def _strongest(self, newest: Sequence[int]) -> dict[int, float]:
        """Of more hits than are ranked those that say most, with their level if only one word
        counts; filled up with the newest."""
        most = MOST_RANKED + SPARE
        strongest: dict[int, float] = {}
        for level, tier in self._tiers():
            if len(strongest) >= MOST_RANKED:
                break  # for the few that are missing no further tier is asked
            for number in self.newest(most - len(strongest), tier):
                strongest.setdefault(number, level)
        for number in newest:
            if len(strongest) >= most:
                break
            strongest.setdefault(number, 0)
        return strongest

    def _tiers(self) -> Iterator[tuple[float, Match]]:
        """What to ask of a hit beyond matching, the most first."""
        if self.whole:
            yield EXACT, any_of(map(token, self.whole))
        match list(self.weights):
            case []:
                return
            case [stem]:
                for level in range(HIGHEST, IN_VENUE - 1, -1):
                    yield level, token(level_token(stem, level))
            case stems:
                title = [_in_title(stem) for stem in stems]
                yield 0, all_of(title)
                yield from ((0, part) for part in title)

    def scored(self, numbers: Sequence[int]) -> Iterator[tuple[float, int]]:
        stems = [(level_key(stem), weight) for stem, weight in self.weights.items()]
        whole = [level_key(mark) for mark in self.whole]
        rows = Document.objects.filter(id__among=array("q", numbers)).values_list("id", "levels")
        for number, levels in rows:
            score = 0.0
            for mark in whole:
                if mark in levels:
                    score = EXACT
            for key, weight in stems:
                place = levels.find(key)
                if place >= 0:
                    score += weight * (1 + LEVELS[levels[place + len(key)]])
            yield score, number


LEVELS = {digit: level for level, digit in enumerate(LEVEL_DIGITS)}


def _in_title(stem: str) -> Match:
    return token(FIELD_MARKS[TITLE] + stem)


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
    if identifier := normal_identifier(text):
        yield identifier_token(identifier)
