"""Doing what a line asks for, in a savepoint of its own, and writing down what became of it."""

import logging
from collections.abc import Callable
from contextlib import nullcontext

from django.db import DataError, Error, IntegrityError, transaction

from imports.effects import Effect
from imports.jsonl import Line
from imports.models import ImportRow, ImportRun
from markup.slugs import unique_slug
from newsletter.importer.issues import Found, add_source, create_issue, find_issue, update_issue
from newsletter.importer.lines import Fresh, Judge, Known, Other, Refused, Repeated, Verdict
from newsletter.importer.parts import save_parts
from newsletter.importer.shown import differences
from newsletter.models import Issue, Link, Publication
from newsletter.numbering import folded
from newsletter.reading import outside_of
from newsletter.records import Record
from newsletter.signals import issue_read

logger = logging.getLogger(__name__)

Outcome = ImportRow.Outcome

type Told = Callable[[ImportRow, list[str]], None]


class Settler:
    """Settles the lines of one run, in order."""

    def __init__(self, run: ImportRun, judge: Judge, on_change: Told | None) -> None:
        self.run = run
        self.judge = judge
        self.on_change = on_change
        # Of the present source: which line an issue came from.
        self.touched: dict[int, int] = {}
        self.fields_told: set[str] = set()
        # What this run brought that may show an earlier, skipped line in another light.
        self.new_sources: set[str] = set()
        self.new_titles: set[str] = set()

    def row(self, source: str, line: Line, verdict: Verdict) -> ImportRow:
        """The row of one line, after doing what it asks for."""
        row = ImportRow(
            run=self.run, source=source, line=line.number, raw=line.raw, sha256=line.sha256
        )
        try:
            # What writes nothing of its own needs no savepoint.
            writes = isinstance(verdict, Fresh | Other)
            with transaction.atomic() if writes else nullcontext():
                self._settle(row, line, verdict)
        except (DataError, IntegrityError) as error:
            self._reject(row, f"refused by the database: {error}")
        except (Error, OSError):
            raise  # the disk is full or the database gone: no line's fault
        except Exception as error:  # a rule that stumbles over one text must not stop the others
            logger.exception("Line %s of %s could not be imported", line.number, source)
            self._reject(row, f"could not be imported: {type(error).__name__}: {error}")
        return row

    def _reject(self, row: ImportRow, reason: str) -> None:
        row.outcome, row.reason = Outcome.REJECTED, reason
        row.kind = row.key = ""
        row.effect = {}
        self.judge.seen.pop(row.sha256, None)

    def _settle(self, row: ImportRow, line: Line, verdict: Verdict) -> None:
        match verdict:
            case Refused(reason, source_id):
                row.outcome, row.reason = Outcome.REJECTED, reason
                row.effect = {"id": source_id} if source_id else {}
            case Repeated(earlier):
                row.outcome, row.reason = Outcome.DUPLICATE, f"the same as line {earlier}"
            case Known(issue, reason, source_id):
                row.outcome, row.reason, row.raw = Outcome.UNCHANGED, reason, None
                row.kind, row.key = "issue", str(issue)
                row.effect = {"id": source_id} if source_id else {}
                self.touched[issue] = line.number
            case Other(record, no_issue):
                self._settle_other(row, record, no_issue.reason, no_issue.may_change)
            case Fresh(record):
                self._settle_issue(row, line, verdict)
                self._tell_unknown_fields(record)
                row.warnings = record.warnings

    def _tell_unknown_fields(self, record: Record) -> None:
        new = [name for name in record.unknown_fields if name not in self.fields_told]
        self.fields_told.update(new)
        record.warnings += [f"unknown field {name!r} kept" for name in new]

    def _settle_other(self, row: ImportRow, record: Record, reason: str, may_change: bool) -> None:
        if may_change and record.number is not None and (found := find_issue(record, None)):
            self._settle_duplicate(row, record, found)
            return
        row.outcome, row.reason = Outcome.SKIPPED, reason
        row.effect = {"id": record.source_id}
        if may_change:
            # What later lines of this run bring may make an issue or a cross-post of it.
            names = [name for name in (record.initial_source, record.source) if name]
            row.effect |= {"sources": names, "title": title_key(record.title, record.number)}

    def _settle_duplicate(self, row: ImportRow, record: Record, found: Found) -> None:
        effect = Effect(self._reason)
        where = record.source_url or record.source or "elsewhere"
        add_source(found.issue, record, effect, note=f"the same issue at {where}")
        row.outcome = Outcome.DUPLICATE
        row.reason = f"the same issue as {found.issue.slug}, by {found.how}"
        row.kind, row.key = "issue", str(found.issue.pk)
        row.effect = {"id": record.source_id} | effect.as_json()

    def _settle_issue(self, row: ImportRow, line: Line, fresh: Fresh) -> None:
        record, reading = fresh.record, fresh.reading
        record.warnings += reading.warnings
        effect = Effect(self._reason)
        publication = self._saved(fresh.publication, effect)
        found = find_issue(record, publication)
        if found and not found.is_itself:
            self._settle_duplicate(row, record, found)
            return
        row.kind = "issue"
        if found and self._is_overruled(row, line, found.issue):
            row.outcome, row.key = Outcome.UNCHANGED, str(found.issue.pk)
            row.effect = {"id": record.source_id}
            self.touched[found.issue.pk] = line.number
            return
        if found:
            issue = found.issue
            update_issue(issue, record, reading, line, effect)
            row.outcome = Outcome.UPDATED
            if issue.pk in self.touched:
                row.reason = f"line {self.touched[issue.pk]} was of the same issue; this one holds"
        else:
            issue = create_issue(record, publication, reading, line, effect)
            row.outcome = Outcome.CREATED
            self.new_titles.add(title_key(record.title, record.number))
        if "markdown" not in issue.locked_fields:
            save_parts(issue, reading, effect)
        issue_read.send(
            sender=Issue,
            issue=issue,
            outside=outside_of(reading.issue, record.text),
            reader=reading.issue,
            left=effect.values_before(Link, "paper"),
            user=None,
        )
        row.key = str(issue.pk)
        row.effect = {"id": record.source_id} | effect.as_json()
        self.touched[issue.pk] = line.number
        if self.on_change:
            self.on_change(row, differences(issue, effect))

    @property
    def _reason(self) -> str:
        return f"import {self.run.pk}"

    def _is_overruled(self, row: ImportRow, line: Line, issue: Issue) -> bool:
        """Whether an import of this very source had this line, and a later one overruled it.

        A file may hold one id twice with different texts; the last one holds. Read again, its
        first one must not bring the old text back for a moment.
        """
        if issue.source_digest == line.sha256:
            return False
        mine = ImportRow.objects.filter(
            kind="issue", key=str(issue.pk), source=row.source, sha256=line.sha256
        )
        later = ImportRow.objects.filter(
            kind="issue", key=str(issue.pk), source=row.source, sha256=issue.source_digest
        )
        for run, number in mine.values_list("run", "line").order_by("-pk")[:20]:
            overruling = later.filter(run=run, line__gt=number).order_by("line").first()
            if overruling is not None:
                row.reason = f"line {overruling.line} of this source says otherwise and holds"
                return True
        return False

    def _saved(self, publication: Publication, effect: Effect) -> Publication:
        """The publication, made now if this is its first issue."""
        known = self.judge.publications
        if publication.pk is not None:
            return publication
        chosen = self.judge.chosen
        if chosen is not None and chosen.pk is not None and chosen.slug == publication.slug:
            return chosen
        if publication.source in known:
            return known[publication.source]
        taken = Publication.objects.filter
        publication.slug = unique_slug(publication.slug, lambda s: taken(slug=s).exists())
        effect.create([publication])
        known[publication.source] = publication
        self.new_sources.add(publication.source)
        if chosen is not None and chosen.slug == publication.slug:
            self.judge.chosen = publication
        return publication


def title_key(title: str, number: int | None) -> str:
    return f"{number or ''} {folded(title)}"
