"""Amounts of money, as printed in English prose.

A bare "$" is the US dollar; "A$", "C$", "US$" and their like are told apart, and a code behind the
amount ("$500 CAD") counts more than the sign before it. Amounts in words ("half a million
dollars") are read where they name one amount; "hundreds of millions of dollars" names none.
"""

from __future__ import annotations

import re
from decimal import Decimal

from .facts import MoneyFact, Qualifier
from .prose import Prose, read_prose

_SIGNS = {
    "$": "USD", "US$": "USD", "U.S.$": "USD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD",
    "CAD$": "CAD", "AUD$": "AUD", "USD$": "USD", "NZ$": "NZD", "HK$": "HKD", "S$": "SGD",
    "R$": "BRL", "MX$": "MXN", "NT$": "TWD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR",
    "₩": "KRW", "₪": "ILS", "RMB": "CNY",
}  # fmt: skip
_CODES = [
    "USD", "EUR", "GBP", "CHF", "CAD", "AUD", "NZD", "JPY", "CNY", "RMB", "INR", "SEK",
    "NOK", "DKK", "SGD", "HKD", "KRW", "BRL", "ZAR", "PLN", "CZK", "ILS", "MXN", "TWD",
]  # fmt: skip
_NAMES = {
    "dollar": "USD", "euro": "EUR", "swiss franc": "CHF", "pound sterling": "GBP",
    "pounds sterling": "GBP", "yen": "JPY", "rupee": "INR",
}  # fmt: skip
_SCALES = {
    "k": 3, "thousand": 3, "m": 6, "mm": 6, "mn": 6, "mln": 6, "mio": 6, "million": 6,
    "b": 9, "bn": 9, "billion": 9, "trillion": 12,
}  # fmt: skip
_WORDS = {
    "a": "1", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6",
    "seven": "7", "eight": "8", "nine": "9", "ten": "10", "half a": "0.5",
    "a hundred": "100", "one hundred": "100",
}  # fmt: skip
_NUMBER = (
    r"(?:\d{1,3}(?:[,'’\u00a0\u202f\u2009]\d{3}){1,4}(?:\.\d{1,2})?"
    r"|\d{1,3}(?:\.\d{3}){2,4}|\d{1,13}(?:[.,]\d{1,3})?)(?![.,'’]?\d)"
)
_SCALE = (
    r"(?:[\s-]?(?i:thousand|million|billion|trillion|mio|mln|mn|bn)\b"
    r"|(?:[kKbB]|MM|mm|[mM])(?![A-Za-z0-9]))"
)
_SIGN = (
    r"(?:(?<![A-Za-z$])(?:U\.S\.\s?|US|AUD?|CAD?|USD|NZ|HK|MX|NT|[ASCR])?\$|[€£¥₹₩₪]"
    rf"|(?<![A-Za-z])(?:{'|'.join(_CODES)}))"
)
_CODE = rf"\s?(?:{'|'.join(_CODES)})(?![A-Za-z])"
_NAME = (
    r"\s?[€£]|\s(?:(?:US|U\.S\.)\s)?"
    r"(?i:dollars?|euros?|swiss francs?|pounds? sterling|yen|rupees?)\b"
)
_AMOUNT = re.compile(
    rf"(?P<sign>{_SIGN})\s?(?P<signed>{_NUMBER})(?P<scale1>{_SCALE})?(?P<code>{_CODE})?"
    rf"|(?<![\w.,])(?:(?P<low>{_NUMBER})(?P<scale0>{_SCALE})?\s?(?:-|–|—|to)\s?)?"
    rf"(?P<plain>{_NUMBER})(?P<scale2>{_SCALE})?(?P<unit>{_CODE}|{_NAME})"
    r"|\b(?P<word>(?i:half a|(?:a|one) hundred|a|one|two|three|four|five|six|seven|eight|nine|ten))"
    rf"\s(?P<scale3>(?i:thousand|million|billion))(?P<unit3>{_NAME})"
)
_RANGE_TO = re.compile(
    rf"(?P<join>\s?(?:-|–|—)\s?|\s+to\s+|\s+and\s+)(?P<sign>{_SIGN})?\s?"
    rf"(?P<number>{_NUMBER})(?P<scale>{_SCALE})?(?P<code>{_CODE})?"
)
_OPENER = (
    r"(?:a\s+|an\s+|the\s+)?(?:(?:estimated|additional|further|total|sum|amount)\s+(?:of\s+)?)?$"
)
_QUALIFIERS: tuple[tuple[str, Qualifier], ...] = (
    (
        r"up\s+to|as\s+much\s+as|\b(?:a\s+)?maximum(?:\s+of)?|\bmax|not?\s+more\s+than"
        r"|not\s+exceeding|at\s+most|\bunder|(?<!no\s)less\s+than|capped\s+at",
        "up_to",
    ),
    (
        r"at\s+least|\bover|more\s+than|minimum(?:\s+of)?|starting\s+(?:at|from)|upwards?\s+of"
        r"|exceeding|no\s+less\s+than|in\s+excess\s+of",
        "at_least",
    ),
    (r"\babout|\baround|approximately|roughly|nearly|almost|close\s+to|\bsome|\bcirca", "about"),
)
_BEFORE = tuple(
    (re.compile(rf"(?:{words})\s+{_OPENER}", re.IGNORECASE), qualifier)
    for words, qualifier in _QUALIFIERS
)
_OPEN_END = re.compile(r"\+|\s+(?:or|and)\s+(?:more|up)\b")
_TOO_MUCH = Decimal(10) ** 14  # no sum of money: a number beside a sign
_MATHS = re.compile(r"\s*[\\^_{$]|\s*[=<>]")


