"""What an act did to the database, row by row, so that it can be taken back exactly.

A journal names every row it changed or made, with what stood there before and after. Taking it back
compares three states: what still is as the act left it becomes what it was before; what somebody
edited since stays, and is named.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import IntegrityError, models, transaction

BATCH = 500
# Follows from the rest: nobody edits it, so nobody is told that it stays.
UNTOLD = frozenset({"updated_at"})

type Entry = dict[str, Any]
type Values = dict[str, Any]
# A row that could not become what it was (none: one that is gone), and why.
type Left = tuple[models.Model | None, str]


@dataclass(slots=True)
class Journal:
    """Writes rows, with their history, and keeps what is needed to take that back."""

    reason: str
    by: Any = None
    entries: list[Entry] = field(default_factory=list)

    def change(self, rows: Iterable[models.Model], **values: Any) -> int:
        """Give all these rows of one model the same values; returns how many differed."""
        groups: dict[str, tuple[Values, list[models.Model]]] = {}
        for row in rows:
            before = {
                name: stored(row, name) for name in values if getattr(row, name) != values[name]
            }
            if before:
                groups.setdefault(repr(before), (before, []))[1].append(row)
        for before, group in groups.values():
            changed = {name: values[name] for name in before}
            _write(group, changed, self.reason, self.by)
            after = {name: stored(group[0], name) for name in before}
            self._note("changed", group, before=before, after=after)
        return sum(len(group) for _, group in groups.values())

    def create(self, rows: Sequence[models.Model]) -> None:
        """Save new rows of one model."""
        if not rows:
            return
        type(rows[0])._base_manager.bulk_create(rows, batch_size=BATCH)
        for row in rows:
            self._note("created", [row], after=stored_row(row))

    def _note(self, verb: str, rows: Sequence[models.Model], **values: Values) -> None:
        label = rows[0]._meta.label_lower
        ids = [_plain(row.pk) for row in rows]
        self.entries.append({"verb": verb, "model": label, "ids": ids, **values})


def count_by_model(entries: Iterable[Entry]) -> dict[str, int]:
    """How many rows of each model a journal touched, by the model's label."""
    counts: dict[str, int] = {}
    for entry in entries:
        counts[entry["model"]] = counts.get(entry["model"], 0) + len(entry["ids"])
    return counts


def take_back(
    entries: Sequence[Entry], reason: str, by: Any = None, nameless: Collection[str] = ()
) -> list[str]:
    """Undo a journal, the last entry first; returns what stays as it is, in words.

    Rows of `nameless` models belong to somebody: that one stays is said, not which.
    """
    stayed: list[str] = []
    for entry in reversed(entries):
        model = apps.get_model(entry["model"])
        undone = _uncreate(entry) if entry["verb"] == "created" else _unchange(entry, reason, by)
        for row, why in undone:
            is_named = row is not None and entry["model"] not in nameless
            what = f"{model._meta.verbose_name} “{row}”" if is_named else model._meta.verbose_name
            stayed.append(f"{what} {why}")
    return stayed


# --- Taking back one entry ------------------------------------------------------------------------
def _uncreate(entry: Entry) -> Iterator[Left]:
    model = apps.get_model(entry["model"])
    for row in model._base_manager.filter(pk__in=entry["ids"]):
        if stored_row(row) != entry["after"]:
            yield row, "was edited since"
        else:
            row.delete()


def _unchange(entry: Entry, reason: str, by: Any) -> Iterator[Left]:
    model = apps.get_model(entry["model"])
    found = 0
    groups: dict[str, tuple[Values, list[models.Model]]] = {}
    for rows in _batches(model, entry["ids"]):
        found += len(rows)
        for row in rows:
            values, kept = _values_before(row, entry)
            if values:
                groups.setdefault(repr(values), (values, []))[1].append(row)
            for name in kept - UNTOLD:
                yield row, f"was edited since: {model._meta.get_field(name).verbose_name}"
    if gone := len(entry["ids"]) - found:
        yield None, f"rows were deleted since: {gone}"
    for values, group in groups.values():
        for row, name in _write_what_fits(group, values, reason, by):
            label = model._meta.get_field(name).verbose_name
            yield row, f"no longer takes what it had: {label}"


