"""Importing newsletters from the admin: a file is looked at first, then imported."""

import re

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from imports.jsonl import UnreadableSource
from imports.models import ImportRow, ImportRun
from imports.runs import RunBusy
from imports.uploads import MEGABYTES, Upload
from newsletter.importer import ImportFailed, Result, Watch, import_files
from newsletter.models import Issue

SHOWN = 200  # lines of what would change


class UploadForm(forms.Form):
    file = forms.FileField(
        label="JSON Lines", help_text=f"plain or gzip, up to {MEGABYTES} MB", max_length=200
    )

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        if file.size > MEGABYTES * 1024 * 1024:
            raise forms.ValidationError("Import a file of this size with `import_newsletter`.")
        return file


def take(upload: Upload, *, dry_run: bool, watch: Watch | None = None, started_by=None) -> Result:
    result = import_files([str(upload.path)], dry_run=dry_run, watch=watch, started_by=started_by)
    if not dry_run:
        # Where the file lay for a moment says nothing; its name does.
        ImportRun.objects.filter(pk=result.run.pk).update(source=upload.name)
        ImportRow.objects.filter(run=result.run).update(source=upload.name)
        upload.remove()
    return result


def may_import(user) -> bool:
    return user.has_perms(
        ["imports.add_importrun", "imports.view_importrun", "newsletter.change_issue"]
    )


def upload_view(request: HttpRequest, site: admin.AdminSite) -> HttpResponse:
    if not may_import(request.user):
        raise PermissionDenied
    form = UploadForm(request.POST or None, request.FILES or None)
    context = {**site.each_context(request), "title": "Import issues", "opts": Issue._meta}
    try:
        if "token" in request.POST:
            return _import(request)
        if form.is_valid():
            upload = Upload.keep(form.cleaned_data["file"])
            context |= _look(upload) | {"token": upload.token(request.user)}
    except (UnreadableSource, ImportFailed, RunBusy) as error:
        messages.error(request, _without_folder(str(error)))
    return TemplateResponse(request, "curation/import.html", context | {"form": form})


def _look(upload: Upload) -> dict[str, object]:
    """What an import of the file would do."""
    lines: list[str] = []
    watch = Watch(change=lambda row, shown: lines.extend(shown))
    result = take(upload, dry_run=True, watch=watch)
    return {
        "counts": {name: result.counts[name] for name in ImportRow.Outcome.values},
        "problems": [_without_folder(text) for text in result.rejected],
        "warnings": list(result.warnings),
        "lines": lines[:SHOWN],
        "more": max(0, len(lines) - SHOWN),
    }


def _without_folder(text: str) -> str:
    """Names the file alone, not where it lies for a moment."""
    return re.sub(rf"{re.escape(str(Upload.folder))}/[0-9a-f]+/", "", text)


def _import(request: HttpRequest) -> HttpResponse:
    upload = Upload.find(request.POST["token"], request.user)
    if upload is None:
        messages.error(request, "The file is no longer here. Choose it again.")
        return redirect("admin:newsletter_issue_import")
    result = take(upload, dry_run=False, started_by=request.user)
    told = ", ".join(f"{count} {name}" for name, count in result.counts.items() if count)
    messages.success(request, f"Imported: {told}.")
    return redirect("admin:imports_importrun_change", result.run.pk)
