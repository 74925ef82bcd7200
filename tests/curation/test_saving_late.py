"""Two at work on one row: neither writes over what they never saw."""

import pytest
from django.test import Client

from papers.models import Paper, Topic
from tests import factories
from tests.admin_pages import address, form_of


@pytest.fixture
def paper(db) -> Paper:
    return factories.PaperFactory(title="As it was", venue="Here")


def opened(desk: Client, row) -> dict:
    return form_of(desk.get(address(type(row), "change", row.pk)))


def send(desk: Client, row, sent: dict, **changed):
    answer = desk.post(address(type(row), "change", row.pk), sent | changed)
    row.refresh_from_db()
    return answer


def test_who_comes_second_is_shown_both_and_writes_over_the_first_only_knowingly(admin_desk, paper):
    seen = opened(admin_desk, paper)
    send(admin_desk, paper, seen, title="By the first")

    late = send(admin_desk, paper, seen, title="By the second")
    assert late.status_code == 200
    told = late.text
    assert "changed to “By the first” since you opened the page" in told
    assert 'value="By the second"' in told
    assert paper.title == "By the first"

    again = form_of(late)
    assert again["title"] == "By the second"
    assert send(admin_desk, paper, again).status_code == 302
    assert (paper.title, paper.locked_fields) == ("By the second", ["title"])


def test_what_nobody_typed_stays_as_others_wrote_it_meanwhile(admin_desk, paper):
    """A machine that fills in an abstract, a maintainer who locks a field, files it, adds lines."""
    seen = opened(admin_desk, paper)
    paper.abstract, paper.title, paper.locked_fields = "From\nits publisher.", "By hand", ["title"]
    paper.save()
    paper.topics.add(Topic.objects.create(name="Robustness", slug="robust"))

    assert send(admin_desk, paper, seen, venue="There").status_code == 302
    assert (paper.title, paper.abstract) == ("By hand", "From\nits publisher.")
    assert paper.topics.count() == 1
    assert (paper.venue, paper.locked_fields) == ("There", ["title", "venue"])


def test_choices_are_told_by_their_names(admin_desk, paper):
    topic = Topic.objects.create(name="Robustness", slug="robust")
    other = Topic.objects.create(name="Monitoring", slug="monitor")
    seen = opened(admin_desk, paper)
    paper.topics.add(topic)
    Paper.objects.filter(pk=paper.pk).update(kind="report")

    told = send(admin_desk, paper, seen, topics=[other.pk], kind="dataset").text
    assert "changed to “Robustness” since" in told
    assert f"changed to “{Paper.Kind.REPORT.label}” since" in told
