"""From an entry's blocks to what is told of it: headline, kind, links, images, commentary."""

from dataclasses import dataclass, field
from itertools import pairwise

from newsletter.reader.blocks import Block
from newsletter.reader.captions import Caption, InlineCaptions, italic_caption
from newsletter.reader.drafts import Draft, Form, Section
from newsletter.reader.kinds import RESEARCH_URL, Presented, kind_of
from newsletter.reader.markers import (
    bare_label,
    is_marker_line,
    is_share,
    marker_role,
    role_by_words,
    says_article,
    says_video,
    vocabulary_role,
)
from newsletter.reader.pieces import Inline, RawImage, RawLink
from newsletter.reader.sentences import drop_full_stop
from newsletter.reader.shapes import Lead, lead_of
from newsletter.reader.slices import Slices, add_item
from newsletter.reader.texts import (
    Hidden,
    headline_of_text,
    presenting_links,
    text_without_markers,
    tidy,
    without_markers,
)

UNTITLED = "Untitled"


@dataclass(slots=True)
class FoundLink:
    raw: RawLink
    label: str
    inline: Inline
    index: int
    role: str | None = None


@dataclass(slots=True)
class FoundImage:
    raw: RawImage
    caption: Caption | None

    def end(self) -> int:
        return max(self.raw.end, self.caption.end) if self.caption else self.raw.end


@dataclass(slots=True)
class Entry:
    """An entry, read; positions among the issue's parts are given later."""

    kind: str
    headline: str
    topic: str | None
    section: int | None
    markdown: str
    start: int
    end: int
    links: list[FoundLink]
    images: list[FoundImage]
    slices: Slices
    unsure: list[str] = field(default_factory=list)


def find_images(blocks: list[Block], text: str) -> list[FoundImage]:
    """The images of these blocks with their captions, in order."""
    found: list[FoundImage] = []
    for block in (part for top in blocks for part in top.walk()):
        if found and not found[-1].caption and found[-1].raw.end <= block.start:
            follows = not text[found[-1].raw.end : block.start].strip(" \n\t</>pdivfgure")
            if follows and (caption := italic_caption(block)):
                found[-1].caption = caption
        for inline in block.inlines:
            captions = InlineCaptions(inline, text).read()
            found += [FoundImage(raw, captions.get(n)) for n, raw in enumerate(inline.images)]
    return found


def find_links(inlines: list[Inline]) -> list[FoundLink]:
    return [
        FoundLink(raw, bare_label(tidy(inline.link_text(n))), inline, n)
        for inline in inlines
        for n, raw in enumerate(inline.links)
    ]


