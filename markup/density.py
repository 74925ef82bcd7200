"""What keeps the Markdown parser from running for minutes: too dense a text is not parsed at all.

Python-Markdown takes quadratic time over some runs of markers ("[" by the thousand), and escaping
the surplus does not help. So there are caps on how many markers a text holds, how many one block
holds, and, since it is the product that costs, on markers times length of the block they stand in.
Ordinary prose stays below a tenth of each.
"""

import re
from dataclasses import dataclass, field
from typing import Self

_BLOCK_END = re.compile(r"\n[ \t]*\n")
# What the block parser stops at; each stop copies the rest of the block.
_LINE_MARKER = re.compile(r"^[ \t]*(?:[-=*_#>+|~`:\[]|\d+\.)", re.MULTILINE)
# "1. 1. 1. " and "> > > " open a level each; beyond these the parser's recursion ends badly.
_DEEP_NESTING = re.compile(r"^(?:[ \t]*(?:[-*+>]|\d+\.)(?=[ \t>])){20}", re.MULTILINE)


@dataclass(frozen=True)
class Caps:
    """How much of what a text may hold."""

    length: int
    markers: dict[str, int]
    in_block: dict[str, int] = field(default_factory=lambda: {"[": 200, "<": 200})
    blocks: int = 5_000
    line_markers: int = 10_000
    footnotes: int = 500
    bracket_work: int = 4_000_000
    line_work: int = 40_000_000

    def scaled(self, factor: int) -> Self:
        """For longer texts: totals grow, but neither the blocks' caps nor the work allowed."""
        markers = {marks: cap * factor for marks, cap in self.markers.items()}
        return type(self)(self.length * factor, markers)

    def exceeded_by(self, text: str) -> str | None:
        """What there is too much of, in words for the log, or None."""
        if len(text) > self.length:
            return f"{len(text)} characters"
        for marks, cap in self.markers.items():
            found = sum(map(text.count, marks))
            if found > cap:
                return f"{found} of {marks}"
        if text.count("[^") > self.footnotes:
            return f"over {self.footnotes} footnotes"
        if _DEEP_NESTING.search(text):
            return "deep nesting"
        return self._exceeded_by_blocks(_BLOCK_END.split(text))

    def _exceeded_by_blocks(self, blocks: list[str]) -> str | None:
        if len(blocks) > self.blocks:
            return f"{len(blocks)} blocks"
        line_markers = bracket_work = line_work = 0
        for block in blocks:
            for mark, cap in self.in_block.items():
                if block.count(mark) > cap:
                    return f"over {cap} of {mark} in one block"
            bracket_work += block.count("[") * len(block)
            found = len(_LINE_MARKER.findall(block))
            line_markers += found
            line_work += found * len(block)
        if line_markers > self.line_markers:
            return f"{line_markers} line markers"
        if bracket_work > self.bracket_work:
            return "brackets in long blocks"
        if line_work > self.line_work:
            return "line markers in long blocks"
        return None


NOTE_CAPS = Caps(
    length=50_000,
    markers={
        **dict.fromkeys("[<&>#`", 1_000),
        **dict.fromkeys("*_", 2_000),
        "=": 1_500,
        "|": 4_000,
        "~": 500,
        "$": 2_000,
        "-": 6_000,
        "\\": 4_000,
    },
)
# Half a megabyte of trusted import: ten times the totals, the same blocks, the same work.
NEWSLETTER_CAPS = NOTE_CAPS.scaled(10)
