"""What each sum of money in a text is: the whole pool, an award, or neither."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from . import cues
from .facts import AwardFact, Basis, MoneyFact
from .money import money_in
from .prose import Prose, Sentence, one_line

_LONGEST_LABEL = 120
_NUMBERS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount with its part in the offer; `is_pool` None where the words do not say."""

    money: MoneyFact
    is_pool: bool | None
    sentence: Sentence
    label: str = ""
    basis: Basis = "total"
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """Pool and awards of a text, and the sums whose part in it is not clear."""

    pool: MoneyFact | None
    awards: tuple[AwardFact, ...]
    unclear: tuple[Sum, ...]


def sums_in(prose: Prose) -> list[Sum]:
    """Every sum that may belong to an offer; what is spent, earned or long won is left out."""
    sums = []
    for money in money_in(prose):
        start = prose.place(money.start)
        sentence = prose.sentence_at(start)
        if _is_over(sentence.text):
            continue
        part = _part(prose, money, start, sentence)
        if part.is_pool is not None or not _is_spending(sentence.text):
            sums.append(part)
    return sums


@lru_cache(maxsize=64)  # a sentence may hold many sums
def _is_over(sentence: str) -> bool:
    if cues.OVER.search(sentence):
        return True
    return bool(cues.FINISHED.search(sentence)) and not cues.OPEN.search(sentence)


@lru_cache(maxsize=64)
def _is_spending(sentence: str) -> bool:
    return bool(cues.NO_PRIZE.search(sentence))


def read_offer(sums: Sequence[Sum], stated_pool: MoneyFact | None = None) -> Offer:
    """Pool and awards; parts are never added up, and the largest pool is the whole."""
    pools = [part.money for part in sums if part.is_pool]
    pool = max(pools, key=lambda money: money.largest, default=stated_pool)
    awards: dict[tuple, AwardFact] = {}
    unclear: list[Sum] = []
    placed = {_amount(part.money) for part in sums if part.is_pool is not None}
    for part in sums:
        if part.is_pool is False:
            award = _award(part, pool)
            awards.setdefault((award.label, _amount(award.money)), award)
        elif part.is_pool and pool and _amount(part.money) == _amount(pool):
            continue
        elif part.is_pool or _amount(part.money) not in placed:
            unclear.append(part)
    return Offer(pool, tuple(awards.values()), tuple(unclear))


def _award(part: Sum, pool: MoneyFact | None) -> AwardFact:
    within = (
        pool is not None
        and pool.currency == part.money.currency
        and part.money.largest <= pool.largest
    )
    return AwardFact(part.label, part.money, part.basis, part.count, within, part.sentence.text)


def _amount(money: MoneyFact) -> tuple[Decimal, Decimal | None, str]:
    return money.amount, money.amount_max, money.currency


def _part(prose: Prose, money: MoneyFact, start: int, sentence: Sentence) -> Sum:
    end = prose.place(money.end - 1) + 1
    before = _flat(prose.plain[sentence.start : start])
    after = _flat(prose.plain[end : sentence.end])
    part = Sum(money, None, sentence)
    return (
        _in_brackets(part, before, after)
        or _place(part, before)
        or _whole(part, before, after)
        or _each(part, before, after)
        or _share(part, before, after)
        or part
    )


def _flat(words: str) -> str:
    """One line, with the space at either end kept: it parts the words from the sum."""
    line = one_line(words)
    return (" " if words[:1].isspace() else "") + line + (" " if words[-1:].isspace() else "")


def _in_brackets(part: Sum, before: str, after: str) -> Sum | None:
    """ "The warm-up round ($100,000) ends …": the sum of what is named before the bracket."""
    if not (before.endswith("(") and after.startswith(")")):
        return None
    rounds = list(cues.ROUND.finditer(before))
    if rounds and rounds[-1].end() >= len(before) - 2:
        return replace(part, is_pool=False, label=rounds[-1]["round"])
    return None


def _place(part: Sum, before: str) -> Sum | None:
    before = before[-80:]
    if place := cues.PLACE_BEFORE.search(before) or cues.PLACE_LISTED.search(before):
        return replace(part, is_pool=False, label=place["label"].lower(), count=1)
    return None


def _whole(part: Sum, before: str, after: str) -> Sum | None:
    """A pool, or the money of one round of it."""
    if cues.UNIT_BEFORE.search(before[-80:]) or cues.EACH_AFTER.match(after):
        return None
    if not (cues.POOL_AFTER.match(after[:120]) or cues.POOL_BEFORE.search(before[-60:])):
        return None
    if named := cues.ROUND.search(before):
        return replace(part, is_pool=False, label=named["round"])
    return replace(part, is_pool=True)


def _each(part: Sum, before: str, after: str) -> Sum | None:
    unit = cues.UNIT_BEFORE.search(before[-80:])
    if not unit:
        if each := cues.EACH_AFTER.match(after):
            label = _label(each["label"]) if each["label"] else "award"
            return replace(part, is_pool=False, basis="each", label=label)
        return None
    number = (unit["count"] or "").lower()
    count = int(number) if number.isdecimal() else _NUMBERS.get(number)
    return replace(part, is_pool=False, basis="each", label=unit["unit"].lower(), count=count)


def _share(part: Sum, before: str, after: str) -> Sum | None:
    """ "$5 will go to the best papers" (to all of them), "award $5 for good ideas" (to each)."""
    if share := cues.SHARE_AFTER.match(after):
        return replace(part, is_pool=False, label=_label(share["label"]))
    gift = cues.GIFT_AFTER.match(after)
    if gift and cues.GIFT_BEFORE.search(before):
        return replace(part, is_pool=False, basis="each", label=_label(gift["label"]))
    return None


def _label(words: str) -> str:
    if end := cues.LABEL_END.search(words):
        words = words[: end.start()]
    words = words.strip()
    if len(words) > _LONGEST_LABEL:
        words = words[:_LONGEST_LABEL].rsplit(" ", 1)[0] + " …"
    return words
