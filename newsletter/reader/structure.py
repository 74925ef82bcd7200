"""What the reader makes of an issue.

All offsets count characters of the issue's text as it was given; ``position`` counts from 0
through the whole issue, for each kind of part on its own.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadLink:
    """A hyperlink, its URL exactly as printed."""

    position: int
    url: str
    label: str
    role: str  # primary video code website article inline share
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ReadImage:
    """An image; ``end`` covers its caption too. The link around an image is the image's."""

    position: int
    url: str
    alt: str
    caption: str | None
    link_url: str | None
    start: int
    end: int
    # Where image and caption stand in the entry's markdown; none outside entries.
    markdown_start: int | None = None
    markdown_end: int | None = None


@dataclass(frozen=True, slots=True)
class ReadSection:
    """A heading that groups entries."""

    heading: str
    level: int
    topic: str | None
    position: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ReadEntry:
    """One thing the issue presents; ``markdown`` renders on its own."""

    kind: str  # feature brief news opportunity
    headline: str
    topic: str | None
    section: int | None
    position: int
    markdown: str
    start: int
    end: int
    links: tuple[ReadLink, ...]
    images: tuple[ReadImage, ...]
    unsure: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadIssue:
    """An issue, read: every link and image stands in one entry or in the lists outside."""

    intro: str
    highlights: tuple[str, ...]
    sections: tuple[ReadSection, ...]
    entries: tuple[ReadEntry, ...]
    links: tuple[ReadLink, ...]
    images: tuple[ReadImage, ...]
    notices: tuple[str, ...]
    warnings: tuple[str, ...]
