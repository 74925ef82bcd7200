"""Two at work on one row: neither writes over what they never saw."""

import re

import pytest
from django.contrib import admin
from django.test import Client

from curation.inlines import ReadOnlyInline
from curation.opened import OpenedInline
from papers.models import Authorship, Paper, Topic
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


class TestRowsBesideTheirOwner:
    """Authors of a paper: one form of many rows."""

    @pytest.fixture
    def rows(self, paper) -> list[Authorship]:
        names = ["Ada", "Bob", "Eve"]
        return [
            factories.AuthorshipFactory(paper=paper, position=n, name_as_printed=name)
            for n, name in enumerate(names, 1)
        ]

    @staticmethod
    def field(sent: dict, row: Authorship, name: str) -> str:
        key = next(
            key
            for key, value in sent.items()
            if re.fullmatch(r"authorships-\d+-id", key) and str(value) == str(row.pk)
        )
        return key.removesuffix("id") + name

    def test_a_late_form_changes_what_was_typed_and_nothing_else(self, admin_desk, paper, rows):
        one, two, three = rows
        seen = opened(admin_desk, paper)
        Authorship.objects.filter(pk=one.pk).update(name_as_printed="Told meanwhile")
        two.delete()
        added = factories.AuthorshipFactory(paper=paper, position=9, name_as_printed="New")
        typed = {self.field(seen, three, "name_as_printed"): "Elsewhere"}

        assert send(admin_desk, paper, seen, **typed).status_code == 302
        assert dict(paper.authorships.values_list("pk", "name_as_printed")) == {
            one.pk: "Told meanwhile",
            three.pk: "Elsewhere",
            added.pk: "New",
        }

    def test_what_two_wrote_is_shown_before_the_second_writes_over_it(
        self, admin_desk, paper, rows
    ):
        one = rows[0]
        seen = opened(admin_desk, paper)
        mine = self.field(seen, one, "name_as_printed")
        Authorship.objects.filter(pk=one.pk).update(name_as_printed="The first")

        late = send(admin_desk, paper, seen, **{mine: "The second"})
        assert "changed to “The first” since you opened the page" in late.text
        one.refresh_from_db()
        assert one.name_as_printed == "The first"

        assert send(admin_desk, paper, form_of(late)).status_code == 302
        one.refresh_from_db()
        assert one.name_as_printed == "The second"

    def test_what_was_typed_in_a_row_that_is_gone_is_not_dropped_unsaid(
        self, admin_desk, paper, rows
    ):
        one, two, _ = rows
        seen = opened(admin_desk, paper)
        mine = self.field(seen, one, "name_as_printed")
        one.delete()

        late = send(admin_desk, paper, seen, **{mine: "Typed"}, title="A new one")
        assert "This was removed since you opened the page" in late.text
        assert 'value="Typed"' in late.text
        assert str(two.author) in late.text
        assert send(admin_desk, paper, form_of(late)).status_code == 302
        assert (paper.title, paper.authorships.count()) == ("A new one", 2)

    def test_a_row_is_not_deleted_with_what_another_wrote_in_it_unseen(
        self, admin_desk, paper, rows
    ):
        one = rows[0]
        seen = opened(admin_desk, paper)
        gone = {self.field(seen, one, "DELETE"): "on"}
        Authorship.objects.filter(pk=one.pk).update(name_as_printed="Found out")

        late = send(admin_desk, paper, seen, **gone)
        assert "was changed since you opened the page. Save again to delete it." in late.text
        assert paper.authorships.count() == 3
        assert send(admin_desk, paper, form_of(late)).status_code == 302
        assert paper.authorships.count() == 2


def test_every_inline_that_writes_rows_guards_them():
    inlines = {inline for page in admin.site._registry.values() for inline in page.inlines}
    assert {inline for inline in inlines if not issubclass(inline, ReadOnlyInline)} == {
        inline for inline in inlines if issubclass(inline, OpenedInline)
    }
