from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from uuid import UUID
from zoneinfo import available_timezones

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from django import forms
from django.contrib.auth.password_validation import (
    password_validators_help_text_html,
    validate_password,
)
from django.utils import timezone

from accounts.models import ApiToken, User
from accounts.scopes import scope_choices
from accounts.token_limits import lists_of
from markup.text import clean_line

REGIONS = (
    *("Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/"),
    *("Australia/", "Europe/", "Indian/", "Pacific/"),
)


class SignInForm(allauth_forms.LoginForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "User name or e-mail"
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class SignUpForm(allauth_forms.SignupForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "E-mail"
        self.fields["username"].label = "User name"


class ResetPasswordForm(allauth_forms.ResetPasswordForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "E-mail"


class AddEmailForm(allauth_forms.AddEmailForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "E-mail"


def time_zones() -> Iterator[tuple[str, object]]:
    """IANA names by region, as a choice shows them."""
    yield "", "None chosen (UTC)"
    yield "UTC", "UTC"
    names = sorted(name for name in available_timezones() if name.startswith(REGIONS))
    for region, zones in groupby(names, key=lambda name: name.split("/")[0]):
        yield region, [(zone, zone.partition("/")[2].replace("_", " ")) for zone in zones]


class PreferencesForm(forms.ModelForm):
    time_zone = forms.ChoiceField(
        choices=time_zones,
        required=False,
        help_text="Times and deadlines are shown in this zone.",
    )

    class Meta:
        model = User
        fields = ["time_zone", "theme"]
        widgets = {"theme": forms.RadioSelect}

    def clean_time_zone(self) -> str | None:
        return self.cleaned_data["time_zone"] or None


class ThemeForm(forms.Form):
    theme = forms.ChoiceField(choices=User.Theme.choices, widget=forms.RadioSelect)


class TokenForm(forms.Form):
    """Makes an API token for one account."""

    MOST = 50

    name = forms.CharField(
        max_length=80, help_text="So that you know it again, such as “notebook”."
    )
    scopes = forms.MultipleChoiceField(
        choices=scope_choices,
        widget=forms.CheckboxSelectMultiple,
        label="What it may do",
    )
    only_list = forms.TypedChoiceField(
        coerce=UUID,
        empty_value=None,
        required=False,
        label="Only this list",
        help_text="It then opens this list in the API, what stands on it, and nothing else.",
    )
    days = forms.TypedChoiceField(
        choices=[(30, "30 days"), (90, "90 days"), (365, "a year"), ("", "until I revoke it")],
        coerce=int,
        empty_value=None,
        required=False,
        initial=90,
        label="Good for",
    )

    def __init__(self, *args, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        lists = lists_of(user)
        self.fields["only_list"].choices = [("", "any"), *lists.items()]
        if not lists:
            del self.fields["only_list"]

    def clean_name(self) -> str:
        name = clean_line(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError("Give it a name.")
        if self.user.api_tokens.usable().filter(name=name).exists():
            raise forms.ValidationError("One of your tokens has this name already.")
        return name

    def clean(self) -> None:
        if self.user.api_tokens.usable().count() >= self.MOST:
            raise forms.ValidationError(f"An account has at most {self.MOST} tokens. Revoke one.")

    def save(self) -> tuple[ApiToken, str]:
        data = self.cleaned_data
        expires_at = timezone.now() + timedelta(days=data["days"]) if data["days"] else None
        limits = {"expires_at": expires_at, "only_list": data.get("only_list")}
        return ApiToken.issue(self.user, data["name"], data["scopes"], **limits)


class InvitationForm(forms.Form):
    email = forms.EmailField(
        required=False,
        label="E-mail",
        help_text="The invitation is sent there. Without one you get a link to pass on.",
    )


class MaintainerForm(forms.ModelForm):
    """A new account for whoever holds the maintainer's link."""

    password = forms.CharField(
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=password_validators_help_text_html,
    )

    class Meta:
        model = User
        fields = ["username", "email"]
        widgets = {
            "username": forms.TextInput(attrs={"autocomplete": "username"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].required = True
        self.fields["email"].label = "E-mail"
        self.fields["username"].label = "User name"
        self.fields["username"].help_text = "Letters, digits and . + - _"

    def clean_username(self) -> str:
        return get_adapter().clean_username(self.cleaned_data["username"])

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()

    def _post_clean(self) -> None:
        super()._post_clean()  # fills the instance, which the password must not resemble
        if password := self.cleaned_data.get("password"):
            try:
                validate_password(password, self.instance)
            except forms.ValidationError as error:
                self.add_error("password", error)


class DeletionForm(forms.Form):
    """Asks for the account's own name, so that nobody deletes it by a slip."""

    username = forms.CharField(
        label="Your user name", widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    texts = forms.ChoiceField(
        label="What you wrote for others: public lists, and notes for members or everybody",
        choices=[("keep", "stays, by “a former member”"), ("remove", "goes with the account")],
        initial="keep",
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_username(self) -> str:
        if self.cleaned_data["username"] != self.user.username:
            raise forms.ValidationError("This is not your user name.")
        return self.user.username
