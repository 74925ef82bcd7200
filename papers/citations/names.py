"""Names as printed, taken apart for formats that sort by family name; and put together again."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from markup.text import clean_line
from papers.citation_keys import family_name, family_start, is_suffix

_COMMAS = re.compile(r"\s*,[\s,]*")
_ET_AL = re.compile(
    r"[\s,;&]*\bet\.?\s+al\b\.?|(?:[\s,;&]*\b(?:and\s+others|u\.\s?a\.))+\s*$", re.IGNORECASE
)
# Words that people are not called, but those who publish together are.
_COLLECTIVE_WORD_LIST = """
academy agency alliance association authors authority center centre centers centres coalition
collaboration collective commission committee community company consortium contributors corporation
council department dept development engineering faculty federation forum foundation government group
initiative institut institute institutes institution international lab laboratories laboratory labs
ministry network newsletter office organisation organization panel partnership project research
sciences service services society team teams technologies technology universität université
university
"""
_COLLECTIVE_WORDS = frozenset(_COLLECTIVE_WORD_LIST.split())
_COLLECTIVE_ENDS = frozenset({"inc", "ltd", "llc", "plc", "gmbh", "corp"})
# In lower case these do not stand in people's names.
_JOINING_WORDS = frozenset({"&", "and", "at", "by", "for", "für", "in", "of", "on", "the", "with"})


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name in parts, or one that is not taken apart: an organisation's, say."""

    family: str = ""
    given: str = ""
    suffix: str = ""
    literal: str = ""

    @property
    def sorted(self) -> str:
        """ "van der Maaten, Laurens", "Doe, Jane, Jr.": as RIS and catalogues write it."""
        return self.literal or ", ".join(filter(None, (self.family, self.given, self.suffix)))

    @property
    def printed(self) -> str:
        """As on a title page, unless reading it back would part the name elsewhere."""
        if self.literal:
            return self.literal
        words = [self.given, self.family, self.suffix]
        if _is_east_asian(self.family + self.given):
            words = [self.family, self.given, self.suffix]
        natural = " ".join(filter(None, words))
        return natural if split_name(natural) == self else self.sorted


OTHERS = Name(literal="et al.")


def split_names(printed: Iterable[str]) -> Iterator[Name]:
    """Names that are any, in order; where one says "et al.", that comes last, once."""
    are_more = False
    for text in printed:
        line = clean_line(text)
        shortened = clean_line(_ET_AL.sub(" ", line))
        are_more = are_more or shortened != line
        name = split_name(shortened)
        if family_name(name.sorted):
            yield name
    if are_more:
        yield OTHERS


@lru_cache(maxsize=20_000)
def split_name(text: str) -> Name:
    """One name; what is not surely a person's stays whole, and what would be read as another."""
    name = _taken_apart(text)
    return name if _taken_apart(name.sorted) == name else Name(literal=_line(text))


def _line(text: str) -> str:
    return _COMMAS.sub(", ", clean_line(text).strip(" ,;"))


def _taken_apart(text: str) -> Name:
    line = _line(text)
    parts = [part.strip() for part in line.split(",")]
    parts = [part for part in parts if part]
    words = line.split()
    if len(words) < 2 or _is_collective(words):
        return Name(literal=line)
    if len(parts) > 1:
        return _from_parts(parts, line)
    if _is_east_asian(line):
        # 山田 太郎, 김 철수: the family name is printed first.
        return Name(family=words[0], given=" ".join(words[1:]))
    return _from_words(words)


def _from_parts(parts: list[str], line: str) -> Name:
    """Of "Doe, Jane", "Doe, Jane, Jr.", "Doe, Jr., Jane" and "Jane Doe, Jr."."""
    suffixes = [part for part in parts[1:] if is_suffix(part)]
    others = [part for part in parts[1:] if not is_suffix(part)]
    if len(suffixes) > 1 or len(others) > 1:
        return Name(literal=line)
    suffix = "".join(suffixes)
    if others:
        return Name(family=parts[0], given=others[0], suffix=suffix)
    words = parts[0].split()
    if len(words) < 2:
        return Name(literal=line)
    name = _from_words(words)
    if name.literal or name.suffix:
        return Name(literal=line)
    return Name(name.family, name.given, suffix)


def _from_words(words: list[str]) -> Name:
    suffix = words[-1] if len(words) > 2 and is_suffix(words[-1]) else ""
    if suffix:
        words = words[:-1]
    start = family_start(words)
    return Name(" ".join(words[start:]), " ".join(words[:start]), suffix)


def _is_collective(words: list[str]) -> bool:
    folded = [word.strip(".,;:()[]").casefold() for word in words]
    if folded[-1] in _COLLECTIVE_ENDS or any(word in _COLLECTIVE_WORDS for word in folded):
        return True
    return any(word in _JOINING_WORDS or any(map(str.isdigit, word)) for word in words)


def _is_east_asian(text: str) -> bool:
    if text.isascii():
        return False
    letters = [char for char in text if char.isalpha()]
    return bool(letters) and all(
        unicodedata.name(char, "").startswith(("CJK", "HANGUL", "HIRAGANA", "KATAKANA"))
        for char in letters
    )
