"""What differs between two texts, word by word, in a form that can be read and applied.

Shortest edits by Myers' greedy algorithm, which takes long only where texts have little in common:
it is given so many steps, over words, then over lines; texts it cannot tell apart in time are shown
as one replaced by the other.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

_WORDS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+|\s+|[\W_]")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
STEPS = 40_000
# How much of what stayed the same is shown around a change.
AROUND = 80


class Kind(StrEnum):
    SAME = "same"
    GONE = "gone"
    NEW = "new"
    CUT = "cut"


@dataclass(frozen=True, slots=True)
class Piece:
    kind: Kind
    text: str


def difference(before: str, after: str, steps: int = STEPS) -> list[Piece]:
    """Pieces of both texts: what stayed and what is gone make up the one before, what stayed and
    what is new the one after."""
    start = _common(before, after)
    end = _common(before[start:][::-1], after[start:][::-1])
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    pieces = [
        Piece(Kind.SAME, before[:start]),
        *(_by(_WORDS, old, new, steps) or _by(_LINES, old, new, steps) or _replaced(old, new)),
        Piece(Kind.SAME, before[len(before) - end :]),
    ]
    return _joined(_without_crumbs(_joined(pieces)))


def shortened(pieces: Sequence[Piece], around: int = AROUND) -> list[Piece]:
    """The changes with some words around them; the rest of what stayed is left out."""
    shown: list[Piece] = []
    for place, piece in enumerate(pieces):
        head = 0 if place == 0 else around
        tail = 0 if place == len(pieces) - 1 else around
        if piece.kind != Kind.SAME or len(piece.text) <= head + tail + 40:
            shown.append(piece)
            continue
        first, last = _head(piece.text, head), _tail(piece.text, tail)
        kept = [Piece(Kind.SAME, first), Piece(Kind.CUT, "…"), Piece(Kind.SAME, last)]
        shown += [each for each in kept if each.text]
    return shown


def _head(text: str, length: int) -> str:
    return text[:length].rsplit(None, 1)[0] if length else ""


def _tail(text: str, length: int) -> str:
    return text[-length:].split(None, 1)[-1] if length else ""


def _common(one: str, other: str) -> int:
    """How long the beginning is that both have, up to the end of a word."""
    count = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        count += 1
    in_word = any(text[count : count + 1].isalnum() for text in (one, other))
    while in_word and count and one[count - 1].isalnum():
        count -= 1
    return count


def _by(unit: re.Pattern[str], old: str, new: str, steps: int) -> list[Piece] | None:
    return edits(unit.findall(old), unit.findall(new), steps)


def _replaced(old: str, new: str) -> list[Piece]:
    return [Piece(Kind.GONE, old), Piece(Kind.NEW, new)]


def edits(old: Sequence[str], new: Sequence[str], steps: int) -> list[Piece] | None:
    """A shortest way from one sequence to the other; None if it isn't found in so many steps."""
    if (depths := _search(old, new, steps)) is None:
        return None
    x, y = len(old), len(new)
    backwards: list[Piece] = []
    for depth in range(len(depths) - 1, 0, -1):
        reached = depths[depth - 1]
        line = x - y
        is_new = line == -depth or (
            line != depth and reached.get(line - 1, -1) < reached.get(line + 1, -1)
        )
        from_line = line + 1 if is_new else line - 1
        from_x = reached[from_line]
        from_y = from_x - from_line
        while x > from_x + (not is_new) and y > from_y + is_new:
            x, y = x - 1, y - 1
            backwards.append(Piece(Kind.SAME, old[x]))
        if is_new:
            y -= 1
            backwards.append(Piece(Kind.NEW, new[y]))
        else:
            x -= 1
            backwards.append(Piece(Kind.GONE, old[x]))
    backwards += [Piece(Kind.SAME, text) for text in reversed(old[:x])]
    return backwards[::-1]


def _search(old: Sequence[str], new: Sequence[str], steps: int) -> list[dict[int, int]] | None:
    """By number of edits, how far along the old one each diagonal was reached."""
    depths: list[dict[int, int]] = []
    reached: dict[int, int] = {1: 0}
    for depth in range(len(old) + len(new) + 1):
        now: dict[int, int] = {}
        for line in range(-depth, depth + 1, 2):
            down, right = reached.get(line + 1, -1), reached.get(line - 1, -1)
            x = down if line == -depth or (line != depth and right < down) else right + 1
            y = x - line
            while x < len(old) and y < len(new) and x >= 0 and y >= 0 and old[x] == new[y]:
                x, y = x + 1, y + 1
                steps -= 1
            now[line] = x
            steps -= 1
            if x >= len(old) and y >= len(new):
                return [*depths, now]
            if steps < 0:
                return None
        depths.append(now)
        reached = now
    return depths


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Neighbours of a kind as one, and between two things that stayed first what is gone."""
    whole: list[Piece] = []
    held = {Kind.GONE: "", Kind.NEW: ""}

    def let_go() -> None:
        whole.extend(Piece(kind, text) for kind, text in held.items() if text)
        held.update(dict.fromkeys(held, ""))

    for piece in pieces:
        if not piece.text:
            continue
        if piece.kind != Kind.SAME:
            held[piece.kind] += piece.text
        elif whole and whole[-1].kind == Kind.SAME and not any(held.values()):
            whole[-1] = Piece(Kind.SAME, whole[-1].text + piece.text)
        else:
            let_go()
            whole.append(piece)
    let_go()
    return whole


def _without_crumbs(pieces: Sequence[Piece]) -> list[Piece]:
    """A space or a comma that stayed between two changed words belongs to the change."""
    shown: list[Piece] = []
    for place, piece in enumerate(pieces):
        is_between = 0 < place < len(pieces) - 1
        if piece.kind == Kind.SAME and is_between and not _is_worth_telling(piece.text):
            shown += _replaced(piece.text, piece.text)
        else:
            shown.append(piece)
    return shown


def _is_worth_telling(text: str) -> bool:
    return "\n" in text or any(map(str.isalnum, text))


def applied(pieces: Iterable[Piece], to: Callable[[Piece], bool]) -> str:
    return "".join(piece.text for piece in pieces if to(piece))


def text_before(pieces: Iterable[Piece]) -> str:
    return applied(pieces, lambda piece: piece.kind != Kind.NEW)


def text_after(pieces: Iterable[Piece]) -> str:
    return applied(pieces, lambda piece: piece.kind != Kind.GONE)
