"""The order in which an issue is read: its sections and entries interleaved, headings in step."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from newsletter.models import Entry, Section

DEEPEST_HEADING = 5


@dataclass(slots=True)
class Block:
    """A run of entries under one heading, or under none."""

    section: Section | None
    level: int  # of its own heading: 2 is just below the page's title
    entries: list[Entry] = field(default_factory=list)

    @property
    def entry_level(self) -> int:
        return self.level + 1 if self.section else self.level

    @property
    def headed(self) -> list[Entry]:
        """Entries that have a headline of their own, which the contents list names."""
        return [entry for entry in self.entries if entry.is_headed]


def outline(sections: Iterable[Section], entries: Iterable[Entry]) -> list[Block]:
    """Entries carry the order; a section without entries of its own stands before what follows it.

    Entries above any section (an issue may open without one) form blocks without a heading.
    """
    waiting = sorted(sections, key=lambda section: (section.position, section.pk))
    known = {section.pk: section for section in waiting}
    top = min((section.level for section in waiting), default=0)
    blocks: list[Block] = []

    def open_until(position: int) -> None:
        while waiting and waiting[0].position <= position:
            section = waiting.pop(0)
            level = min(2 + section.level - top, DEEPEST_HEADING)
            # A heading never skips a level, whatever the mailing did.
            above = max((b.level for b in blocks[-1:] if b.section), default=1)
            blocks.append(Block(section, min(level, above + 1)))

    for entry in entries:
        section = known.get(entry.section_id) if entry.section_id else None
        if section is not None:
            open_until(section.position)
        if not blocks or blocks[-1].section != section:
            blocks.append(Block(None, 2) if section is None else _continued(blocks, section))
        blocks[-1].entries.append(entry)
    if waiting:
        open_until(waiting[-1].position)
    return blocks


def _continued(blocks: list[Block], section: Section) -> Block:
    """More of a section after something else came between: its heading is not shown twice."""
    first = next(block for block in blocks if block.section == section)
    return Block(None, min(first.level + 1, DEEPEST_HEADING))
