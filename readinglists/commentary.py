"""A newsletter's words as a note: quoted as Markdown, with who said them where and when."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

from markup.urls import clean_url

_BLOCKS = frozenset(
    {
        *("blockquote", "div", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre"),
        *("section", "table", "tr", "ul"),
    }
)
# What Markdown would take for more than itself, anywhere or at the start of a line.
_SPECIAL = re.compile(r"[\\`*_\[\]]")
_AT_THE_START = re.compile(r"^(\s*)([#>+-]|\d+(?=\.\s))")
_LONGEST_LABEL = 3
# "[Link]" before or behind what is said, whichever of the brackets are part of the link.
_LABEL = re.compile(r"^\s*\[\s*\0(\d+)\0\s*\]|\[\s*\0(\d+)\0\s*\]\s*$")
_LINK = re.compile(r"\0(\d+)\0")
# As they are written here.
_WRITTEN_LINK = re.compile(r"\[((?:[^\[\]\\]|\\.)*)\]\(<[^>]*>\)")
_WRITTEN_ESCAPE = re.compile(r"\\([^\w\s])")


def words_of(html: str) -> list[str]:
    """The paragraphs of an entry as Markdown, without figures and without the labels of its links
    ("[Link]", "Paper"): those say nothing, and lead to what the note stands at."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    said = (_paragraph("".join(block.texts), reader.links) for block in reader.blocks)
    return [f"{block.mark}{text}" for block, text in zip(reader.blocks, said, strict=True) if text]


def quoted(paragraphs: Sequence[str], credit: Iterable[str]) -> str:
    said = "\n>\n".join(f"> {paragraph}" for paragraph in paragraphs)
    return f"{said}\n\n— {', '.join(filter(None, credit))}"


def as_markdown(text: str) -> str:
    """Text that Markdown shows as it is."""
    text = _SPECIAL.sub(r"\\\g<0>", " ".join(text.split()))
    text = text.replace("&", "&amp;").replace("<", "&lt;")
    return _AT_THE_START.sub(_escaped_start, text)


def as_text(paragraph: str) -> str:
    """A paragraph of `words_of` without the marks of Markdown."""
    return unescape(_WRITTEN_ESCAPE.sub(r"\1", _WRITTEN_LINK.sub(r"\1", paragraph)))


def linked(label: str, address: str | None) -> str:
    """A link to an address that may be one; else its label."""
    url = clean_url(address or "")
    return f"[{as_markdown(label)}](<{url}>)" if url and ">" not in url else as_markdown(label)


def _escaped_start(match: re.Match[str]) -> str:
    space, mark = match.groups()
    return f"{space}{mark}\\" if mark.isdigit() else f"{space}\\{mark}"


def _paragraph(text: str, links: Sequence[tuple[str, str]]) -> str:
    def is_label(number: str) -> bool:
        return len(links[int(number)][0].split()) <= _LONGEST_LABEL

    def without_label(match: re.Match[str]) -> str:
        return "" if is_label(match[1] or match[2]) else match[0]

    text = _LABEL.sub(without_label, text)
    alone = all(is_label(number) for number in _LINK.findall(text))
    if alone and not re.search(r"\w", _LINK.sub("", text)):
        return ""
    parts = _LINK.split(" ".join(text.split()))
    said = [
        linked(*links[int(part)]) if place % 2 else _kept(part) for place, part in enumerate(parts)
    ]
    return "".join(said)


def _kept(text: str) -> str:
    """As Markdown, with the spaces that part it from the links beside it."""
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}{as_markdown(text)}{after if text.strip() else ''}"


@dataclass(slots=True)
class _Block:
    mark: str = ""
    texts: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    """Text by block; each link is a mark that leads to its label and address."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks = [_Block()]
        self.links: list[tuple[str, str]] = []
        self._figures = 0
        self._label: list[str] | None = None
        self._address = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "figure":
            self._figures += 1
        elif tag in _BLOCKS:
            self.blocks.append(_Block("- " if tag == "li" else ""))
        elif tag == "br":
            self.handle_data(" ")
        elif tag == "a":
            self._label, self._address = [], dict(attrs).get("href") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "figure":
            self._figures = max(0, self._figures - 1)
        elif tag in _BLOCKS:
            self.blocks.append(_Block())
        elif tag == "a" and self._label is not None:
            label = " ".join("".join(self._label).split())
            self._label = None
            if label and not self._figures:
                self._end_link(label)

    def handle_data(self, data: str) -> None:
        if self._label is not None:
            self._label.append(data)
        elif not self._figures:
            self.blocks[-1].texts.append(data.replace("\0", ""))

    def _end_link(self, label: str) -> None:
        inner = label.strip("[] ")
        mark = f"\0{len(self.links)}\0"
        self.links.append((inner or label, self._address))
        # Brackets belong to the text around, whichever side of the link they are printed on.
        before, after = "[" if label.startswith("[") else "", "]" if label.endswith("]") else ""
        self.blocks[-1].texts.append(f"{before}{mark}{after}")
