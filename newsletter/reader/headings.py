"""What a heading is: the issue's title, a section, an entry's title, or a part of an entry."""

import re
from dataclasses import dataclass
from enum import Enum

from newsletter.reader.blocks import Block
from newsletter.reader.markers import marker_role
from newsletter.reader.pieces import plain
from newsletter.reader.publications import Profile
from newsletter.reader.shapes import (
    bold_title,
    has_long_label,
    is_list_of_links,
    lead_of,
    link_title,
    names_work,
    sole_inline,
)

GROUP_WORDS = (
    "news|papers|links|resources|highlights|articles|readings?|reads|jobs|events|announcements|"
    "releases|headlines|miscellaneous|misc|mentions|briefs|publications"
)
# These end titles of entries as well; they group in short headings only.
LOOSE_GROUP_WORDS = (
    "content|contents|research|work|updates|items|posts|brief|opportunities|tools|stories|hits|"
    "bites|videos|podcasts|competitions|prizes|community|datasets|thoughts|opinions?|education"
)
OTHER = re.compile(
    rf"(?P<lead>other|recent|more|additional|further|also|quick|short|in other)\b"
    rf"(?P<middle>(?: [\w&,’'-]+){{0,4}}?) ?(?P<group>\b(?:{GROUP_WORDS}|{LOOSE_GROUP_WORDS}))",
    re.IGNORECASE,
)
GROUP = re.compile(
    rf"(?:[\w&’'-]+ ){{0,3}}(?:{GROUP_WORDS})|(?:[\w’'-]+ )?(?:{LOOSE_GROUP_WORDS})", re.IGNORECASE
)
IN_BRIEF = re.compile(r"(?:news )?in brief|everything else|odds and ends|(?:the )?rest", re.I)
NEWS = re.compile(
    r"(?:.*\b)?(?:news|headlines|jobs?|events?|announcements?|courses?|news in brief)"
)
# Plain headings over what one can enter or apply for; more words would title a single one.
OFFERED = (
    r"competitions|contests|challenges|hackathons|prizes|awards|bounties|grants|fellowships|"
    r"scholarships|opportunities|jobs|vacancies|openings|careers|calls|funding"
)
OFFERS = re.compile(
    rf"(?=.*\b(?:{OFFERED})\b)(?:(?:{OFFERED}|open|new|upcoming|current|and|or|&|for|job|"
    r"ml|ai|papers|proposals|participation|submissions)[\s,]*)+"
)
FILLERS = {"recent", "other", "more", "new", "notable", "interesting", "latest", "ml", "ai", "and"}
DECORATION = re.compile(r"^[^\w“‘\"'(\[$<‹«]+|[:：\s]+$")


class Role(Enum):
    ISSUE_TITLE = "issue title"
    SECTION = "section"
    TITLE = "title"
    PART = "part"


@dataclass(slots=True)
class SectionName:
    """What the words of a section's heading say."""

    topic: str | None
    groups: bool  # the words alone say that it groups entries
    lines: bool  # "Other … News": every line is an entry of its own
    news: bool  # called News, and not the other news of some topic
    other: bool  # no topic of its own, by its own words
    offers: bool = False  # called after what one can enter or apply for: Competitions, Grants


def read_name(text: str, profile: Profile) -> SectionName:
    name = DECORATION.sub("", text).casefold()
    other = OTHER.fullmatch(name)
    subject = other["middle"].strip(" :,") if other else name
    topic = _topic(subject, profile)
    rest = [word for word in re.findall(r"\w+", subject) if word not in FILLERS]
    no_subject = (
        other is not None and other["lead"] in ("other", "in other") and not rest
    ) or name in ("other", "miscellaneous", "misc", "everything else", "odds and ends")
    offers = OFFERS.fullmatch(subject) is not None
    exact = subject in profile.topics or name in profile.section_headings
    return SectionName(
        topic="other" if no_subject and topic is None else topic,
        groups=exact
        or offers
        or other is not None
        or bool(GROUP.fullmatch(name) or IN_BRIEF.fullmatch(name)),
        lines=other is not None or IN_BRIEF.fullmatch(name) is not None,
        news=bool(NEWS.fullmatch(name)) and (other is None or not rest),
        other=no_subject,
        offers=offers,
    )


def _topic(subject: str, profile: Profile) -> str | None:
    if subject in profile.topics:
        return profile.topics[subject]
    if len(subject.split()) > 4:
        return None
    fitting = [word for word in profile.topics if re.search(rf"\b{re.escape(word)}\b", subject)]
    return profile.topics[max(fitting, key=len)] if fitting else None


