"""The statement that finds: of each kind the newest hits and, where there are too many to rank
all, the strongest; of these what meets all other conditions, with what its rank is made of.

It is one for all kinds. A database begins no part of it that nothing asks for: what is looked for
is limited by what the parts before it found.
"""

# ruff: noqa: S608 - of names and numbers of our own; all else is a parameter

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from fulltext.databases import Select, index
from fulltext.matches import Match
from fulltext.numbering import bounds, is_numbered
from fulltext.registry import Kind
from fulltext.sought import Sought
from fulltext.vocabulary import counting, counts_of

# A row of the statement holds a place in what is wanted, a tier, a number, levels and a key. These
# signs tell a hit from how many hits there are, and from how often a word stands anywhere.
_A_WORD, _A_COUNT = -1, -2
IN_NO_TIER = -1

# A hit is a plain row, since there are a thousand: the first tier that holds it, counted through
# all stages; its number; its levels, where they were asked for; its key, if it is none itself.
type Hit = tuple[int, int, str | None, Any]


@dataclass(frozen=True, slots=True)
class Limits:
    many: int  # from so many hits on the strongest are looked for
    strongest: int
    enough: int  # of which no further stage is asked


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to find of a kind. `stages` are tiers of strong hits, the strongest first; a stage is
    asked where those before it found too little. `by_tier`: a tier is all that tells their ranks.
    """

    kind: Kind
    sought: Sought
    queryset: QuerySet  # of rows that meet all other conditions
    stages: Sequence[Sequence[Match]]
    by_tier: bool


@dataclass(slots=True)
class Found:
    """`is_many`: too many match to look through all; then `hits` are some of them."""

    is_many: bool = False
    hits: list[Hit] = field(default_factory=list)


def find(wanted: Sequence[Wanted], limits: Limits) -> list[Found]:
    found = [Found() for _ in wanted]
    words: list[tuple[str, int, int]] = []
    for row in _rows(wanted, limits):
        place, tier, number, text, _ = row
        if place == _A_WORD:
            words.append((text, number, tier))
        elif tier == _A_COUNT:
            found[place].is_many = number >= limits.many
        else:
            found[place].hits.append(row[1:])
    if words:
        for each in wanted:
            each.sought.counts = counts_of(words)
    return found


def _rows(wanted: Sequence[Wanted], limits: Limits) -> Sequence[tuple]:
    named: list[Select] = []
    parts: list[Select] = []
    for place, each in enumerate(wanted):
        try:
            allowed = _allowed(each)
        except EmptyResultSet:
            continue
        named += _named(place, each, limits)
        parts += _counted_and_allowed(place, each, limits, allowed)
    if not parts:
        return []
    parts += _words(wanted)
    sql = f"WITH {_texts(', ', named)} {_texts(' UNION ALL ', parts)}"
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for _, own in (*named, *parts) for value in own])
        return cursor.fetchall()


def _texts(between: str, parts: Sequence[Select]) -> str:
    return between.join([text for text, _ in parts])


def _allowed(wanted: Wanted) -> Select:
    """Whether the hit at hand is a row that meets all other conditions."""
    key = "numbered.key" if is_numbered(wanted.kind) else "chosen.id - %s"
    at_hand = RawSQL(key, [] if is_numbered(wanted.kind) else [bounds(wanted.kind)[0]])  # noqa: S611
    sql, params = wanted.queryset.filter(pk=at_hand).values("pk").query.sql_with_params()
    return f"EXISTS ({sql})", list(params)


def _named(place: int, wanted: Wanted, limits: Limits) -> Iterator[Select]:
    """The newest as `hit_0`, the strongest of each stage as `stage_0_0`, of all as `best_0`, and
    as `chosen_0` what is looked through: the strongest, then the newest."""
    hit, best = f"hit_{place}", f"best_{place}"
    sql, params = _newest(wanted, wanted.sought.match, limits.many)
    yield f"{hit}(id) AS MATERIALIZED ({sql})", params
    yield from _stages(place, wanted, limits)
    stages = " UNION ALL ".join(
        f"SELECT * FROM stage_{place}_{stage}" for stage in range(len(wanted.stages))
    )
    stages = stages or f"SELECT 0 AS tier, id FROM {hit} WHERE 1 = 0"
    yield (
        f"{best}(id, tier) AS MATERIALIZED "
        f"(SELECT id, MIN(tier) FROM ({stages}) AS stage GROUP BY id)",
        [],
    )
    taken = f"(SELECT COUNT(*) FROM {best})"
    yield (
        f"chosen_{place}(id, tier) AS MATERIALIZED (SELECT id, tier FROM {best} UNION ALL "
        f"SELECT id, {IN_NO_TIER} FROM (SELECT id FROM {hit} "
        f"WHERE id NOT IN (SELECT id FROM {best}) "
        f"LIMIT CASE WHEN {taken} < {limits.many} THEN {limits.many} - {taken} ELSE 0 END) "
        "AS other)",
        [],
    )


def _stages(place: int, wanted: Wanted, limits: Limits) -> Iterator[Select]:
    first = 0
    before: list[str] = []
    for stage, tiers in enumerate(wanted.stages):
        name = f"stage_{place}_{stage}"
        selects = [_newest(wanted, match, limits.strongest) for match in tiers]
        asked = " UNION ALL ".join(
            f"SELECT * FROM (SELECT {tier}, part.* FROM ({text}) AS part) AS tier"
            for tier, (text, _) in enumerate(selects, first)
        )
        is_over = f"(SELECT COUNT(*) FROM hit_{place}) < {limits.many}"
        if before:
            is_over += f" OR {' + '.join(before)} >= {limits.enough}"
        yield (
            f"{name}(tier, id) AS MATERIALIZED ({asked} "
            f"LIMIT CASE WHEN {is_over} THEN 0 ELSE {limits.strongest} END)",
            [value for _, params in selects for value in params],
        )
        before.append(f"(SELECT COUNT(*) FROM {name})")
        first += len(tiers)


def _newest(wanted: Wanted, match: Match, limit: int) -> Select:
    own = bounds(wanted.kind)
    sql, params = index().newest(match, own, limit, lambda: wanted.sought.counts)
    return sql, list(params)


def _counted_and_allowed(
    place: int, wanted: Wanted, limits: Limits, allowed: Select
) -> Iterator[Select]:
    yield f"SELECT {place}, {_A_COUNT}, COUNT(*), NULL, NULL FROM hit_{place}", []
    condition, params = allowed
    base = bounds(wanted.kind)[0]
    key, joined = "NULL", ""
    if is_numbered(wanted.kind):
        key = "CAST(numbered.key AS varchar)"
        joined = f" JOIN fulltext_numberedkey AS numbered ON numbered.id = chosen.id - {base}"
    # Of many hits nothing is read but of the strongest, and that only where their tier does not
    # tell all.
    is_few = f"(SELECT COUNT(*) FROM hit_{place}) < {limits.many}"
    is_read = is_few if wanted.by_tier else f"chosen.tier >= 0 OR {is_few}"
    yield (
        f"SELECT {place}, chosen.tier, chosen.id - {base}, CASE WHEN {is_read} THEN "
        f"(SELECT levels FROM fulltext_document AS document WHERE document.id = chosen.id) END, "
        f"{key} FROM chosen_{place} AS chosen{joined} WHERE {condition}",
        params,
    )


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
