import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from imports.jsonl import STANDARD_INPUT, UnreadableSource, size_of
from imports.models import ImportRow
from imports.reports import counted, write_report
from imports.runs import RunBusy
from newsletter.importer import ImportFailed, Result, Watch, import_files

OTHER_RUN_ACTIVE = 3
A_LINE_WAS_REJECTED = 2
SHOWN = 20  # of each kind of message; the report has all


class Command(BaseCommand):
    help = "Import newsletters from JSON Lines, plain or gzip."

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", metavar="FILE", help="`-` is standard input")
        parser.add_argument("--dry-run", action="store_true", help="show changes, save nothing")
        parser.add_argument("--publication", metavar="SLUG", help="import issues of this one only")
        parser.add_argument("--report", metavar="FILE", type=Path, help="write a JSON line a row")
        parser.add_argument(
            "--reread", action="store_true", help="read unchanged issues again, too"
        )

    def handle(self, *, files, dry_run, publication, report, reread, **options):
        if publication is not None and not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,79}", publication):
            raise CommandError(f"{publication!r} is no slug: a-z, 0-9 and hyphens.")
        if report is not None:
            self.check_report(report)
        try:
            with self.progress(files) as line:
                watch = Watch(
                    line=line,
                    change=self.show_change if dry_run else None,
                    end=lambda result: write_report(result.run, report) if report else None,
                )
                result = import_files(
                    files, publication=publication, dry_run=dry_run, reread=reread, watch=watch
                )
        except RunBusy as error:
            raise CommandError(str(error), returncode=OTHER_RUN_ACTIVE) from error
        except (UnreadableSource, ImportFailed, OSError) as error:
            raise CommandError(str(error)) from error
        self.tell(result, dry_run=dry_run)
        if result.counts[ImportRow.Outcome.REJECTED]:
            sys.exit(A_LINE_WAS_REJECTED)

    def check_report(self, path: Path) -> None:
        try:
            path.touch()
        except OSError as error:
            raise CommandError(f"The report cannot be written to {path}: {error}") from error

    @contextmanager
    def progress(self, files: list[str]) -> Iterator:
        """A bar on a terminal, nothing elsewhere."""
        sizes = [None if name == STANDARD_INPUT else size_of(name) for name in files]
        known = [size for size in sizes if size is not None]
        is_measured = len(known) == len(files) and not any(n.endswith(".gz") for n in files)
        total = sum(known) if is_measured else None
        with tqdm(
            total=total, unit="B", unit_scale=True, file=sys.stderr, disable=None, leave=False
        ) as bar:
            yield lambda line: bar.update(line.size + 1)

    def show_change(self, row: ImportRow, lines: list[str]) -> None:
        with tqdm.external_write_mode():
            self.stdout.write("\n".join(lines))

    def tell(self, result: Result, *, dry_run: bool) -> None:
        for name in result.empty:
            self.stdout.write(f"{name} is empty: nothing to import.")
        for name in result.new_publications:
            self.stdout.write(f"Publication {name} is new: {'would be ' * dry_run}created.")
        self.tell_some(counted(result.warnings), "Warning: ")
        self.tell_some(counted(result.skipped), "Skipped: ")
        self.tell_some(result.rejected, "Rejected: ")
        counts = " ".join(f"{name} {result.counts[name]}" for name in ImportRow.Outcome.values)
        self.stdout.write(f"{'dry run, nothing saved' if dry_run else result.run.pk}: {counts}")

    def tell_some(self, messages: list[str], prefix: str) -> None:
        for message in messages[:SHOWN]:
            self.stderr.write(f"{prefix}{message}")
        if len(messages) > SHOWN:
            self.stderr.write(f"{prefix}and {len(messages) - SHOWN} more; --report has all.")
