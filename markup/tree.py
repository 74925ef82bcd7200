"""Our changes to what Python-Markdown builds, made on its tree before that becomes HTML."""

import hashlib
import html
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.footnotes import FootnoteExtension
from markdown.inlinepatterns import SubstituteTagInlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AMP_SUBSTITUTE

from .hoisting import hoist
from .images import image_label
from .urls import clean_url

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# Taken away by the sanitiser, which keeps what is inside.
_NOTHING = "span"
_LONE_MARKERS = re.compile(r"\s*\*{2,}(?:\s*\*{2,})*\s*")
_EMPTY_MARKERS = re.compile(r"(?<!\S)\*{2}\s*\*{2}(?!\S)")
_OPENED_BEFORE_ELEMENT = re.compile(r"(?<!\S)\*{2}$")
_CLOSED_AFTER_ELEMENT = re.compile(r"^\*{2}(?!\S)")


class OwnTree(Extension):
    """HTML stays text, images become links, figures stand alone, headings fit under the page's."""

    def __init__(self, first_heading: int, placeholders: frozenset[str]) -> None:
        super().__init__()
        self.first_heading = first_heading
        self.placeholders = placeholders

    def extendMarkdown(self, md: Markdown) -> None:
        # HTML in a text is shown, not interpreted: "<|good|>" and "<s>" are words of the subject,
        # and the standard library's HTML parser takes quadratic time before Python 3.13.6.
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        md.inlinePatterns.register(SubstituteTagInlineProcessor(r"<br ?/?>", "br"), "br", 95)
        # After "unescape", Python-Markdown's last step, so that addresses are read as they end up.
        md.treeprocessors.register(_Cleaner(md, self), "own_tree", -10)


class OwnFootnotes(FootnoteExtension):
    """Footnotes whose ids are unique on a page that shows several texts."""

    def __init__(self, prefix: str) -> None:
        super().__init__(BACKLINK_TEXT="↩ back", BACKLINK_TITLE="", SEPARATOR="-")
        self.prefix = prefix

    def makeFootnoteId(self, id: str) -> str:
        return f"fn-{self._own(id)}"

    def makeFootnoteRefId(self, id: str, found: bool = False) -> str:
        return self.unique_ref(f"fnref-{self._own(id)}", found)

    def _own(self, name: str) -> str:
        return f"{self.prefix}-{hashlib.blake2s(name.encode(), digest_size=4).hexdigest()}"


class _Cleaner(Treeprocessor):
    def __init__(self, md: Markdown, options: OwnTree) -> None:
        super().__init__(md)
        self.options = options

    def run(self, root: Element) -> None:
        _replace_images(root)
        if self.options.placeholders:
            hoist(root, self.options.placeholders)
        for element in root.iter("a"):
            _check_link(element)
        for element in root.iter():
            if element.tag in ("em", "strong") and _is_empty(element):
                element.tag = _NOTHING
        _remove_lone_markers(root)
        _shift_headings(root, self.options.first_heading)


def _replace_images(element: Element, *, in_link: bool = False) -> None:
    for child in element:
        if child.tag == "img":
            address = clean_url(html.unescape(child.get("src", "")))
            label = image_label(html.unescape(child.get("alt", "")), address)
            child.attrib.clear()
            child.text = label
            if address and not in_link:
                child.tag = "a"
                child.set("href", address)
            else:
                child.tag = _NOTHING
        _replace_images(child, in_link=in_link or child.tag == "a")


def _check_link(link: Element) -> None:
    # Python-Markdown writes mail addresses as entities that are filled in later.
    address = html.unescape(link.get("href", "").replace(AMP_SUBSTITUTE, "&"))
    if _is_empty(link) or not (address.startswith("#fn") or clean_url(address)):
        link.tag = _NOTHING
        link.attrib.clear()


def _is_empty(element: Element) -> bool:
    return not "".join(element.itertext()).strip() and element.find(".//br") is None


def _remove_lone_markers(root: Element) -> None:
    """The "**" that a broken emphasis leaves around nothing; "2 ** 3" is somebody's formula."""
    for element in _displayed(root):
        children = list(element)
        element.text = _without_lone_markers(element.text, before_element=bool(children))
        for place, child in enumerate(children, start=1):
            child.tail = _without_lone_markers(
                child.tail, after_element=True, before_element=place < len(children)
            )


def _displayed(element: Element) -> Iterator[Element]:
    if element.tag not in ("code", "pre"):
        yield element
        for child in element:
            yield from _displayed(child)


def _without_lone_markers(
    text: str | None, *, after_element: bool = False, before_element: bool = False
) -> str | None:
    if not text or "**" not in text:
        return text
    if _LONE_MARKERS.fullmatch(text):
        return " "
    text = _EMPTY_MARKERS.sub("", text)
    if after_element:
        text = _CLOSED_AFTER_ELEMENT.sub("", text)
    return _OPENED_BEFORE_ELEMENT.sub("", text) if before_element else text


def _shift_headings(root: Element, first: int) -> None:
    """The levels a text uses become consecutive ones from `first`, so that none is skipped."""
    used = sorted({element.tag for element in root.iter() if element.tag in _HEADINGS})
    shifted = {tag: f"h{min(first + place, 6)}" for place, tag in enumerate(used)}
    for element in root.iter():
        if element.tag in shifted:
            element.tag = shifted[element.tag]
