"""What stands before the first entry: words of welcome, and the list of what is inside."""

import re
from itertools import pairwise

from newsletter.reader.blocks import Block
from newsletter.reader.publications import Profile
from newsletter.reader.slices import Slices

AND_MORE = re.compile(r"\W*(and )?(much|many|lots|a lot)? ?more\W*", re.IGNORECASE)


def read_intro(blocks: list[Block], text: str, profile: Profile) -> tuple[str, tuple[str, ...]]:
    """The introduction as Markdown without its list, and that list's items in plain text."""
    contents = _contents(blocks, profile)
    slices = Slices(text)
    for block in blocks:
        if block is not contents and block.kind != "heading":
            slices.add(block.start, block.end)
    if contents is None:
        return slices.markdown(), ()
    items = (item.text() for item in contents.children)
    kept = tuple(item for item in items if item and not AND_MORE.fullmatch(item))
    return slices.markdown(), kept


def _contents(blocks: list[Block], profile: Profile) -> Block | None:
    """The list that a paragraph announces, by its words or by its colon."""
    for before, block in pairwise(blocks):
        if block.kind != "list":
            continue
        if before.text().endswith((":", "：")) or announces_contents(before, profile):
            return block
    return None


def announces_contents(block: Block, profile: Profile) -> bool:
    text = block.text().casefold()
    return any(words in text for words in profile.highlight_leads)
