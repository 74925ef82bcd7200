"""HTML in an issue, taken apart into headings, paragraphs, lists and rules like the rest."""

from dataclasses import dataclass

from newsletter.reader.html_tags import Tag, scan_html
from newsletter.reader.inlines import InlineBuilder
from newsletter.reader.pieces import Inline

HEADINGS = {f"h{level}": level for level in range(1, 7)}
# A tag that begins or ends a block; inside a figure or a link nothing is taken apart.
BLOCK_TAGS = {
    *("p", "div", "section", "article", "header", "footer", "main", "blockquote", "figure"),
    *("ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "hr", "pre"),
    *HEADINGS,
}


@dataclass(slots=True)
class HtmlPart:
    """A stretch of HTML that is a block of its own."""

    kind: str  # heading rule item html
    start: int
    end: int
    level: int = 0
    inline: Inline | None = None


def split_html(html: str, offset: int) -> list[HtmlPart]:
    """The blocks of a piece of HTML that stands at ``offset``; blank ones are left out."""
    parts: list[HtmlPart] = []
    current: list[Tag] = []
    figures = links = 0
    in_item = False

    def close() -> None:
        nonlocal current
        if part := _part(current, offset, in_item=in_item):
            parts.append(part)
        current = []

    for tag in scan_html(html):
        name = tag.name.removeprefix("/")
        opens = bool(tag.name) and not tag.name.startswith("/")
        if name == "figure" and not opens:
            figures = max(0, figures - 1)
        if name == "a":
            links = max(0, links + (1 if opens else -1))
        if name not in BLOCK_TAGS or figures or links:
            current.append(tag)
        elif opens:
            close()
            current.append(tag)
            in_item = name == "li" or (in_item and name not in ("ul", "ol"))
        else:
            current.append(tag)
            close()
            in_item = in_item and name not in ("li", "ul", "ol")
        if name == "figure" and opens:
            figures += 1
    close()
    return parts


def _part(tags: list[Tag], offset: int, *, in_item: bool) -> HtmlPart | None:
    names = [tag.name for tag in tags]
    if "hr" in names and len(tags) == 1:
        return HtmlPart("rule", offset + tags[0].start, offset + tags[0].end)
    shown = [tag for tag in tags if tag.name not in ("li", "/li", "ul", "ol", "/ul", "/ol")]
    if not any(tag.text.strip() or tag.name in ("a", "img") for tag in shown):
        return None
    start, end = offset + shown[0].start, offset + shown[-1].end
    builder = InlineBuilder(start, end)
    for tag in shown:
        builder.add_tag(tag, offset)
    level = next((HEADINGS[name] for name in names if name in HEADINGS), 0)
    kind = "heading" if level else "item" if in_item else "html"
    return HtmlPart(kind, start, end, level, builder.finish())
