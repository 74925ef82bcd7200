"""The form of a note: what it says, and to whom."""

from typing import Any

from django import forms

from markup.text import clean_text, has_visible_text
from readinglists.conflicts import CreatingForm, VersionedForm
from readinglists.models import Audience, Note, ReadingList
from readinglists.rights import Standing

LONGEST = 50_000
EVERYBODY = {
    "private": "Everybody who may see the list: for now its owner alone",
    "members": "Everybody who may see the list: for now its members",
    "unlisted": "Everybody who may see the list: whoever has its address",
    "public": "Everybody: on the list’s page, in its feeds and exports, in search",
}


def audiences(reading_list: ReadingList, standing: Standing) -> list[tuple[str, str]]:
    """For whom somebody may write here, with what that means on this list."""
    own = (Audience.PRIVATE.value, "Only you: on no page, feed or export of anybody else")
    if not standing.may_note:
        return [own]
    everybody = EVERYBODY[reading_list.visibility]
    if reading_list.visibility != ReadingList.Visibility.PUBLIC:
        everybody += ", and whoever holds a link that shows notes"
    return [
        own,
        (Audience.MEMBERS.value, "The members of this list"),
        (Audience.PUBLIC.value, everybody),
    ]


class NoteFields(forms.Form):
    markdown = forms.CharField(
        label="Note",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 9, "dir": "auto", "data-note": True}),
        error_messages={"required": "Write something first."},
        help_text=(
            "Markdown. Formulas between dollars stay as they are; @ and a citation key, as in "
            "@hendrycks2021natural, leads to that paper."
        ),
    )
    audience = forms.ChoiceField(label="Who may read it", widget=forms.RadioSelect)

    def __init__(
        self, *args: Any, reading_list: ReadingList, standing: Standing, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        known: Any = self.fields["audience"]
        known.choices = audiences(reading_list, standing)

    def clean_markdown(self) -> str:
        text = clean_text(self.cleaned_data["markdown"])
        if not has_visible_text(text):
            raise forms.ValidationError("Write something that can be seen.")
        return text


class NewNoteForm(NoteFields, CreatingForm):
    pass


class NoteForm(NoteFields, VersionedForm):
    pass


def latest_audience(reading_list: ReadingList, standing: Standing) -> str:
    """For whom somebody wrote here last; at first for themselves."""
    own = Note.objects.filter(
        item__reading_list=reading_list, author=standing.user, deleted_at=None
    )
    latest = own.order_by("-created_at").values_list("audience", flat=True).first()
    allowed = dict(audiences(reading_list, standing))
    return latest if latest in allowed else Audience.PRIVATE
