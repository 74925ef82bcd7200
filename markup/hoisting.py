"""Figures stand in running text; in HTML they are blocks, so they are lifted out of paragraphs."""

import re
from xml.etree.ElementTree import Element

_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6"})
_INLINE = frozenset({"a", "em", "strong", "span", "sup"})
_VERBATIM = frozenset({"code", "pre"})


def hoist(root: Element, placeholders: frozenset[str]) -> None:
    """Each placeholder ends up as a paragraph of its own, its surroundings split around it."""
    _hoist_in(root, re.compile("(" + "|".join(map(re.escape, sorted(placeholders))) + ")"))


def _hoist_in(block: Element, pattern: re.Pattern[str]) -> None:
    flow = _Flow(pattern)
    flow.add_text(block.text)
    for child in list(block):
        tail, child.tail = child.tail, None
        if child.tag in _PARAGRAPHS:
            for piece in _split(child, pattern):
                flow.add_element(piece)
        elif child.tag in _INLINE:
            flow.add_inline(child)
        else:
            if child.tag not in _VERBATIM:
                _hoist_in(child, pattern)
            flow.add_element(child)
        flow.add_text(tail)
    block.text = flow.text
    block[:] = flow.elements


def _split(paragraph: Element, pattern: re.Pattern[str]) -> list[Element]:
    """The paragraph's parts and its figures, in order; a part without text is left out."""
    flow = _Flow(pattern)
    flow.add_text(paragraph.text)
    for child in list(paragraph):
        tail, child.tail = child.tail, None
        flow.add_inline(child)
        flow.add_text(tail)
    if not flow.figures:
        return [_part(paragraph, flow.text, flow.elements)]
    pieces, text, elements = [], flow.text, []
    for element in flow.elements:
        if element not in flow.figures:
            elements.append(element)
            continue
        pieces += [_part(paragraph, text, elements), element]
        text, elements, element.tail = element.tail, [], None
    pieces.append(_part(paragraph, text, elements))
    return [piece for piece in pieces if "".join(piece.itertext()).strip()]


def _part(paragraph: Element, text: str | None, elements: list[Element]) -> Element:
    part = Element(paragraph.tag, dict(paragraph.attrib))
    part.text = text.lstrip() if text else None
    part[:] = elements
    return part


class _Flow:
    """Text and elements collected anew, with each placeholder met on the way as a paragraph."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern = pattern
        self.text: str | None = None
        self.elements: list[Element] = []
        self.figures: list[Element] = []

    def add_text(self, text: str | None) -> None:
        if not text:
            return
        for position, piece in enumerate(self.pattern.split(text)):
            if position % 2:
                self._add_figure(piece)
            elif self.elements:
                self.elements[-1].tail = (self.elements[-1].tail or "") + piece
            else:
                self.text = (self.text or "") + piece

    def add_element(self, element: Element) -> None:
        self.elements.append(element)

    def add_inline(self, element: Element) -> None:
        """Emphasis or a link: a figure cannot stand in it, so it follows it."""
        inside = self._take_out(element)
        self.add_element(element)
        for placeholder in inside:
            self._add_figure(placeholder)

    def _add_figure(self, placeholder: str) -> None:
        figure = Element("p")
        figure.text = placeholder
        self.elements.append(figure)
        self.figures.append(figure)

    def _take_out(self, element: Element) -> list[str]:
        if element.tag in _VERBATIM:
            return []
        found = self._found(element.text)
        element.text = self._removed(element.text)
        for child in element:
            found += [*self._take_out(child), *self._found(child.tail)]
            child.tail = self._removed(child.tail)
        return found

    def _found(self, text: str | None) -> list[str]:
        return self.pattern.findall(text or "")

    def _removed(self, text: str | None) -> str | None:
        return self.pattern.sub("", text) if text else text
