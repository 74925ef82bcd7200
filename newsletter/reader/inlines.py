"""From parsed inline tokens and HTML tags to the pieces of a running text."""

from collections.abc import Callable, Iterable

from markdown_it.token import Token

from newsletter.reader.bare_urls import link_bare_urls
from newsletter.reader.emphasis import mend_emphasis
from newsletter.reader.html_tags import Tag, read_tag
from newsletter.reader.pieces import Inline, Piece, RawImage, RawLink, plain

type Locate = Callable[[int], int]

BREAKING_TAGS = {"br", "p", "div", "li", "tr", "td", "th", "hr", "ul", "ol", "table"}
BOLD_TAGS, ITALIC_TAGS = {"b", "strong"}, {"i", "em", "figcaption"}


class InlineBuilder:
    """Collects pieces, keeping track of style and of the link that is open."""

    def __init__(self, start: int, end: int) -> None:
        self.inline = Inline(start, end)
        self.bold = self.italic = 0
        self.link: int | None = None
        self.html_link_open = False

    def add(self, kind: str, text: str, start: int, end: int, *, literal: bool = False) -> None:
        image = len(self.inline.images) - 1 if kind == "image" else None
        self.inline.pieces.append(
            Piece(kind, text, start, end, self.bold > 0, self.italic > 0, self.link, image, literal)
        )

    def open_link(self, link: RawLink) -> None:
        self.inline.links.append(link)
        self.link = len(self.inline.links) - 1

    def add_image(self, image: RawImage) -> None:
        self.inline.images.append(image)
        self.add("image", "", image.start, image.end)

    def add_tag(self, tag: Tag, offset: int) -> None:
        """An HTML tag, or text between tags, whose own offsets count from ``offset``."""
        start, end = offset + tag.start, offset + tag.end
        name = tag.name.removeprefix("/")
        step = -1 if tag.name.startswith("/") else 1
        if not tag.name:
            self.add("text", tag.text, start, end)
        elif tag.name == "a" and "href" in tag.attributes:
            self.open_link(RawLink(tag.attributes["href"].strip(), start, end))
            self.html_link_open = True
        elif tag.name == "/a" and self.html_link_open:
            if self.link is not None:
                self.inline.links[self.link].end = end
            self.link, self.html_link_open = None, False
        elif tag.name == "img" and tag.attributes.get("src"):
            source, alt = tag.attributes["src"].strip(), tag.attributes.get("alt", "")
            self.add_image(RawImage(source, alt, start, end))
        elif name in BREAKING_TAGS:
            self.add("break", "\n", start, end)
        elif name in BOLD_TAGS:
            self.bold = max(0, self.bold + step)
        elif name in ITALIC_TAGS:
            self.italic = max(0, self.italic + step)

    def finish(self) -> Inline:
        _fold_linked_images(self.inline)
        mend_emphasis(self.inline)
        link_bare_urls(self.inline)
        places = self.inline.link_places
        for place, piece in enumerate(self.inline.pieces):
            if piece.link is not None:
                places[piece.link] = (places.get(piece.link, (place,))[0], place)
        return self.inline


def inline_of_token(token: Token, locate: Locate, start: int, end: int) -> Inline:
    """The inline of a parsed block; ``locate`` maps its content's offsets into the issue."""
    builder = InlineBuilder(start, end)
    for child in token.children or []:
        span = child.meta.get("start", 0), child.meta.get("end", 0)
        begins = locate(span[0])
        ends = locate(span[1] - 1) + 1 if span[1] > span[0] else begins
        _add_token(builder, child, begins, ends)
    return builder.finish()


def _add_token(builder: InlineBuilder, token: Token, start: int, end: int) -> None:
    match token.type:
        case "text":
            if token.content:
                builder.add("text", token.content, start, end, literal=True)
        case "text_special" | "code_inline":
            builder.add("text", token.content, start, end)
        case "softbreak" | "hardbreak":
            builder.add("break", "\n", start, end)
        case "strong_open":
            builder.bold += 1
        case "strong_close":
            builder.bold -= 1
        case "em_open":
            builder.italic += 1
        case "em_close":
            builder.italic -= 1
        case "link_open":
            url = str(token.attrs["href"])
            builder.open_link(RawLink(url, start, end, _definition(token, url)))
            builder.html_link_open = False
        case "link_close":
            builder.link = None
        case "image":
            url = str(token.attrs["src"])
            definition = _definition(token, url)
            alt = plain_tokens(token.children or [])
            image = RawImage(url, alt, start, end, definitions=(definition,) if definition else ())
            builder.add_image(image)
        case "html_inline":
            if tag := read_tag(token.content, 0):
                tag.start, tag.end = 0, end - start
                builder.add_tag(tag, start)


def plain_tokens(tokens: Iterable[Token]) -> str:
    """Plain text of inline tokens, an image giving its alternative text."""
    parts = []
    for token in tokens:
        if token.type == "image":
            parts.append(plain_tokens(token.children or []))
        elif token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif token.type != "html_inline":
            parts.append(token.content)
    return " ".join("".join(parts).split())


def _definition(token: Token, url: str) -> str:
    """The reference definition a link or image needs to be read on its own."""
    if "label" not in token.meta:
        return ""
    target = url.replace("\\", "\\\\").replace("<", "\\<").replace(">", "\\>").replace("&", "&amp;")
    return f"[{token.meta['label']}]: <{target}>"


def _fold_linked_images(inline: Inline) -> None:
    """A link that shows nothing but images belongs to the first of them."""
    shown: dict[int, list[Piece]] = {}
    for piece in inline.pieces:
        if piece.link is not None:
            shown.setdefault(piece.link, []).append(piece)
    kept: dict[int, int] = {}
    links: list[RawLink] = []
    for index, link in enumerate(inline.links):
        pieces = shown.get(index, [])
        images = [piece.image for piece in pieces if piece.image is not None]
        if images and not plain(pieces):
            image = inline.images[images[0]]
            image.link_url = link.url
            image.start, image.end = min(link.start, image.start), max(link.end, image.end)
            if link.definition:
                image.definitions = (*image.definitions, link.definition)
        else:
            kept[index] = len(links)
            links.append(link)
    inline.links = links
    for piece in inline.pieces:
        if piece.link is not None:
            piece.link = kept.get(piece.link)
        if piece.image is not None:
            image = inline.images[piece.image]
            piece.start, piece.end = image.start, image.end
