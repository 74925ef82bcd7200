"""Whether two texts speak of one prize."""

from __future__ import annotations

import re
from typing import Literal
from urllib.parse import urlsplit

from .facts import MoneyFact, PrizeFacts

Sameness = Literal["match", "unsure", "no"]

_FAMILIES = {"prize": "contest", "competition": "contest"}
_YEAR = re.compile(r"\b(?:19|20|21)\d\d\b")
_WORD = re.compile(r"[^\W\d_]{2,}")
# Words that half of all prizes are named with, and those that only join others.
_COMMON = frozenset(
    word
    for line in (
        "prize award competition contest challenge grant call job new annual total pool research",
        "researcher program programme fund proposal paper submission idea best international",
        "announce open win winner money million thousand for of the in on at and to with by an",
        "from is are this that these there we our us will be has have its it or as work problem",
        "award separately next newsletter issue promis good outstand",
    )
    for word in line.split()
)


def same_prize(a: PrizeFacts, b: PrizeFacts) -> Sameness:
    """Whether two readings are of one prize; `unsure` is for a person to decide.

    By website; else by the words of their names; else by the same sum with a telling word in
    common. A passing mention ("a $5,000 robotics contest") matches where all its telling words
    occur in what is known of the other.
    """
    if _other_year(a.name, b.name):
        return "no"
    site_a, site_b = website_key(a.website), website_key(b.website)
    if site_a and site_a == site_b:
        return "match" if _family(a) == _family(b) else "unsure"
    apart = bool(site_a and site_b)
    words_a, words_b = telling_words(a.name), telling_words(b.name)
    if words_a and words_a == words_b and _family(a) == _family(b):
        return "unsure" if apart or len(words_a) < 2 else "match"
    return _by_money(a, b, words_a, words_b, apart)


def _by_money(
    a: PrizeFacts, b: PrizeFacts, words_a: frozenset[str], words_b: frozenset[str], apart: bool
) -> Sameness:
    if _family(a) != _family(b) or not (_sums(a) & _sums(b)):
        return "no"
    quote_a, quote_b = telling_words(a.quote), telling_words(b.quote)
    # What is only named by its sum ("$5,000 in prizes for robots") is told by its sentence.
    name_a, name_b = words_a or quote_a, words_b or quote_b
    if not apart and name_a and name_b and (name_a <= name_b or name_b <= name_a):
        return "match"
    shared = (words_a | quote_a) & (words_b | quote_b)
    return "unsure" if shared else "no"


def website_key(url: str | None) -> str | None:
    """What two addresses of one site have in common, or None for no address."""
    try:
        parts = urlsplit((url or "").strip())
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    if not host:
        return None
    query = "&".join(
        sorted(pair for pair in parts.query.split("&") if pair and not pair.startswith("utm_"))
    )
    return f"{host}{parts.path.rstrip('/')}{'?' if query else ''}{query}"


def telling_words(text: str) -> frozenset[str]:
    """The stems of the words that tell one prize from another."""
    return frozenset(
        stem
        for word in _WORD.findall(text.lower())
        if word not in _COMMON and (stem := _stem(word)) not in _COMMON
    )


def _stem(word: str) -> str:
    for ending in ("ing", "s"):
        if word.endswith(ending) and len(word) - len(ending) > 3 and not word.endswith("ss"):
            return word.removesuffix(ending)
    return word


def _family(facts: PrizeFacts) -> str:
    return _FAMILIES.get(facts.kind, facts.kind)


def _other_year(a: str, b: str) -> bool:
    years_a, years_b = set(_YEAR.findall(a)), set(_YEAR.findall(b))
    return bool(years_a and years_b) and not years_a & years_b


def _sums(facts: PrizeFacts) -> set[tuple]:
    """The pool, or without one the awards."""
    stated: list[MoneyFact] = (
        [facts.pool] if facts.pool else [award.money for award in facts.awards]
    )
    return {(money.amount, money.amount_max, money.currency) for money in stated}
