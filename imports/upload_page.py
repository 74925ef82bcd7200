"""An import from the admin: a file is looked at first, then imported."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from imports.models import ImportRow, ImportRun
from imports.runs import RunBusy
from imports.uploads import MEGABYTES, Upload

SHOWN = 200  # lines of what would change


@dataclass(slots=True)
class Taken:
    """What came of a file, or would."""

    counts: Mapping[str, int]
    problems: Sequence[str] = ()
    warnings: Sequence[str] = ()
    lines: Sequence[str] = ()
    run: ImportRun | None = None


Take = Callable[..., Taken]  # (upload, dry_run=…, started_by=…)


@dataclass(frozen=True, slots=True)
class UploadPage:
    """One kind of import; `take` raises one of `errors`, in words, where a file cannot be read."""

    title: str
    model: type[Model]
    file_label: str
    file_help: str
    command: str
    may_import: Callable[..., bool]
    take: Take
    errors: tuple[type[Exception], ...]
    extra: Mapping[str, object] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Of the page's address, in the admin's own naming."""
        meta = self.model._meta
        return f"{meta.app_label}_{meta.model_name}_import"

    def view(self, request: HttpRequest, site: admin.AdminSite) -> HttpResponse:
        if not self.may_import(request.user):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None, page=self)
        meta = self.model._meta
        context = {
            **site.each_context(request),
            "title": self.title,
            "opts": meta,
            "back": reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist"),
        }
        try:
            if "token" in request.POST:
                return self._import(request)
            if form.is_valid():
                upload = Upload.keep(form.cleaned_data["file"])
                context |= self._look(upload) | {"token": upload.token(request.user)}
        except (*self.errors, RunBusy) as error:
            messages.error(request, without_folder(str(error)))
        return TemplateResponse(request, "curation/import.html", context | {"form": form})

    def _look(self, upload: Upload) -> dict[str, object]:
        """What an import of the file would do."""
        taken = self.take(upload, dry_run=True, started_by=None)
        return {
            "counts": {name: taken.counts.get(name, 0) for name in ImportRow.Outcome.values},
            "problems": [without_folder(text) for text in taken.problems],
            "warnings": list(taken.warnings),
            "lines": taken.lines[:SHOWN],
            "more": max(0, len(taken.lines) - SHOWN),
        }

    def _import(self, request: HttpRequest) -> HttpResponse:
        upload = Upload.find(request.POST["token"], request.user)
        if upload is None:
            messages.error(request, "The file is no longer here. Choose it again.")
            return redirect(f"admin:{self.name}")
        taken = self.take(upload, dry_run=False, started_by=request.user)
        upload.remove()
        told = ", ".join(f"{count} {name}" for name, count in taken.counts.items() if count)
        messages.success(request, f"Imported: {told or 'nothing'}.")
        assert taken.run is not None  # noqa: S101 - only a look has none
        return redirect("admin:imports_importrun_change", taken.run.pk)


class UploadForm(forms.Form):
    file = forms.FileField(max_length=200)

    def __init__(self, *args, page: UploadPage, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.page = page
        self.fields["file"].label = page.file_label
        self.fields["file"].help_text = page.file_help

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        if file.size > MEGABYTES * 1024 * 1024:
            message = f"Import a file of this size with `{self.page.command}`."
            raise forms.ValidationError(message)
        return file


def without_folder(text: str) -> str:
    """Names the file alone, not where it lies for a moment."""
    return re.sub(rf"{re.escape(str(Upload.folder))}/[0-9a-f]+/", "", text)
