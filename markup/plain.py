"""Rendered text without its markup, for files and mails: paragraphs, links with their address."""

from html.parser import HTMLParser

from markup.urls import clean_url

_BLOCKS = frozenset(
    {
        *("address", "blockquote", "dd", "details", "div", "dl", "dt", "h1", "h2", "h3", "h4"),
        *("h5", "h6", "hr", "li", "ol", "p", "pre", "section", "summary", "table", "tr", "ul"),
    }
)
_CELLS = frozenset({"td", "th"})
_NOT_TEXT = frozenset({"script", "style", "template"})


def plain_text(html: str) -> str:
    """Paragraphs parted by a blank line, white space collapsed; points of a list begin with -.

    Of a figure only its caption is text.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._blocks: list[list[str]] = [[]]
        self._links: list[tuple[str | None, int]] = []
        self._skipped = 0
        self._figures = 0

    def text(self) -> str:
        blocks = (" ".join("".join(block).split()) for block in self._blocks)
        return "\n\n".join(block for block in blocks if block not in ("", "-"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in _NOT_TEXT:
            self._skipped += 1
        elif tag == "figure":
            self._break()
            self._figures += 1
        elif tag == "figcaption":
            self._figures -= 1
        elif tag in _BLOCKS:
            self._break("- " if tag == "li" else "")
        elif tag == "br" or tag in _CELLS:
            self._add(" ")
        elif tag == "img" and values.get("alt"):
            self._add(f"[{values['alt']}]")
        elif tag == "a":
            self._links.append((clean_url(values.get("href") or ""), len(self._blocks[-1])))

    def handle_endtag(self, tag: str) -> None:
        if tag in _NOT_TEXT:
            self._skipped = max(0, self._skipped - 1)
        elif tag == "figure":
            self._figures = 0
        elif tag == "figcaption":
            self._break()
            self._figures += 1
        elif tag in _BLOCKS:
            self._break()
        elif tag == "a" and self._links:
            address, start = self._links.pop()
            label = "".join(self._blocks[-1][start:]).strip()
            if address and label != address:
                self._add(f" ({address})" if label else address)

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self._add(data)

    def _add(self, text: str) -> None:
        if self._figures <= 0:
            self._blocks[-1].append(text)

    def _break(self, mark: str = "") -> None:
        """A new block; a paragraph in a list's point stays on the line of its mark."""
        if "".join(self._blocks[-1]).strip() not in ("", "-"):
            self._blocks.append([])
        if mark:
            self._blocks[-1] = [mark]
