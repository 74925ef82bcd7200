"""A run over one or more sources: line by line, written in batches, a savepoint a record."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import batched

from django.db import DataError, Error, IntegrityError, transaction

from imports import runs
from imports.effects import Effect
from imports.jsonl import Line, UnreadableSource, check_source, open_source, read_lines
from imports.models import ImportRow, ImportRun
from markup.slugs import unique_slug
from newsletter.importer.issues import Found, add_source, create_issue, find_issue, update_issue
from newsletter.importer.lines import Fresh, Judge, Known, Other, Refused, Repeated, Verdict
from newsletter.importer.parts import save_parts
from newsletter.importer.shown import differences
from newsletter.models import Issue, Publication
from newsletter.numbering import folded
from newsletter.reading import Reader, ReaderFailed
from newsletter.records import Record
from newsletter.signals import issue_read

Outcome = ImportRow.Outcome

LINES_A_LOOK = 50
BYTES_A_BATCH = 16 * 1024 * 1024
SECONDS_A_BATCH = 2.0


class ImportFailed(Exception):
    """The run could not be made, or not to its end; what it had committed stays."""


@dataclass(slots=True)
class Result:
    """What came of a run."""

    run: ImportRun
    counts: Counter[str] = field(default_factory=Counter)
    empty: list[str] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)
    warnings: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Watch:
    """Who is told about progress: of every line read, and of what a record changed."""

    line: Callable[[Line], None] = lambda line: None
    change: Callable[[ImportRow, list[str]], None] | None = None
    end: Callable[[Result], None] = lambda result: None


def import_files(
    sources: Sequence[str],
    *,
    publication: str | None = None,
    dry_run: bool = False,
    reread: bool = False,
    patience: float = runs.PATIENCE,
    started_by=None,
    watch: Watch | None = None,
) -> Result:
    """Import newsletters in JSON Lines; `-` is standard input.

    Raises UnreadableSource and ImportFailed when it cannot, RunBusy when another run is active.
    """
    for source in sources:
        check_source(source)
    name = "\n".join(sources)
    options = {"publication": publication, "reread": reread}
    watch = watch or Watch()
    if not dry_run:
        run = runs.begin("newsletter", name, options, started_by=started_by, patience=patience)
        return _Importer(run, publication, reread=reread, watch=watch).import_all(sources)
    with transaction.atomic():
        run = runs.rehearse("newsletter", name, options)
        result = _Importer(run, publication, reread=reread, watch=watch).import_all(sources)
        transaction.set_rollback(True)
    return result


class _Importer:
    def __init__(
        self, run: ImportRun, publication: str | None, *, reread: bool, watch: Watch
    ) -> None:
        self.run = run
        self.watch = watch
        self.result = Result(run)
        self.reader = Reader()
        self.judge = Judge(self.reader, _chosen(publication), reread=reread)
        self.touched: dict[int, int] = {}
        self.fields_told: set[str] = set()
        self.new_sources: set[str] = set()
        self.new_titles: set[str] = set()

    def import_all(self, sources: Sequence[str]) -> Result:
        try:
            with self.reader:
                for source in sources:
                    self._import_source(source)
                    self.touched.clear()
                self._look_again()
        except (Error, OSError, UnreadableSource, ReaderFailed, runs.RunLost) as error:
            self._fail(error)
            raise ImportFailed(str(error)) from error
        except BaseException as error:  # Ctrl-C too: the run must not look alive
            self._fail(error)
            raise
        runs.finish(self.run, self.result.counts)
        self.watch.end(self.result)
        return self.result

    def _fail(self, error: BaseException) -> None:
        # A full disk takes no word about itself; the next run sees that we are gone.
        with suppress(Error):
            runs.fail(self.run, self.result.counts, f"{type(error).__name__}: {error}")

    def _import_source(self, source: str) -> None:
        is_empty = True
        with open_source(source) as stream:
            lines = (line for line in read_lines(stream) if self._told(line))
            batch: list[tuple[Line, Verdict]] = []
            size, since = 0, time.monotonic()
            for line, verdict in self._judged(lines):
                is_empty = False
                batch.append((line, verdict))
                size += len(line.raw)
                if size >= BYTES_A_BATCH or time.monotonic() - since >= SECONDS_A_BATCH:
                    self._write(source, batch)
                    batch, size, since = [], 0, time.monotonic()
            if batch:
                self._write(source, batch)
        if is_empty:
            self.result.empty.append(source)

    def _told(self, line: Line) -> bool:
        self.watch.line(line)
        return not line.is_blank

    def _judged(self, lines: Iterator[Line]) -> Iterator[tuple[Line, Verdict]]:
        for look in batched(lines, LINES_A_LOOK, strict=False):
            unchanged = self.judge.unchanged(look)
            for line in look:
                yield line, self.judge.judge(line, unchanged)

    def _write(self, source: str, batch: list[tuple[Line, Verdict]]) -> None:
        with transaction.atomic():
            runs.keep_alive(self.run)
            rows = [self._row(source, line, verdict) for line, verdict in batch]
            ImportRow.objects.bulk_create(rows)
        for row in rows:
            self._count(row)

    def _count(self, row: ImportRow) -> None:
        self.result.counts[row.outcome] += 1
        self.result.warnings.update(row.warnings)
        if row.outcome == Outcome.REJECTED:
            self.result.rejected.append(f"line {row.line} of {row.source}: {row.reason}")

    def _row(self, source: str, line: Line, verdict: Verdict) -> ImportRow:
        """The row of one line, after doing what it asks for."""
        row = ImportRow(
            run=self.run, source=source, line=line.number, raw=line.raw, sha256=line.sha256
        )
        try:
            with transaction.atomic():
                self._settle(row, line, verdict)
        except (DataError, IntegrityError) as error:
            row.outcome, row.reason = Outcome.REJECTED, f"refused by the database: {error}"
            row.kind = row.key = ""
            row.effect = {}
            self.judge.seen.pop(line.sha256, None)
        return row

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
        if record.number is not None and (found := find_issue(record, None)):
            self._settle_duplicate(row, record, found)
            return
        row.outcome, row.reason = Outcome.SKIPPED, reason
        row.effect = {"id": record.source_id}
        if may_change:
            # What later lines of this run bring may make an issue or a cross-post of it.
            names = [name for name in (record.initial_source, record.source) if name]
            row.effect |= {"sources": names, "title": _title_key(record.title, record.number)}

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
            self.new_titles.add(_title_key(record.title, record.number))
        if "markdown" not in issue.locked_fields:
            save_parts(issue, reading, effect)
        issue_read.send(
            sender=Issue, issue=issue, outside=_outside(fresh), reader=reading.issue, user=None
        )
        row.key = str(issue.pk)
        row.effect = {"id": record.source_id} | effect.as_json()
        self.touched[issue.pk] = line.number
        if self.watch.change:
            self.watch.change(row, differences(issue, effect))

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

    def _look_again(self) -> None:
        """Records skipped before the line that shows what they are: their outcome must not depend
        on the order of lines."""
        if not self.new_sources and not self.new_titles:
            return
        skipped = ImportRow.objects.filter(run=self.run, outcome=Outcome.SKIPPED)
        rows = skipped.exclude(effect__sources=None).defer("raw").order_by("pk")
        again = [
            row.pk
            for row in rows.iterator(chunk_size=500)
            if self.new_sources & {*row.effect["sources"]} or row.effect["title"] in self.new_titles
        ]
        for pk in again:
            before = ImportRow.objects.get(pk=pk)
            raw = bytes(before.raw or b"")
            line = Line(before.line, raw, len(raw), before.sha256, 0)
            verdict = self.judge.judge(line, {})
            with transaction.atomic():
                runs.keep_alive(self.run)
                row = self._row(before.source, line, verdict)
                row.pk = before.pk
                row.save(force_update=True)
            self.result.counts[before.outcome] -= 1
            self._count(row)


def _title_key(title: str, number: int | None) -> str:
    return f"{number or ''} {folded(title)}"


def _chosen(slug: str | None) -> Publication | None:
    """The publication asked for; one that is new is saved with its first issue."""
    if slug is None:
        return None
    return Publication.objects.filter(slug=slug).first() or Publication(slug=slug)


def _outside(fresh: Fresh) -> list[str]:
    """The paragraphs that stand in no entry."""
    read = fresh.reading.issue
    if read is None:
        return []
    text, place, pieces = fresh.record.text, 0, []
    for entry in sorted(read.entries, key=lambda entry: entry.start):
        pieces.append(text[place : entry.start])
        place = max(place, entry.end)
    pieces.append(text[place:])
    paragraphs = (part.strip() for piece in pieces for part in piece.split("\n\n"))
    return [paragraph for paragraph in paragraphs if paragraph]
