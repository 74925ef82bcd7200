"""Forms of what an owner shares, and of what is proposed to them."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from markup.text import clean_line, has_visible_text
from readinglists.conflicts import CreatingForm
from readinglists.models import ShareLink
from readinglists.sharing.members import ROLES

ROLE_WORDS = {
    "editor": "Editor: changes everything on the list",
    "contributor": "Contributor: proposes items, an editor accepts them",
    "viewer": "Viewer: reads, and writes notes",
}
ALLOWS_WORDS = [
    (ShareLink.Allows.VIEW, "See the list, without notes"),
    (ShareLink.Allows.VIEW_NOTES, "See the list with its public notes"),
    (ShareLink.Allows.PROPOSE, "See both, and propose items after signing in"),
]
LIFETIMES = [(1, "a day"), (7, "a week"), (30, "30 days"), (365, "a year")]


class InvitationForm(CreatingForm):
    addressee = forms.CharField(
        max_length=254,
        required=False,
        label="User name or e-mail",
        help_text="Leave it empty to get a link to pass on, good for one person.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    role = forms.ChoiceField(
        choices=[(role, ROLE_WORDS[role]) for role, _ in reversed(ROLES)], initial="viewer"
    )

    def clean_addressee(self) -> str:
        return clean_line(self.cleaned_data["addressee"])


class LinkForm(CreatingForm):
    name = forms.CharField(
        max_length=80, help_text="So that you know it again, such as “reviewers”. Only you see it."
    )
    allows = forms.ChoiceField(choices=ALLOWS_WORDS, label="Whoever has it may")
    days = forms.TypedChoiceField(
        choices=[("", "as long as it is not revoked"), *LIFETIMES],
        coerce=int,
        empty_value=None,
        required=False,
        label="It works for",
    )

    def clean_name(self) -> str:
        name = clean_line(self.cleaned_data["name"])
        if not has_visible_text(name):
            raise forms.ValidationError("Give it a name that can be seen.")
        return name

    def expires_at(self) -> datetime | None:
        days = self.cleaned_data["days"]
        return timezone.now() + timedelta(days=days) if days else None


class LinkChangeForm(LinkForm):
    """Its name and its end; what it allows is what was promised when it was passed on."""

    allows = None
    request_id = None
    days = forms.ChoiceField(
        choices=[("", "as long as now"), ("ever", "as long as it is not revoked"), *LIFETIMES],
        required=False,
        label="From now it works for",
    )

    def changes(self) -> dict[str, Any]:
        changed: dict[str, Any] = {"name": self.cleaned_data["name"]}
        days = self.cleaned_data["days"]
        if days == "ever":
            changed["expires_at"] = None
        elif days:
            changed["expires_at"] = timezone.now() + timedelta(days=int(days))
        return changed


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=ROLES)


class ProposalForm(CreatingForm):
    """One thing for a list: what the catalogue has by its identifier, or any address."""

    what = forms.CharField(
        max_length=2000,
        label="Address, DOI or arXiv id",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    title = forms.CharField(
        max_length=500,
        required=False,
        label="Title",
        help_text="For an address that is no paper of the catalogue.",
    )

    def clean_title(self) -> str:
        return clean_line(self.cleaned_data["title"])
