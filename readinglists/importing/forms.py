"""What is pasted or uploaded to become a list, or part of one."""

from pathlib import Path
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format

from imports.forms import PasteOrFileForm
from imports.uploads import MEGABYTES
from readinglists.models import Membership, ReadingList, Role

_EDITORS = (Role.EDITOR,)


def editable_lists(user: Any) -> Any:
    """Lists that this person may put things on."""
    edited = Membership.objects.filter(user=user, role__in=_EDITORS).values("reading_list")
    lists = ReadingList.objects.visible_to(user)
    return lists.filter(Q(owner=user) | Q(pk__in=edited)).order_by("title", "pk")


class ImportForm(PasteOrFileForm):
    help_texts = {
        "text": "arXiv ids, DOIs or addresses, one or more a line; or BibTeX, RIS, CSL-JSON, "
        "Markdown or JSON of a list",
        "file": "any file exported here, a Zotero collection (as CSL JSON, BibTeX or RIS), or a "
        f"browser’s bookmarks; up to {MEGABYTES} MB",
    }

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

    def name_for_it(self, file: str) -> str:
        """What a list may be called that came without a title."""
        if self.cleaned_data["text"]:
            return f"Pasted on {date_format(timezone.localdate(), 'j M Y')}"
        stem = Path(file).stem
        return stem[:1].upper() + stem[1:]


class ConfirmForm(forms.Form):
    """The second step: what was looked at is imported."""

    title = forms.CharField(required=False, max_length=300)
    into = forms.ModelChoiceField(ReadingList.objects.none(), required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["into"]
        field.queryset = editable_lists(user)
