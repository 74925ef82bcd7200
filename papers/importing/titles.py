"""When two titles are one, whatever case, dashes, quotes and accents they are written in."""

import re
from collections.abc import Iterable, Iterator

from markup.text import ascii_fold, clean_line
from papers.citation_keys import family_name

_NOT_A_WORD = re.compile(r"[\W_]+")
_WORDS_THAT_TELL = 4


def folded_title(title: str) -> str:
    """Words alone; a title without Latin letters is compared as it is."""
    line = clean_line(title).casefold()
    latin = _NOT_A_WORD.sub(" ", ascii_fold(line)).strip()
    whole = _NOT_A_WORD.sub(" ", line).strip()
    return latin if len(latin) * 2 >= len(whole) else whole


def folded_family(names: Iterable[str]) -> str:
    """The first author's family name."""
    for name in names:
        if family := family_name(name):
            return folded_title(family)
    return ""


def is_telling(title: str) -> bool:
    """Whether a title is long enough to be one work's own: "Introduction" is many works'."""
    return len(folded_title(title).split()) >= _WORDS_THAT_TELL


def spellings(title: str) -> Iterator[str]:
    """How a database that only lowers case may hold the same title."""
    line = clean_line(title)
    forms = {line, line.rstrip(".")}
    forms |= {form.translate(_STRAIGHT) for form in forms}
    forms |= {form.translate(_CURLY) for form in forms}
    forms |= {form.replace("–", "-").replace("—", "-") for form in forms}
    for form in forms:
        yield form.lower()
        # SQLite lowers ASCII letters alone.
        yield "".join(char.lower() if char.isascii() else char for char in form)


_STRAIGHT = str.maketrans("‘’“”", "''\"\"")
_CURLY = str.maketrans({"'": "’"})
