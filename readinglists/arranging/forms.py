"""Forms of sections, of items, and of where they stand."""

from typing import Any

from django import forms

from markup.text import clean_line, clean_text, has_visible_text
from readinglists.arranging.moves import LONGEST_SENT
from readinglists.conflicts import CreatingForm, VersionedForm
from readinglists.editing.items import MOST_ITEMS
from readinglists.ordering import SORTED_BY

LONGEST_PROSE = 50_000


class SectionFields(forms.Form):
    title = forms.CharField(
        max_length=300,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        error_messages={"required": "Give the section a title."},
    )
    prose = forms.CharField(
        label="Text",
        max_length=LONGEST_PROSE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 9, "dir": "auto"}),
        help_text=(
            "Stands between the heading and what is in the section. Markdown; @ and a citation "
            "key leads to that paper."
        ),
    )

    def clean_title(self) -> str:
        title = clean_line(self.cleaned_data["title"])
        if not has_visible_text(title):
            raise forms.ValidationError("Give it a title that can be seen.")
        return title

    def clean_prose(self) -> str:
        return clean_text(self.cleaned_data["prose"])


class NewSectionForm(SectionFields, CreatingForm):
    pass


class SectionForm(SectionFields, VersionedForm):
    pass


class ItemForm(VersionedForm):
    """What an item is called on this list."""

    title = forms.CharField(
        max_length=500,
        required=False,
        label="Title on this list",
        help_text="Left empty, it is called by the name it has elsewhere.",
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )

    def clean_title(self) -> str:
        return clean_line(self.cleaned_data["title"])


class BasedOnList(forms.Form):
    """Says by the list's version what somebody saw when they pressed the button."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)


class PlaceForm(BasedOnList):
    """Where something is to stand; no place is the end."""

    section = forms.ChoiceField(required=False, label="Section")
    position = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=MOST_ITEMS,
        label="Place",
        help_text="Left empty, it comes last.",
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, sections: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known: Any = self.fields["section"]
        known.choices = [("", "Before all sections"), *sections]

    @property
    def at(self) -> int | None:
        position = self.cleaned_data["position"]
        return None if position is None else position - 1


class OrderForm(BasedOnList):
    order = forms.CharField(widget=forms.HiddenInput, max_length=LONGEST_SENT, strip=False)


class SortForm(BasedOnList):
    by = forms.ChoiceField(choices=[(by, by.capitalize()) for by in SORTED_BY], label="Sort by")
    descending = forms.BooleanField(required=False, label="backwards")
