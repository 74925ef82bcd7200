"""Forms of tracking: what they take is text as people type it."""

from django import forms

from markup.render import render_markdown
from markup.text import clean_line, clean_text
from markup.urls import clean_url
from prizes.models import MOST_DAYS, ReminderPlan, Tracking, validate_days

MOST_LINKS = 30


class DaysField(forms.CharField):
    """ "7, 1": days before a deadline, the earliest reminder first."""

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("help_text", f"Such as “14, 7, 1”; each from 0 to {MOST_DAYS}.")
        super().__init__(max_length=60, required=False, **kwargs)

    def prepare_value(self, value):
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value):
        words = super().clean(value).replace(",", " ").replace(";", " ").split()
        if not all(word.isascii() and word.isdigit() and len(word) < 4 for word in words):
            raise forms.ValidationError("Enter whole numbers of days, parted by commas.")
        days = sorted({int(word) for word in words}, reverse=True)
        validate_days(days)
        return days

    def has_changed(self, initial, data):
        return self.clean(data) != (initial or [])


class LinksField(forms.CharField):
    """One address a line, each with words of one's own after it, if one likes."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value):
        if not isinstance(value, list):
            return value
        return "\n".join(f"{link['url']} {link['label']}".strip() for link in value)

    def clean(self, value):
        links = []
        for number, line in enumerate(clean_text(super().clean(value)).splitlines(), 1):
            if not line.strip():
                continue
            address, _, label = line.strip().partition(" ")
            url = clean_url(address)
            if url is None:
                raise forms.ValidationError(f"Line {number}: an address begins with https://.")
            links.append({"url": url, "label": clean_line(label)[:200]})
        if len(links) > MOST_LINKS:
            raise forms.ValidationError(f"At most {MOST_LINKS} links.")
        return links

    def has_changed(self, initial, data):
        return self.clean(data) != (initial or [])


class StageForm(forms.ModelForm):
    """The one choice that a prize's page offers."""

    class Meta:
        model = Tracking
        fields = ["stage"]


class TrackingForm(forms.ModelForm):
    """Everything one keeps about a prize. `version` is the one that was shown: a stale form is
    refused, with both texts."""

    links = LinksField(required=False, max_length=10_000, help_text="One a line, words after it.")
    own_days = forms.BooleanField(required=False, label="Remind me of this prize on other days")
    days_before = DaysField(label="Days before")
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    class Meta:
        model = Tracking
        fields = ["stage", "notes", "links", "own_days", "days_before"]
        widgets = {"notes": forms.Textarea(attrs={"rows": 8})}

    field_order = ["stage", "notes", "links", "own_days", "days_before"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.initial["own_days"] = self.instance.days_before is not None
        self.initial["version"] = self.instance.version
        self.fields["notes"].help_text = "Markdown; only you see it."

    def clean_notes(self) -> str:
        return clean_text(self.cleaned_data["notes"])

    def clean(self) -> None:
        data = super().clean()
        if not data.get("own_days"):
            data["days_before"] = None
        return data

    def values(self) -> dict[str, object]:
        """The columns to write, the rendered notes among them."""
        names = ("stage", "notes", "links", "days_before")
        values = {name: self.cleaned_data[name] for name in names}
        return values | {"notes_html": render_markdown(values["notes"]) if values["notes"] else ""}


class CalendarForm(forms.Form):
    alarm_days = DaysField(label="Alarms, days before", help_text="Such as “7, 1”; empty for none.")


class PlanForm(forms.ModelForm):
    is_on = forms.BooleanField(required=False, label="Remind me by e-mail")
    days_before = DaysField(label="Days before a deadline")

    class Meta:
        model = ReminderPlan
        fields = ["is_on", "days_before"]
