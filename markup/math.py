"""Formulas in a text: `$…$` and `$$…$$` stay as they were typed, so that they can be read.

Nothing typesets them here. Without this, Markdown would take `$a_i * b_i * c$` for an emphasis, and
a line of `=` for a heading. A dollar begins a formula as pandoc says: no space behind the first,
none before the last, no digit after it; so "$5 and $10" are two prices.
"""

import re
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.util import AtomicString

_INLINE = r"(?<![\\$])(\$\$[^$]+\$\$|\$(?![\s$])(?:[^$\\\n]|\\.)*(?:[^$\s\\]|\\[^$\s])\$(?![\d$]))"
_BEGINS = re.compile(r" {0,3}\$\$")
_ENDS = re.compile(r"\$\$[ \t]*$")
_MOST_BLOCKS = 50


class Math(Extension):
    def extendMarkdown(self, md: Markdown) -> None:
        # After code in backticks, before backslashes and all that begins with a mark.
        md.inlinePatterns.register(_Inline(_INLINE, md), "math", 185)
        md.parser.blockprocessors.register(_Block(md.parser), "math", 95)


class _Inline(InlineProcessor):
    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:
        # Taken away by the sanitiser, which keeps what is inside.
        span = Element("span")
        span.text = AtomicString(m[1])
        return span, m.start(1), m.end(1)


class _Block(BlockProcessor):
    """`$$` at the start of a paragraph, up to the `$$` that ends a line: blank lines and all."""

    def test(self, parent: Element, block: str) -> bool:
        return _BEGINS.match(block) is not None

    def run(self, parent: Element, blocks: list[str]) -> bool:
        for count, last in enumerate(blocks[:_MOST_BLOCKS], start=1):
            lines = last.split("\n")
            for number, line in enumerate(lines):
                # The line that begins it ends it as well if both marks stand on it.
                rest = _BEGINS.sub("", line, count=1) if count == 1 and number == 0 else line
                if _ENDS.search(rest):
                    formula = [*blocks[: count - 1], "\n".join(lines[: number + 1])]
                    self._put(parent, "\n\n".join(formula))
                    del blocks[:count]
                    if after := "\n".join(lines[number + 1 :]):
                        blocks.insert(0, after)
                    return True
        return False

    def _put(self, parent: Element, formula: str) -> None:
        place: Any = SubElement(parent, "pre" if "\n" in formula else "p")
        place.text = AtomicString(formula.strip("\n"))
