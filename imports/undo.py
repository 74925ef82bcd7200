"""Taking a run back, row by row, the last one first. What a row became is taken back by whoever
made it: a package registers for the kinds of row that its imports leave."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import batched, groupby

from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from fulltext.indexing import gathering

from .models import ImportRow, ImportRun

CHANGED = (ImportRow.Outcome.CREATED, ImportRow.Outcome.UPDATED, ImportRow.Outcome.DUPLICATE)

type TakeBack = Callable[[ImportRow], None]
# Of many rows at once; returns why some of them stay, by their ids.
type TakeBackMany = Callable[[Sequence[ImportRow]], dict[int, str]]

ROWS_AT_ONCE = 100

_take_back: dict[str, TakeBack] = {}
_take_back_many: dict[str, TakeBackMany] = {}


class BuiltOn(Exception):
    """A row that stays because of what somebody made of it since; the message names that."""


class CannotUndo(Exception):
    """A run that cannot be taken back at all."""


@dataclass(slots=True)
class Undone:
    """What an undo did: rows taken back, and rows that stay with the reason why."""

    taken_back: int = 0
    stay: list[tuple[ImportRow, str]] = field(default_factory=list)


def register(kind: str, take_back: TakeBack, many: TakeBackMany | None = None) -> None:
    """Name what takes back rows of a kind; it raises BuiltOn for one that has to stay.

    `many` does the same for rows that do not stand on each other, in fewer queries.
    """
    _take_back[kind] = take_back
    if many is not None:
        _take_back_many[kind] = many


def undo(run: ImportRun) -> Undone:
    """Take a run back in one transaction. Running it again takes back what stayed, if it can."""
    with transaction.atomic(), gathering():
        run = ImportRun.objects.select_for_update().get(pk=run.pk)
        if run.state == ImportRun.State.RUNNING:
            raise CannotUndo("This import is still running.")
        undone = Undone()
        rows = run.rows.filter(outcome__in=CHANGED, kind__in=_take_back).exclude(key="")
        stream = rows.defer("raw").order_by("-pk").iterator(chunk_size=ROWS_AT_ONCE)
        for batch in batched(stream, ROWS_AT_ONCE):
            for kind, alike in groupby(batch, key=lambda row: row.kind):
                _undo_rows(kind, [row for row in alike if not row.effect.get("undone")], undone)
        run.state = ImportRun.State.UNDONE
        run.undone_at = timezone.now()
        run.save(update_fields=["state", "undone_at"])
    return undone


def _undo_rows(kind: str, rows: Sequence[ImportRow], undone: Undone) -> None:
    many = _take_back_many.get(kind)
    if many is None:
        for row in rows:
            _undo_row(row, undone)
        return
    try:
        with transaction.atomic():
            stay = many(rows)
            _refuse_uses_meanwhile()
    except (ProtectedError, IntegrityError):
        for row in rows:
            _undo_row(row, undone)
        return
    gone = [row for row in rows if row.pk not in stay]
    for row in gone:
        row.effect = row.effect | {"undone": True}
    ImportRow.objects.bulk_update(gone, ["effect"])
    undone.taken_back += len(gone)
    undone.stay += [(row, stay[row.pk]) for row in rows if row.pk in stay]


def _undo_row(row: ImportRow, undone: Undone) -> None:
    try:
        with transaction.atomic():
            _take_back[row.kind](row)
            row.effect = row.effect | {"undone": True}
            row.save(update_fields=["effect"])
            _refuse_uses_meanwhile()
    except BuiltOn as reason:
        undone.stay.append((row, str(reason)))
    except ProtectedError as error:
        names = ", ".join(sorted(str(thing) for thing in error.protected_objects)[:5])
        undone.stay.append((row, f"still needed by {names}"))
    except IntegrityError:
        undone.stay.append((row, "put to use while it was taken back"))
    else:
        undone.taken_back += 1


def _refuse_uses_meanwhile() -> None:
    """Raises IntegrityError now, not at the end of the whole undo, where somebody has committed a
    reference to what is gone here. SQLite lets nobody else write meanwhile."""
    if connection.vendor == "postgresql":
        connection.check_constraints()
