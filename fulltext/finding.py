"""The statement that finds: of each kind the newest hits and, where there are too many to rank
all, the strongest; of these what meets all other conditions, with what its rank is made of.

It is one for all kinds. A database begins no part of it that nothing asks for: what is looked for
is limited by what the parts before it found.
"""

# ruff: noqa: S608 - of names and numbers of our own; all else is a parameter

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from fulltext.allowing import allowed, own_number
from fulltext.databases import Select, index
from fulltext.matches import Match
from fulltext.numbering import bounds, is_numbered, key_of_number
from fulltext.registry import Kind
from fulltext.sought import Sought
from fulltext.vocabulary import counting, counts_of

# A row of the statement holds a place in what is wanted, a tier, a number, levels and a key. One
# without a number is a list of hits, of their numbers and keys as JSON. These signs tell a hit from
# how many hits there are, and from how often a word stands anywhere.
_A_WORD, _A_COUNT = -1, -2
IN_NO_TIER = -1
ENOUGH_TO_KNOW = 100  # hits that are looked at for one that may be seen

# A hit is a plain row, since there are a thousand: its number, its levels, its key if that is none.
type Hit = tuple[int, str, Any]


@dataclass(frozen=True, slots=True)
class Limits:
    many: int  # from so many hits on the strongest are looked for
    listed: int  # how many of a stage, where their tier tells their rank
    read: int  # and how many, where their levels are read
    enough: int  # of which no further stage is asked


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to find of a kind. `stages` are tiers of strong hits, the strongest first; a stage is
    asked where those before it found too little. `by_tier`: a tier is all that tells their ranks,
    so that no hit is read; there is one stage then, asked for however few hits.
    """

    kind: Kind
    sought: Sought
    queryset: QuerySet  # of rows that meet all other conditions
    stages: Sequence[Sequence[Match]]
    by_tier: bool


@dataclass(slots=True)
class Found:
    """`is_many`: too many match to look through all; then what was found is some of them.

    `read` are hits with their levels; `listed` are numbers by the first tier that holds them,
    counted through all stages, where nothing else is to be known of them.
    """

    is_many: bool = False
    read: list[Hit] = field(default_factory=list)
    listed: dict[int, list[int]] = field(default_factory=dict)
    keys: dict[int, Any] = field(default_factory=dict)  # by number, where they are no numbers

    def __len__(self) -> int:
        return len({number for number, _, _ in self.read}.union(*self.listed.values()))

    def take(self, tier: int, number: int | None, text: str | None, key: str | None) -> None:
        if number is not None:
            self.read.append((number, text or "", key))
            if key is not None:
                self.keys[number] = key
        elif text:
            numbers = self.listed[tier] = orjson.loads(text)
            if key:
                self.keys.update(zip(numbers, orjson.loads(key), strict=True))


def find(wanted: Sequence[Wanted], limits: Limits) -> list[Found]:
    found = [Found() for _ in wanted]
    words: list[tuple[str, int, int]] = []
    for place, tier, number, text, key in _rows(wanted, limits):
        if place == _A_WORD:
            words.append((text, number, tier))
        elif tier == _A_COUNT:
            found[place].is_many = number >= limits.many
        else:
            found[place].take(tier, number, text, key)
    if words:
        for each in wanted:
            each.sought.counts = counts_of(words)
    return found


def held(wanted: Sequence[Wanted]) -> set[int]:
    """The places of those of whose newest hits one at least meets the other conditions."""
    named: list[Select] = []
    parts: list[Select] = []
    for place, each in enumerate(wanted):
        try:
            chosen = _Chosen(place, each)
        except EmptyResultSet:
            continue
        sql, params = _newest(each, each.sought.match, ENOUGH_TO_KNOW)
        named.append((f"hit_{place}(id) AS ({sql})", params))
        parts.append(chosen.any(f"hit_{place}"))
    return {place for (place,) in _fetched(named, parts)}


def _rows(wanted: Sequence[Wanted], limits: Limits) -> Sequence[tuple]:
    named: list[Select] = []
    parts: list[Select] = []
    for place, each in enumerate(wanted):
        try:
            chosen = _Chosen(place, each)
        except EmptyResultSet:
            continue
        named += _named(place, each, limits)
        parts += _counted_and_allowed(chosen, limits)
    return _fetched(named, [*parts, *_words(wanted)] if parts else [])


def _fetched(named: Sequence[Select], parts: Sequence[Select]) -> list[tuple]:
    if not parts:
        return []
    sql = f"WITH {_texts(', ', named)} {_texts(' UNION ALL ', parts)}"
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for _, own in (*named, *parts) for value in own])
        return cursor.fetchall()


def _texts(between: str, parts: Sequence[Select]) -> str:
    return between.join([text for text, _ in parts])


def _named(place: int, wanted: Wanted, limits: Limits) -> Iterator[Select]:
    """The newest as `hit_0`, how many as `amount_0`, the strongest of each stage as `stage_0_0`."""
    sql, params = _newest(wanted, wanted.sought.match, limits.many)
    yield f"hit_{place}(id) AS MATERIALIZED ({sql})", params
    yield f"amount_{place}(n) AS MATERIALIZED (SELECT COUNT(*) FROM hit_{place})", []
    yield from _stages(place, wanted, limits)


def _stages(place: int, wanted: Wanted, limits: Limits) -> Iterator[Select]:
    first = 0
    before: list[str] = []
    is_few = _is_few(place, limits)
    most = limits.read
    if wanted.by_tier:  # one that knew there are many was asked for no more
        most = limits.listed if index().needs_counts else limits.many
    for stage, tiers in enumerate(wanted.stages):
        name = f"stage_{place}_{stage}"
        selects = [_newest(wanted, match, most) for match in tiers]
        asked = " UNION ALL ".join(
            f"SELECT * FROM (SELECT {tier}, part.* FROM ({text}) AS part) AS tier"
            for tier, (text, _) in enumerate(selects, first)
        )
        if wanted.by_tier:
            asked += f" LIMIT CASE WHEN {is_few} THEN {limits.many} ELSE {limits.listed} END"
        else:
            is_over = [is_few, *([f"{' + '.join(before)} >= {limits.enough}"] if before else ())]
            asked += f" LIMIT CASE WHEN {' OR '.join(is_over)} THEN 0 ELSE {limits.read} END"
        yield (
            f"{name}(tier, id) AS MATERIALIZED ({asked})",
            [value for _, params in selects for value in params],
        )
        before.append(f"(SELECT COUNT(*) FROM {name})")
        first += len(tiers)


def _newest(wanted: Wanted, match: Match, limit: int) -> Select:
    own = bounds(wanted.kind)
    sql, params = index().newest(match, own, limit, lambda: wanted.sought.counts)
    return sql, list(params)


def _counted_and_allowed(chosen: "_Chosen", limits: Limits) -> Iterator[Select]:
    """How many hits there are; of few all, with their levels; of many a list of the newest, and
    the strongest with theirs. Where tiers tell all, lists alone."""
    place, wanted = chosen.place, chosen.wanted
    hit = f"hit_{place}"
    is_few = _is_few(place, limits)
    stages = " UNION ALL ".join(
        f"SELECT * FROM stage_{place}_{stage}" for stage in range(len(wanted.stages))
    )
    yield f"SELECT {place}, {_A_COUNT}, n, NULL, NULL FROM amount_{place}", []
    if wanted.stages and wanted.by_tier:
        yield chosen.listed(hit)
        yield chosen.listed_by_tier(f"({stages})")
        return
    yield chosen.read(f"(SELECT id FROM {hit} WHERE {is_few})")
    if wanted.stages:
        yield chosen.listed(f"(SELECT id FROM {hit} WHERE NOT ({is_few}))")
        yield chosen.read(f"(SELECT DISTINCT id FROM ({stages}) AS stage)")


def _is_few(place: int, limits: Limits) -> str:
    return f"(SELECT n FROM amount_{place}) < {limits.many}"


class _Chosen:
    """Selects of those hits of a kind that meet all other conditions."""

    def __init__(self, place: int, wanted: Wanted) -> None:
        """Raises EmptyResultSet where no row can meet them."""
        self.place, self.wanted = place, wanted
        self.condition, self.params = allowed(wanted.kind, wanted.queryset)
        self.number = own_number(wanted.kind)
        key, self.joined = key_of_number(wanted.kind, self.number)
        self.key = f"CAST({key} AS varchar)" if is_numbered(wanted.kind) else "NULL"
        self.columns = " || ".join(f"document.{name}" for name in wanted.sought.read_columns)

    def read(self, rows: str) -> Select:
        document = "fulltext_document AS document WHERE document.id = chosen.id"
        levels = f"(SELECT {self.columns} FROM {document})"
        columns = f"{self.place}, {IN_NO_TIER}, {self.number}, {levels}, {self.key}"
        return f"SELECT {columns} {self._from(rows)}", self.params

    def listed(self, rows: str) -> Select:
        """All in one row."""
        return f"SELECT {self._list(IN_NO_TIER)} {self._from(rows)}", self.params

    def listed_by_tier(self, rows: str) -> Select:
        """A row a tier."""
        tiers = f"SELECT {self._list('chosen.tier')} {self._from(rows)} GROUP BY chosen.tier"
        return tiers, self.params

    def _list(self, tier: str | int) -> str:
        gathered = index().gathered
        keys = "NULL" if self.key == "NULL" else gathered(self.key)
        return f"{self.place}, {tier}, NULL, {gathered(self.number)}, {keys}"

    def any(self, rows: str) -> Select:
        """A row, if there is one."""
        return (
            f"SELECT * FROM (SELECT {self.place} {self._from(rows)} LIMIT 1) AS part",
            self.params,
        )

    def _from(self, rows: str) -> str:
        return f"FROM {rows} AS chosen{self.joined} WHERE {self.condition}"


def _words(wanted: Sequence[Wanted]) -> Iterator[Select]:
    """What words weigh, where that is not known and tells hits apart."""
    stems = {
        stem
        for each in wanted
        if len(each.sought.said) > 1 and not each.sought.is_counted
        for stem in each.sought.stems
    }
    if stems:
        sql, params = counting(stems)
        yield (
            f"SELECT {_A_WORD}, word.titled, word.held, word.stem, NULL FROM ({sql}) AS word",
            params,
        )
