"""Addresses that stand in a text without markup, which readers of a newsletter follow as links."""

import re
from itertools import groupby

from newsletter.reader.pieces import Inline, Piece, RawLink

URL = re.compile(r"(?<![\w/])https?://[\w-]+(?:\.[\w-]+)+[^\s<>\"“”«»|\\^`{}]*", re.IGNORECASE)
# Marks of the sentence around an address, not of the address.
TRAILING = "?!.,:;*_~'’…"


def link_bare_urls(inline: Inline) -> None:
    """Make a link of every bare address; links stay in the order of the text."""
    if not any("://" in piece.text and piece.link is None for piece in inline.pieces):
        return
    pieces: list[Piece] = []
    found: list[RawLink] = []
    for is_plain, run in groupby(inline.pieces, _may_hold_url):
        for stretch in _contiguous(list(run)) if is_plain else [list(run)]:
            pieces += _linked(stretch, inline, found) if is_plain else stretch
    if found:
        inline.pieces = pieces
        _put_in_order(inline)


def _may_hold_url(piece: Piece) -> bool:
    """Plain text, or the "&amp;" of an address."""
    return piece.kind == "text" and piece.link is None and (piece.literal or piece.text == "&")


def _contiguous(run: list[Piece]) -> list[list[Piece]]:
    stretches: list[list[Piece]] = []
    for piece in run:
        last = stretches[-1][-1] if stretches else None
        if last is not None and (last.end, last.bold, last.italic) == (
            piece.start,
            piece.bold,
            piece.italic,
        ):
            stretches[-1].append(piece)
        else:
            stretches.append([piece])
    return stretches


def _linked(stretch: list[Piece], inline: Inline, found: list[RawLink]) -> list[Piece]:
    text = "".join(piece.text for piece in stretch)
    pieces: list[Piece] = []
    position = 0
    for match in URL.finditer(text):
        url = _trimmed(match[0])
        inside = _cut(stretch, match.start(), match.start() + len(url))
        link = RawLink(url, inside[0].start, inside[-1].end)
        inline.links.append(link)
        found.append(link)
        first = inside[0]
        pieces += _cut(stretch, position, match.start())
        pieces.append(
            Piece(
                *("text", url, link.start, link.end, first.bold, first.italic),
                link=len(inline.links) - 1,
                literal=all(piece.literal for piece in inside),
            )
        )
        position = match.start() + len(url)
    return pieces + _cut(stretch, position, len(text)) if pieces else stretch


def _trimmed(url: str) -> str:
    """The address without what closes the sentence or the bracket it stands in."""
    while True:
        shorter = url.rstrip(TRAILING)
        for opening, closing in ("()", "[]"):
            if shorter.endswith(closing) and shorter.count(closing) > shorter.count(opening):
                shorter = shorter[:-1]
        if shorter == url:
            return url
        url = shorter


def _cut(stretch: list[Piece], start: int, end: int) -> list[Piece]:
    """The pieces between two offsets of a stretch's text, those at its ends cut."""
    cut, offset = [], 0
    for piece in stretch:
        first, last = max(start - offset, 0), min(end - offset, len(piece.text))
        if first < last:
            whole = last - first == len(piece.text)
            begins = piece.start if whole else piece.start + first
            ends = piece.end if whole else piece.start + last
            style = (piece.bold, piece.italic, piece.link, piece.image, piece.literal)
            cut.append(Piece(piece.kind, piece.text[first:last], begins, ends, *style))
        offset += len(piece.text)
    return cut


def _put_in_order(inline: Inline) -> None:
    order = sorted(range(len(inline.links)), key=lambda n: inline.links[n].start)
    places = {old: new for new, old in enumerate(order)}
    inline.links = [inline.links[n] for n in order]
    for piece in inline.pieces:
        if piece.link is not None:
            piece.link = places[piece.link]
