"""What a maintainer edits by hand is noted: the state before it, and that it is theirs."""

from collections.abc import Iterable

from django.db.models import Model, QuerySet

# Marks for maintainers and readers, which no import or enrichment sets again.
UNLOCKABLE = {"locked_fields", "needs_review", "review_note", "is_hidden"}


def keep_first_state(obj: Model) -> None:
    """Record the row as it stands, once: `loaddata` leaves no history to go back to."""
    model = type(obj)
    if not model.history.filter(**{model._meta.pk.attname: obj.pk}).exists():
        stored = model._default_manager.get(pk=obj.pk)
        model.history.bulk_history_create([stored], default_change_reason="as loaded")


def lock(obj: Model, changed: Iterable[str]) -> bool:
    """Note the fields edited by hand; no import or enrichment overwrites them from now on."""
    changed = set(changed)
    if "locked_fields" in changed or not hasattr(obj, "locked_fields"):
        return False  # the maintainer is setting the locks themselves
    locked = sorted({*obj.locked_fields, *changed} - UNLOCKABLE)
    is_new = locked != sorted(obj.locked_fields)
    obj.locked_fields = locked
    return is_new


def restore(obj: Model, stored: Model, names: Iterable[str]) -> list[str]:
    """Make of an old version what a maintainer restores by it: what they can see and edit.

    All else stays as it is now, since it follows from other rows. Returns what differs from now.
    """
    names = set(names) - {"locked_fields"}
    changed = []
    for field in obj._meta.concrete_fields:
        if field.name not in names:
            setattr(obj, field.attname, getattr(stored, field.attname))
        elif getattr(obj, field.attname) != getattr(stored, field.attname):
            changed.append(field.name)
    return changed


def save_each(queryset: QuerySet, **values: object) -> int:
    """Set fields row by row, so that each change stands in its row's history."""
    rows = list(queryset)
    for row in rows:
        keep_first_state(row)
        for field, value in values.items():
            setattr(row, field, value)
        row.save()
    return len(rows)