def read_money(text: str) -> list[MoneyFact]:
    """Every amount of money in a Markdown or plain text, in its order."""
    return money_in(read_prose(text))


def money_in(prose: Prose) -> list[MoneyFact]:
    found, position = [], 0
    while match := _AMOUNT.search(prose.plain, position):
        position = match.end()
        if match["sign"] and _MATHS.match(prose.plain, match.end()):
            continue  # "$5^2$" is a formula
        fact, position = _fact(prose, match)
        if fact.largest < _TOO_MUCH:
            found.append(fact)
    return found


def _fact(prose: Prose, match: re.Match[str]) -> tuple[MoneyFact, int]:
    start, end = match.span()
    currency, amount = _first_amount(match)
    largest = None
    if match["sign"] and (second := _range_end(prose.plain, match, amount, currency)):
        amount, largest, currency, end = second
    elif match["low"]:
        low = _bounds(match["low"], match["scale0"], amount, match["scale2"], currency)
        if low is None:
            start = match.start("plain")
        else:
            amount, largest = low, amount
    source_start, source_end = prose.span(start, end)
    fact = MoneyFact(
        amount=amount,
        amount_max=largest,
        currency=currency,
        qualifier="range" if largest is not None else _qualifier(prose.plain, start, end),
        start=source_start,
        end=source_end,
        quote=prose.sentence_at(start).text,
    )
    return fact, end


def _first_amount(match: re.Match[str]) -> tuple[str, Decimal]:
    if match["word"]:
        number = Decimal(_WORDS[" ".join(match["word"].lower().split())])
        return _currency(match["unit3"]), number * _factor(match["scale3"])
    if match["plain"]:
        currency = _currency(match["unit"])
        return currency, _decimal(match["plain"], match["scale2"], currency)
    currency = _currency(match["code"] or match["sign"])
    return currency, _decimal(match["signed"], match["scale1"], currency)


def _range_end(
    plain: str, match: re.Match[str], low: Decimal, currency: str
) -> tuple[Decimal, Decimal, str, int] | None:
    """Both bounds, currency and end of "$5k-$10k", "$50-100k", "between $1 and $2 million"."""
    second = _RANGE_TO.match(plain, match.end())
    if not second:
        return None
    joined_by = second["join"].strip()
    if joined_by == "and" and not plain[
        max(0, match.start() - 12) : match.start()
    ].rstrip().lower().endswith("between"):
        return None
    if not second["sign"] and joined_by == "to" and not second["scale"]:
        return None  # "$5 to 10 winners"
    named = _currency(second["code"] or second["sign"] or currency)
    if second["sign"] not in (None, "$") and not match["code"] and named != currency:
        return None
    high = _decimal(second["number"], second["scale"], named)
    bound = _bounds(match["signed"], match["scale1"], high, second["scale"], named)
    return None if bound is None else (bound, high, named, second.end())


def _bounds(
    number: str, scale: str | None, high: Decimal, high_scale: str | None, currency: str
) -> Decimal | None:
    """The lower bound; "$5 to $10 million" shares its scale, "$500 to $1 million" does not."""
    low = _decimal(number, scale, currency)
    if not scale and high_scale and low < high / _factor(high_scale):
        low *= _factor(high_scale)
    return low if low < high else None


def _currency(mark: str) -> str:
    mark = " ".join(mark.split())
    if sign := _SIGNS.get(mark.replace(" ", "")):
        return sign
    name = mark.lower().removeprefix("us ").removeprefix("u.s. ")
    return _NAMES.get(name) or _NAMES.get(name.removesuffix("s")) or mark.removesuffix("$").strip()


def _factor(scale: str | None) -> Decimal:
    return Decimal(10) ** _SCALES[scale.strip(" -\t\n\u00a0").lower()] if scale else Decimal(1)


def _decimal(number: str, scale: str | None, currency: str) -> Decimal:
    """The number; "€10.000" and "€1,5 million" are read as the euro area writes them."""
    number = re.sub(r"['’\u00a0\u202f\u2009]", "", number)
    if number.count(".") > 1 or (
        currency != "USD" and not scale and re.fullmatch(r"\d{1,3}\.\d{3}", number)
    ):
        number = number.replace(".", "")
    if re.fullmatch(r"\d+,\d{1,2}", number):
        number = number.replace(",", ".")
    return Decimal(number.replace(",", "")) * _factor(scale)


def _qualifier(plain: str, start: int, end: int) -> Qualifier:
    before = plain[max(0, start - 48) : start]
    if before.rstrip().endswith(("~", "≈")):
        return "about"
    if before.rstrip().endswith((">", "≥")) or _OPEN_END.match(plain, end):
        return "at_least"
    if before.rstrip().endswith(("<", "≤")):
        return "up_to"
    for pattern, qualifier in _BEFORE:
        if pattern.search(before):
            return qualifier
    return "exact"
