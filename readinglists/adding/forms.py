"""Forms by which things come onto lists."""

from typing import Any

from django import forms

from markup.text import clean_line, clean_text, has_visible_text
from readinglists.adding.pasting import LONGEST, MOST_LINES, Line, read_lines
from readinglists.conflicts import CreatingForm


class PasteForm(CreatingForm):
    """Many things for one list, one a line."""

    what = forms.CharField(
        label="Identifiers or addresses, one a line",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto", "spellcheck": "false"}),
        error_messages={"required": "Paste something first."},
        help_text=(
            "arXiv ids, DOIs, addresses of papers or of anything else; a title may stand beside "
            "each."
        ),
    )
    section = forms.ChoiceField(required=False, label="Into the section")

    def __init__(self, *args: Any, sections: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known: Any = self.fields["section"]
        known.choices = [("", "Before all sections"), *sections]
        if not sections:
            known.widget = forms.HiddenInput()

    def clean_what(self) -> list[Line]:
        lines = read_lines(clean_text(self.cleaned_data["what"]))
        if not lines:
            raise forms.ValidationError("Paste something first.")
        if len(lines) > MOST_LINES:
            raise forms.ValidationError(f"At most {MOST_LINES:,} lines at once.")
        return lines


class ChooseForm(CreatingForm):
    """Which list some things go on: one that is there, or a new one."""

    NEW = "new"

    list = forms.CharField(max_length=36, error_messages={"required": "Choose a list."})
    new_title = forms.CharField(
        max_length=300,
        required=False,
        label="Title of the new list",
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("list") == self.NEW and "new_title" in said:
            title = clean_line(said["new_title"])
            if not has_visible_text(title):
                self.add_error("new_title", "Give the new list a title.")
            said["new_title"] = title
        return said