class HeadingReader:
    """Tells what each heading of an issue is, from its words and from what follows it."""

    def __init__(self, blocks: list[Block], profile: Profile) -> None:
        self.blocks = blocks
        self.profile = profile
        self.places = [n for n, block in enumerate(blocks) if block.kind == "heading"]
        self.names = {n: read_name(blocks[n].text(), profile) for n in self.places}
        self.roles = {n: self._role(rank) for rank, n in enumerate(self.places)}
        self._subordinate()

    def _role(self, rank: int) -> Role:
        place = self.places[rank]
        heading, name = self.blocks[place], self.names[place]
        if self._is_issue_title(rank):
            return Role.ISSUE_TITLE
        if name.groups and not heading.has_link():
            return Role.SECTION
        children = self._children(rank)
        own = self._own(rank)
        if heading.has_link():
            groups = children and not own and not self._markers_in(heading)
            return Role.SECTION if groups else Role.TITLE
        if not own:
            return Role.SECTION
        if self._holds_lines(own):
            return Role.SECTION
        if children and not any(block.has_link() for block in own):
            linked = sum(self._has_link(child) for child in children)
            return Role.SECTION if linked * 2 > len(children) else Role.TITLE
        return Role.TITLE

    def _is_issue_title(self, rank: int) -> bool:
        """The first heading, above all others, with nothing before it."""
        place = self.places[rank]
        if rank or place or self.names[place].groups or len(self.places) < 2:
            return False
        if not any(block.text() for block in self._own(0)) and not self._children(0):
            return True
        return all(self.blocks[n].level > self.blocks[place].level for n in self.places[1:])

    def _own(self, rank: int) -> list[Block]:
        """What stands between this heading and the next, of whatever level."""
        end = self.places[rank + 1] if rank + 1 < len(self.places) else len(self.blocks)
        return [b for b in self.blocks[self.places[rank] + 1 : end] if b.kind != "rule"]

    def _children(self, rank: int) -> list[int]:
        """Ranks of the headings below this one, up to one that is a section by its words."""
        level = self.blocks[self.places[rank]].level
        children = []
        for child in range(rank + 1, len(self.places)):
            place = self.places[child]
            if self.blocks[place].level <= level or self.names[place].groups:
                break
            children.append(child)
        return children

    def _has_link(self, rank: int) -> bool:
        place = self.places[rank]
        return self.blocks[place].has_link() or any(b.has_link() for b in self._own(rank))

    def _markers_in(self, heading: Block) -> bool:
        inline = heading.inlines[0]
        return any(marker_role(inline, n) for n in range(len(inline.links)))

    def _holds_lines(self, own: list[Block]) -> bool:
        """Whether the body is a row of entries rather than one entry's commentary."""
        content = [block for block in own if not block.is_image_only()]
        if not content:
            return False
        if all(block.kind in ("list", "table") for block in content):
            return all(_is_row_of_links(block) for block in content)
        leads = [
            lead for block in content if (lead := lead_of(block)) and lead.form != "bold colon"
        ]
        first = lead_of(content[0])
        if len(leads) > 1 and first and first.form != "bold colon":
            return True
        titles = [block for block in content if bold_title(block)]
        if len(titles) > 1 and bold_title(content[0]):
            return True
        linked = [block for block in content if link_title(block) and has_long_label(block)]
        if linked and content[0] in linked:
            return True
        if first and names_work(content[0], first):
            return True
        led = sum(count_led_by_links(block) for block in content)
        if led > 2 or (led > 1 and content[0].kind == "list"):
            prose = sum(block.has_link() for block in content if block.kind != "list")
            return led > 2 * prose
        marked = [block for block in content if _begins_with_marker(block)]
        return len(marked) > 1 and len(marked) * 2 > len(content)

    def _subordinate(self) -> None:
        """Deeper headings below an entry's title are parts of the entry."""
        title_level: int | None = None
        for place in self.places:
            level = self.blocks[place].level
            if title_level is not None and level <= title_level:
                title_level = None
            role = self.roles[place]
            if role is Role.SECTION and (title_level is None or self.names[place].groups):
                title_level = None
            elif title_level is not None and not self.blocks[place].has_link():
                self.roles[place] = Role.PART
            elif role is Role.TITLE:
                title_level = level


def _is_row_of_links(block: Block) -> bool:
    return is_list_of_links(block) or (block.kind == "table" and block.has_link())


def count_led_by_links(block: Block) -> int:
    """How many bullets of a list begin with a link."""
    return sum(map(_begins_with_link, block.children)) if block.kind == "list" else 0


def _begins_with_link(item: Block) -> bool:
    """Whether a bullet presents its link rather than saying something with one."""
    first = next((inline for inline in item.all_inlines() if inline.text()), None)
    if first is None or 0 not in first.link_places:
        return False
    return len(plain(first.pieces[: first.link_places[0][0]]).split()) < 3


def _begins_with_marker(block: Block) -> bool:
    """Whether the paragraph is a marker and then a text: "[Link] The course"."""
    inline = sole_inline(block)
    if inline is None or not inline.links:
        return False
    first = inline.link_places.get(0, (0, 0))[0]
    before = "".join(piece.text for piece in inline.pieces[:first])
    is_first = not before.strip(" [(*_")
    return is_first and marker_role(inline, 0) is not None and len(inline.text().split()) > 2
