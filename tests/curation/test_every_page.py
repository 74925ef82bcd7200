"""Every page of the admin, with the whole catalogue in it."""

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsletter.models import Entry, Issue, Link, Section
from papers.models import Paper, Topic
from prizes.models import Announcement, Prize
from readinglists.models import ReadingList
from tests import factories
from tests.admin_pages import address
from tests.curation.conftest import MODELS
from tests.readinglists import making

pytestmark = pytest.mark.one_database

CATALOGUE = [model for model in MODELS if model._meta.app_label != "imports"]
WITH_HISTORY = [model for model in MODELS if hasattr(model, "history")]
COMPLETED = [model for model in MODELS if admin.site._registry[model].search_fields]


def of(models):
    return pytest.mark.parametrize("model", models, ids=lambda model: model._meta.label)


@pytest.mark.usefixtures("furnished")
class TestWithTheWholeCatalogue:
    @of(MODELS)
    def test_the_list_answers(self, admin_desk, model):
        assert admin_desk.get(address(model, "changelist")).status_code == 200

    @of(MODELS)
    def test_the_page_of_every_fifth_row_answers(self, admin_desk, model):
        for pk in list(model.objects.order_by("pk").values_list("pk", flat=True))[::40]:
            assert admin_desk.get(address(model, "change", pk)).status_code == 200

    @of(MODELS)
    def test_the_page_to_add_answers_where_one_may_add(self, admin_desk, model):
        may_add = admin_desk.get(address(model, "changelist")).context["has_add_permission"]
        assert admin_desk.get(address(model, "add")).status_code == (200 if may_add else 403)

    @of(WITH_HISTORY)
    def test_the_history_answers(self, admin_desk, model):
        row = model.objects.first()
        row.save()
        row.save()
        assert admin_desk.get(address(model, "history", row.pk)).status_code == 200

    @of(MODELS)
    def test_a_search_answers_in_a_bounded_number_of_queries(self, admin_desk, model):
        with CaptureQueriesContext(connection) as queries:
            page = admin_desk.get(address(model, "changelist"), {"q": "safety & <robust>"})
        assert page.status_code == 200
        assert len(queries) < 30

    @of(MODELS)
    def test_every_filter_answers(self, admin_desk, model):
        page = admin_desk.get(address(model, "changelist"))
        for spec in page.context["cl"].filter_specs:
            for choice in list(spec.choices(page.context["cl"]))[:4]:
                query = choice.get("query_string", "")
                assert admin_desk.get(address(model, "changelist") + query).status_code == 200

    @of(MODELS)
    def test_every_column_sorts(self, admin_desk, model):
        columns = len(admin.site._registry[model].list_display)
        for number in range(1, columns + 1):
            page = admin_desk.get(address(model, "changelist"), {"o": f"-{number}"})
            assert page.status_code == 200

    def test_every_field_that_completes_finds_something(self, admin_desk):
        for owner in MODELS:
            for name in admin.site._registry[owner].autocomplete_fields:
                term = str(owner._meta.get_field(name).related_model.objects.first())[:5]
                found = admin_desk.get(
                    "/admin/autocomplete/",
                    {
                        "app_label": owner._meta.app_label,
                        "model_name": owner._meta.model_name,
                        "field_name": name,
                        "term": term,
                    },
                )
                assert found.status_code == 200
                assert found.json()["results"]

    def test_the_front_page_names_all_of_it(self, admin_desk):
        page = admin_desk.get("/admin/").text
        for model in MODELS:
            assert address(model, "changelist") in page


HOSTILE = "javascript:alert(document.cookie)"


@pytest.mark.usefixtures("furnished")
def test_no_forced_address_becomes_a_link_anywhere(admin_desk):
    texts = {"url", "href", "pdf_url", "code_url", "website", "source_url", "link_url"}
    forced = []
    for model in apps.get_models():
        names = {field.name for field in model._meta.concrete_fields} & texts
        if names and model in MODELS:
            model.objects.update(**dict.fromkeys(names, HOSTILE))
            forced.append(model)
    assert {Paper, Link, Issue, Prize, Announcement} <= set(forced)
    for model in [*forced, Entry, Section]:
        row = model.objects.first()
        pages = [address(model, "changelist"), address(model, "change", row.pk)]
        if hasattr(model, "history"):
            row.save()
            row.save()
            pages.append(address(model, "history", row.pk))
        for page in pages:
            assert not re.search(
                r'(href|src|action)="\s*javascript:', admin_desk.get(page).text, re.I
            )


