"""The outline of an issue: its sections, and its entries before their parts are read."""

from dataclasses import dataclass, field
from enum import Enum

from newsletter.reader.blocks import Block
from newsletter.reader.headings import SectionName
from newsletter.reader.shapes import Lead


class Form(Enum):
    """How an entry is told from what stands around it."""

    HEADING = "heading"
    BOLD = "bold title"
    LEAD = "lead-in"
    LINK = "linked title"
    LINE = "line"
    ITEM = "item"
    ROW = "row"


@dataclass(slots=True)
class Section:
    heading: str
    level: int
    topic: str | None
    name: SectionName
    start: int
    end: int
    lines: bool = False  # every paragraph in it is an entry of its own
    in_news: bool = False  # it, or a section around it, is called News
    group: int = 0  # which rule-separated part of the issue it stands in


@dataclass(slots=True, eq=False)
class Draft:
    """An entry before its parts are read."""

    form: Form
    section: int | None
    start: int
    title: str | None = None
    title_block: Block | None = None
    lead: Lead | None = None
    blocks: list[Block] = field(default_factory=list)
    level: int = 0
    topic: str | None = None  # told by the bullet it stands under
    group: int = 0
    unsure: list[str] = field(default_factory=list)

    def is_titled(self) -> bool:
        return self.form in (Form.HEADING, Form.BOLD, Form.LEAD, Form.LINK)


@dataclass(slots=True)
class Outline:
    sections: list[Section] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    intro: list[Block] = field(default_factory=list)
    outside: list[Block] = field(default_factory=list)
    notices: list[Block] = field(default_factory=list)