def _batches(model: type[models.Model], ids: Sequence[Any]) -> Iterator[list[models.Model]]:
    for start in range(0, len(ids), BATCH):
        yield list(model._base_manager.filter(pk__in=ids[start : start + BATCH]))


def _values_before(row: models.Model, entry: Entry) -> tuple[Values, set[str]]:
    """What a row's fields become, and the fields that somebody edited since."""
    values, kept = {}, set()
    for name, before in entry["before"].items():
        after, now = entry["after"][name], stored(row, name)
        if now == before:
            continue
        if now == after:
            values[name] = read(row, name, before)
        elif (rest := _without_added(before, after, now)) is not None:
            values[name] = rest
        else:
            kept.add(name)
    return values, kept


def _without_added(before: Any, after: Any, now: Any) -> Any:
    """A list or an object to which both the act and somebody else added: without the act's part."""
    if all(isinstance(value, list) for value in (before, after, now)):
        if any(value not in after for value in before):
            return None
        return [value for value in now if value in before or value not in after]
    if all(isinstance(value, dict) for value in (before, after, now)):
        added = after.keys() - before.keys()
        if any(after.get(key) != value for key, value in before.items()):
            return None
        return {key: v for key, v in now.items() if key not in added or v != after[key]}
    return None


def _write_what_fits(
    rows: Sequence[models.Model], values: Values, reason: str, by: Any
) -> list[tuple[models.Model, str]]:
    """Write to all rows at once, or to each, or each value, that fits; returns what does not."""
    try:
        with transaction.atomic():
            _write(rows, values, reason, by)
    except IntegrityError:
        if len(rows) > 1:
            parts = [([row], values) for row in rows]
        elif len(values) > 1:
            parts = [(list(rows), {name: value}) for name, value in values.items()]
        else:
            return [(rows[0], name) for name in values]
        return [left for part in parts for left in _write_what_fits(*part, reason, by)]
    return []


# --- Rows -----------------------------------------------------------------------------------------
def _write(rows: Sequence[models.Model], values: Values, reason: str, by: Any) -> None:
    """Set the same values in rows, past `auto_now`, with a version in their history."""
    model = type(rows[0])
    for start in range(0, len(rows), BATCH):
        ids = [row.pk for row in rows[start : start + BATCH]]
        model._base_manager.filter(pk__in=ids).update(**values)
    for row in rows:
        for name, value in values.items():
            setattr(row, name, value)
    if values.keys() - UNTOLD:
        write_history(rows, reason, by)


def write_history(rows: Sequence[models.Model], reason: str, by: Any) -> None:
    """A version of each row as it stands, with its many-to-many rows, which bulk writing omits."""
    history: Any = getattr(type(rows[0]), "history", None)
    if history is None:
        return
    versions = history.bulk_history_create(
        rows, batch_size=BATCH, update=True, default_user=by, default_change_reason=reason[:100]
    )
    for version in versions or ():
        for m2m in version._history_m2m_fields:
            related = getattr(version, m2m.name).model
            through = m2m.remote_field.through
            columns = [f.attname for f in through._meta.concrete_fields]
            owned = through._base_manager.filter(**{m2m.m2m_field_name(): version.instance.pk})
            related._base_manager.bulk_create(
                related(history=version, **row) for row in owned.values(*columns)
            )


def stored(row: models.Model, name: str) -> Any:
    """A field's value as JSON holds it."""
    return _plain(getattr(row, _field(row, name).attname))


def stored_row(row: models.Model) -> Values:
    return {
        f.name: stored(row, f.name)
        for f in row._meta.concrete_fields
        if not isinstance(f, models.GeneratedField)
    }


def read(row: models.Model, name: str, value: Any) -> Any:
    """The value that `stored` made JSON of; of a key to another row, its id."""
    target = _field(row, name)
    if isinstance(target, models.JSONField) or value is None:
        return value
    if isinstance(target, models.ForeignKey):
        return target.target_field.to_python(value)
    return target.to_python(value)


def _field(row: models.Model, name: str) -> Any:
    # `paper_id` names the column of `paper`.
    return row._meta.get_field(name)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
