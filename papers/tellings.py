"""Who spoke of a paper, when and in which words: one telling an entry, however often it links."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.html import escape

from papers.models import Paper
from papers.printed_titles import without_tags

MOST_LINKS = 100
# So many are quoted; the others are named, folded away.
QUOTED = 5
# The smallest blocks of rendered text that hold nothing of their own kind, so are whole.
BLOCKS = [
    re.compile(rf"<{tag}\b[^>]*>(?:(?!</?{tag}\b).)*</{tag}>", re.DOTALL) for tag in ("p", "li")
]
UNREAD = ("issue__markdown", "issue__html", "issue__source_record", "entry__markdown")


@dataclass(slots=True)
class Telling:
    """A place in an issue that links to a paper: an entry, or else the issue's own text."""

    issue: Any
    entry: Any
    links: list[Any] = field(default_factory=list)

    @property
    def address(self) -> str:
        place = f"#{self.entry.anchor}" if self.entry else ""
        return f"{self.issue.get_absolute_url()}{place}"

    @property
    def topic(self) -> Any:
        return self.entry.topic if self.entry else None

    @property
    def is_presented(self) -> bool:
        return any(link.role == "primary" for link in self.links)

    @property
    def html(self) -> str:
        """All that an entry says of the work it presents; of another, the words around the link."""
        text = self.entry.html
        return text if self.is_presented else words_around(text, self.links) or text

    @property
    def names(self) -> list[str]:
        """What the paper is called there: the words of the links, and what they stand under."""
        headline = [self.entry.headline] if self.entry else []
        return [*(link.label for link in self.links), *headline]


@dataclass(frozen=True, slots=True)
class Told:
    """All tellings of a paper that somebody may read, the latest first."""

    tellings: list[Telling]
    is_cut: bool

    @property
    def links(self) -> list[Any]:
        return [link for telling in self.tellings for link in telling.links if telling.entry]

    @property
    def quoted(self) -> list[Telling]:
        return self.tellings[:QUOTED]

    @property
    def folded(self) -> list[Telling]:
        return self.tellings[QUOTED:]

    @property
    def issues(self) -> list[Any]:
        return list({telling.issue.pk: telling.issue for telling in self.tellings}.values())

    @property
    def publications(self) -> list[Any]:
        named = {issue.publication.pk: issue.publication for issue in self.issues}
        return list(named.values())

    def where_called(self, title: str) -> Telling | None:
        """The earliest place that called it by this title."""
        wanted = _plain(title)
        for telling in reversed(self.tellings):
            if wanted in map(_plain, telling.names):
                return telling
        return None


def told_of(paper: Paper, user) -> Told:
    links: QuerySet = paper.mentions.visible_to(user).standing()
    links = links.select_related("issue__publication", "entry__topic").defer(*UNREAD)
    latest = list(links.order_by("-issue__published_at", "issue", "position")[: MOST_LINKS + 1])
    return Told(_grouped(latest[:MOST_LINKS]), len(latest) > MOST_LINKS)


def _grouped(links: Iterable[Any]) -> list[Telling]:
    tellings: dict[tuple[int, int | None], Telling] = {}
    for link in links:
        # What an entry withdrawn since said is no longer said.
        entry = link.entry if link.entry and link.entry.withdrawn_at is None else None
        place = (link.issue_id, entry.pk if entry else None)
        tellings.setdefault(place, Telling(link.issue, entry)).links.append(link)
    return list(tellings.values())


def words_around(html: str, links: Iterable[Any]) -> str:
    """The paragraphs, or else the list items, of an entry's sanitised HTML that hold the links."""
    marks = [f'href="{escape(link.href)}"' for link in links if link.href]
    for block in BLOCKS:
        found = [each for each in block.findall(html) if any(mark in each for mark in marks)]
        if found:
            return "".join(found)
    return ""


def _plain(title: str) -> str:
    return " ".join(without_tags(title).casefold().split()).strip(" .“”\"'")
