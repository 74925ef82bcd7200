"""The index of lists, the page of one, a new one, its settings."""

import re
import uuid

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from papers.models import Paper
from readinglists import page as list_page
from readinglists.access import Access
from readinglists.copying import copy_list
from readinglists.editing import lists
from readinglists.editing.filling import Filling, fill
from readinglists.editing.writing import locked
from readinglists.following.changing import follow
from readinglists.models import Item, ReadingList
from readinglists.naming import PAGES, list_slug, shared_path
from readinglists.reading.states import set_state
from readinglists.revisions import freeze
from readinglists.rights import standing_of
from tests.factories import (
    AuthorshipFactory,
    EntryFactory,
    LinkFactory,
    PaperFactory,
    PrizeFactory,
    UserFactory,
)
from tests.readinglists.making import add_section, join, make_link, make_list, put_on, say

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def opened(reading_list: ReadingList, number: int = 1, user=None) -> list_page.ListPage:
    standing = standing_of(reading_list, user or AnonymousUser())
    return list_page.page_of(Access(reading_list, standing), number)


def shape(page: list_page.ListPage) -> list[tuple[str | None, bool, list[int]]]:
    return [
        (block.section and block.section.title, block.is_continued, [r.number for r in block.rows])
        for block in page.blocks
    ]


class TestPages:
    @pytest.fixture
    def made(self, monkeypatch):
        """Three a page: two before all sections, two, none, four, none."""
        monkeypatch.setattr(list_page, "PAGE_SIZE", 3)
        made = make_list(visibility="public")
        put_on(made, "https://example.org/1", "https://example.org/2")
        for title, count in {"A": 2, "empty": 0, "B": 4, "last": 0}.items():
            section = add_section(made, title)
            put_on(
                made,
                *(f"https://example.org/{title}{n}" for n in range(count)),
                section=section.pk,
            )
        return made

    def test_items_are_numbered_through_and_each_section_begins_once(self, made):
        assert shape(opened(made, 1)) == [(None, False, [1, 2]), ("A", False, [3])]
        assert shape(opened(made, 2)) == [
            ("A", True, [4]),
            ("empty", False, []),
            ("B", False, [5, 6]),
        ]
        assert shape(opened(made, 3)) == [("B", True, [7, 8]), ("last", False, [])]

    def test_lead_on_and_back_and_say_how_many_there_are(self, made):
        pages = [opened(made, number) for number in (1, 2, 3)]
        assert [page.item_count for page in pages] == [8, 8, 8]
        assert [bool(page.newer) for page in pages] == [False, True, True]
        assert [bool(page.older) for page in pages] == [True, True, False]

    @pytest.mark.parametrize("page", ["0", "-1", "x", "4", "999999999999", "1.5", "١"])
    def test_a_page_that_is_none_is_not_found(self, made, client, page):
        answer = client.get(made.get_absolute_url(), {"page": page})
        assert answer.status_code == 404

    def test_proposals_show_to_members_alone(self, made):
        put_on(made, "https://example.org/new", is_proposed=True)
        assert opened(made, 1).item_count == 8
        assert opened(made, 1, made.owner).item_count == 9


class Everything:
    """A list of more than a page, with all that can make its page ask: a copy of a frozen list
    with sections, commentary, notes, proposals, and something new to whoever follows it."""

    def __init__(self) -> None:
        self.owner, self.reader, self.editor = UserFactory.create_batch(3)
        original = make_list(self.owner, "Original", visibility="public")
        put_on(original, PaperFactory())
        freeze(original, self.owner)
        original.refresh_from_db()
        self.list = copy_list(original, standing_of(original, self.owner))
        lists.change_list(self.list.pk, self.owner, None, visibility="public")
        self.list.refresh_from_db()
        self.grow()
        join(self.list, "editor", self.editor)
        for user in (self.owner, self.reader, self.editor):
            follow(self.list, user)
        other = join(self.list, "editor")
        [new] = put_on(self.list, "https://example.org/new", actor=other)
        say(new, other)
        put_on(self.list, *(f"https://example.org/{n}" for n in range(3)), actor=other)

    def grow(self) -> None:
        section = add_section(self.list)
        paper, entry = PaperFactory(), EntryFactory()
        LinkFactory(entry=EntryFactory(), paper=paper, role="primary")
        AuthorshipFactory(paper=paper)
        things = (paper, entry, PrizeFactory(), PaperFactory(), "https://example.org/")
        items = put_on(self.list, *things, at=0)
        put_on(self.list, PaperFactory(), section=section.pk, is_proposed=True)
        say(items[0])
        for user in (self.owner, self.reader):
            set_state(user, paper, "read")

    def queries(self) -> dict[str, int]:
        """Beyond session and user, by who opens the page and whether that is by a link."""
        found = {}
        shared = shared_path(make_link(self.list, "propose"))
        Client().get(shared)  # that a link was used is noted once a minute
        own = self.list.get_absolute_url()
        for user, path in (
            *((user, own) for user in (None, self.reader, self.editor, self.owner)),
            *((user, shared) for user in (None, self.reader)),
        ):
            client = signed_in(user) if user else Client()
            with CaptureQueriesContext(connection) as queries:
                page = client.get(path)
            assert page.content.count(b'id="item-') == list_page.PAGE_SIZE
            found[f"{user}, {path[:3]}"] = len(queries) - (2 if user else 0)
        return found


