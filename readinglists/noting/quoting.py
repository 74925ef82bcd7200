"""Passages of what newsletters say of an item, to be quoted in a note with who said them where."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from readinglists.access import Access
from readinglists.commentary import linked, quoted, words_of
from readinglists.models import Item
from readinglists.voices import Commentary, voices_of

# As `readinglists.commentary` writes them.
_LINKED = re.compile(r"\[((?:[^\[\]\\]|\\.)*)\]\(<[^>]*>\)")
_ESCAPED = re.compile(r"\\([^\w\s])")
MOST_PASSAGES = 40


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph of an entry; its key names it on a button."""

    key: str
    words: str
    commentary: Commentary

    @property
    def plain(self) -> str:
        """The words without the marks of Markdown."""
        return unescape(_ESCAPED.sub(r"\1", _LINKED.sub(r"\1", self.words)))

    def as_note(self) -> str:
        issue = self.commentary.telling.issue
        day = f"{issue.published_at:%Y-%m-%d}" if issue.published_at else ""
        where = linked(issue.title, self.commentary.source)
        return quoted([self.words], [self.commentary.authors, where, day])


def passages_of(item: Item, access: Access) -> list[Passage]:
    voices = voices_of([item], access, most=0)[item.pk]
    return [
        Passage(f"{commentary.telling.entry.pk}-{number}", words, commentary)
        for commentary in voices.commentaries
        for number, words in enumerate(words_of(commentary.telling.html))
    ][:MOST_PASSAGES]


def with_quote(text: str, passages: list[Passage], key: Any) -> str:
    """What was typed so far, and the passage of that key behind it."""
    for passage in passages:
        if passage.key == key:
            before = f"{text.rstrip()}\n\n" if text.strip() else ""
            return f"{before}{passage.as_note()}\n\n"
    return text
