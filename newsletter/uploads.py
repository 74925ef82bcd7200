"""Importing newsletters from the admin: a file is looked at first, then imported."""

import re
import shutil
import uuid
from datetime import timedelta
from pathlib import Path

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from imports.jsonl import UnreadableSource
from imports.models import ImportRow, ImportRun
from imports.runs import RunBusy
from markup.slugs import slugify
from newsletter.importer import ImportFailed, Result, Watch, import_files
from newsletter.models import Issue

MEGABYTES = 20
KEPT = timedelta(hours=1)  # between looking at a file and importing it
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


class Upload:
    """A file between being looked at and imported, on this server, for one maintainer."""

    folder = settings.VAR_DIR / "uploads"

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def keep(cls, file: UploadedFile) -> "Upload":
        cls.remove_old()
        place = cls.folder / uuid.uuid4().hex
        place.mkdir(parents=True)
        upload = cls(place / slugify(Path(file.name or "upload").stem))
        with upload.path.open("wb") as target:
            for chunk in file.chunks():
                target.write(chunk)
        return upload

    @classmethod
    def remove_old(cls) -> None:
        oldest = (timezone.now() - KEPT).timestamp()
        for place in cls.folder.glob("*"):
            if place.stat().st_mtime < oldest:
                shutil.rmtree(place, ignore_errors=True)

    def token(self, user) -> str:
        return signing.dumps([*self.path.parts[-2:]], salt=f"upload-{user.pk}")

    @classmethod
    def find(cls, token: str, user) -> "Upload | None":
        try:
            parts = signing.loads(token, salt=f"upload-{user.pk}", max_age=KEPT)
        except signing.BadSignature:
            return None
        path = cls.folder.joinpath(*parts)
        return cls(path) if path.is_file() else None

    def take(self, *, dry_run: bool, watch: Watch | None = None, started_by=None) -> Result:
        result = import_files([str(self.path)], dry_run=dry_run, watch=watch, started_by=started_by)
        if not dry_run:
            # Where the file lay for a moment says nothing; its name does.
            ImportRun.objects.filter(pk=result.run.pk).update(source=self.path.name)
            ImportRow.objects.filter(run=result.run).update(source=self.path.name)
            shutil.rmtree(self.path.parent, ignore_errors=True)
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
    result = upload.take(dry_run=True, watch=watch)
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
    result = upload.take(dry_run=False, started_by=request.user)
    told = ", ".join(f"{count} {name}" for name, count in result.counts.items() if count)
    messages.success(request, f"Imported: {told}.")
    return redirect("admin:imports_importrun_change", result.run.pk)
