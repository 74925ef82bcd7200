"""What is pasted or uploaded to become a list, or part of one."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q

from imports.uploads import MEGABYTES, Upload
from readinglists.models import Membership, ReadingList, Role

LONGEST_PASTE = 1_000_000
PASTED = "pasted text"
_EDITORS = (Role.EDITOR,)


def editable_lists(user: Any) -> Any:
    """Lists that this person may put things on."""
    edited = Membership.objects.filter(user=user, role__in=_EDITORS).values("reading_list")
    lists = ReadingList.objects.visible_to(user)
    return lists.filter(Q(owner=user) | Q(pk__in=edited)).order_by("title", "pk")


class ImportForm(forms.Form):
    text = forms.CharField(
        label="Paste",
        required=False,
        strip=False,
        max_length=LONGEST_PASTE,
        help_text="arXiv ids, DOIs or addresses, one or more a line; or BibTeX, RIS, CSL-JSON, "
        "Markdown or JSON of a list",
        widget=forms.Textarea({"rows": 8, "spellcheck": "false"}),
    )
    file = forms.FileField(
        label="Or a file",
        required=False,
        max_length=200,
        help_text="any file exported here, a Zotero collection (as CSL JSON, BibTeX or RIS), or a "
        f"browser’s bookmarks; up to {MEGABYTES} MB",
    )
    into = forms.ModelChoiceField(
        ReadingList.objects.none(),
        label="Into",
        required=False,
        empty_label="a new list",
        help_text="behind what stands on it; what is there already is left out",
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["into"]
        field.queryset = editable_lists(user)

    def clean_file(self) -> UploadedFile | None:
        file = self.cleaned_data["file"]
        if file and file.size > MEGABYTES * 1024 * 1024:
            raise forms.ValidationError(f"At most {MEGABYTES} MB: split it into several files.")
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


class ConfirmForm(forms.Form):
    """The second step: what was looked at is imported."""

    title = forms.CharField(required=False, max_length=300)
    into = forms.ModelChoiceField(ReadingList.objects.none(), required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["into"]
        field.queryset = editable_lists(user)
