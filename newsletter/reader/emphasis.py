"""Emphasis that converters broke, as in "**Title:  ⏎**_…subtitle…  ⏎_ Text".

CommonMark takes such marks for text, since white space stands where none may, or none where
some must ("*A caption.*Text"). What they enclose is read as its author wrote it: bold, italic.
"""

from newsletter.reader.pieces import Inline, Piece

MAX_PIECES = 40
MAX_BREAKS = 3


def mend_emphasis(inline: Inline) -> None:
    """Give lines enclosed in loose marks their style, and drop the marks."""
    if not any(_is_mark(piece) for piece in inline.pieces):
        return
    pieces = inline.pieces
    at_line_start, after_image = True, False
    place = 0
    dropped: set[int] = set()
    while place < len(pieces):
        piece = pieces[place]
        if at_line_start and _is_mark(piece):
            width = 2 if _run(pieces, place) >= 2 else 1
            end = _closing(pieces, place, width)
            # A single mark may be a footnote's, unless it follows a mended title or an image.
            if end is not None and (width == 2 or dropped or after_image):
                for enclosed in pieces[place + width : end]:
                    enclosed.bold = enclosed.bold or width == 2
                    enclosed.italic = enclosed.italic or width == 1
                dropped.update(range(place, place + width), range(end, end + width))
                place = end + width
                continue
        after_image = piece.kind == "image" or (after_image and not piece.text.strip())
        at_line_start = piece.kind in ("break", "image") or (
            at_line_start and not piece.text.strip()
        )
        place += 1
    inline.pieces = [piece for n, piece in enumerate(pieces) if n not in dropped]
    inline.mended = inline.mended or bool(dropped)


def _is_mark(piece: Piece) -> bool:
    return piece.literal and piece.text in ("*", "_")


def _run(pieces: list[Piece], place: int) -> int:
    """How many equal marks stand here in a row."""
    last = place
    while last < len(pieces) and pieces[last].literal and pieces[last].text == pieces[place].text:
        last += 1
    return last - place


def _closing(pieces: list[Piece], place: int, width: int) -> int | None:
    """Where marks at the beginning of a later line close the ones here."""
    mark, breaks, shown = pieces[place].text, 0, False
    for n in range(place + width, min(len(pieces), place + MAX_PIECES)):
        piece = pieces[n]
        if piece.kind == "image":
            return None
        if piece.kind == "break":
            breaks += 1
            if breaks > MAX_BREAKS:
                return None
        elif piece.text == mark and piece.literal:
            before = pieces[n - 1]
            misplaced = before.kind == "break" or before.text.rstrip("”’\"')")[-1:] in (*".?!…",)
            return n if shown and misplaced and _run(pieces, n) >= width else None
        shown = shown or any(char.isalnum() for char in piece.text)
    return None
