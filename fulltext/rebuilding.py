"""Make the whole index anew, or say where it differs from what it is of.

Things are read in the order of their numbers, a batch a transaction, and only what differs is
written: the site may be searched and edited meanwhile, a rebuild that was stopped takes little
time when it is started again, and at no moment is there no index.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from fulltext import vocabulary
from fulltext.databases import index as database_index
from fulltext.indexing import index, state_of, stored_ids, words_of
from fulltext.models import Document
from fulltext.numbering import bounds, keys_of
from fulltext.registry import Kind, kinds

BATCH = 1_000

type Progress = Callable[[int], object]


@dataclass(slots=True)
class Difference:
    """How many things of a kind are missing or stale in the index, and how many are not there."""

    kind: str
    examined: int = 0
    stale: int = 0
    gone: int = 0
    examples: list[object] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.stale or self.gone)

    @property
    def told(self) -> str:
        if not self:
            return "all in step"
        examples = ", ".join(map(str, self.examples))
        return f"{self.stale} missing or stale, {self.gone} of nothing (such as {examples})"


def amount() -> int:
    """How many things there are to read."""
    return sum(kind.model._base_manager.count() for kind in kinds())


def rebuild(progress: Progress) -> int:
    """Bring every document up to date; how many had to be."""
    changed = 0
    words = vocabulary.Words()
    outdated = vocabulary.latest()
    for kind in kinds():
        for keys in _batches(kind):
            state = index(kind, keys)
            changed += len(state.changed) + len(state.gone)
            words.merge(words_of(state.contents.values()))
            progress(len(keys))
        for orphans in _orphans(kind):
            changed += Document.objects.filter(id__in=orphans).delete()[0]
    vocabulary.replace_until(outdated, words)
    database_index().tidy()
    return changed


def check(progress: Progress) -> Iterator[Difference]:
    """What differs, kind by kind; nothing is written."""
    for kind in kinds():
        found = Difference(kind.name)
        for keys in _batches(kind):
            state = state_of(kind, keys)
            found.examined += len(keys)
            found.stale += len(state.changed)
            found.gone += len(state.gone)
            found.examples += keys_of(kind, [*state.changed, *state.gone][:5]).values()
            progress(len(keys))
        orphans = [number for batch in _orphans(kind) for number in batch]
        found.gone += len(orphans)
        del found.examples[5:]
        yield found


def _batches(kind: Kind) -> Iterator[list[object]]:
    things = kind.model._base_manager.order_by("pk")
    last = None
    while True:
        rest = things.filter(pk__gt=last) if last is not None else things
        keys = list(rest.values_list("pk", flat=True)[:BATCH])
        if not keys:
            return
        yield keys
        last = keys[-1]


def _orphans(kind: Kind) -> Iterator[list[int]]:
    """Documents of things that are no more, batch by batch."""
    after = bounds(kind)[0] - 1
    while numbers := stored_ids(kind, after, BATCH):
        keys = keys_of(kind, numbers)
        there = set(
            kind.model._base_manager.filter(pk__in=list(keys.values())).values_list("pk", flat=True)
        )
        yield [number for number in numbers if keys.get(number) not in there]
        after = numbers[-1]
