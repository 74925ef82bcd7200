"""What a row of an import did to the catalogue: made and changed rows, so that undo is possible."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import F
from django.utils import timezone

LOCKS = "locked_fields"
# Unique places are freed before they are given anew.
_OUT_OF_THE_WAY = 1_000_000_000


class Effect:
    """Writes rows with their history, and remembers what undo needs to know."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        self.created: dict[str, list[Any]] = {}
        # By model and id: the row, and its changed fields as they were before.
        self.changed: dict[str, dict[Any, tuple[models.Model, dict[str, Any]]]] = {}
        # And the fields still to be written, as they were read.
        self._pending: dict[str, dict[Any, tuple[models.Model, dict[str, Any]]]] = {}

    def create(self, rows: Sequence[models.Model]) -> None:
        """Save rows of one model and note that they are ours."""
        if rows:
            model = type(rows[0])
            model._default_manager.bulk_create(rows)
            _write_history(rows, self.reason, update=False)
            self.note_created(rows)

    def note_created(self, rows: Iterable[models.Model]) -> None:
        for row in rows:
            self.created.setdefault(row._meta.label_lower, []).append(row.pk)

    def change(self, row: models.Model, **values: Any) -> bool:
        """Set fields that differ and are not locked by hand; `save_changes` writes them."""
        locked = getattr(row, LOCKS, ())
        label = row._meta.label_lower
        differing = {
            name: value
            for name, value in values.items()
            if name not in locked and getattr(row, _attname(row, name)) != _plain(value)
        }
        if not differing:
            return False
        before = self.changed.setdefault(label, {}).setdefault(row.pk, (row, {}))[1]
        pending = self._pending.setdefault(label, {}).setdefault(row.pk, (row, {}))[1]
        for name, value in differing.items():
            before.setdefault(name, _jsonable(row, name))
            pending.setdefault(name, getattr(row, _attname(row, name)))
            setattr(row, name, value)
        return True

    def save_changes(self, model: type[models.Model]) -> None:
        """Write what was changed, but nothing over what others wrote since it was read."""
        pending = self._pending.pop(model._meta.label_lower, {})
        fields = sorted({name for _, read in pending.values() for name in read})
        held = _held(model, pending, fields)
        for pk, stored in held.items():
            row, read = pending[pk]
            lost = [name for name, value in read.items() if _is_others(stored, name, value)]
            for name in lost:
                del self.changed[model._meta.label_lower][pk][1][name]
            for name in fields:
                if name not in read or name in lost:
                    setattr(row, _attname(row, name), stored[name])
        _save([pending[pk][0] for pk in held], set(fields), self.reason)

    def values_before(self, model: type[models.Model], name: str) -> set[Any]:
        """What a field was in the rows of a model where it was changed, nulls left out."""
        rows = self.changed.get(model._meta.label_lower, {})
        return {before[name] for _, before in rows.values() if before.get(name) is not None}

    def as_json(self) -> dict[str, Any]:
        return {
            "at": timezone.now().isoformat(),
            "created": self.created,
            "before": {
                label: {str(pk): before for pk, (_, before) in rows.items()}
                for label, rows in self.changed.items()
            },
        }


def restore(before: dict[str, dict[str, dict[str, Any]]], reason: str) -> None:
    """Give rows the values they had before an import changed them."""
    for label, values_by_id in before.items():
        model = apps.get_model(label)
        rows = {str(row.pk): row for row in model._default_manager.filter(pk__in=values_by_id)}
        fields: set[str] = set()
        for pk, values in values_by_id.items():
            if pk not in rows:
                continue
            fields |= values.keys()
            for name, value in values.items():
                field = model._meta.get_field(name)
                setattr(rows[pk], field.attname, field.to_python(value))
        _save(list(rows.values()), fields, reason)


def touched_since(label: str, ids: Iterable[Any], at: datetime, reasons: Iterable[str]) -> set[Any]:
    """Which of these rows have history later than an import, other than by those reasons."""
    history = getattr(apps.get_model(label), "history", None)
    if history is None:
        return set()
    later = history.filter(**{f"{history.model.tracked_fields[0].attname}__in": list(ids)})
    later = later.filter(history_date__gt=at).exclude(history_change_reason__in=list(reasons))
    return set(later.values_list(history.model.tracked_fields[0].attname, flat=True))


def _held(
    model: type[models.Model], ids: Iterable[Any], fields: Sequence[str]
) -> dict[Any, dict[str, Any]]:
    """Rows by id as they stand, until the transaction ends nobody else's to change."""
    if not fields:
        return {}
    locks = {field.name for field in model._meta.fields} & {LOCKS}
    rows = model._default_manager.filter(pk__in=list(ids)).order_by("pk")
    values = rows.select_for_update(of=("self",)).values("pk", *fields, *locks)
    return {stored["pk"]: stored for stored in values}


def _is_others(stored: dict[str, Any], name: str, read: Any) -> bool:
    return stored[name] != read or name in stored.get(LOCKS, ())


def _save(rows: Sequence[models.Model], fields: set[str], reason: str) -> None:
    if not rows or not fields:
        return
    model = type(rows[0])
    manager = model._default_manager
    if "updated_at" in {field.name for field in model._meta.fields}:
        fields = fields | {"updated_at"}
        for row in rows:
            row.updated_at = timezone.now()
    has_places = "position" in {field.name for field in model._meta.fields}
    if has_places and fields & {"position", "withdrawn_at"}:
        fields = fields | {"position"}
        ids = [row.pk for row in rows]
        manager.filter(pk__in=ids).update(position=F("position") + _OUT_OF_THE_WAY)
    manager.bulk_update(rows, sorted(fields))
    _write_history(rows, reason, update=True)


def _write_history(rows: Sequence[models.Model], reason: str, *, update: bool) -> None:
    history = getattr(type(rows[0]), "history", None)
    if history is not None:
        history.bulk_history_create(rows, update=update, default_change_reason=reason)


def _attname(row: models.Model, name: str) -> str:
    return row._meta.get_field(name).attname  # type: ignore[union-attr]


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value


def _jsonable(row: models.Model, name: str) -> Any:
    value = getattr(row, _attname(row, name))
    return value.isoformat() if isinstance(value, datetime) else value
