"""What belongs to the platform or the publisher, not to the issue."""

import re

from newsletter.reader.blocks import Block
from newsletter.reader.markers import is_share, is_standing_request, only_links
from newsletter.reader.publications import Profile

THANKS = re.compile(
    r"(thanks|thank you) for reading\b|subscribe for free to receive|"
    r"this (post|newsletter|publication) is (public|free)\b.{0,80}\bshare\b|"
    r"share this (post|newsletter)|if you (liked|enjoyed) this (post|newsletter|issue)|"
    r"did someone forward (you )?this|.{2,80} is a reader-supported publication",
    re.IGNORECASE,
)
MAX_NOTICE_WORDS = 60
# Headings of paid or standing matter; it goes on to the next heading or rule.
PAID = re.compile(
    r"\W*(a (message|word) from\b.*|sponsor(ed)?( by\b.*| message)?|"
    r"(today's|this week's|our) sponsors?\b.*|(brought to you|presented) by\b.*|"
    r"from our (sponsors?|partners?)\b.*|together with\b.*)",
    re.IGNORECASE,
)


def part_boilerplate(blocks: list[Block], profile: Profile) -> tuple[list[Block], list[Block]]:
    """The issue's own blocks, other rules made plain ones, and the notices among them."""
    kept: list[Block] = []
    notices: list[Block] = []
    in_notice = False
    for block in blocks:
        if block.kind == "heading":
            in_notice = _heads_notice(block, profile)
        elif block.kind == "rule":
            in_notice = False
        if in_notice or is_notice(block, profile):
            notices.append(block)
        elif is_separator_line(block):
            in_notice = False
            kept.append(Block("rule", block.start, block.end, lines=block.lines))
        else:
            kept.append(block)
    return kept, notices


def _heads_notice(heading: Block, profile: Profile) -> bool:
    text = heading.text()
    named = text.casefold().strip(" :") in profile.notice_headings
    return named or (PAID.fullmatch(text) is not None and len(text.split()) <= 8)


def is_notice(block: Block, profile: Profile) -> bool:
    """Boilerplate of the platform: thanks for reading, buttons and requests to subscribe."""
    inlines = block.all_inlines()
    if block.kind not in ("paragraph", "html", "quote", "heading") or block.has_image():
        return False
    text = block.text()
    if not text or len(text.split()) > MAX_NOTICE_WORDS:
        return False
    if block.kind != "heading" and (
        THANKS.match(text) or text.casefold().startswith(profile.notices or ("\0",))
    ):
        return True
    links = [(inline, n) for inline in inlines for n in range(len(inline.links))]
    return bool(links) and all(
        (only_links(inline) and is_share(inline.link_text(n), inline.links[n].url))
        or is_standing_request(inline.link_text(n))
        for inline, n in links
    )


def is_separator_line(block: Block) -> bool:
    """A rule drawn with other signs: "####", "* * *", "⁂"."""
    if block.has_image() or block.has_link() or block.kind not in ("paragraph", "heading"):
        return False
    signs = block.text().replace(" ", "")
    if not signs:
        return True
    drawn = len(signs) > 2 or signs in "⁂❦❧§~"
    return drawn and len(set(signs)) <= 2 and not any(char.isalnum() for char in signs)