def test_a_page_keeps_to_ten_queries_whoever_opens_it(monkeypatch, settings):
    settings.PAGE_CACHE_SECONDS = 0
    monkeypatch.setattr(list_page, "PAGE_SIZE", 8)
    assert {who: count for who, count in Everything().queries().items() if count > 10} == {}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="counts the steps of SQLite's machine")
def test_what_stands_on_other_pages_costs_a_few_steps_an_item(monkeypatch):
    """About 180, to put it in order and to count it: of 2,000 items less than 10 ms."""
    monkeypatch.setattr(list_page, "PAGE_SIZE", 10)
    owner = UserFactory()
    papers = Paper.objects.bulk_create(PaperFactory.build_batch(400))

    def steps(size: int) -> int:
        made = make_list(owner)
        items = [Item(paper=paper, added_by=owner) for paper in papers[:size]]
        with locked(made.pk) as held:
            fill(held, owner, "added", Filling(items=items))
        page, count = signed_in(owner), 0

        def step() -> None:
            nonlocal count
            count += 1

        connection.connection.set_progress_handler(step, 10)
        try:
            page.get(made.get_absolute_url())
        finally:
            connection.connection.set_progress_handler(None, 0)
        return count

    assert (steps(400) - steps(10)) * 10 / 390 < 300


def test_what_a_reader_may_not_see_is_shown_as_no_longer_there(client):
    made = make_list(visibility="public")
    paper = PaperFactory(title="A hidden title")
    put_on(made, paper)
    Paper.objects.filter(pk=paper.pk).update(is_hidden=True)
    text = client.get(made.get_absolute_url()).content.decode()
    assert "A hidden title" not in text
    assert "No longer available" in text


def test_a_former_slug_and_none_lead_to_the_list(client):
    made = make_list(visibility="public", title="Old name")
    former = made.get_absolute_url()
    lists.change_list(made.pk, made.owner, None, title="New name")
    made.refresh_from_db()
    for path in (former, f"/lists/{made.pk}/"):
        assert client.get(path).headers["Location"] == made.get_absolute_url()


def test_no_title_makes_a_slug_that_is_a_page(client):
    """Every page right below a list's id is known to `list_slug`."""
    pages = set()
    for each in get_resolver("readinglists.urls").url_patterns:
        if str(each.pattern) == "lists/<uuid:pk>/":
            pages |= {str(inner.pattern) for inner in each.url_patterns}
        elif found := re.fullmatch(r"lists/<uuid:pk>/(\w[\w-]*/)", str(each.pattern)):
            pages.add(found[1])
    words = {page.rstrip("/") for page in pages if re.fullmatch(r"[\w-]+/", page)}
    assert words <= PAGES
    assert [list_slug(word) for word in words] == [f"{word}-list" for word in words]


class TestIndex:
    def test_shows_what_one_may_find_and_whose_it_is(self):
        user = UserFactory()
        mine = make_list(user, "Mine alone")
        shared = make_list(title="Shared", visibility="members")
        join(shared, "viewer", user)
        make_list(title="Everybody's", visibility="public")
        make_list(title="By address", visibility="unlisted")
        make_list(title="Another's", visibility="private")
        client = signed_in(user)

        def titles(**query: str) -> set[str]:
            rows = client.get("/lists/", query).context["listing"].rows
            return {row.title for row in rows}

        assert titles() == {"Mine alone", "Shared", "Everybody's"}
        assert titles(whose="mine") == {mine.title}
        assert titles(whose="shared") == {"Shared"}
        anonymous = Client().get("/lists/").context["listing"].rows
        assert [row.title for row in anonymous] == ["Everybody's"]

    def test_the_number_of_queries_does_not_grow(self, client, django_assert_num_queries):
        def look() -> int:
            with CaptureQueriesContext(connection) as queries:
                client.get("/lists/", headers={"Cookie": f"theme=x{uuid.uuid4()}"})
            return len(queries)

        make_list(visibility="public")
        few = look()
        for _ in range(20):
            put_on(make_list(visibility="public"), PaperFactory())
        assert look() == few <= 6


