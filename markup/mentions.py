"""`@key` in a text: the words stay, and lead to what the key names, where somebody knows it.

Links are put in after the HTML is sanitised, since they lead to our own pages, in place of marks
that nobody can write beforehand.
"""

import re
import secrets
from collections.abc import Mapping
from xml.etree.ElementTree import Element

from django.utils.html import format_html
from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

_MENTION = re.compile(r"(?<![\w@./:+-])@([A-Za-z][A-Za-z0-9_:.+/-]{1,79})")
_AFTER_A_KEY = "_:.+/-"
_LEFT_ALONE = {"a", "code", "pre"}


def mentioned_keys(text: str) -> set[str]:
    """Whatever may be a key; what stands behind it may be the end of a sentence."""
    return {key.rstrip(_AFTER_A_KEY) for key in _MENTION.findall(text)}


class Mentions(Extension):
    """Marks the keys that are known; `put_in` makes them links."""

    def __init__(self, addresses: Mapping[str, str]) -> None:
        super().__init__()
        self.addresses = addresses
        self.marks = {key: f"⟦{secrets.token_hex(16)}⟧" for key in addresses}

    def extendMarkdown(self, md: Markdown) -> None:
        if self.addresses:
            # After what brings back characters that were set aside.
            md.treeprocessors.register(_Marker(md, self), "mentions", -20)

    def mark(self, match: re.Match[str]) -> str:
        key = match[1].rstrip(_AFTER_A_KEY)
        return f"{self.marks[key]}{match[1][len(key) :]}" if key in self.marks else match[0]

    def put_in(self, html: str) -> str:
        for key, mark in self.marks.items():
            link = format_html('<a href="{}">@{}</a>', self.addresses[key], key)
            html = html.replace(mark, link)
        return html


class _Marker(Treeprocessor):
    def __init__(self, md: Markdown, mentions: Mentions) -> None:
        super().__init__(md)
        self.mentions = mentions

    def run(self, root: Element) -> None:
        self._look_into(root)

    def _look_into(self, element: Element) -> None:
        if element.tag in _LEFT_ALONE:
            return
        element.text = self._marked(element.text)
        for child in element:
            self._look_into(child)
            child.tail = self._marked(child.tail)

    def _marked(self, text: str | None) -> str | None:
        return _MENTION.sub(self.mentions.mark, text) if text and "@" in text else text
