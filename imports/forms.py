"""What is pasted or uploaded to be imported."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.formats import date_format

from imports.uploads import MEGABYTES, Upload

LONGEST_PASTE = 1_000_000


def pasted() -> str:
    """What a text is called that has no file's name."""
    return f"Text pasted on {date_format(timezone.localdate(), 'j M Y')}"


class PasteOrFileForm(forms.Form):
    """One of the two. Forms say in `help_texts` what may be in them, and in `too_large` what to do
    with a file that is larger than what a page takes."""

    help_texts: dict[str, str]
    too_large = f"At most {MEGABYTES} MB: split it into several files."

    text = forms.CharField(
        label="Paste",
        required=False,
        strip=False,
        max_length=LONGEST_PASTE,
        widget=forms.Textarea({"rows": 8, "spellcheck": "false"}),
    )
    file = forms.FileField(label="Or a file", required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in self.help_texts.items():
            self.fields[name].help_text = words

    def clean_file(self) -> UploadedFile | None:
        file = self.cleaned_data["file"]
        if file and file.size > MEGABYTES * 1024 * 1024:
            raise forms.ValidationError(self.too_large)
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
        return Upload.write(pasted(), [self.cleaned_data["text"].encode(errors="replace")])