FIELDS = {"title": "A title", "description": "", "language": "en", "visibility": "members"}


class TestNew:
    def test_sent_twice_makes_one_list(self):
        user = UserFactory()
        client = signed_in(user)
        data = {**FIELDS, "request_id": str(uuid.uuid4())}
        answers = [client.post("/lists/new/", data) for _ in range(2)]
        made = ReadingList.objects.get(owner=user)
        assert {answer.headers["Location"] for answer in answers} == {made.get_absolute_url()}
        assert (made.title, made.visibility) == ("A title", "members")

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("title", ""),
            ("title", "\u200b"),
            ("title", "x" * 301),
            ("language", "not a language"),
            ("visibility", "everyone"),
            ("description", "x" * 50_001),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field_and_the_rest_is_kept(self, name, value):
        data = {**FIELDS, "description": "Kept text", name: value}
        answer = signed_in(UserFactory()).post("/lists/new/", data)
        assert answer.status_code == 400
        assert list(answer.context["form"].errors) == [name]
        assert name == "description" or b"Kept text" in answer.content


class TestSettings:
    def form(self, client: Client, made: ReadingList) -> dict[str, str]:
        form = client.get(f"/lists/{made.pk}/settings/").context["form"]
        return {
            name: "" if (value := form[name].value()) is None else str(value)
            for name in form.fields
        }

    def test_an_editor_changes_texts_and_not_who_sees_it(self):
        made = make_list(visibility="members")
        client = signed_in(join(made, "editor"))
        data = self.form(client, made) | {"title": "Better", "visibility": "public"}
        assert client.post(f"/lists/{made.pk}/settings/", data).status_code == 302
        made.refresh_from_db()
        assert (made.title, made.visibility) == ("Better", "members")

    def test_a_second_tab_sees_both_texts_and_loses_none(self):
        made = make_list(title="First")
        client = signed_in(made.owner)
        first, second = self.form(client, made), self.form(client, made)
        client.post(f"/lists/{made.pk}/settings/", first | {"title": "From one tab"})
        answer = client.post(f"/lists/{made.pk}/settings/", second | {"title": "From the other"})
        assert answer.status_code == 409
        text = answer.content.decode()
        assert "From one tab" in text
        assert "From the other" in text
        made.refresh_from_db()
        assert made.title == "From one tab"

    def test_whoever_lost_the_right_since_the_page_was_opened_changes_nothing(self, monkeypatch):
        made = make_list(title="As it was", visibility="members")
        editor = join(made, "editor")
        client = signed_in(editor)
        data = self.form(client, made) | {"title": "Too late"}

        def removed_meanwhile(patch: object) -> None:
            made.memberships.all().delete()

        monkeypatch.setattr("readinglists.views.lists.render_texts", removed_meanwhile)
        answer = client.post(f"/lists/{made.pk}/settings/", data)
        assert answer.status_code in (403, 404)
        assert ReadingList.objects.get(pk=made.pk).title == "As it was"

    @pytest.mark.parametrize(
        ("role", "status"), [("viewer", 403), ("contributor", 403), (None, 404)]
    )
    def test_others_do_not_reach_it(self, role, status):
        made = make_list(visibility="members")
        user = join(made, role) if role else UserFactory()
        assert signed_in(user).get(f"/lists/{made.pk}/settings/").status_code == status


def test_a_share_link_opens_the_page_with_addresses_of_its_own(client):
    made = make_list(visibility="private")
    put_on(made, "https://example.org/1")
    secret = make_link(made)
    answer = client.get(f"/s/{secret}/")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert f"/s/{secret}/export/" in text
    assert f"/lists/{made.pk}/" not in text
    assert "no-store" in answer.headers["Cache-Control"]
    assert client.get(f"/lists/{made.pk}/").status_code == 404


@pytest.mark.parametrize(("allows", "leads"), [("propose", True), ("view_notes", False)])
def test_a_share_link_leads_to_proposals_if_it_allows_them(client, allows, leads):
    secret = make_link(make_list(visibility="private"), allows)
    text = client.get(f"/s/{secret}/").content.decode()
    assert (f'href="/s/{secret}/proposals/"' in text) == leads
