"""What of the text around an image is its caption."""

import re
from dataclasses import dataclass

from newsletter.reader.blocks import Block
from newsletter.reader.markers import marker_role
from newsletter.reader.pieces import Inline, Piece, plain
from newsletter.reader.sentences import has_sentence_end, sentence_ends

# A sentence's end glued to the next one's beginning: "…and token index.Despite incredible…"
GLUE = re.compile(r"[a-z]{2}[”’\"')\]]*[.?!][”’\"')\]]*(?=[“‘\"'(\[]*[A-Z][\w’'-]*[\s,])")
MAX_WORDS = 120


@dataclass(slots=True)
class Caption:
    text: str
    start: int
    end: int


class InlineCaptions:
    """Captions of the images of one inline, told from left to right."""

    def __init__(self, inline: Inline, text: str) -> None:
        self.inline = inline
        self.source = text
        self.pieces = inline.pieces
        self.markers = {n for n in range(len(inline.links)) if marker_role(inline, n)}
        self.captions: dict[int, Caption] = {}

    def read(self) -> dict[int, Caption]:
        at_start = True
        claimed_until = -1
        for place, piece in enumerate(self.pieces):
            if piece.kind == "image" and piece.image is not None and at_start:
                caption, last = self._caption(place)
                if caption is not None:
                    self.captions[piece.image] = caption
                    claimed_until = last
            elif place > claimed_until and piece.text.strip():
                at_start = False
        return self.captions

    def _caption(self, place: int) -> tuple[Caption | None, int]:
        """The caption of the image at this place, and the place of its last piece."""
        stop = place + 1
        while stop < len(self.pieces) and not self._ends_region(self.pieces[stop]):
            stop += 1
        region = self._trim(place + 1, stop)
        if not region or all(self.pieces[n].link is not None for n in region):
            return None, place
        for rule in (self._italic, self._glued_to_next, self._up_to_glue, self._unfinished):
            if found := rule(region, stop):
                return found, max(n for n in region if self.pieces[n].start < found.end)
        return None, place

    def _ends_region(self, piece: Piece) -> bool:
        return piece.kind == "image" or piece.link in self.markers

    def _trim(self, start: int, stop: int) -> range:
        """Without white space at the start, and without brackets or stray marks at the end."""
        while start < stop and not self.pieces[start].text.strip():
            start += 1
        if stop < len(self.pieces) and self.pieces[stop].link in self.markers:
            while stop > start and not self.pieces[stop - 1].text.strip(" [(*_\n"):
                stop -= 1
        while stop > start and not self.pieces[stop - 1].text.strip(" *_\n"):
            stop -= 1
        return range(start, stop)

    def _make(self, places: range) -> Caption:
        pieces = [self.pieces[n] for n in places]
        end, place = pieces[-1].end, places[-1] + 1
        limit = self.pieces[place].start if place < len(self.pieces) else self.inline.end
        while end < limit and self.source[end] in "*_":  # the closing marks of its emphasis
            end += 1
        text = plain(pieces).strip("*_ ")
        return Caption(text, pieces[0].start, end)

    def _italic(self, region: range, stop: int) -> Caption | None:
        """A wholly italic text right after the image."""
        last = region.start
        while last < region.stop and (
            self.pieces[last].italic or not self.pieces[last].text.strip()
        ):
            last += 1
        run = range(region.start, last)
        while run and not self.pieces[run[-1]].text.strip():
            run = run[:-1]
        if not run or not self.pieces[run[0]].italic:
            return None
        follower = self.pieces[run.stop] if run.stop < len(self.pieces) else None
        finished = has_sentence_end(plain(self.pieces[n] for n in run))
        glued = follower is not None and follower.text[:1].isupper() and finished
        alone = run.stop >= region.stop or (follower is not None and follower.kind == "break")
        return self._make(run) if alone or glued else None

    def _glued_to_next(self, region: range, stop: int) -> Caption | None:
        """Text stuck between the image and the next image or marker."""
        if stop >= len(self.pieces):
            return None
        text = plain(self.pieces[n] for n in region)
        touches = not self.pieces[stop - 1].text.endswith((" ", "\n"))
        if not touches or text.endswith(":") or len(text.split()) > MAX_WORDS:
            return None
        return self._make(region) if not sentence_ends(text) else None

    def _up_to_glue(self, region: range, stop: int) -> Caption | None:
        """Text up to a sentence's end that the commentary is glued to."""
        words = 0
        for n in region:
            piece = self.pieces[n]
            if piece.literal and piece.link is None and (glue := GLUE.search(piece.text)):
                words += len(piece.text[: glue.end()].split())
                if not 3 <= words <= MAX_WORDS:
                    return None
                before = [self.pieces[m] for m in range(region.start, n)]
                cut = Piece("text", piece.text[: glue.end()], piece.start, 0)
                start = self.pieces[region.start].start
                return Caption(plain([*before, cut]), start, piece.start + glue.end())
            words += len(piece.text.split())
        return None

    def _unfinished(self, region: range, stop: int) -> Caption | None:
        """The rest of a paragraph that is no sentence and leads to nothing."""
        text = plain(self.pieces[n] for n in region)
        if stop < len(self.pieces) or has_sentence_end(text) or text.endswith((":", "：")):
            return None
        links_text = any(self.pieces[n].link is not None for n in region)
        return self._make(region) if len(text.split()) <= 40 and not links_text else None


def italic_caption(block: Block) -> Caption | None:
    """A paragraph that is wholly italic, as it follows an image that stands alone."""
    if block.kind not in ("paragraph", "html") or len(block.inlines) != 1:
        return None
    inline = block.inlines[0]
    shown = [piece for piece in inline.pieces if piece.text.strip()]
    if not shown or inline.images or not all(piece.italic for piece in shown):
        return None
    return Caption(inline.text(), inline.start, inline.end)
