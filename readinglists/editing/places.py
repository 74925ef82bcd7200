"""Where things stand: numbers with gaps, so that moving one thing moves no other.

In a list the items without a section come first, then each section with its own. A place is unique
among all items of the list; only the order within a section means something.
"""

from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise

GAP = 1024
FIRST = GAP


def between(before: int | None, after: int | None, taken: Collection[int]) -> int | None:
    """A free place between two others, in the middle if it can be; None if there is none left."""
    low = before if before is not None else -1
    if after is None:
        return free_from(low + GAP, taken)
    middle = (low + after) // 2
    # From the middle outwards, so that the next one to come between finds room as well.
    for step in range(min(after - low, 64)):
        for place in (middle - step, middle + step):
            if low < place < after and place not in taken:
                return place
    return None


def free_from(place: int, taken: Collection[int]) -> int:
    """The first free place from this one on."""
    while place in taken:
        place += 1
    return place


def at_the_end(places: Iterable[int], count: int = 1) -> list[int]:
    """Places for some things more, after all others."""
    last = max(places, default=FIRST - GAP)
    return [last + GAP * number for number in range(1, count + 1)]


def in_order[Key](sequence: Sequence[Key], places: dict[Key, int]) -> dict[Key, int]:
    """New places for things in a new order, of the same numbers: only what moved is named."""
    ascending = sorted(places.values())
    return {
        key: place for key, place in zip(sequence, ascending, strict=True) if places[key] != place
    }


def spread[Key](sequence: Sequence[Key]) -> dict[Key, int]:
    """Places with gaps for all of them, when some gap is used up."""
    return {key: FIRST + GAP * number for number, key in enumerate(sequence)}


def is_ascending(places: Sequence[int]) -> bool:
    return all(one < other for one, other in pairwise(places))
