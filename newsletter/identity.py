"""Which part of an issue's new text is which part of the old one.

What readers, notes and list items point at has to stay itself when a text is edited. A part is
known by what it presents; failing that, by where it stands, which is a guess and marked as one.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

ALIKE = 0.6  # of the words of two headlines
MOVED = 0.75  # the same, where even the section is another one


@dataclass(frozen=True, slots=True)
class Traits:
    """What an entry is known by: primary links, its headline, its section and the text's words."""

    headline: str
    links: frozenset[str]
    section: Hashable
    standing: bool = True


@dataclass(frozen=True, slots=True)
class Pair:
    old: int
    new: int
    sure: bool


def pair_entries(old: Sequence[Traits], new: Sequence[Traits]) -> list[Pair]:
    """Pairs of places in both lists, each in document order, withdrawn old ones last."""
    return _Pairing(old, new).pairs()


class _Pairing:
    def __init__(self, old: Sequence[Traits], new: Sequence[Traits]) -> None:
        self.old, self.new = old, new
        self.of_old: dict[int, int] = {}
        self.of_new: dict[int, int] = {}
        self.unsure: set[int] = set()

    def pairs(self) -> list[Pair]:
        self._by_key(lambda traits: [(traits.headline, link) for link in traits.links], many=True)
        self._by_key(
            lambda traits: [] if traits.links else [(traits.headline, traits.section)], many=True
        )
        self._by_key(lambda traits: list(traits.links))
        self._by_key(lambda traits: [traits.headline])
        self._by_link_and_likeness()
        self._by_place()
        self._by_likeness()
        return [
            Pair(old, new, sure=new not in self.unsure) for new, old in sorted(self.of_new.items())
        ]

    def _bind(self, old: int, new: int, *, sure: bool = True) -> None:
        self.of_old[old], self.of_new[new] = new, old
        if not sure:
            self.unsure.add(new)

    def _free_old(self, *, standing: bool = False) -> list[int]:
        return [
            place
            for place, traits in enumerate(self.old)
            if place not in self.of_old and (traits.standing or not standing)
        ]

    def _free_new(self) -> list[int]:
        return [place for place in range(len(self.new)) if place not in self.of_new]

    def _by_key(self, keys: Callable[[Traits], list[Hashable]], *, many: bool = False) -> None:
        """Pair what shares a key; unless `many`, only a key that one part of each side has."""
        holders: dict[Hashable, list[int]] = defaultdict(list)
        for place in self._free_old():
            for key in keys(self.old[place]):
                holders[key].append(place)
        seekers: dict[Hashable, list[int]] = defaultdict(list)
        for place in self._free_new():
            for key in keys(self.new[place]):
                seekers[key].append(place)
        for key, places in seekers.items():
            # One that stands goes before one that was withdrawn.
            olds = [place for place in holders[key] if place not in self.of_old]
            olds.sort(key=lambda place: not self.old[place].standing)
            if not many and (len(places) > 1 or len(holders[key]) > 1):
                continue
            for new in places:
                if new not in self.of_new and olds:
                    self._bind(olds.pop(0), new)

    def _by_link_and_likeness(self) -> None:
        """Several parts present the same link: the most alike of them."""
        self._greedy(
            [
                (likeness(self.old[old].headline, self.new[new].headline), old, new)
                for new in self._free_new()
                for old in self._free_old()
                if self.old[old].links & self.new[new].links
            ],
            ALIKE,
            sure=True,
        )

    def _by_place(self) -> None:
        """Between the same neighbours in the same section, and as many as before."""
        olds, news = self._gaps()
        for gap, places in news.items():
            before = olds.get(gap, [])
            if len(before) == len(places):
                for old, new in zip(before, places, strict=True):
                    self._bind(old, new, sure=False)
            else:
                self._greedy(
                    [
                        (likeness(self.old[old].headline, self.new[new].headline), old, new)
                        for old in before
                        for new in places
                    ],
                    ALIKE,
                )

    def _gaps(self) -> tuple[dict[Hashable, list[int]], dict[Hashable, list[int]]]:
        olds: dict[Hashable, list[int]] = defaultdict(list)
        news: dict[Hashable, list[int]] = defaultdict(list)
        neighbour: int | None = None
        for place, traits in enumerate(self.old):
            if place in self.of_old:
                neighbour = self.of_old[place]
            elif traits.standing:
                olds[neighbour, traits.section].append(place)
        neighbour = None
        for place, traits in enumerate(self.new):
            if place in self.of_new:
                neighbour = place
            else:
                news[neighbour, traits.section].append(place)
        return olds, news

    def _by_likeness(self) -> None:
        """Moved and reworded at once."""
        self._greedy(
            [
                (likeness(self.old[old].headline, self.new[new].headline), old, new)
                for new in self._free_new()
                for old in self._free_old(standing=True)
            ],
            MOVED,
        )

    def _greedy(
        self, candidates: list[tuple[float, int, int]], least: float, *, sure: bool = False
    ) -> None:
        for score, old, new in sorted(candidates, key=lambda c: (-c[0], c[1], c[2])):
            if score >= least and old not in self.of_old and new not in self.of_new:
                self._bind(old, new, sure=sure)


def likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one.split()[:60], other.split()[:60], autojunk=False).ratio()


def pair_by_keys(
    old: Sequence[tuple[Hashable, ...]], new: Sequence[tuple[Hashable, ...]]
) -> Iterator[tuple[int, int]]:
    """Pairs of things that share a key; the keys of each go from the surest to the weakest."""
    taken_old: set[int] = set()
    taken_new: set[int] = set()
    for rank in range(max(map(len, [*old, *new]), default=0)):
        holders: dict[Hashable, list[int]] = defaultdict(list)
        for place, keys in enumerate(old):
            if place not in taken_old and rank < len(keys) and keys[rank] is not None:
                holders[keys[rank]].append(place)
        for place, keys in enumerate(new):
            if place in taken_new or rank >= len(keys) or not holders.get(keys[rank]):
                continue
            match = holders[keys[rank]].pop(0)
            taken_old.add(match)
            taken_new.add(place)
            yield match, place
