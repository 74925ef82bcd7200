"""Taking back what a line of an import made of the catalogue."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from imports.effects import restore, touched_since
from imports.models import ImportRow, ImportRun
from imports.undo import BuiltOn
from newsletter.models import Entry, Image, Issue, IssueSource, Link, Publication, Section
from newsletter.reader import profile_for, read_issue
from newsletter.reading import outside_of
from newsletter.signals import issue_read, issue_taken_back
from papers.models import Author, Paper, Topic

# Whose doing a change was, as histories tell it.
IMPORT, UNDO = "import", "undo of import"
# Children before what they stand in.
PARTS: tuple[type[models.Model], ...] = (Link, Image, Entry, Section)
# What the catalogue makes of its own rows goes with them; what people make holds them.
CATALOGUE = frozenset({"newsletter", "papers", "prizes"})


def take_back(row: ImportRow) -> None:
    issue = Issue.objects.filter(pk=row.key).select_related("publication").first()
    if issue is None:
        return
    made = row.effect.get("created", {})
    before = row.effect.get("before", {})
    reason = f"{UNDO} {row.run_id}"
    _refuse_if_built_on(row, made, before)
    if issue.pk in made.get(_label(Issue), ()):
        issue_taken_back.send(sender=Issue, issue=issue, whole=True)
        issue._change_reason = reason
        issue.delete()
    else:
        IssueSource.objects.filter(pk__in=made.get(_label(IssueSource), ())).delete()
        if before:
            _restore_issue(issue, made, before, reason)
    _delete_leftovers(row)


def _label(model: Any) -> str:
    return model._meta.label_lower


def _refuse_if_built_on(row: ImportRow, made: dict, before: dict) -> None:
    at = datetime.fromisoformat(row.effect["at"])
    # What was taken back in the meantime is as if it had never been.
    undone = ImportRun.objects.filter(state=ImportRun.State.UNDONE).values_list("pk", flat=True)
    ours = [f"{what} {run}" for run in (row.run_id, *undone) for what in (IMPORT, UNDO)]
    for model in (Issue, *PARTS):
        label = _label(model)
        ids = {*made.get(label, ()), *map(int, before.get(label, {}))}
        for pk in sorted(touched_since(label, ids, at, ours)):
            thing = model._default_manager.get(pk=pk)
            raise BuiltOn(f"{model._meta.verbose_name} “{thing}” was changed since")
    for model in (Issue, *PARTS, Paper):
        for thing in model._default_manager.filter(pk__in=made.get(_label(model), ())):
            for use in _uses(thing):
                name = use._meta.verbose_name
                raise BuiltOn(f"{model._meta.verbose_name} “{thing}” is used by {name} “{use}”")


def _references(thing: models.Model) -> Iterator[models.QuerySet]:
    """The rows of each model that point at a thing."""
    for relation in thing._meta.related_objects:
        model: Any = relation.related_model
        if not model.__name__.startswith("Historical"):
            yield model._base_manager.filter(**{relation.field.name: thing.pk})


def _uses(thing: models.Model) -> Iterator[models.Model]:
    for rows in _references(thing):
        if rows.model._meta.app_label not in CATALOGUE:
            yield from rows[:1]


def _restore_issue(issue: Issue, made: dict, before: dict, reason: str) -> None:
    """Parts that came go, the others are as they were, and what follows from them follows."""
    created = {model: made.get(_label(model), ()) for model in PARTS}
    for model, ids in created.items():
        model._default_manager.filter(pk__in=ids, withdrawn_at=None).update(
            withdrawn_at=timezone.now()
        )
    left = set(issue.links.exclude(paper=None).values_list("paper", flat=True))
    restore(before, reason)
    issue = Issue.objects.select_related("publication").get(pk=issue.pk)
    read = read_issue(issue.markdown, profile_for(issue.publication.slug))
    outside = outside_of(read, issue.markdown)
    issue_read.send(sender=Issue, issue=issue, outside=outside, reader=read, left=left, user=None)
    for model, ids in created.items():
        for part in model._default_manager.filter(pk__in=ids):
            try:
                with transaction.atomic():
                    part._change_reason = reason
                    part.delete()
            except ProtectedError:
                continue  # an announcement quotes it: it stays, withdrawn


def _delete_leftovers(row: ImportRow) -> None:
    """What this line filed, and what lines undone before it left because others needed it."""
    undone = ImportRow.objects.filter(kind=row.kind, effect__undone=True).defer("raw")
    for source in (row, *undone.order_by("-pk").iterator(chunk_size=100)):
        made = source.effect.get("created", {})
        at = datetime.fromisoformat(source.effect["at"])
        _delete_unused_papers(made.get(_label(Paper), ()), at)
        for model in (Topic, Publication):
            _delete_unused(model._default_manager.filter(pk__in=made.get(_label(model), ())))


def _delete_unused_papers(ids: Iterable[int], at: datetime) -> None:
    """Papers this line filed, unless others mention them or somebody has worked on them."""
    papers = Paper.objects.filter(pk__in=ids, mentions=None, merged_into=None, merged=None)
    edited = touched_since(_label(Paper), ids, at, ())
    for paper in papers.exclude(pk__in=edited).order_by("-pk"):
        authors = list(paper.authors.values_list("pk", flat=True))
        paper.delete()
        _delete_unused(Author.objects.filter(pk__in=authors))


def _delete_unused(things: models.QuerySet) -> None:
    for thing in things:
        if not any(rows.exists() for rows in _references(thing)):
            thing.delete()
