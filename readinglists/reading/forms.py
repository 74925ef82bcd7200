"""What readers say of their reading."""

from django import forms
from django.utils import timezone

from readinglists.models import ReadingPace, ReadingState


class StateForm(forms.Form):
    """A state, or none to forget it; when it was read, if that was not today."""

    state = forms.ChoiceField(choices=ReadingState.State.choices, required=False)
    on = forms.DateField(
        required=False,
        label="Read on",
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Write the day as 2026-11-23."},
    )

    def clean_on(self):
        day = self.cleaned_data["on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError("Nobody has read it in the future.", code="future")
        return day


class PaceForm(forms.ModelForm):
    class Meta:
        model = ReadingPace
        fields = ["paper", "report", "shorter"]
        labels = {
            "paper": "Minutes for a paper",
            "report": "Minutes for a report",
            "shorter": "Minutes for a post, data, code or a project",
        }
