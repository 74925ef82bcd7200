"""Keep the index in step with what it is of, in the transaction that changes it."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from itertools import batched

from django.db import connection, transaction

from fulltext import vocabulary
from fulltext.documents import Content, content_of
from fulltext.models import Document
from fulltext.numbering import bounds, ids_of, possible_keys
from fulltext.registry import Kind, kinds

BATCH = 500


@dataclass(slots=True)
class _Gathered:
    """What has changed so far, by kind, in order."""

    keys: dict[str, dict[object, None]] = field(default_factory=dict)

    def add(self, kind: str, keys: Iterable[object]) -> None:
        self.keys.setdefault(kind, {}).update(dict.fromkeys(keys))


_gathered: ContextVar[_Gathered | None] = ContextVar("gathered", default=None)


@contextmanager
def gathering() -> Iterator[None]:
    """Index what changes within only once, at the end: for work that touches many things.

    It has to stand within the transaction, so that the index is committed with the changes.
    """
    if _gathered.get() is not None:
        yield
        return
    gathered = _Gathered()
    token = _gathered.set(gathered)
    try:
        yield
    finally:
        _gathered.reset(token)
    for name, keys in gathered.keys.items():
        _reindex(name, list(keys), count=True)


def note(kind: str, keys: Iterable[object]) -> None:
    """Things of a kind have come, changed or gone: index their present state, now or later."""
    gathered = _gathered.get()
    if gathered is not None:
        gathered.add(kind, keys)
    else:
        _reindex(kind, list(keys))


def is_gathering() -> bool:
    return _gathered.get() is not None


def on_changes_recorded(sender, kind: str, keys: Sequence[object], **kwargs) -> None:
    note(kind, keys)


def _reindex(name: str, keys: list[object], *, count: bool = False) -> None:
    for kind in kinds():
        wanted = keys if kind.name == name else []
        if follow := kind.follows.get(name):
            wanted = list(follow(keys))
        for part in batched(possible_keys(kind, wanted), BATCH):
            index(kind, part, count=count)


@dataclass(frozen=True, slots=True)
class State:
    """Some things as the index should hold them, and the digests it holds."""

    contents: dict[int, Content]
    stored: dict[int, int]

    @property
    def changed(self) -> dict[int, Content]:
        return {
            number: content
            for number, content in self.contents.items()
            if self.stored.get(number) != content.digest
        }

    @property
    def gone(self) -> list[int]:
        return [number for number in self.stored if number not in self.contents]


def index(kind: Kind, keys: Sequence[object], *, count: bool = False) -> State:
    """Store the present state of some things; what it was before is returned."""
    with transaction.atomic():
        _lock(kind, keys)
        state = state_of(kind, keys, give_numbers=True)
        if state.gone:
            Document.objects.filter(id__in=state.gone).delete()
        if changed := state.changed:
            store(changed)
            vocabulary.learn(words_of(changed.values()), count=count)
    return state


def state_of(kind: Kind, keys: Sequence[object], *, give_numbers: bool = False) -> State:
    documents = list(kind.build(keys))
    ids = ids_of(kind, keys, give=give_numbers)
    stored = Document.objects.filter(id__in=list(ids.values())).values_list("id", "digest")
    # A thing that has no number yet is in no index: any that no document has will do.
    numbered = (
        (ids.get(document.key, -place), document) for place, document in enumerate(documents, 1)
    )
    contents = {number: content_of(document, number) for number, document in numbered}
    return State(contents, dict(stored))


def words_of(contents: Iterable[Content]) -> vocabulary.Words:
    words = vocabulary.Words()
    for content in contents:
        words.add(content.words, content.short_words)
    return words


def store(contents: dict[int, Content]) -> None:
    # The newest first: SQLite's index gathers what comes in that order, and writes it once.
    documents = [
        Document(
            id=number,
            digest=content.digest,
            levels=content.levels,
            tokens=content.tokens,
            mentioned=content.mentioned,
        )
        for number, content in sorted(contents.items(), reverse=True)
    ]
    Document.objects.bulk_create(
        documents,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["digest", "levels", "tokens", "mentioned"],
        batch_size=BATCH,
    )


def stored_ids(kind: Kind, after: int, limit: int) -> list[int]:
    """Numbers of documents of this kind, in order."""
    documents = Document.objects.filter(id__range=(after + 1, bounds(kind)[1]))
    return list(documents.order_by("id").values_list("id", flat=True)[:limit])


def _lock(kind: Kind, keys: Sequence[object]) -> None:
    """Let two who changed parts of one thing index it one after the other, each reading last.

    SQLite has one writer at a time.
    """
    if connection.vendor == "postgresql":
        rows = kind.model._base_manager.filter(pk__in=keys).order_by("pk")
        list(rows.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
