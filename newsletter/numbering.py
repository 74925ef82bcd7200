"""What a title says beside its words: the issue's number, and the newsletter's name."""

import re
import unicodedata

from markup.text import clean_line

LARGEST = 99_999

_ORDINALS = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"),
    *("tenth", "eleventh", "twelfth"),
)
_WORDS = r"issue|edition|number|newsletter|letter|digest|bulletin|episode|volume|vol|no|nr|num"
_ORDINAL = "|".join(_ORDINALS)
# From the surest to the least sure.
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:#|№|n°|nº)\s?(?P<number>\d{1,5})(?!\d)",
        rf"\b(?:{_WORDS})\b\.?\s?(?P<number>\d{{1,5}})(?![\d/.-])",
        rf"\b(?:the\s)?(?P<number>\d{{1,5}})(?:st|nd|rd|th)\s(?:{_WORDS})\b",
        rf"\b(?:the\s)?(?P<ordinal>{_ORDINAL})\s(?:{_WORDS})\b",
        r"(?P<number>\d{1,5})(?:st|nd|rd|th)$",
        r"(?<=\D\s)(?P<number>\d{1,4})(?=\s?[:|–—]|\s-\s)",
        r"(?<=\D\s)(?P<number>\d{1,4})$",
    )
)
_SURE = 5  # as many of them need no name before the number
_BEFORE_NUMBER = re.compile(
    r"(?:(?:^|[\s,:;|–—(\[-]+)(?:issue|edition|number|volume|vol|no|nr|num|the)\b\.?)?[\s,:;|–—(\[#№-]*$",
    re.IGNORECASE,
)
_NOT_WORDS = re.compile(r"[^\w]+")


def number_in(title: str, source: str | None = None) -> int | None:
    """9 in "Newsletter #9", "Issue 9: …", "9th edition"; a year is none.

    A bare number, as in "Import AI 9: …", counts after the name of the source only.
    """
    found = _find(clean_line(title), source)
    return found[1] if found else None


def name_in(title: str, source: str | None = None) -> str | None:
    """What stands before the number: the newsletter's own name, if the title begins with it."""
    title = clean_line(title)
    found = _find(title, source)
    if found is None:
        return None
    name = _before(title, found[0])
    return name if 3 <= len(name) <= 80 else None


def _find(title: str, source: str | None) -> tuple[re.Match[str], int] | None:
    for rank, pattern in enumerate(_PATTERNS):
        for match in pattern.finditer(title):
            number = _number(match)
            if not 0 < number <= LARGEST:
                continue
            if rank > 0 and 1900 <= number <= 2100:
                continue
            if rank >= _SURE and not _names(_before(title, match), source):
                continue
            return match, number
    return None


def _number(match: re.Match[str]) -> int:
    groups = match.groupdict()
    if word := groups.get("ordinal"):
        return _ORDINALS.index(word.lower()) + 1
    return int(groups["number"])


def _before(title: str, match: re.Match[str]) -> str:
    # "Newsletter 9": the word that announces the number belongs to the name, "Issue" does not.
    end = match.start("number") if "number" in match.groupdict() else match.start()
    return _BEFORE_NUMBER.sub("", title[:end]).strip(" \t,:;|–—-[(#")


def _names(name: str, source: str | None) -> bool:
    ours, theirs = (folded(text or "").replace(" ", "").replace("_", "") for text in (name, source))
    return len(ours) > 2 and bool(theirs) and (ours in theirs or theirs in ours)


def folded(title: str) -> str:
    """A title for comparison: letters and digits only, whatever case and punctuation."""
    text = unicodedata.normalize("NFKC", clean_line(title)).casefold()
    return _NOT_WORDS.sub(" ", text).strip()
