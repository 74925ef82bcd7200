import pytest
from django.contrib import admin

from imports.models import ImportRow, ImportRun
from newsletter.models import Issue, Publication
from papers.models import CitationKeyAlias, DuplicateSuggestion, Merge, Paper
from prizes.models import Deadline, Outcome, Prize, PrizeAlias, Reminder, Tracking
from tests.factories import UserFactory
from tests.readinglists import making

APPS = {"papers", "newsletter", "prizes", "imports", "readinglists"}
MODELS = sorted(
    (model for model in admin.site._registry if model._meta.app_label in APPS),
    key=lambda model: model._meta.label,
)


@pytest.fixture
def furnished(imported: None) -> None:
    """The whole catalogue and a row of what it leaves empty."""
    PrizeAlias.objects.create(slug="a-former-prize", prize=Prize.objects.first())
    CitationKeyAlias.objects.create(key="former2021key", paper=Paper.objects.first())
    one, other = Paper.objects.order_by("pk")[:2]
    DuplicateSuggestion.objects.create(paper=one, other=other, reason="same_title", score=0.9)
    Merge.objects.create(duplicate=other, into=one)
    prize = Prize.objects.first()
    Outcome.objects.create(prize=prize, kind="winner", who="Somebody", source="The organiser")
    deadline = Deadline.objects.select_related("prize").first()
    tracking = Tracking.objects.create(user=UserFactory(), prize=deadline.prize)
    Reminder.objects.create(
        tracking=tracking, deadline=deadline, days_before=7, about=deadline.earliest_utc
    )
    run = ImportRun.objects.create(kind="newsletter", state="finished", source="a file")
    ImportRow.objects.create(run=run, line=1, outcome="rejected", raw=b"{\xff", reason="damaged")
    furnish_lists()
    assert Publication.objects.exists()
    assert Issue.objects.exists()


def furnish_lists() -> None:
    made = making.make_list(title="Robustness", visibility="public", description="What to read.")
    section = making.add_section(made)
    items = making.put_on(made, *Paper.objects.all()[:3], section=section.pk)
    making.say(items[0])
    making.join(made, "editor")
    making.make_link(made)
