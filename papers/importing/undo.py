"""Taking back what records of an import made of the catalogue."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models.deletion import Collector

from api.changes import record
from api.models import Change
from imports.effects import restore
from imports.models import ImportRow
from imports.undo import BuiltOn
from papers.importing.run import IMPORT
from papers.models import Author, Authorship, Identifier, Merge, Paper

UNDO = "undo of import"
# How the reasons begin that services leave which complete papers (`papers.enrichment`).
_MACHINES = ("completed from", "looked up", "as loaded")


def take_back(row: ImportRow) -> None:
    """Raises BuiltOn where somebody has made something of the paper since."""
    for reason in take_back_many([row]).values():
        raise BuiltOn(reason)


def take_back_many(rows: Sequence[ImportRow]) -> dict[int, str]:
    """Why rows stay, by their ids; what the others made is gone, or as it was."""
    papers = Paper.objects.in_bulk({int(row.key) for row in rows})
    rows = [row for row in rows if int(row.key) in papers]
    stay = _touched(rows, papers) | _used(rows, papers)
    free = [row for row in rows if row.pk not in stay]
    for row in free:
        if not _is_made_by(row):
            _restore(papers[int(row.key)], row)
    made = [int(row.key) for row in free if _is_made_by(row)]
    _delete(Paper.objects.filter(pk__in=made), free)
    authors = [pk for row in free for pk in _made(row, Author)]
    Author.objects.filter(pk__in=authors, authorships=None).delete()
    return stay


def _made(row: ImportRow, model: type[models.Model]) -> Sequence[Any]:
    return row.effect.get("created", {}).get(model._meta.label_lower, ())


def _is_made_by(row: ImportRow) -> bool:
    return int(row.key) in _made(row, Paper)


def _touched(rows: Sequence[ImportRow], papers: dict[int, Paper]) -> dict[int, str]:
    """By anybody but an import, an undo, or a service that completes papers."""
    if not rows:
        return {}
    at = {int(row.key): datetime.fromisoformat(row.effect["at"]) for row in rows}
    later = Paper.history.filter(id__in=at, history_date__gt=min(at.values()))
    for reason in (IMPORT, UNDO, *_MACHINES):
        later = later.exclude(history_change_reason__istartswith=reason)
    changed = {pk for pk, moment in later.values_list("id", "history_date") if moment > at[pk]}
    return {
        row.pk: f"paper “{papers[int(row.key)]}” was changed since"
        for row in rows
        if int(row.key) in changed
    }


def _used(rows: Sequence[ImportRow], papers: dict[int, Paper]) -> dict[int, str]:
    """What people, issues and merges have made of papers that came with an import holds them."""
    made = {int(row.key): row for row in rows if _is_made_by(row)}
    stay: dict[int, str] = {}
    for pk, use in _uses(made):
        what = f"{use._meta.verbose_name} “{use}”"
        stay.setdefault(made[pk].pk, f"paper “{papers[pk]}” is used by {what}")
    return stay


def _uses(papers: Iterable[int]) -> Iterator[tuple[int, models.Model]]:
    for relation in Paper._meta.related_objects:
        model: Any = relation.related_model
        if model.__name__.startswith("Historical"):
            continue
        if model._meta.app_label != Paper._meta.app_label or model in (Paper, Merge):
            field = relation.field
            for use in model._base_manager.filter(**{f"{field.name}__in": list(papers)})[:1_000]:
                yield getattr(use, field.attname), use


def _restore(paper: Paper, row: ImportRow) -> None:
    _delete(Identifier.objects.filter(paper=paper, pk__in=_made(row, Identifier)), [row])
    Authorship.objects.filter(paper=paper, pk__in=_made(row, Authorship)).delete()
    restore(row.effect.get("before", {}), _reason(row))
    record("paper", [paper.pk], Change.Verb.UPDATED)


def _delete(things: models.QuerySet, rows: Sequence[ImportRow]) -> None:
    """With the reason in their history, which is written from the instances that go."""
    found = list(things)
    for thing in found:
        thing._change_reason = _reason(rows[0])
    collector = Collector(using=things.db, origin=things)
    collector.collect(found)
    collector.delete()


def _reason(row: ImportRow) -> str:
    return f"{UNDO} {row.run_id}"
