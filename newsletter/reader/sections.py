"""The sections that are open while an issue is walked through."""

from newsletter.reader.blocks import Block
from newsletter.reader.drafts import Outline, Section
from newsletter.reader.headings import SectionName


class SectionStack:
    """Headings nest by their levels; the innermost open one is the section of what follows."""

    def __init__(self, outline: Outline) -> None:
        self.outline = outline
        self.open: list[int] = []

    def innermost(self) -> int | None:
        return self.open[-1] if self.open else None

    def section(self) -> Section | None:
        return self.outline.sections[self.open[-1]] if self.open else None

    def leave(self, level: int) -> None:
        """Close the sections that a heading of this level ends."""
        while self.open and self.outline.sections[self.open[-1]].level >= level:
            self.open.pop()

    def enter(
        self, text: str, level: int, heading: Block, name: SectionName, group: int
    ) -> Section:
        self.leave(level)
        around = self.section()
        topic = name.topic or (around.topic if around else None)
        section = Section(text, level, topic, name, heading.start, heading.end)
        section.in_news = name.news or name.offers or (around is not None and around.in_news)
        section.group = group
        self.outline.sections.append(section)
        self.open.append(len(self.outline.sections) - 1)
        return section
