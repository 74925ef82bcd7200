"""What a maintainer edits is theirs: locked, and kept as it was before."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from newsletter.models import Entry, Issue, Link
from papers.models import Paper, Topic
from prizes.models import Prize
from tests import factories
from tests.admin_pages import act, address, edit
from tests.catalogue import import_records, record


@pytest.mark.usefixtures("imported")
class TestAnEdit:
    def test_it_locks_the_fields_it_changed_and_no_other(self, admin_desk):
        paper = Paper.objects.first()
        edit(admin_desk, paper, title="By hand", venue="Here")
        assert paper.title == "By hand"
        assert paper.locked_fields == ["title", "venue"]

    def test_it_keeps_what_was_loaded_as_the_first_version(self, admin_desk):
        paper = Paper.objects.first()
        before = paper.title
        paper.history.all().delete()  # as of rows without topics
        edit(admin_desk, paper, title="By hand")
        first, second = paper.history.order_by("history_id")
        assert (first.title, first.history_change_reason) == (before, "as loaded")
        assert second.history_user.username == "desk"

    def test_saving_without_changing_anything_changes_nothing(self, admin_desk):
        of_lines = Entry.objects.filter(markdown__contains="\n\n").first()
        for row in (of_lines, *(model.objects.first() for model in (Paper, Prize, Issue))):
            before = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
            assert edit(admin_desk, row).status_code == 302
            after = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
            assert {k for k, v in after.items() if v != before[k]} <= {"updated_at"}

    def test_marks_for_review_and_for_readers_are_no_locks(self, admin_desk):
        paper = Paper.objects.filter(needs_review=False).first()
        edit(admin_desk, paper, needs_review="on", is_hidden="on", review_note="Look")
        assert (paper.needs_review, paper.is_hidden) == (True, True)
        assert paper.locked_fields == []

    def test_who_sets_the_locks_sets_just_these(self, admin_desk):
        paper = Paper.objects.first()
        edit(admin_desk, paper, title="By hand", locked_fields='["venue"]')
        assert paper.locked_fields == ["venue"]

    def test_an_old_version_comes_back_by_its_form(self, admin_desk):
        paper = Paper.objects.first()
        before = paper.title
        edit(admin_desk, paper, title="By hand")
        first = paper.history.earliest()
        edit(admin_desk, paper, "simple_history", first.history_id)
        assert paper.title == before
        assert paper.locked_fields == ["title"]

    def test_an_import_leaves_it_alone(self, admin_desk):
        entry = Entry.objects.filter(issue__number=9, kind="feature").first()
        link = entry.links.exclude(paper=None).first()
        edit(admin_desk, entry, kind="news", headline="By hand")
        import_records([record(9)], reread=True)
        entry.refresh_from_db()
        link.refresh_from_db()
        assert (entry.kind, entry.headline) == ("news", "By hand")

    def test_what_is_added_by_hand_is_locked_from_the_start(self, admin_desk):
        sent = {"slug": "by-hand", "name": "By hand", "kind": "prize", "locked_fields": "[]"}
        for prefix in ("awards", "deadlines", "announcements", "mentions"):
            sent |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
        answer = admin_desk.post(address(Prize, "add"), sent)
        assert answer.status_code == 302
        assert Prize.objects.get(slug="by-hand").locked_fields == ["kind", "name", "slug"]


class TestActions:
    def test_hide_and_show(self, admin_desk):
        paper = factories.PaperFactory()
        act(admin_desk, Paper, "hide", paper)
        paper.refresh_from_db()
        assert paper.is_hidden
        act(admin_desk, Paper, "show", paper)
        paper.refresh_from_db()
        assert not paper.is_hidden
        assert paper.history.count() == 3

    def test_mark_as_reviewed_says_how_many(self, admin_desk):
        papers = factories.PaperFactory.create_batch(2, needs_review=True, review_note="Look")
        page = act(admin_desk, Paper, "mark_reviewed", *papers)
        assert "2 marked as reviewed." in page.text
        assert not Paper.objects.filter(needs_review=True).exists()
        assert Paper.objects.filter(review_note="Look").count() == 2


class TestALimitedMaintainer:
    @pytest.fixture
    def limited(self, db) -> Client:
        """May look at papers and change topics, and nothing else."""
        user = factories.UserFactory(is_staff=True)
        wanted = ["view_paper", "view_topic", "change_topic"]
        user.user_permissions.set(Permission.objects.filter(codename__in=wanted))
        client = Client()
        client.force_login(user)
        return client

    def test_sees_only_what_is_theirs(self, limited):
        page = limited.get("/admin/").text
        assert address(Paper, "changelist") in page
        for model in (Prize, Entry, Link):
            assert address(model, "changelist") not in page
            assert limited.get(address(model, "changelist")).status_code == 403

    def test_cannot_change_what_they_may_look_at(self, limited):
        paper = factories.PaperFactory(title="As it is")
        assert limited.get(address(Paper, "change", paper.pk)).status_code == 200
        for page in ("change", "delete"):
            assert limited.post(address(Paper, page, paper.pk), {"title": "x"}).status_code == 403
        paper.refresh_from_db()
        assert paper.title == "As it is"

    def test_is_not_offered_actions_they_may_not_take(self, limited):
        paper = factories.PaperFactory()
        page = limited.get(address(Paper, "changelist")).text
        assert 'value="hide"' not in page
        act(limited, Paper, "hide", paper)
        paper.refresh_from_db()
        assert not paper.is_hidden

    def test_cannot_bring_back_a_version(self, limited):
        paper = factories.PaperFactory(title="Before")
        first = paper.history.earliest()
        Paper.objects.filter(pk=paper.pk).update(title="Now")
        where = address(Paper, "simple_history", paper.pk, first.history_id)
        limited.post(where, {"title": "Before"})
        paper.refresh_from_db()
        assert paper.title == "Now"

    def test_may_change_what_is_theirs(self, limited):
        topic = factories.TopicFactory()
        assert edit(limited, topic, name="Renamed").status_code == 302
        assert Topic.objects.get().name == "Renamed"

    def test_may_not_complete_from_what_they_may_not_see(self, limited):
        asked = {"app_label": "newsletter", "model_name": "link", "field_name": "paper"}
        assert limited.get("/admin/autocomplete/", asked | {"term": ""}).status_code == 200
        asked = {"app_label": "prizes", "model_name": "deadline", "field_name": "prize"}
        assert limited.get("/admin/autocomplete/", asked | {"term": ""}).status_code == 403


def test_a_stranger_sees_nothing(client, db):
    for model in (Paper, Prize, Entry):
        answer = client.get(address(model, "changelist"))
        assert answer.status_code == 302
        assert "/accounts/login/" in answer.url or "/admin/login/" in answer.url
