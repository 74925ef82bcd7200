"""The blocks of an issue as a tree, each with its place in the text."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from markdown_it.token import Token

from newsletter.reader.html_blocks import split_html
from newsletter.reader.inlines import Locate, inline_of_token
from newsletter.reader.parser import parser
from newsletter.reader.pieces import Inline

CONTAINERS = {
    "bullet_list_open": "list",
    "ordered_list_open": "list",
    "list_item_open": "item",
    "blockquote_open": "quote",
    "table_open": "table",
    "tr_open": "row",
}


@dataclass(slots=True, eq=False)
class Block:
    kind: str  # heading paragraph rule list item quote table row code html
    start: int
    end: int
    level: int = 0
    lines: tuple[int, int] = (0, 0)
    inlines: list[Inline] = field(default_factory=list)
    children: list["Block"] = field(default_factory=list)

    def walk(self) -> Iterator["Block"]:
        """This block and all in it, in order, however deep."""
        waiting = [self]
        while waiting:
            block = waiting.pop()
            yield block
            waiting.extend(reversed(block.children))

    def all_inlines(self) -> list[Inline]:
        if not self.children:
            return self.inlines
        return [inline for block in self.walk() for inline in block.inlines]

    def text(self) -> str:
        return " ".join(text for inline in self.all_inlines() if (text := inline.text()))

    def has_link(self) -> bool:
        return any(inline.links for inline in self.all_inlines())

    def has_image(self) -> bool:
        return any(inline.images for inline in self.all_inlines())

    def is_image_only(self) -> bool:
        return self.has_image() and not self.text() and not self.has_link()


def read_blocks(text: str) -> tuple[list[Block], list[Inline]]:
    """The top-level blocks, and inlines of lines that were nested too deep to be a block."""
    env: dict[str, Any] = {}
    tokens = parser().parse(text, env)
    tree = _TreeBuilder(text)
    for token in tokens:
        tree.take(token)
    return tree.top, _read_leftovers(tree, env)


class _TreeBuilder:
    def __init__(self, text: str) -> None:
        self.text = text
        self.line_starts = [0]
        for line in text.split("\n")[:-1]:
            self.line_starts.append(self.line_starts[-1] + len(line) + 1)
        self.covered = bytearray(len(self.line_starts) + 1)
        self.top: list[Block] = []
        self.open: list[Block] = []
        self.row_cursor = 0

    def line(self, number: int) -> str:
        start = self.line_starts[number]
        end = self.line_starts[number + 1] - 1 if number + 1 < len(self.line_starts) else None
        return self.text[start:end]

    def span(self, lines: tuple[int, int]) -> tuple[int, int]:
        """Offsets of a range of lines, without the line feed and blank lines at its end."""
        start = self.line_starts[lines[0]]
        last = lines[1]
        end = self.line_starts[last] if last < len(self.line_starts) else len(self.text)
        return start, start + len(self.text[start:end].rstrip())

    def take(self, token: Token) -> None:
        if token.type in CONTAINERS:
            self._push(self._block(CONTAINERS[token.type], token))
            self.row_cursor = 0
        elif token.type in ("heading_open", "paragraph_open"):
            self._cover(token)
            block = self._block(token.type.removesuffix("_open"), token)
            block.level = int(token.tag[1]) if token.type == "heading_open" else 0
            self._push(block)
        elif token.type == "inline":
            self._take_inline(token)
        elif token.type == "html_block":
            self._cover(token)
            self._take_html(token)
        elif token.type in ("hr", "fence", "code_block"):
            self._cover(token)
            self._append(self._block("rule" if token.type == "hr" else "code", token))
        elif token.nesting < 0 and token.type.replace("_close", "_open") in {
            *CONTAINERS,
            "heading_open",
            "paragraph_open",
        }:
            self.open.pop()

    def _block(self, kind: str, token: Token) -> Block:
        lines = (token.map[0], token.map[1]) if token.map else (0, 0)
        return Block(kind, *self.span(lines), lines=lines)

    def _append(self, block: Block) -> None:
        (self.open[-1].children if self.open else self.top).append(block)

    def _push(self, block: Block) -> None:
        self._append(block)
        self.open.append(block)

    def _cover(self, token: Token) -> None:
        if token.map:
            first, last = token.map
            self.covered[first:last] = b"\x01" * (last - first)

    def _take_inline(self, token: Token) -> None:
        block = self.open[-1]
        if block.kind == "row":
            self._cover(token)
            locate, end = self._locate_cell(token)
        else:
            locate = self._locate_lines(token)
            end = locate(len(token.content) - 1) + 1 if token.content else locate(0)
        start = locate(0)
        block.inlines.append(inline_of_token(token, locate, start, end))
        if block.kind == "paragraph":
            block.start, block.end = start, end

    def _locate_lines(self, token: Token) -> Locate:
        """Content lines are source lines without what their containers put before them."""
        contents, sources = [], []
        assert token.map is not None  # noqa: S101 (markdown-it always sets it here)
        number, last = token.map
        position = 0
        for content in token.content.split("\n"):
            candidate, column, lead = number, -1, 0
            while column < 0 and candidate < last:
                source = self.line(candidate)
                lead, column = 0, source.rfind(content)
                if column < 0:  # a tab was spread over spaces
                    lead = len(content) - len(content.lstrip(" \t"))
                    column = source.rfind(content[lead:])
                candidate += 1
            number = candidate if column >= 0 else min(number + 1, last)
            contents.append(position + lead)
            sources.append(self.line_starts[number - 1] + max(column, 0))
            position += len(content) + 1
        return _mapping(contents, sources, len(self.text))

    def _locate_cell(self, token: Token) -> tuple[Locate, int]:
        assert token.map is not None  # noqa: S101
        row_start, row = self.line_starts[token.map[0]], self.line(token.map[0])
        escaped = token.content.replace("|", "\\|")
        column = row.find(escaped, self.row_cursor)
        if column < 0:
            escaped, column = token.content, row.find(token.content, self.row_cursor)
        column = max(column, 0)
        contents, sources = [0], [row_start + column]
        for position, char in enumerate(token.content):
            if char == "|" and escaped is not token.content:
                contents.append(position)
                sources.append(row_start + column + position + len(contents) - 1)
        self.row_cursor = min(column + len(escaped), len(row))
        return _mapping(contents, sources, len(self.text)), row_start + self.row_cursor

    def _take_html(self, token: Token) -> None:
        whole = self._block("html", token)
        items: Block | None = None
        for part in split_html(self.text[whole.start : whole.end], whole.start):
            inlines = [part.inline] if part.inline else []
            kind = "paragraph" if part.kind == "item" else part.kind
            block = Block(kind, part.start, part.end, part.level, whole.lines, inlines)
            if part.kind != "item":
                items = None
                self._append(block)
                continue
            if items is None:
                items = Block("list", part.start, part.end, lines=whole.lines)
                self._append(items)
            item = Block("item", part.start, part.end, lines=whole.lines, children=[block])
            items.children.append(item)
            items.end = part.end


def _mapping(contents: list[int], sources: list[int], limit: int) -> Locate:
    if len(contents) == 1:
        shift = sources[0] - contents[0]
        return lambda position: min(position + shift, limit)

    def locate(position: int) -> int:
        index = max(bisect_right(contents, position) - 1, 0)
        return min(sources[index] + position - contents[index], limit)

    return locate


def _read_leftovers(tree: _TreeBuilder, env: dict[str, Any]) -> list[Inline]:
    """Inlines of lines no block holds: those the parser gave up on for their depth."""
    definitions = [*env.get("references", {}).values(), *env.get("duplicate_refs", [])]
    for definition in definitions:
        first, last = definition["map"]
        tree.covered[first:last] = b"\x01" * (last - first)
    inlines = []
    lines = [n for n in range(len(tree.line_starts)) if not tree.covered[n]]
    edges = [0, *(i + 1 for i, (a, b) in enumerate(pairwise(lines)) if b != a + 1), len(lines)]
    for first, last in pairwise(edges):
        start, end = tree.span((lines[first], lines[last - 1] + 1)) if last > first else (0, 0)
        if "[" not in tree.text[start:end] and "<" not in tree.text[start:end]:
            continue
        token = parser().parseInline(tree.text[start:end], env)[0]
        inline = inline_of_token(token, _mapping([0], [start], len(tree.text)), start, end)
        if inline.links or inline.images:
            inlines.append(inline)
    return inlines
