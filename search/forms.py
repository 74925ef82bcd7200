from typing import Any

from django import forms

from api.errors import ParameterErrors
from markup.text import clean_line, has_visible_text
from search.models import SavedSearch
from search.places import PAGES, canonical_query


class NameForm(forms.Form):
    name = forms.CharField(
        max_length=SavedSearch.NAME_LENGTH,
        help_text="So that you know it again, such as “Trojans since 2022”.",
    )

    def clean_name(self) -> str:
        name = clean_line(self.cleaned_data["name"])
        if not has_visible_text(name):
            raise forms.ValidationError("Give it a name that can be seen.")
        return name


class SaveForm(NameForm):
    """Keeps a search of one page; what it looks for comes with it, unseen."""

    page = forms.ChoiceField(choices=PAGES, widget=forms.HiddenInput)
    query = forms.CharField(
        max_length=SavedSearch.QUERY_LENGTH, required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, user, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        try:
            cleaned["query"] = canonical_query(cleaned["page"], cleaned["query"], self.user)
        except ParameterErrors:
            raise forms.ValidationError(
                "That page takes no such search. Go back to it, and save it from there."
            ) from None
        if not SavedSearch.has_room(self.user):
            raise forms.ValidationError(
                f"You keep {SavedSearch.MOST} searches, which is all there is room for: "
                "delete one first."
            )
        return cleaned

    def save(self) -> SavedSearch:
        names = ("name", "page", "query")
        said = {name: self.cleaned_data[name] for name in names}
        return SavedSearch.objects.create(owner=self.user, **said)
