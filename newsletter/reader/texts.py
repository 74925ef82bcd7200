"""Plain texts of paragraphs with the markers taken out."""

import re
from bisect import bisect_right
from dataclasses import replace

from newsletter.reader.markers import marker_role
from newsletter.reader.pieces import Inline, Piece
from newsletter.reader.sentences import drop_full_stop, first_sentence, sentence_ends

# An address in a sentence, with the bracket, colon or word that leads to it.
ADDRESS = r"https?://\S*[^\s.,;:!?)\]}'\"…]"
PRINTED_URL = re.compile(
    r"(?:\s*(?::|–|—|\())?(?:\s*\b(?:see|via|at|here|cf\.?):?)?\s*"
    rf"{ADDRESS}(?:\s*(?:,|;|and|or|&)\s*{ADDRESS})*\)?",
    re.IGNORECASE,
)
STOPS = re.compile(r"([.?!,;:])[\s.,;:]*\.\s*$")
# A marker taken out leaves a NUL, which no issue's text holds.
MARKER_PLACE = re.compile(r"\[?\0+\]?")
EMPTY_BRACKETS = re.compile(r"\[[\s,;|/&]*\]|\([\s,;|/&]*\)")
SPACE_BEFORE = re.compile(r"\s+([,;:.?!)\]])")
REPEATED = re.compile(r"([,;:])(\s*[,;:])+")
LEFTOVER_START = re.compile(r"^[\s,;:.|•·–—-]+(?=\S)")
STRAY_MARKS = re.compile(r"^((\*\*|__)\s*)+|(\s*(\*\*|__))+$")


class Hidden:
    """Stretches of the issue that are left out of a text: captions, a title."""

    def __init__(self, stretches: list[tuple[int, int]]) -> None:
        self.stretches = sorted(stretches)
        self.starts = [start for start, _ in self.stretches]

    def end_over(self, offset: int) -> int | None:
        """The end of the stretch that covers this offset."""
        index = bisect_right(self.starts, offset) - 1
        if index < 0 or offset >= self.stretches[index][1]:
            return None
        return self.stretches[index][1]


NOTHING = Hidden([])


def shown_pieces(inline: Inline, hidden: Hidden) -> list[Piece]:
    """The pieces outside what is hidden; one that is hidden in part is cut."""
    pieces = []
    for piece in inline.pieces:
        end = hidden.end_over(piece.start)
        if end is None:
            pieces.append(piece)
        elif piece.literal and piece.end > end:
            pieces.append(replace(piece, text=piece.text[end - piece.start :], start=end))
    return pieces


def without_markers(inline: Inline, hidden: Hidden = NOTHING) -> str:
    """The text with marker links taken out, brackets around them too, spaces as printed."""
    markers = {n for n in range(len(inline.links)) if marker_role(inline, n)}
    parts = []
    for piece in shown_pieces(inline, hidden):
        parts.append("\0" if piece.link in markers else piece.text)
    text = "".join(parts)
    if "\0" not in text:
        return text
    text = EMPTY_BRACKETS.sub(" ", MARKER_PLACE.sub(" ", text))
    return REPEATED.sub(r"\1", SPACE_BEFORE.sub(r"\1", text))


def text_without_markers(inline: Inline, hidden: Hidden = NOTHING) -> str:
    return tidy(without_markers(inline, hidden))


def tidy(text: str) -> str:
    """One line, without what taking markers out has left behind."""
    text = " ".join(text.split())
    text = STRAY_MARKS.sub("", text)
    return LEFTOVER_START.sub("", text).strip()


def headline_of_text(text: str) -> str:
    """The first sentence, as a headline; addresses printed in it are left out."""
    sentence = first_sentence(text.strip())
    if "://" in sentence:
        sentence = STOPS.sub(r"\1", PRINTED_URL.sub("", sentence))
    sentence = drop_full_stop(tidy(sentence))
    return sentence.rstrip(" ,;:|–—")


def presenting_links(inline: Inline, hidden: Hidden) -> list[int]:
    """The links of the first sentence that has any."""
    text = ""
    starts: dict[int, int] = {}
    for piece in shown_pieces(inline, hidden):
        if piece.link is not None:
            starts.setdefault(piece.link, len(text))
        text += piece.text
    if not starts:
        return []
    ends = [*sentence_ends(text), len(text) + 1]
    first = min(starts.values())
    limit = next(end for end in ends if end > first)
    return [link for link, start in starts.items() if start < limit]
