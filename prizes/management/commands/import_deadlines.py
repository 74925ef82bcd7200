import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from imports.models import ImportRow
from imports.reports import write_report
from imports.runs import RunBusy
from prizes.importing.run import ImportFailed, Judged, import_deadlines
from prizes.importing.sources import DeadlineFile, UnreadableFile, load

OTHER_RUN_ACTIVE = 3
A_RECORD_WAS_REJECTED = 2


class Command(BaseCommand):
    help = (
        "Import deadlines from YAML of the ai-deadlines family (ai-deadlines, ccfddl, "
        "sec-deadlines, python-deadlines) or from iCalendar files."
    )

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="show changes, save nothing")
        parser.add_argument("--report", metavar="FILE", type=Path, help="write a JSON line a row")
        parser.add_argument("--source", help="who says so; the file's name if nobody is named")
        parser.add_argument(
            "--publish", action="store_true", help="show new prizes without a maintainer's review"
        )

    def handle(self, *, files, dry_run, report, source, publish, **options):
        try:
            sources = [load(path, source or "") for path in files]
            watch = self.tell if dry_run else lambda file, judged: self.warn(file, judged)
            result = import_deadlines(sources, dry_run=dry_run, publish=publish, watch=watch)
        except RunBusy as error:
            raise CommandError(str(error), returncode=OTHER_RUN_ACTIVE) from error
        except (UnreadableFile, ImportFailed) as error:
            raise CommandError(str(error)) from error
        if report:
            self.report(result, report)
        counts = " ".join(f"{name} {result.counts[name]}" for name in ImportRow.Outcome.values)
        run = result.run.pk if result.run else "dry run, nothing saved"
        self.stdout.write(f"{run}: {counts}")
        if result.counts[ImportRow.Outcome.REJECTED]:
            sys.exit(A_RECORD_WAS_REJECTED)

    def tell(self, file: DeadlineFile, judged: Judged) -> None:
        if judged.outcome != ImportRow.Outcome.UNCHANGED:
            dates = ", ".join(str(date.date or date.precision) for date in judged.call.dates)
            dates = dates or "no date that can be taken"
            self.stdout.write(f"{judged.outcome}: {judged.call.name} ({dates})")
        self.warn(file, judged)

    def warn(self, file: DeadlineFile, judged: Judged) -> None:
        for text in judged.warnings or ([judged.reason] if judged.reason else []):
            self.stderr.write(f"{file.name}: {judged.call.name or 'a record'}: {text}")

    def report(self, result, path: Path) -> None:
        try:
            if result.run is not None:
                write_report(result.run, path)
                return
            lines = [
                json.dumps({"line": j.call.line, "outcome": j.outcome, "reason": j.reason or None})
                for j in result.rows
            ]
            path.write_text("".join(f"{line}\n" for line in lines))
        except OSError as error:
            raise CommandError(f"The report cannot be written to {path}: {error}") from error
