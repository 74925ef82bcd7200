"""Importing newsletters from the admin."""

from imports.jsonl import UnreadableSource
from imports.models import ImportRow, ImportRun
from imports.upload_page import Taken, UploadPage
from imports.uploads import MEGABYTES, Upload
from newsletter.importer import ImportFailed, Watch, import_files
from newsletter.models import Issue


def take(upload: Upload, *, dry_run: bool, started_by=None) -> Taken:
    lines: list[str] = []
    watch = Watch(change=lambda row, shown: lines.extend(shown)) if dry_run else None
    result = import_files([str(upload.path)], dry_run=dry_run, watch=watch, started_by=started_by)
    if not dry_run:
        # Where the file lay for a moment says nothing; its name does.
        ImportRun.objects.filter(pk=result.run.pk).update(source=upload.name)
        ImportRow.objects.filter(run=result.run).update(source=upload.name)
    return Taken(result.counts, result.rejected, list(result.warnings), lines, result.run)


def may_import(user) -> bool:
    return user.has_perms(
        ["imports.add_importrun", "imports.view_importrun", "newsletter.change_issue"]
    )


PAGE = UploadPage(
    title="Import issues",
    model=Issue,
    file_label="JSON Lines",
    file_help=f"plain or gzip, up to {MEGABYTES} MB",
    command="import_newsletter",
    may_import=may_import,
    take=take,
    errors=(UnreadableSource, ImportFailed),
)
