"""Running text as pieces, each with its place in the issue, and the links and images in it."""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Piece:
    """A stretch of text, a line break or an image, in one style and one link."""

    kind: str  # text, break, image
    text: str
    start: int
    end: int
    bold: bool = False
    italic: bool = False
    link: int | None = None
    image: int | None = None
    literal: bool = False  # character n of the text stands at start + n


@dataclass(slots=True)
class RawLink:
    url: str
    start: int
    end: int
    definition: str = ""


@dataclass(slots=True)
class RawImage:
    url: str
    alt: str
    start: int
    end: int
    link_url: str | None = None
    definitions: tuple[str, ...] = ()


@dataclass(slots=True, eq=False)
class Inline:
    start: int
    end: int
    pieces: list[Piece] = field(default_factory=list)
    links: list[RawLink] = field(default_factory=list)
    images: list[RawImage] = field(default_factory=list)
    # Where among the pieces each link begins and ends; its pieces stand together.
    link_places: dict[int, tuple[int, int]] = field(default_factory=dict)
    # Answers of markers.py, which are asked for often.
    marker_roles: dict[int, str | None] = field(default_factory=dict)
    plain_text: str | None = None
    mended: bool = False  # loose marks were read as emphasis

    def text(self) -> str:
        if self.plain_text is None:
            self.plain_text = plain(self.pieces)
        return self.plain_text

    def of_link(self, index: int) -> list[Piece]:
        first, last = self.link_places.get(index, (0, -1))
        return self.pieces[first : last + 1]

    def link_text(self, index: int) -> str:
        return plain(self.of_link(index))


def plain(pieces: Iterable[Piece]) -> str:
    """Plain text on one line: white space collapsed, images left out."""
    return " ".join("".join(piece.text for piece in pieces).split())
