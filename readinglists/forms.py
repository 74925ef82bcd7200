"""Forms of a list's own fields."""

from typing import Any

from django import forms

from markup.text import clean_line, clean_text, has_visible_text
from papers.models import Topic
from readinglists.conflicts import CreatingForm, VersionedForm
from readinglists.models import ReadingList

LONGEST_DESCRIPTION = 50_000
VISIBILITIES = [
    ("private", "Private: only you, even if the list has members"),
    ("members", "Members: you and those you invite"),
    ("unlisted", "Unlisted: whoever has the address; in no index and no search"),
    ("public", "Public: everybody, in the index and in search"),
]


class ListFields(forms.Form):
    title = forms.CharField(max_length=300, widget=forms.TextInput(attrs={"dir": "auto"}))
    description = forms.CharField(
        required=False,
        max_length=LONGEST_DESCRIPTION,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        help_text="Markdown: what it is about, for whom, how to read it.",
    )
    cover_topic = forms.ModelChoiceField(
        Topic.objects.none(), required=False, label="Topic", empty_label="none"
    )
    language = forms.RegexField(
        r"^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$",
        max_length=35,
        initial="en",
        help_text="Of the list’s own words, as a code: en, de, zh-Hant.",
        error_messages={"invalid": "A language code, such as en, de or zh-Hant."},
    )
    notes_licence = forms.CharField(
        required=False,
        max_length=100,
        label="Licence of the notes",
        help_text="How others may use what is said here, such as CC BY 4.0.",
    )
    visibility = forms.ChoiceField(
        choices=VISIBILITIES, initial="private", widget=forms.RadioSelect, label="Who sees it"
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topics: Any = self.fields["cover_topic"]
        topics.queryset = Topic.objects.visible_to(user)

    def clean_title(self) -> str:
        title = clean_line(self.cleaned_data["title"])
        if not has_visible_text(title):
            raise forms.ValidationError("A list needs a title that can be seen.")
        return title

    def clean_description(self) -> str:
        return clean_text(self.cleaned_data["description"])

    def clean_notes_licence(self) -> str | None:
        return clean_line(self.cleaned_data["notes_licence"]) or None


class NewListForm(ListFields, CreatingForm):
    """Of a new list."""

    @property
    def fields_of_the_list(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ListFields.base_fields}


class SettingsForm(ListFields, VersionedForm):
    """Of a list that is there; who sees it is for its owner to say."""

    def __init__(self, *args: Any, is_owner: bool, **kwargs: Any) -> None:
        self.is_owner = is_owner
        super().__init__(*args, **kwargs)
        if not is_owner:
            del self.fields["visibility"]

    def value_on(self, thing: ReadingList, name: str) -> Any:
        return thing.cover_topic_id if name == "cover_topic" else getattr(thing, name)

    def words(self, name: str, value: Any) -> str:
        if name == "cover_topic":
            found = Topic.objects.filter(pk=getattr(value, "pk", value)).first()
            return str(found) if found else "none"
        return super().words(name, value)

    def plain(self, name: str, value: Any) -> str:
        return super().plain(name, getattr(value, "pk", value))
