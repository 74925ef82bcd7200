"""What is pasted or uploaded to be imported."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from imports.uploads import MEGABYTES, Upload

LONGEST_PASTE = 1_000_000
PASTED = "pasted text"


class ReferencesForm(forms.Form):
    text = forms.CharField(
        label="Paste",
        required=False,
        strip=False,
        max_length=LONGEST_PASTE,
        help_text="arXiv ids, DOIs, OpenReview ids or addresses, one or more a line; or BibTeX, "
        "RIS or CSL-JSON",
        widget=forms.Textarea({"rows": 8, "spellcheck": "false"}),
    )
    file = forms.FileField(
        label="Or a file",
        required=False,
        max_length=200,
        help_text="BibTeX, RIS, CSL-JSON (Zotero exports all three), bookmarks, or a CSV from "
        f"here; up to {MEGABYTES} MB",
    )
    all_addresses = forms.BooleanField(
        label="Of bookmarks, take addresses of no known place of research, too", required=False
    )

    def clean_file(self) -> UploadedFile | None:
        file = self.cleaned_data["file"]
        if file and file.size > MEGABYTES * 1024 * 1024:
            raise forms.ValidationError("Import a file of this size with `import_papers`.")
        return file

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        text, file = (cleaned.get("text") or "").strip(), cleaned.get("file")
        if not self.errors and bool(text) == bool(file):
            what = "Paste something, or choose a file." if not text else "Paste or file: not both."
            raise forms.ValidationError(what)
        return cleaned

    def keep(self) -> Upload:
        file = self.cleaned_data["file"]
        if file:
            return Upload.keep(file)
        return Upload.write(PASTED, [self.cleaned_data["text"].encode(errors="replace")])
