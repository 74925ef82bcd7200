"""HTML tags in an issue: a small scanner with positions, linear in any input."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

NAME = re.compile(r"/?[A-Za-z][A-Za-z0-9-]*")
ATTRIBUTE_NAME = re.compile(r"[^\s\"'<>/=]+")
BARE_VALUE = re.compile(r"[^\s\"'=<>`]+")
SPACE = re.compile(r"[\s/]*")
EQUALS = re.compile(r"\s*=\s*")
RAW_TEXT = {"script", "style", "textarea", "title"}


@dataclass(slots=True)
class Tag:
    """A tag (``name`` starts with / if it closes) or, without a name, the text between tags."""

    name: str
    start: int
    end: int
    text: str = ""
    attributes: dict[str, str] = field(default_factory=dict)


def scan_html(html: str) -> Iterator[Tag]:
    """Texts and tags in order; what only looks like a tag is text."""
    pos = text_start = 0
    skip_until: str | None = None
    while (pos := html.find("<", pos)) >= 0:
        if html.startswith("<!--", pos):
            end = html.find("-->", pos + 4)
            end = len(html) if end < 0 else end + 3
            tag: Tag | None = Tag("!", pos, end)
        else:
            tag = read_tag(html, pos)
        if tag is None or (skip_until and tag.name != skip_until):
            pos += 1
            continue
        if text_start < pos and not skip_until:
            yield Tag("", text_start, pos, unescape(html[text_start:pos]))
        skip_until = "/" + tag.name if tag.name in RAW_TEXT else None
        yield tag
        pos = text_start = tag.end
    if text_start < len(html) and not skip_until:
        yield Tag("", text_start, len(html), unescape(html[text_start:]))


def read_tag(html: str, start: int) -> Tag | None:
    """The tag that begins at ``start``, if one does."""
    name = NAME.match(html, start + 1)
    if name is None:
        return None
    tag = Tag(name[0].lower(), start, start)
    pos = name.end()
    while True:
        pos = SPACE.match(html, pos).end()  # type: ignore[union-attr]  # may be empty, never none
        if html.startswith(">", pos):
            tag.end = pos + 1
            return tag
        attribute = ATTRIBUTE_NAME.match(html, pos)
        if attribute is None:
            return None
        pos = attribute.end()
        value = ""
        if equals := EQUALS.match(html, pos):
            quoted = _value(html, equals.end())
            if quoted is None:
                return None
            value, pos = quoted
        tag.attributes.setdefault(attribute[0].lower(), unescape(value))


def _value(html: str, pos: int) -> tuple[str, int] | None:
    quote = html[pos : pos + 1]
    if quote and quote in "\"'":
        end = html.find(quote, pos + 1)
        return (html[pos + 1 : end], end + 1) if end >= 0 else None
    bare = BARE_VALUE.match(html, pos)
    return (bare[0], bare.end()) if bare else None
