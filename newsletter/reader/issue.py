"""Reading an issue from end to end."""

import re
from bisect import bisect_left

from newsletter.reader.blocks import Block, read_blocks
from newsletter.reader.drafts import Outline
from newsletter.reader.entries import (
    Entry,
    EntryReader,
    FoundImage,
    FoundLink,
    find_images,
    find_links,
)
from newsletter.reader.intro import read_intro
from newsletter.reader.markers import is_share
from newsletter.reader.outline import OutlineReader
from newsletter.reader.pieces import Inline
from newsletter.reader.publications import Profile
from newsletter.reader.structure import ReadEntry, ReadImage, ReadIssue, ReadLink, ReadSection
from newsletter.reader.texts import text_without_markers

WORDS_A_MINUTE = 230


class Offsets:
    """Offsets of the text with plain line feeds, told as offsets of the text as given."""

    def __init__(self, text: str) -> None:
        self.text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
        self.dropped: list[int] = []
        if "\r\n" in text:
            for count, found in enumerate(re.finditer("\r\n", text)):
                self.dropped.append(found.start() - count)

    def original(self, offset: int) -> int:
        return offset + bisect_left(self.dropped, offset)


def read_issue(text: str, profile: Profile) -> ReadIssue:
    """Sections, entries, links and images of an issue's Markdown; any text can be read."""
    offsets = Offsets(text)
    text = offsets.text
    blocks, leftovers = read_blocks(text)
    outline = OutlineReader(blocks, profile).read()
    topics = _topics(outline)
    entries = [
        EntryReader(draft, text, outline.sections, topic).read()
        for draft, topic in zip(outline.drafts, topics, strict=True)
    ]
    intro, highlights = read_intro(outline.intro, text, profile)
    outside = [*outline.intro, *outline.outside, *outline.notices]
    loose_links = _outside_links(outside, leftovers)
    loose_images = find_images(sorted(outside, key=lambda block: block.start), text)
    loose_images += [FoundImage(raw, None) for inline in leftovers for raw in inline.images]
    parts = _Parts(offsets, entries, loose_links, loose_images)
    return ReadIssue(
        intro=intro,
        highlights=highlights,
        sections=tuple(
            ReadSection(
                section.heading,
                section.level,
                section.topic,
                position,
                offsets.original(section.start),
                offsets.original(section.end),
            )
            for position, section in enumerate(outline.sections)
        ),
        entries=tuple(parts.entry(position, entry) for position, entry in enumerate(entries)),
        links=tuple(parts.link(link) for link in loose_links),
        images=tuple(parts.image(image) for image in loose_images),
        notices=tuple(text for block in outline.notices if (text := block.text())),
        warnings=_warnings(blocks, entries, leftovers),
    )


def _topics(outline: Outline) -> list[str | None]:
    """Each entry's topic: its section's, or what a later heading of its part implies."""
    later: dict[int, list[tuple[int, str]]] = {}
    for section in outline.sections:
        if section.topic and section.name.lines and not section.name.other:
            later.setdefault(section.group, []).append((section.start, section.topic))
    topics: list[str | None] = []
    for draft in outline.drafts:
        if draft.section is not None:
            topics.append(draft.topic or outline.sections[draft.section].topic)
        else:
            implied = later.get(draft.group, [])
            following = (topic for start, topic in implied if start > draft.start)
            topics.append(draft.topic or next(following, None))
    return topics


def _outside_links(blocks: list[Block], leftovers: list[Inline]) -> list[FoundLink]:
    inlines = [inline for block in blocks for inline in block.all_inlines()]
    links = sorted(find_links([*inlines, *leftovers]), key=lambda link: link.raw.start)
    for link in links:
        link.role = "share" if is_share(link.label, link.raw.url) else "inline"
    return links


def _warnings(blocks: list[Block], entries: list[Entry], deep: list[Inline]) -> tuple[str, ...]:
    warnings = []
    if blocks and not entries:
        warnings.append("No entry was found in this text.")
    if deep:
        warnings.append("Some of it is nested too deeply to be read as more than text.")
    return tuple(warnings)


class _Parts:
    """Gives links and images their position in the issue and the offsets of the given text."""

    def __init__(
        self,
        offsets: Offsets,
        entries: list[Entry],
        loose_links: list[FoundLink],
        loose_images: list[FoundImage],
    ) -> None:
        self.offsets = offsets
        links = [*loose_links, *(link for entry in entries for link in entry.links)]
        images = [*loose_images, *(image for entry in entries for image in entry.images)]
        links.sort(key=lambda link: link.raw.start)
        images.sort(key=lambda image: image.raw.start)
        self.link_positions = {id(link): n for n, link in enumerate(links)}
        self.image_positions = {id(image): n for n, image in enumerate(images)}

    def link(self, link: FoundLink) -> ReadLink:
        return ReadLink(
            position=self.link_positions[id(link)],
            url=link.raw.url,
            label=link.label,
            role=link.role or "inline",
            start=self.offsets.original(link.raw.start),
            end=self.offsets.original(link.raw.end),
        )

    def image(self, image: FoundImage, entry: Entry | None = None) -> ReadImage:
        raw = image.raw
        spans: tuple[int | None, int | None] = (None, None)
        if entry is not None:
            spans = (
                entry.slices.place(raw.start),
                entry.slices.place(image.end(), is_end=True),
            )
        return ReadImage(
            position=self.image_positions[id(image)],
            url=raw.url,
            alt=raw.alt,
            caption=image.caption.text if image.caption else None,
            link_url=raw.link_url,
            start=self.offsets.original(raw.start),
            end=self.offsets.original(image.end()),
            markdown_start=spans[0],
            markdown_end=spans[1],
        )

    def entry(self, position: int, entry: Entry) -> ReadEntry:
        return ReadEntry(
            kind=entry.kind,
            headline=entry.headline,
            topic=entry.topic,
            section=entry.section,
            position=position,
            markdown=entry.markdown,
            start=self.offsets.original(entry.start),
            end=self.offsets.original(entry.end),
            links=tuple(self.link(link) for link in entry.links),
            images=tuple(self.image(image, entry) for image in entry.images),
            unsure=tuple(entry.unsure),
        )


def first_heading(text: str) -> str | None:
    """The text of the first heading, as a title for an issue that came without one."""
    blocks, _ = read_blocks(Offsets(text).text)
    headings = (block for block in blocks if block.kind == "heading" and block.inlines)
    titles = (text_without_markers(block.inlines[0]) for block in headings)
    return next((title for title in titles if title), None)


def reading_minutes(text: str) -> int:
    """Minutes to read what is shown of a text, at least one."""
    blocks, _ = read_blocks(Offsets(text).text)
    words = sum(len(block.text().split()) for block in blocks)
    return max(1, round(words / WORDS_A_MINUTE))
