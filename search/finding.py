"""Looking through all kinds at once: what fits, the best first, counted by kind and by facet.

Page, API and feed make a `Search` of the same query string and so show the same. Each kind is
ranked by the index among the rows that its reader may see; scores are of one scale, so that the
kinds stand in one list.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils.safestring import SafeString

from accounts.authentication import reader_of
from api.relevance import MOST_RANKED, Ranked
from fulltext import engine
from fulltext.expressions import Expression
from fulltext.query.compiling import Compiled
from fulltext.query.reading import Query
from fulltext.registry import TITLE
from search.kinds import FACETS, KINDS, Hit, SearchKind, kind_with
from search.scoring import Scored, score
from search.showing import Shown, read_hits

# A hit as one number: that of its key, then that of its kind. Kinds are numbered from 1, once.
_KIND_BITS = 4


@dataclass(frozen=True, slots=True)
class FacetValue:
    value: str
    label: str
    count: int


class Search:
    """One search for one reader.

    `values` holds the facets that are set, `kind` the kind or none; of `request` only its user is
    looked at; `latest` orders by when things came into the catalogue; `is_counted` where what is
    found will be counted by kind and by facet, which is then looked for with it.
    """

    def __init__(
        self,
        query: Query,
        values: Mapping[str, str],
        kind: str | None,
        request: Any,
        *,
        latest: bool = False,
        is_counted: bool = True,
    ) -> None:
        self.query = query
        self.values = {name: value for name, value in values.items() if value not in (None, "")}
        self.kind = kind
        self.request = request
        self.user = request.user
        self.latest = latest
        self.is_counted = is_counted
        self._visible: dict[SearchKind, QuerySet] = {}
        self._scored: dict[tuple[SearchKind, str | None], Scored] = {}
        self._sought: dict[Expression, engine.Sought] = {}

    # --- What fits ---------------------------------------------------------------------------
    def visible(self, kind: SearchKind, but: str | None = None) -> QuerySet:
        """The rows of a kind that its facets leave, all but one of them."""
        rows = self._all_visible(kind)
        for name, value in self.values.items():
            if name == but:
                continue
            narrow = kind.narrow.get(name)
            rows = narrow(rows, value, self.user) if narrow else rows.none()
        return rows

    def _all_visible(self, kind: SearchKind) -> QuerySet:
        if kind not in self._visible:
            self._visible[kind] = kind.visible_to(self.reader(kind))
        return self._visible[kind]

    def reader(self, kind: SearchKind) -> Any:
        return reader_of(self.request, kind.scope) if kind.scope else self.user

    def compiled(self, kind: SearchKind, but: str | None = None) -> Compiled:
        return self.query.of(kind.name, self.visible(kind, but), self.request, self.sought)

    def scored(self, kind: SearchKind, but: str | None = None) -> Scored:
        """What fits of a kind, whatever one of its facets is set to."""
        but = but if but in self.values else None
        if (kind, but) not in self._scored:
            chosen = self.chosen if kind in self.chosen and not self.is_counted else KINDS
            others = [(each, name) for name in self.values for each in self.chosen]
            self._score([*((each, None) for each in chosen), *(others if self.is_counted else ())])
            self._score([(kind, but)])
        return self._scored[kind, but]

    def _score(self, asked: Iterable[tuple[SearchKind, str | None]]) -> None:
        """All that were not scored yet, together."""
        wanted = [each for each in dict.fromkeys(asked) if each not in self._scored]
        if wanted:
            compiled = [(kind, self.compiled(kind, but)) for kind, but in wanted]
            scored = score(compiled, self.sought, latest=self.latest)
            self._scored.update(zip(wanted, scored, strict=True))

    def sought(self, text: Expression) -> engine.Sought:
        """Most texts are the same for all kinds: they are looked for at once."""
        if text not in self._sought:
            self._sought[text] = engine.Sought(text, [kind.name for kind in KINDS])
        return self._sought[text]

    @property
    def chosen(self) -> list[SearchKind]:
        return [kind for kind in KINDS if self.kind in (None, kind.name)]

    def ranked(self, limit: int = MOST_RANKED) -> Ranked:
        """All kinds in one list, as numbers that `hits` reads."""
        found = [(kind, self.scored(kind)) for kind in self.chosen]
        scores: list[float] = []
        numbers: list[int] = []
        for kind, scored in sorted(found, key=lambda each: each[0].number):
            own = kind.number
            scores += scored.scores
            numbers += [number << _KIND_BITS | own for number in scored.numbers]
        if len(found) > 1:
            # Stable: of equals first the lower kind, in it what stood first.
            order = sorted(range(len(numbers)), key=scores.__getitem__, reverse=True)
            numbers = [numbers[place] for place in order[:limit]]
        total = sum(scored.total for _, scored in found)
        is_exact = all(scored.is_exact for _, scored in found) and total <= MOST_RANKED
        return Ranked(numbers[:limit], min(total, MOST_RANKED), is_exact)

    @property
    def is_empty(self) -> bool:
        return not any(self.scored(kind).total for kind in self.chosen)

    @property
    def asked(self) -> str:
        """Names the list, to tell its cursors from another's."""
        given = {"q": self.query.text, "kind": self.kind or "", "latest": str(self.latest)}
        return repr(("search", sorted({**given, **self.values}.items(), key=str)))

    # --- What is shown -----------------------------------------------------------------------
    def hits(self, numbers: Sequence[int]) -> list[Hit]:
        found = [
            Shown(kind, self._all_visible(kind), own, self.reader(kind))
            for kind, own in _by_kind(numbers)
        ]
        shown: dict[int, Hit] = {}
        for each, hits in zip(found, read_hits(found), strict=True):
            self._mark(each.kind, hits.values())
            shown |= {number << _KIND_BITS | each.kind.number: hit for number, hit in hits.items()}
        return [shown[number] for number in numbers if number in shown]

    def _mark(self, kind: SearchKind, hits: Iterable[Hit]) -> None:
        """With what matched of each."""
        wanted = self.query.wanted(kind.name)
        if not wanted:
            return
        marker = engine.Marker(self.sought(wanted))
        for hit in hits:
            hit.highlights = marker.shown(hit.texts)
            if TITLE in hit.highlights and list(hit.texts.title) != [hit.title]:
                _mark_title(hit, marker.marked(hit.title, TITLE))

    def feed_entries(self, numbers: Sequence[int]) -> list[Any]:
        shown = {}
        for kind, own in _by_kind(numbers):
            found = engine.keys_by_number(kind.name, own)
            keys = {key: number for number, key in found.items()}
            for key, entry in kind.entries(list(keys), self.reader(kind)):
                shown[keys[key] << _KIND_BITS | kind.number] = entry
        return [shown[number] for number in numbers if number in shown]

    # --- What is counted ---------------------------------------------------------------------
    @cached_property
    def by_kind(self) -> dict[str, tuple[int, bool]]:
        """How many of each kind fit, and whether that is exact, whichever kind is chosen."""
        scored = {kind.name: self.scored(kind) for kind in KINDS}
        return {name: (found.total, found.is_exact) for name, found in scored.items()}

    @cached_property
    def facets_are_exact(self) -> bool:
        """Whether everything is counted, and not the best hits of each kind alone."""
        return all(self.scored(kind).is_exact for kind in self.chosen)

    @cached_property
    def facets(self) -> dict[str, list[FacetValue]]:
        """Values of each facet with the hits that they would leave, in one query for all."""
        parts = [
            kind.tally[name](self.scored(kind, but=name).keys, self.user)
            for name in FACETS
            for kind in self.chosen
            if name in kind.tally and self.scored(kind, but=name).keys
        ]
        if not parts:
            return {name: [] for name in FACETS}
        first, *others = parts
        counted: dict[tuple[str, str], FacetValue] = {}
        rows = first.union(*others, all=True).order_by() if others else first
        for name, value, label, count in rows:
            before = counted.get((name, value))
            so_far = before.count if before else 0
            counted[name, value] = FacetValue(value, label, so_far + count)
        return {name: _listed(name, counted) for name in FACETS}


def _mark_title(hit: Hit, title: SafeString) -> None:
    """The index marks all titles of a thing; what is shown is the one it goes by now."""
    if "<mark>" not in title:
        hit.highlights["other_title"] = hit.highlights.pop(TITLE)
    else:
        hit.highlights[TITLE] = title


def _listed(name: str, counted: Mapping[tuple[str, str], FacetValue]) -> list[FacetValue]:
    values = [value for (facet, _), value in counted.items() if facet == name]
    if name == "year":
        return sorted(values, key=lambda each: each.value, reverse=True)
    return sorted(values, key=lambda each: (-each.count, each.label))


def _by_kind(numbers: Iterable[int]) -> list[tuple[SearchKind, list[int]]]:
    """Each kind with its own numbers."""
    found: dict[int, list[int]] = {}
    for number in numbers:
        found.setdefault(number & (1 << _KIND_BITS) - 1, []).append(number >> _KIND_BITS)
    return [(kind_with(kind), own) for kind, own in found.items()]
