"""From blocks to an outline: sections, and entries as the blocks they are made of."""

from newsletter.reader.blocks import Block
from newsletter.reader.boilerplate import part_boilerplate
from newsletter.reader.drafts import Draft, Form, Outline
from newsletter.reader.headings import (
    HeadingReader,
    Role,
    SectionName,
    count_led_by_links,
    read_name,
)
from newsletter.reader.intro import announces_contents
from newsletter.reader.markers import is_marker_line, points_at_work
from newsletter.reader.publications import Profile
from newsletter.reader.sections import SectionStack
from newsletter.reader.shapes import (
    Lead,
    bold_title,
    is_list_of_links,
    lead_of,
    link_title,
    sole_inline,
)
from newsletter.reader.texts import text_without_markers


class OutlineReader:
    """Walks the blocks once, deciding for each where it belongs."""

    def __init__(self, blocks: list[Block], profile: Profile) -> None:
        self.profile = profile
        self.outline = Outline()
        self.blocks, self.outline.notices = part_boilerplate(blocks, profile)
        self.headings = HeadingReader(self.blocks, profile)
        roles = self.headings.roles.values()
        self.headed = any(role in (Role.SECTION, Role.TITLE) for role in roles)
        self.titled = self.headed or self._has_titles()
        levels = [block.level for block in self.blocks if block.kind == "heading"]
        self.bold_level = max(levels, default=0) + 1
        self.stack = SectionStack(self.outline)
        self.entry: Draft | None = None
        self.begun = False  # whether the introduction is over
        self.after_rule = False
        self.group = 0
        self.last_break = max(
            (n for n, b in enumerate(self.blocks) if b.kind in ("rule", "heading")), default=-1
        )

    def read(self) -> Outline:
        for place, block in enumerate(self.blocks):
            if block.kind == "rule":
                self._rule()
            elif block.kind == "heading":
                self._heading(place, block)
            elif not self._title(place, block):
                self._body(place, block)
        return self.outline

    def _has_titles(self) -> bool:
        """Whether entries are told by titles, in an issue without headings."""
        linked = [b for b in self.blocks if b.kind in ("paragraph", "html") and b.has_link()]
        titles = [block for block in self.blocks if self._is_titleish(block)]
        return len(titles) > len([block for block in linked if block not in titles])

    def _is_titleish(self, block: Block) -> bool:
        lead = lead_of(block)
        return (
            bold_title(block) is not None
            or link_title(block) is not None
            or (lead is not None and lead.form != "bold colon")
            or is_list_of_links(block)
        )

    # Rules and headings

    def _rule(self) -> None:
        self.group += 1
        self.after_rule = True
        if not self.headed:
            self.begun = True

    def _heading(self, place: int, block: Block) -> None:
        role = self.headings.roles[place]
        text = text_without_markers(block.inlines[0]) if block.inlines else ""
        if role is Role.ISSUE_TITLE:
            self.outline.intro.append(block)
        elif role is Role.SECTION:
            self._open_section(text, block, self.headings.names[place], place)
        elif role is Role.PART and self.entry is not None:
            self.entry.blocks.append(block)
            self.after_rule = False
        else:
            self.stack.leave(block.level)
            draft = self._start(Form.HEADING, block.start, block)
            draft.title, draft.level = text, block.level

    def _open_section(self, text: str, block: Block, name: SectionName, place: int) -> None:
        level = block.level or self.bold_level
        section = self.stack.enter(text, level, block, name, self.group)
        section.lines = name.lines or self._all_lines(place)
        self.entry, self.begun, self.after_rule = None, True, False
        if block.has_link() or block.has_image():
            self.outline.outside.append(block)

    def _all_lines(self, place: int) -> bool:
        """Whether every paragraph below a heading has a link, so that each is an entry."""
        content = []
        for block in self.blocks[place + 1 :]:
            if block.kind == "heading":
                break
            if block.kind != "rule" and not block.is_image_only():
                content.append(block)
        return bool(content) and all(block.has_link() for block in content)

    # Titles

    def _title(self, place: int, block: Block) -> bool:
        """Open an entry, or a section, if this paragraph is the title of one."""
        if self.entry is not None and self.entry.form is Form.HEADING and not self.after_rule:
            return False
        if self.headed and not self.begun:
            return False
        if title := link_title(block):
            if self.entry is not None and self.entry.form in (Form.BOLD, Form.LEAD):
                return False
            self._start(Form.LINK, block.start, block).title = title
            return True
        if title := bold_title(block):
            return self._bold_title(place, block, title)
        lead = lead_of(block)
        return lead is not None and self._lead(block, lead)

    def _bold_title(self, place: int, block: Block, title: str) -> bool:
        lead = self.entry.lead if self.entry else None
        if lead is not None and lead.form == "bold line" and not self.after_rule:
            return False  # where titles are lines of their paragraphs, these are parts
        follower = self.blocks[place + 1] if place + 1 < len(self.blocks) else None
        ends = follower is None or follower.kind in ("rule", "heading")
        if ends and not block.has_link():
            return False
        name = read_name(title, self.profile)
        stacked = follower is not None and (
            bold_title(follower) is not None or lead_of(follower) is not None
        )
        if not block.has_link() and (name.groups or (stacked and title.isupper())):
            self._open_section(title, block, name, place)
            return True
        self._start(Form.BOLD, block.start, block).title = title
        return True

    def _lead(self, block: Block, lead: Lead) -> bool:
        entry = None if self.after_rule else self.entry
        current = entry.lead.form if entry and entry.lead else None
        if entry is not None and entry.is_titled() and current != lead.form:
            in_linked = entry.form is Form.LINK or current in ("link", "bold link")
            long = len(lead.title.split()) > 2
            if not in_linked or not (lead.form == "bold link" or (lead.form == "link" and long)):
                return False
        if lead.form == "bold colon" and self.stack.section() is None and current != lead.form:
            return False
        draft = self._start(Form.LEAD, block.start, None)
        draft.title, draft.lead = lead.title, lead
        draft.blocks.append(block)
        return True

    # Everything else

    def _body(self, place: int, block: Block) -> None:
        if not self.begun and self._is_introduction(place, block):
            self.outline.intro.append(block)
        elif block.is_image_only():
            self._image(block)
        elif self.after_rule and self.entry is not None and self.entry.is_titled():
            self._after_rule(place, block)
        elif self.entry is not None and self.entry.is_titled() and not self._is_new_line(block):
            self.entry.blocks.append(block)
        elif (
            self.headed
            and self.after_rule
            and place > self.last_break >= 0
            and (block.kind != "list")
        ):
            self.outline.outside.append(block)
        else:
            self._line(place, block)

    def _is_introduction(self, place: int, block: Block) -> bool:
        if not self.titled:
            return False
        if not is_list_of_links(block) or len(block.children) < 2:
            return True
        urls = [link.url for inline in block.all_inlines() for link in inline.links]
        announced = place > 0 and announces_contents(self.blocks[place - 1], self.profile)
        return announced or any("#" in url for url in urls)

    def _image(self, block: Block) -> None:
        if self.entry is not None:
            self.entry.blocks.append(block)
        else:
            self.outline.outside.append(block)

    def _after_rule(self, place: int, block: Block) -> None:
        """A rule ends a titled entry, unless only what follows holds its marker."""
        inline = sole_inline(block)
        continues = inline is not None and is_marker_line(inline)
        if continues and self.entry is not None:
            self.entry.blocks.append(block)
            return
        self.entry = None
        if self.headed and self.stack.section() is None:
            self.outline.outside.append(block)
        else:
            self._body(place, block)

    def _is_new_line(self, block: Block) -> bool:
        """Whether a paragraph after a linked title is a line of its own."""
        entry = self.entry
        by_link = entry is not None and (
            entry.form is Form.LINK or (entry.lead is not None and entry.lead.form == "link")
        )
        section = self.stack.section()
        if not by_link or section is None:
            return False
        inline = sole_inline(block)
        if inline is None or not inline.links or not section.lines:
            return False
        return not points_at_work(inline)

    def _line(self, place: int, block: Block) -> None:
        if block.kind in ("list", "table") and block.has_link():
            if self._leads_into(place):
                self.entry.blocks.append(block)  # type: ignore[union-attr]
                return
            self._rows(block)
        elif block.kind in ("paragraph", "html", "quote") and block.has_link():
            inline = sole_inline(block)
            markers = inline is not None and is_marker_line(inline)
            if markers and self.entry is not None and not self.after_rule:
                self.entry.blocks.append(block)
            else:
                self._start(Form.LINE, block.start, None).blocks.append(block)
        elif self.entry is not None and not self.after_rule:
            self.entry.blocks.append(block)
        elif self._marker_follows(place):
            self._start(Form.LINE, block.start, None).blocks.append(block)
        elif not self.begun:
            self.outline.intro.append(block)
        else:
            self.outline.outside.append(block)

    def _leads_into(self, place: int) -> bool:
        """Whether the paragraph before this list ends with a colon and is an entry's."""
        before = self.blocks[place - 1] if place else None
        return (
            self.entry is not None
            and before is not None
            and bool(self.entry.blocks)
            and self.entry.blocks[-1] is before
            and before.kind == "paragraph"
            and before.text().endswith(":")
            and count_led_by_links(self.blocks[place]) < 3
        )

    def _marker_follows(self, place: int) -> bool:
        follower = self.blocks[place + 1] if place + 1 < len(self.blocks) else None
        inline = sole_inline(follower) if follower else None
        return inline is not None and is_marker_line(inline) and self.begun

    def _rows(self, block: Block) -> None:
        """Each bullet or linked table row is an entry; a bullet that only groups is opened."""
        form = Form.ITEM if block.kind == "list" else Form.ROW
        waiting: list[tuple[Block, str | None]] = [
            (child, None) for child in reversed(block.children)
        ]
        while waiting:
            row, topic = waiting.pop()
            nested = [child for child in row.children if child.kind == "list"]
            own = [child for child in row.children if child.kind != "list"]
            if nested and row.has_link() and not any(child.has_link() for child in own):
                said = read_name(" ".join(child.text() for child in own), self.profile).topic
                self.outline.outside += [child for child in own if child.has_image()]
                items = [item for child in nested for item in child.children]
                waiting.extend((item, said or topic) for item in reversed(items))
            elif row.has_link() or (form is Form.ITEM and len(row.text().split()) > 3):
                draft = self._start(form, row.start, None)
                draft.topic = topic
                draft.blocks.append(row)
            else:
                (self.entry.blocks if self.entry else self.outline.outside).append(row)

    def _start(self, form: Form, start: int, title_block: Block | None) -> Draft:
        draft = Draft(
            form, self.stack.innermost(), start, title_block=title_block, group=self.group
        )
        self.outline.drafts.append(draft)
        self.entry, self.begun, self.after_rule = draft, True, False
        return draft
