"""What a file says of a list, before anybody looks at what is here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from imports.jsonl import UnreadableSource
from papers.references import Reference

# Of one file: a few for each item that a list can have, each of which costs time to look up.
MOST_RECORDS = 20_000

type Values = dict[str, Any]


@dataclass(slots=True)
class DraftItem:
    """An item as documents tell it, with the record it came from."""

    line: int
    raw: str
    values: Values
    section: int | None = None  # by number
    reference: Reference | None = None  # of a paper
    warnings: list[str] = field(default_factory=list)

    @property
    def title(self) -> str:
        if self.values.get("title"):
            return self.values["title"]
        for kind, name in (("paper", "title"), ("entry", "headline"), ("prize", "name")):
            if isinstance(target := self.values.get(kind), Mapping):
                return target.get(name, "")
        return self.values.get("url") or ""


@dataclass(frozen=True, slots=True)
class DraftSection:
    title: str
    prose: str = ""
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Unread:
    """A record that cannot be an item; `is_aside` if it was never meant to be one."""

    line: int
    raw: str
    reason: str
    is_aside: bool = False


@dataclass(slots=True)
class Draft:
    """A whole file. One that is `exact` was written by us, and holds what it held on purpose."""

    form: str
    head: Values = field(default_factory=dict)
    sections: list[DraftSection] = field(default_factory=list)
    items: list[DraftItem | Unread] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    is_exact: bool = False

    def add(self, item: DraftItem | Unread) -> None:
        if len(self.items) == MOST_RECORDS:
            raise UnreadableSource(
                f"At most {MOST_RECORDS:,} records are read at once: split it into several files."
            )
        self.items.append(item)

    def section_of(self, title: str) -> int | None:
        """The number of a section by its title, a new one if need be; none for no title."""
        if not title:
            return None
        for number, section in enumerate(self.sections):
            if section.title == title:
                return number
        self.sections.append(DraftSection(title))
        return len(self.sections) - 1
