"""A run over one or more sources, written in batches; or a look at what it would do."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import batched
from typing import Any

from django.db import DatabaseError, Error, IntegrityError, transaction

from imports import runs
from imports.jsonl import digest_of
from imports.models import ImportRow, ImportRun
from papers.importing.planning import Choice, Options, Outcome, Plan, Planner
from papers.importing.sources import Source
from papers.importing.writing import Writer

RECORDS_A_BATCH = 200
# Whose doing a change was, as histories tell it.
IMPORT = "import"


class ImportFailed(Exception):
    """The run could not be made, or not to its end; what it had committed stays."""


@dataclass(slots=True)
class Result:
    """What came of a run, or would."""

    run: ImportRun | None = None
    counts: Counter[str] = field(default_factory=Counter)
    empty: list[str] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)
    warnings: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Watch:
    """Who is told: of each record, once it is written or looked at."""

    plan: Callable[[Source, Plan], None] = lambda source, plan: None


def look(
    sources: Sequence[Source],
    *,
    options: Options | None = None,
    choices: Mapping[int, Choice] | None = None,
    watch: Watch | None = None,
) -> Result:
    """What an import would do. It writes nothing at all, not even to take it back."""
    result, planner, watch = Result(), Planner(options, choices), watch or Watch()
    for source in sources:
        _begin(result, source)
        for batch in batched(source.records(), RECORDS_A_BATCH):
            for plan in planner.plan(batch):
                _count(result, source, plan)
                watch.plan(source, plan)
    return result


def import_papers(
    sources: Sequence[Source],
    *,
    options: Options | None = None,
    choices: Mapping[int, Choice] | None = None,
    started_by: Any = None,
    patience: float | None = None,
    watch: Watch | None = None,
) -> Result:
    """Import references; RunBusy when another import of papers is at work."""
    name = "\n".join(source.name for source in sources)
    told = {"formats": [str(source.format) for source in sources]}
    run = runs.begin("papers", name, told, started_by=started_by, patience=patience)
    return _Importer(run, Planner(options, choices), watch or Watch()).import_all(sources)


class _Importer:
    def __init__(self, run: ImportRun, planner: Planner, watch: Watch) -> None:
        self.run = run
        self.planner = planner
        self.watch = watch
        self.result = Result(run)

    def import_all(self, sources: Sequence[Source]) -> Result:
        try:
            for source in sources:
                _begin(self.result, source)
                for batch in batched(source.records(), RECORDS_A_BATCH):
                    self._import_batch(source, batch)
        except (Error, OSError, runs.RunLost) as error:
            self._fail(error)
            raise ImportFailed(str(error)) from error
        except BaseException as error:  # Ctrl-C too: the run must not look alive
            self._fail(error)
            raise
        runs.finish(self.run, self.result.counts)
        return self.result

    def _fail(self, error: BaseException) -> None:
        with suppress(Error):
            runs.fail(self.run, self.result.counts, f"{type(error).__name__}: {error}")

    def _import_batch(self, source: Source, batch: Sequence) -> None:
        with transaction.atomic():
            runs.keep_alive(self.run)
            plans = self.planner.plan(batch)
            for written, effects in self._written(source, plans):
                rows = [self._row(source, plan, effects(plan)) for plan in written]
                ImportRow.objects.bulk_create(rows)
        for plan in plans:
            _count(self.result, source, plan)
            self.watch.plan(source, plan)

    def _written(
        self, source: Source, plans: list[Plan]
    ) -> Iterator[tuple[list[Plan], Callable[[Plan], dict[str, Any]]]]:
        """All at once; should the database refuse one of them, each by itself."""
        writer = self._writer(source)
        try:
            with transaction.atomic():
                writer.write(plans)
        except DatabaseError:
            for plan in plans:
                yield [plan], self._write_alone(source, plan)
        else:
            yield plans, writer.effect_of

    def _write_alone(self, source: Source, plan: Plan) -> Callable[[Plan], dict[str, Any]]:
        writer = self._writer(source)
        try:
            with transaction.atomic():
                writer.write([plan])
        except DatabaseError as error:
            plan.outcome, plan.paper = Outcome.REJECTED, None
            same = "somebody filed it at the same moment: import it again"
            plan.reason = same if isinstance(error, IntegrityError) else f"not saved: {error}"
            return lambda plan: {}
        return writer.effect_of

    def _writer(self, source: Source) -> Writer:
        provenance = {"source": IMPORT, "run": str(self.run.pk), "file": source.name[:200]}
        return Writer(f"{IMPORT} {self.run.pk}", provenance, self.run.started_by)

    def _row(self, source: Source, plan: Plan, effect: dict[str, Any]) -> ImportRow:
        return ImportRow(
            run=self.run,
            source=source.name,
            line=plan.line,
            outcome=plan.outcome,
            reason=plan.reason,
            warnings=plan.warnings,
            raw=plan.record.raw.encode(errors="surrogatepass"),
            sha256=digest_of(plan.record.raw.encode(errors="surrogatepass")),
            kind="paper" if plan.paper else "",
            key=str(plan.paper.pk) if plan.paper else "",
            effect=effect,
        )


def _begin(result: Result, source: Source) -> None:
    result.warnings.update(f"{source.name}: {warning}" for warning in source.warnings)
    if source.is_empty:
        result.empty.append(source.name)


def _count(result: Result, source: Source, plan: Plan) -> None:
    result.counts[plan.outcome] += 1
    result.warnings.update(plan.warnings)
    if plan.outcome == Outcome.SKIPPED:
        result.skipped[plan.reason] += 1
    if plan.outcome == Outcome.REJECTED:
        result.rejected.append(f"line {plan.line} of {source.name}: {plan.reason}")
