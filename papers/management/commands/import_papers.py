import json
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from imports.jsonl import UnreadableSource
from imports.models import ImportRow
from imports.reports import counted, write_report
from imports.runs import RunBusy
from papers.importing import (
    ImportFailed,
    Options,
    Plan,
    Result,
    Source,
    Watch,
    import_papers,
    load,
    look,
)
from papers.importing.reporting import as_reported, shown
from papers.references import Format

OTHER_RUN_ACTIVE = 3
A_RECORD_WAS_REJECTED = 2
SHOWN = 20  # of each kind of message; the report has all


class Command(BaseCommand):
    help = (
        "Import papers from BibTeX, RIS, CSL-JSON, bookmarks, CSV, or a text of arXiv ids, DOIs, "
        "OpenReview ids and addresses; plain or gzip. The format is known by what a file says."
    )

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", metavar="FILE", help="`-` is standard input")
        parser.add_argument("--dry-run", action="store_true", help="show changes, save nothing")
        parser.add_argument("--report", metavar="FILE", type=Path, help="write a JSON line a row")
        parser.add_argument("--format", choices=[*Format], help="where it cannot be told")
        parser.add_argument(
            "--all-addresses",
            action="store_true",
            help="of bookmarks: those of no known place of research, too",
        )

    def handle(self, *, files, dry_run, report, all_addresses, **options):
        form = Format(options["format"]) if options["format"] else None
        try:
            with ExitStack() as stack:
                target = stack.enter_context(opened(report)) if report else None
                # All of them before anything is imported: a wrong name stops nothing halfway.
                sources = [load(name, form) for name in files]
                result = self.take(sources, Options(all_addresses), target, dry_run=dry_run)
                if report and result.run:
                    write_report(result.run, report)
        except RunBusy as error:
            raise CommandError(str(error), returncode=OTHER_RUN_ACTIVE) from error
        except (UnreadableSource, ImportFailed, OSError) as error:
            raise CommandError(str(error)) from error
        self.tell(result, dry_run=dry_run)
        if result.counts[ImportRow.Outcome.REJECTED]:
            sys.exit(A_RECORD_WAS_REJECTED)

    def take(
        self, sources: list[Source], options: Options, report: TextIO | None, *, dry_run: bool
    ) -> Result:
        with tqdm(unit=" records", file=sys.stderr, disable=None, leave=False) as bar:

            def follow(source: Source, plan: Plan) -> None:
                bar.update()
                if dry_run and (line := shown(plan)):
                    with tqdm.external_write_mode():
                        self.stdout.write(line)
                if dry_run and report:
                    row = as_reported(source, plan)
                    report.write(json.dumps(row, ensure_ascii=False) + "\n")

            take = look if dry_run else import_papers
            return take(sources, options=options, watch=Watch(follow))

    def tell(self, result: Result, *, dry_run: bool) -> None:
        for name in result.empty:
            self.stdout.write(f"{name} is empty: nothing to import.")
        self.tell_some(counted(result.warnings), "Warning: ")
        self.tell_some(counted(result.skipped), "Skipped: ")
        self.tell_some(result.rejected, "Rejected: ")
        counts = " ".join(f"{name} {result.counts[name]}" for name in ImportRow.Outcome.values)
        run = result.run.pk if result.run else "dry run, nothing saved"
        self.stdout.write(f"{run}: {counts}")

    def tell_some(self, messages: list[str], prefix: str) -> None:
        for message in messages[:SHOWN]:
            self.stderr.write(f"{prefix}{message}")
        if len(messages) > SHOWN:
            self.stderr.write(f"{prefix}and {len(messages) - SHOWN} more; --report has all.")


def opened(path: Path) -> TextIO:
    try:
        return path.open("w", encoding="utf-8", newline="\n")
    except OSError as error:
        raise CommandError(f"The report cannot be written to {path}: {error}") from error