class EntryReader:
    def __init__(self, draft: Draft, text: str, sections: list[Section], topic: str | None) -> None:
        self.draft, self.text = draft, text
        self.sections, self.topic = sections, topic
        self.body = [inline for block in draft.blocks for inline in block.all_inlines()]
        title = draft.title_block
        self.title_inlines = title.all_inlines() if title else []
        self.images = find_images([*([title] if title else []), *draft.blocks], text)
        captions = [(i.caption.start, i.caption.end) for i in self.images if i.caption]
        self.captions = Hidden(captions)
        lead = [(draft.start, draft.lead.end)] if draft.lead else []
        self.hidden = Hidden([*captions, *lead])
        self.marker_lines = self._find_marker_lines()
        self.announced = self._find_announced()
        self.links = find_links([*self.title_inlines, *self.body])
        self.unsure = list(draft.unsure)

    def read(self) -> Entry:
        self._mark_links()
        headline = self._headline()
        kind = self._kind(headline)
        if kind == "brief" and self.draft.form is Form.LINK:
            headline = headline_of_text(self.draft.title or "") or headline
        self._fill_roles(kind)
        slices = self._slices()
        parts = [*([self.draft.title_block] if self.draft.title_block else []), *self.draft.blocks]
        return Entry(
            kind=kind,
            headline=headline,
            topic=self.topic,
            section=self.draft.section,
            markdown=slices.markdown(),
            start=self.draft.start,
            end=max([block.end for block in parts], default=self.draft.start),
            links=self.links,
            images=self.images,
            slices=slices,
            unsure=self.unsure,
        )

    # Links

    def _mark_links(self) -> None:
        for link in self.links:
            if self.captions.end_over(link.raw.start) is not None:
                link.role = "inline"
            elif is_share(link.label, link.raw.url):
                link.role = "share"
            elif role := marker_role(link.inline, link.index):
                link.role = role
            elif self._presents_title(link):
                link.role = "primary"
            elif link.index == 0 and (role := self.announced.get(link.inline)):
                link.role = role
            elif link.inline in self.marker_lines:
                link.role = role_by_words(link.label)
            elif says_video(link.label):
                link.role = "video"
            elif says_article(link.label):
                link.role = "article"

    def _presents_title(self, link: FoundLink) -> bool:
        if link.inline in self.title_inlines:
            return True
        lead = self._item_lead() if self.draft.form is Form.ITEM else self.draft.lead
        return lead is not None and link.index in lead.links and link.inline is self.body[0]

    def _find_marker_lines(self) -> set[Inline]:
        """Paragraphs of short links below a title point at the work, whatever the labels."""
        if not self.draft.is_titled():
            return set()
        lines = [i for b in self.draft.blocks if b.kind in ("paragraph", "html") for i in b.inlines]
        return {inline for inline in lines if is_marker_line(inline)}

    def _find_announced(self) -> dict[Inline, str]:
        """Paragraphs that a line like "Read more:" stands before."""
        announced = {}
        for before, block in pairwise(self.draft.blocks):
            text = before.text() if before.kind == "paragraph" else ""
            role = vocabulary_role(text) if text.endswith((":", "：")) else None
            if role and block.inlines:
                announced[block.inlines[0]] = role
        return announced

    def _fill_roles(self, kind: str) -> None:
        """Roles of links that are no markers: which of them present the thing?"""
        untold = [link for link in self.links if link.role is None]
        marked = any(link.role in ("primary", "website") for link in self.links)
        if untold and not marked:
            for link in self._presenting(kind, untold):
                link.role = "primary"
        for link in untold:
            link.role = link.role or "inline"
        if not self.links:
            self.unsure.append("It has no link, so it may be no entry of its own.")

    def _presenting(self, kind: str, untold: list[FoundLink]) -> list[FoundLink]:
        first = untold[0]
        if kind == "brief" and not self.draft.is_titled():
            said = presenting_links(first.inline, self.hidden)
            return [x for x in untold if x.inline is first.inline and x.index in said] or [first]
        if kind == "news":
            return [first]
        works = [link for link in untold if RESEARCH_URL.search(link.raw.url)]
        chosen = works[0] if works else first
        if len(untold) > 1 and len(works) != 1:
            self.unsure.append(
                f"No link is marked as what it presents; “{chosen.label}” was taken."
            )
        return [chosen]

    # Headline and kind

    def _headline(self) -> str:
        draft = self.draft
        title = tidy(draft.title or "")
        if draft.form is Form.LINK:
            title = drop_full_stop(title)
        if title := title.rstrip(":： "):
            return title
        for inline in self.body:
            if draft.form is Form.ITEM and (lead := self._item_lead()):
                return tidy(lead.title)
            if headline := headline_of_text(without_markers(inline, self.hidden)):
                return headline
        labels = [link.label for link in self.links if link.label]
        self.unsure.append("Its headline is only what its links say.")
        return ", ".join(dict.fromkeys(labels)) or UNTITLED

    def _item_lead(self) -> Lead | None:
        first = next((b for b in self.draft.blocks[0].children if b.kind == "paragraph"), None)
        return lead_of(first) if first else None

    def _commentary(self) -> str:
        texts = (text_without_markers(inline, self.hidden) for inline in self.body)
        return " ".join(text for text in texts if text)

    def _kind(self, headline: str) -> str:
        section = self.sections[self.draft.section] if self.draft.section is not None else None
        body = self._commentary()
        primary = [link.raw.url for link in self.links if link.role == "primary"]
        if not primary and not self.draft.is_titled():
            primary = [link.raw.url for link in self.links if link.role is None][:1]
        titled = self.draft.is_titled()
        if titled and section and section.name.lines and self.draft.form in (Form.LINK, Form.LEAD):
            titled = len(self.draft.blocks) > 1
        return kind_of(
            Presented(
                headline=headline,
                body=body,
                titled=titled,
                has_commentary=bool(body),
                primary_urls=tuple(primary),
                topic=self.topic,
                section=section.name if section else None,
                in_news=section.in_news if section else False,
            )
        )

    # Commentary

    def _slices(self) -> Slices:
        slices = Slices(self.text)
        blocks = self.draft.blocks
        if not blocks and self.draft.title_block and self.draft.form is Form.LINK:
            blocks = [self.draft.title_block]
        for block in blocks:
            if block.kind == "item":
                add_item(slices, block)
            elif block.kind == "row":
                for inline in block.inlines:
                    slices.add(inline.start, inline.end)
            elif self.draft.lead and block is blocks[0]:
                slices.add(self._behind_lead(self.draft.lead.end, block.end), block.end)
            else:
                slices.add(block.start, block.end)
        definitions = [link.raw.definition for link in self.links if link.raw.definition]
        for image in self.images:
            definitions += image.raw.definitions
        slices.append_definitions(definitions)
        return slices

    def _behind_lead(self, position: int, end: int) -> int:
        """Where the commentary begins, behind a title's marks and what sets it off."""
        if self.body[0].mended:
            starts = (
                p.start for p in self.body[0].pieces if p.start >= position and p.text.strip()
            )
            return next(starts, end)
        while position < end and self.text[position] in "*_":
            position += 1
        rest = self.text[position:end]
        return end - len(rest.lstrip(" \t:：–—|-\n"))
