from django import forms
from django.contrib import admin

from curation.pages import CuratedAdmin
from markup.urls import clean_url
from prizes.models import Outcome


class OutcomeForm(forms.ModelForm):
    class Meta:
        model = Outcome
        fields = [
            "prize",
            "kind",
            "who",
            "what",
            "award",
            "announced_on",
            "issue",
            "entry",
            "quote",
            "source",
            "source_url",
        ]

    def clean(self):
        cleaned = super().clean()
        award = cleaned.get("award")
        if award is not None and award.prize_id != getattr(cleaned.get("prize"), "pk", 0):
            self.add_error("award", "This award belongs to another prize.")
        if cleaned.get("source_url") and clean_url(cleaned["source_url"]) is None:
            self.add_error("source_url", "Only an http or https address becomes a link.")
        return cleaned


@admin.register(Outcome)
class OutcomeAdmin(CuratedAdmin):
    """What came of a prize: entered by hand, with who said so."""

    form = OutcomeForm
    list_display = ["prize", "kind", "who", "announced_on", "source"]
    list_filter = ["kind"]
    list_select_related = ["prize"]
    search_fields = ["prize__name", "who", "what"]
    autocomplete_fields = ["prize", "issue", "entry"]
    raw_id_fields = ["award"]
