"""An entry's commentary, cut from the issue's text so that it renders on its own."""

import re
from bisect import bisect_right

from newsletter.reader.blocks import Block

ITEM_MARKER = re.compile(r"[ \t]*(?:[-+*]|\d{1,9}[.)])[ \t]*")
INDENT = re.compile(r"[ \t]*")
TAB = 4


class Slices:
    """Markdown made of stretches of a text, and where each offset of the text went."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.parts: list[str] = []
        self.length = 0
        self.sources: list[int] = []
        self.ends: list[int] = []
        self.targets: list[int] = []

    def add(self, start: int, end: int, dedent: int = 0) -> None:
        """Add a stretch as a block of its own, its lines after the first moved left."""
        if not self.text[start:end].strip():
            return
        if self.parts:
            self._put("\n\n")
        position = start
        while position < end:
            line_end = self.text.find("\n", position, end)
            line_end = end if line_end < 0 else line_end + 1
            begin = position
            if position > start and dedent:
                begin = min(position + _indent_to_cut(self.text, position, dedent), line_end)
                begin = line_end - 1 if begin == line_end and line_end < end else begin
            self._copy(begin, line_end)
            position = line_end

    def append_definitions(self, definitions: list[str]) -> None:
        if definitions:
            self._put("\n\n" + "\n".join(dict.fromkeys(definitions)))

    def markdown(self) -> str:
        return "".join(self.parts)

    def place(self, offset: int, *, is_end: bool = False) -> int | None:
        """Where an offset of the text stands in the markdown."""
        wanted = offset - 1 if is_end else offset
        index = bisect_right(self.sources, wanted) - 1
        if index < 0 or wanted >= self.ends[index]:
            return None
        return self.targets[index] + offset - self.sources[index]

    def _copy(self, start: int, end: int) -> None:
        self.sources.append(start)
        self.ends.append(end)
        self.targets.append(self.length)
        self._put(self.text[start:end])

    def _put(self, part: str) -> None:
        self.parts.append(part)
        self.length += len(part)


def _indent_to_cut(text: str, position: int, columns: int) -> int:
    """How many characters of white space make up at most so many columns."""
    cut = width = 0
    while width < columns and text[position + cut : position + cut + 1] in (" ", "\t"):
        width += 1 if text[position + cut] == " " else TAB - width % TAB
        cut += 1
    return cut


def add_item(slices: Slices, item: Block) -> None:
    """A bullet's content without its marker, block by block, as far left as it goes."""
    text = slices.text
    first = item.children[0] if item.children else item
    line_start = item.start if first.start < item.start else text.rfind("\n", 0, first.start) + 1
    line_start = max(line_start, item.start)
    marker = ITEM_MARKER.match(text, line_start)
    begin = marker.end() if marker else item.start
    if first.kind == "paragraph" and first.start > item.start:
        begin = first.start
    columns = len(text[line_start:begin].expandtabs(TAB))
    for child in item.children or [item]:
        start = max(child.start, begin)
        if start > begin and child.kind != "paragraph":
            start += _indent_to_cut(text, start, columns)
        slices.add(min(start, child.end), child.end, columns)
