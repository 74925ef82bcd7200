"""Passages of what newsletters say of an item, to be quoted in a note with who said them where."""

from dataclasses import dataclass
from typing import Any

from readinglists.access import Access
from readinglists.commentary import as_text, linked, quoted
from readinglists.models import Item
from readinglists.voices import Commentary, voices_of

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
        return as_text(self.words)

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
        for number, words in enumerate(commentary.said)
    ][:MOST_PASSAGES]


def with_quote(text: str, passages: list[Passage], key: Any) -> str:
    """What was typed so far, and the passage of that key behind it."""
    for passage in passages:
        if passage.key == key:
            before = f"{text.rstrip()}\n\n" if text.strip() else ""
            return f"{before}{passage.as_note()}\n\n"
    return text