class TestQueries:
    """Their number does not grow with rows: not in lists, not beside an owner, not in history."""

    @staticmethod
    def fill(number: int) -> dict[type, object]:
        topic = Topic.objects.first() or factories.TopicFactory()
        issue = Issue.objects.first() or factories.IssueFactory()
        entry = Entry.objects.first() or factories.EntryFactory(issue=issue, topic=topic)
        paper = Paper.objects.first() or factories.PaperFactory()
        prize = Prize.objects.first() or factories.PrizeFactory()
        for _ in range(number):
            factories.PaperFactory(topics=[topic])
            factories.AuthorshipFactory(paper=paper)
            factories.IdentifierFactory(paper=paper)
            section = factories.SectionFactory(issue=issue, topic=topic)
            factories.EntryFactory(issue=issue, topic=topic, section=section)
            link = factories.LinkFactory(entry=entry, paper=factories.PaperFactory())
            factories.ImageFactory(entry=entry)
            factories.PublicationFactory()
            factories.IssueFactory(publication=issue.publication)
            factories.PrizeFactory(topics=[topic])
            factories.AwardFactory(prize=prize)
            deadline = factories.DeadlineFactory(prize=prize)
            factories.AnnouncementFactory(deadline=deadline, issue=issue, entry=entry)
            factories.PrizeMentionFactory(prize=prize, issue=issue, entry=entry, link=link)
        reading_list = ReadingList.objects.first() or making.make_list(visibility="public")
        for paper_on_it in factories.PaperFactory.create_batch(number):
            making.make_list(visibility="members")
            making.add_section(reading_list)
            (item,) = making.put_on(reading_list, paper_on_it)
            making.say(item)
            making.join(reading_list, "viewer")
            making.make_link(reading_list)
        rows = {Paper: paper, Issue: issue, Entry: entry, Prize: prize, Topic: topic}
        return rows | {ReadingList: reading_list}

    def cost(self, admin_desk, page: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert admin_desk.get(page).status_code == 200
        return len(queries)

    def test_neither_lists_nor_pages_cost_more_with_fifty_rows_than_with_one(self, admin_desk):
        rows = self.fill(1)
        pages = [
            address(model, "changelist") for model in CATALOGUE
        ] + [address(model, "change", row.pk) for model, row in rows.items()]  # fmt: skip
        for page in pages:
            admin_desk.get(page)  # content types are kept
        few = {page: self.cost(admin_desk, page) for page in pages}
        self.fill(50)
        many = {page: self.cost(admin_desk, page) for page in pages}
        assert {page: n for page, n in many.items() if n > few[page]} == {}

    @of([Paper, Entry, Prize, Issue])
    def test_histories_do_not_cost_more_with_every_version(self, admin_desk, model):
        row = self.fill(1)[model]
        page = address(model, "history", row.pk)
        row.save()
        row.save()
        admin_desk.get(page)
        few = self.cost(admin_desk, page)
        for number in range(10):
            name = "title" if hasattr(row, "title") else "headline"
            setattr(row, name if hasattr(row, name) else "name", f"Version {number}")
            row.save()
        assert self.cost(admin_desk, page) <= few

    def test_lists_count_no_further_than_ten_thousand(self, admin_desk, monkeypatch):
        monkeypatch.setattr("curation.pages.COUNTED", 3)
        factories.TopicFactory.create_batch(5)
        page = admin_desk.get(address(Topic, "changelist"))
        assert page.context["cl"].result_count == 3
        assert "LIMIT 3" in " ".join(self.statements(admin_desk, address(Topic, "changelist")))

    def statements(self, admin_desk, page: str) -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            admin_desk.get(page)
        return [query["sql"] for query in queries]

    def test_columns_count_what_stands(self, admin_desk):
        rows = self.fill(3)
        Link.objects.filter(paper=rows[Paper]).delete()
        entry = rows[Entry]
        factories.LinkFactory.create_batch(2, entry=entry, paper=rows[Paper])
        factories.LinkFactory(entry=entry, paper=rows[Paper], withdrawn_at="2023-01-01T00:00Z")
        found = admin_desk.get(address(Paper, "changelist")).context["cl"].queryset
        assert found.get(pk=rows[Paper].pk).mention_count == 2
        found = admin_desk.get(address(Topic, "changelist")).context["cl"].queryset
        assert found.get(pk=rows[Topic].pk).paper_count == 3
