"""A run over one or more sources: line by line, written in batches, a savepoint a record."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from django.db import Error, transaction

from fulltext.indexing import gathering
from imports import runs
from imports.jsonl import Line, UnreadableSource, check_source, open_source, read_lines
from imports.models import ImportRow, ImportRun
from newsletter.importer.lines import Judge, Verdict
from newsletter.importer.settling import Outcome, Settler, Told
from newsletter.models import Publication
from newsletter.reading import Reader, ReaderFailed

LINES_A_LOOK = 50
BYTES_A_BATCH = 4 * 1024 * 1024
SECONDS_A_BATCH = 0.5


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
    skipped: Counter[str] = field(default_factory=Counter)  # reasons
    new_publications: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Watch:
    """Who is told about progress: of every line read, and of what a record changed."""

    line: Callable[[Line], None] = lambda line: None
    change: Told | None = None
    end: Callable[[Result], None] = lambda result: None


def import_files(
    sources: Sequence[str],
    *,
    publication: str | None = None,
    dry_run: bool = False,
    reread: bool = False,
    patience: float | None = None,
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
        self.settler = Settler(run, self.judge, watch.change)

    def import_all(self, sources: Sequence[str]) -> Result:
        try:
            with self.reader:
                for source in sources:
                    self._import_source(source)
                    self.settler.touched.clear()
                self._look_again()
        except (Error, OSError, UnreadableSource, ReaderFailed, runs.RunLost) as error:
            self._fail(error)
            raise ImportFailed(str(error)) from error
        except BaseException as error:  # Ctrl-C too: the run must not look alive
            self._fail(error)
            raise
        if new := self.settler.new_sources:
            made = Publication.objects.filter(source__in=new).order_by("name")
            self.result.new_publications += [
                f"{name} ({slug})" for name, slug in made.values_list("name", "slug")
            ]
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
        for look in _looks(lines):
            unchanged = self.judge.unchanged(look)
            for line in look:
                yield line, self.judge.judge(line, unchanged)

    def _write(self, source: str, batch: list[tuple[Line, Verdict]]) -> None:
        with transaction.atomic(), gathering():
            runs.keep_alive(self.run)
            rows = [self.settler.row(source, line, verdict) for line, verdict in batch]
            ImportRow.objects.bulk_create(rows)
        for row in rows:
            self._count(row)

    def _count(self, row: ImportRow) -> None:
        self.result.counts[row.outcome] += 1
        self.result.warnings.update(row.warnings)
        if row.outcome == Outcome.SKIPPED:
            self.result.skipped[row.reason] += 1
        if row.outcome == Outcome.REJECTED:
            self.result.rejected.append(f"line {row.line} of {row.source}: {row.reason}")

    def _look_again(self) -> None:
        """Records skipped before the line that shows what they are: their outcome must not depend
        on the order of lines."""
        sources, titles = self.settler.new_sources, self.settler.new_titles
        if not sources and not titles:
            return
        skipped = ImportRow.objects.filter(run=self.run, outcome=Outcome.SKIPPED)
        rows = skipped.exclude(effect__sources=None).defer("raw").order_by("pk")
        again = [
            row.pk
            for row in rows.iterator(chunk_size=500)
            if sources & {*row.effect["sources"]} or row.effect["title"] in titles
        ]
        for pk in again:
            before = ImportRow.objects.get(pk=pk)
            raw = bytes(before.raw or b"")
            line = Line(before.line, raw, len(raw), before.sha256, 0)
            verdict = self.judge.judge(line, {})
            with transaction.atomic(), gathering():
                runs.keep_alive(self.run)
                row = self.settler.row(before.source, line, verdict)
                row.pk = before.pk
                row.save(force_update=True)
            self.result.counts[before.outcome] -= 1
            self.result.skipped[before.reason] -= 1
            self._count(row)


def _looks(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Some lines at a time, but not more of them than memory is meant to hold."""
    look: list[Line] = []
    for line in lines:
        look.append(line)
        if len(look) == LINES_A_LOOK or sum(len(line.raw) for line in look) >= BYTES_A_BATCH:
            yield look
            look = []
    if look:
        yield look


def _chosen(slug: str | None) -> Publication | None:
    """The publication asked for; one that is new is saved with its first issue."""
    if slug is None:
        return None
    return Publication.objects.filter(slug=slug).first() or Publication(slug=slug)
