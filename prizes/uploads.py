"""Importing deadlines from the admin."""

from imports.upload_page import Taken, UploadPage
from imports.uploads import Upload
from prizes.importing.run import ImportFailed, Judged, import_deadlines
from prizes.importing.sources import DeadlineFile, UnreadableFile, load
from prizes.models import Prize


def take(upload: Upload, *, dry_run: bool, started_by=None) -> Taken:
    lines: list[str] = []

    def watch(file: DeadlineFile, judged: Judged) -> None:
        dates = ", ".join(str(date.date or date.precision) for date in judged.call.dates)
        lines.append(f"{judged.outcome}: {judged.call.name} ({dates})")

    result = import_deadlines(
        [load(upload.path)], dry_run=dry_run, started_by=started_by, watch=watch
    )
    rejected = [row for row in result.rows if row.outcome == "rejected"]
    problems = [f"line {row.call.line}: {row.call.name}: {row.reason}" for row in rejected]
    warnings = [
        f"{row.call.name}: {text}"
        for row in result.rows
        if row.outcome != "rejected"
        for text in row.warnings
    ]
    return Taken(result.counts, problems, warnings, lines, result.run)


def may_import(user) -> bool:
    return user.has_perms(["imports.add_importrun", "imports.view_importrun", "prizes.add_prize"])


def may_publish(user) -> bool:
    """Whoever may show and hide prizes needs nobody to look at theirs first."""
    return user.has_perm("prizes.change_prize")


PAGE = UploadPage(
    title="Import deadlines",
    model=Prize,
    file_label="YAML or iCalendar",
    file_help="of the ai-deadlines family or any calendar, up to 8 MB; new prizes stay hidden "
    "until you have looked at them",
    command="import_deadlines",
    may_import=may_import,
    take=take,
    errors=(UnreadableFile, ImportFailed),
)
