"""Where readers are with papers: noted, counted, put in order; and nobody else's business."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import ApiToken
from api.models import Change
from papers.models import Paper
from readinglists.access import Access
from readinglists.editing.lists import move_section, remove_section
from readinglists.editing.writing import locked
from readinglists.following.changing import follow
from readinglists.models import Item, ListEvent, ReadingList, ReadingPace, ReadingState
from readinglists.reading.estimates import in_words
from readinglists.reading.on_list import own_view
from readinglists.reading.overview import next_on_lists
from readinglists.reading.progress import UNREAD, Progress, in_state
from readinglists.reading.states import clear_state, set_state
from readinglists.rights import standing_of
from tests.factories import PaperFactory, UserFactory
from tests.readinglists.making import add_section, join, make_link, make_list, put_on, say

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
TODAY, THEN = timezone.localdate, date(2026, 1, 5)


@pytest.mark.parametrize(
    ("before", "said", "state", "on"),
    [
        (None, ("to_read", None), "to_read", None),
        (None, ("to_read", THEN), "to_read", None),
        (None, ("reading", None), "reading", None),
        (None, ("reading", THEN), "reading", THEN),
        (None, ("read", None), "read", "today"),
        (None, ("read", THEN), "read", THEN),
        (("read", THEN), ("read", None), "read", THEN),
        (("reading", THEN), ("read", None), "read", "today"),
        (("read", THEN), ("to_read", None), "to_read", None),
    ],
)
def test_a_state_and_its_date(before, said, state, on):
    user, paper = UserFactory(), PaperFactory()
    if before:
        set_state(user, paper, *before)
    set_state(user, paper, *said)
    kept = ReadingState.objects.get(user=user)
    assert (kept.state, kept.on) == (state, TODAY() if on == "today" else on)
    assert clear_state(user, paper)
    assert not clear_state(user, paper)


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (1, "1 minute"),
        (45, "45 minutes"),
        (60, "about 1 hour"),
        (100, "about 1½ hours"),
        (615, "about 10 hours"),
        (6_000, "about 100 hours"),
    ],
)
def test_time_is_told_about_as_exactly_as_it_is_known(minutes, words):
    assert in_words(minutes) == words


class Shelf:
    """A list of two sections in another order than they were made in, read in part."""

    def __init__(self) -> None:
        self.reader = UserFactory()
        self.list = make_list(UserFactory(), visibility="public")
        late, early = add_section(self.list, "Late"), add_section(self.list, "Early")
        gone = add_section(self.list, "Gone")
        self.papers = {name: PaperFactory(title=name) for name in "abcdefg"}
        self.put("d", section=late.pk)
        self.put("b", "c", section=early.pk)
        self.put("a", section=gone.pk)
        self.put("d", section=late.pk)  # twice on the list, once to read
        self.put("e", section=late.pk, is_proposed=True)
        self.put("f", section=early.pk)
        Paper.objects.filter(title="f").update(is_hidden=True)
        with locked(self.list.pk) as held:
            move_section(held, held.owner, early.pk, 0)
            remove_section(held, held.owner, gone.pk)
        # To be read are, in this order: a (in no section now), b and c, d.

    def put(self, *names: str, **where) -> None:
        put_on(self.list, *(self.papers[name] for name in names), **where)

    def note(self, name: str, state: str) -> None:
        set_state(self.reader, self.papers[name], state)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


def progress(reading_list: ReadingList, user) -> Progress | None:
    return own_view(Access(reading_list, standing_of(reading_list, user))).progress


class TestProgress:
    def test_each_paper_one_sees_counts_once(self, shelf):
        shelf.note("a", "read")
        shelf.note("b", "reading")
        shelf.note("f", "read")  # hidden since
        shelf.note("e", "read")  # only proposed
        found = progress(shelf.list, shelf.reader)
        assert (found.total, found.read, found.reading, found.to_read) == (4, 1, 1, 0)
        assert (found.percent, found.left) == (25, "about 3 hours")
        ReadingPace.objects.create(user=shelf.reader, paper=10)
        assert progress(shelf.list, shelf.reader).left == "30 minutes"
        assert progress(make_list(), shelf.reader) is None

    def test_next_is_the_first_in_the_lists_order_that_is_not_read(self, shelf):
        follow(shelf.list, shelf.reader)
        for name in "abcd":
            (ahead,) = next_on_lists(shelf.reader)
            assert ahead.paper.title == name
            shelf.note(name, "read")
        assert next_on_lists(shelf.reader) == []

    def test_items_can_be_chosen_by_state(self, shelf):
        shelf.note("a", "read")
        shelf.note("b", "to_read")
        items = Item.objects.filter(reading_list=shelf.list)

        def titles(state: str) -> set[str]:
            found = in_state(items, shelf.reader, state)
            return set(found.values_list("paper__title", flat=True))

        assert (titles("read"), titles("to_read"), titles("reading")) == ({"a"}, {"b"}, set())
        assert titles(UNREAD) == set("cdef")


def test_nobody_else_is_told_anything(shelf, client):
    """Whatever a reader notes, every other answer stays as it was, to the byte and the tag."""
    member = join(shelf.list, "editor")
    shelf.reader = join(shelf.list, "viewer")
    secret = make_link(shelf.list, "view_notes")
    say(Item.objects.filter(reading_list=shelf.list).first())
    paths = [
        f"/api/v1/lists/{shelf.list.pk}/",
        f"/api/v1/lists/{shelf.list.pk}/items/",
        f"/api/v1/lists/{shelf.list.pk}/events/",
        f"/lists/{shelf.list.pk}/feed.atom",
        f"/lists/{shelf.list.pk}/export.json",
        f"/s/{secret}/feed.json",
        "/api/v1/reading-states/",
        "/api/v1/search/?q=list&facets=1",
        "/api/v1/papers/?q=has:note",
    ]

    def told(user) -> list:
        client = Client()
        if user:
            client.force_login(user)
        answers = [client.get(path) for path in paths]
        shown = [(answer.status_code, answer.headers.get("ETag")) for answer in answers]
        return [*shown, *(b"".join(answer) for answer in answers)]

    def state() -> tuple:
        shelf.list.refresh_from_db()
        counts = (ListEvent.objects.count(), Change.objects.count())
        return (shelf.list.version, shelf.list.updated_at, *counts)

    others = (None, member, shelf.list.owner)
    before = state(), [told(user) for user in others]
    for name, how in zip("abcd", ("read", "to_read", "reading", "read"), strict=True):
        shelf.note(name, how)
    client.force_login(shelf.reader)
    client.put(
        f"/api/v1/reading-states/{shelf.papers['a'].pk}/",
        {"state": "to_read"},
        content_type="application/json",
    )
    assert client.get("/api/v1/reading-states/").json()["count"] == 4
    assert (state(), [told(user) for user in others]) == before


class TestPages:
    def test_one_press_sets_a_state_and_another_takes_it_back(self, client):
        reader, paper = UserFactory(), PaperFactory()
        address = f"/reading/papers/{paper.pk}/"
        assert client.post(address, {"state": "read"}).status_code == 302
        assert not ReadingState.objects.exists()
        client.force_login(reader)
        assert client.get(address).headers["Location"] == paper.get_absolute_url()
        pressed = b'value="" aria-pressed="true"'
        assert pressed not in client.get(paper.get_absolute_url()).content
        answer = client.post(address, {"state": "read", "next": "/reading/"})
        assert answer.headers["Location"] == "/reading/"
        assert pressed in client.get(paper.get_absolute_url()).content
        client.post(address, {"state": "read", "on": "2026-01-05", "next": "https://evil.example"})
        assert ReadingState.objects.get().on == THEN
        for wrong in ({"state": "burnt"}, {"state": "read", "on": "5 Jan"}):
            assert client.post(address, wrong).status_code == 302
        future = timezone.localdate() + timedelta(days=2)
        client.post(address, {"state": "read", "on": future.isoformat()})
        assert ReadingState.objects.get().on == THEN
        client.post(address, {"state": ""})
        assert not ReadingState.objects.exists()
        Paper.objects.update(is_hidden=True)
        assert client.post(address, {"state": "read"}).status_code == 404

    def test_the_overview_asks_no_more_of_the_database_for_more(self, client):
        reader = UserFactory()
        client.force_login(reader)

        def fill(count: int) -> int:
            for _ in range(count):
                shelf = make_list(reader)
                papers = PaperFactory.create_batch(3)
                put_on(shelf, *papers)
                for paper, state in zip(papers, ("read", "reading", "to_read"), strict=True):
                    set_state(reader, paper, state)
            with CaptureQueriesContext(connection) as queries:
                page = client.get("/reading/")
            assert page.content.count(b"<progress") == ReadingState.objects.count() // 3
            return len(queries)

        assert fill(1) == fill(3)
        assert client.get("/reading/?state=read&cursor=nonsense").status_code == 302
        page = client.get("/reading/?state=read")
        assert len(page.context["page"].rows) == 4

    def test_a_pace_is_kept_within_bounds(self, client):
        client.force_login(UserFactory())
        wrong = client.post("/reading/pace/", {"paper": 0, "report": 5, "shorter": 99_999})
        assert set(wrong.context["form"].errors) == {"paper", "shorter"}
        client.post("/reading/pace/", {"paper": 30, "report": 90, "shorter": 5})
        assert b"30 minutes a paper" in client.get("/reading/").content


class TestApi:
    @pytest.fixture
    def reader(self, client):
        reader = UserFactory()
        client.force_login(reader)
        return reader

    def put(self, client, paper: int, body: object):
        address = f"/api/v1/reading-states/{paper}/"
        return client.put(address, body, content_type="application/json")

    def test_a_state_is_put_read_and_deleted(self, client, reader):
        paper, other = PaperFactory(), PaperFactory()
        assert self.put(client, paper.pk, {"state": "to_read"}).status_code == 201
        answer = self.put(client, paper.pk, {"state": "read", "on": "2026-01-05"})
        assert (answer.status_code, answer.json()["on"]) == (200, "2026-01-05")
        assert client.get(f"/api/v1/reading-states/{paper.pk}/").json() == answer.json()
        assert client.get(f"/api/v1/reading-states/{other.pk}/").status_code == 404
        for wrong, code in [
            ({"state": "burnt"}, "invalid_choice"),
            ({"state": "read", "on": "5 Jan"}, "invalid"),
            ({"state": "read", "on": "2999-01-01"}, "future"),
            ({"state": "read", "when": "2026-01-05"}, "unknown"),
            ({}, "required"),
        ]:
            answer = self.put(client, paper.pk, wrong)
            assert answer.status_code == 400
            assert answer.json()["errors"][0]["code"] == code
        assert client.delete(f"/api/v1/reading-states/{paper.pk}/").status_code == 204
        assert client.delete(f"/api/v1/reading-states/{paper.pk}/").status_code == 404

    def test_lists_and_states_narrow_it(self, client, reader):
        papers = PaperFactory.create_batch(3)
        reading_list = make_list(reader)
        put_on(reading_list, papers[0], papers[1])
        for paper, state in zip(papers, ("read", "to_read", "read"), strict=True):
            set_state(reader, paper, state)
        set_state(UserFactory(), papers[0], "read")

        def found(**query: str) -> set[int]:
            rows = client.get("/api/v1/reading-states/", query).json()["results"]
            return {row["id"] for row in rows}

        assert found() == {paper.pk for paper in papers}
        assert found(state="read", list=str(reading_list.pk)) == {papers[0].pk}
        Paper.objects.filter(pk=papers[2].pk).update(is_hidden=True)
        assert found(state="read") == {papers[0].pk}
        assert self.put(client, papers[2].pk, {"state": "read"}).status_code == 404

    def test_whoever_asks_needs_an_account_and_a_token_its_scope(self, client):
        assert client.get("/api/v1/reading-states/").status_code == 401
        _, secret = ApiToken.issue(UserFactory(), "t", ["papers:read", "lists:write"])
        headers = {"Authorization": f"Bearer {secret}"}
        assert client.get("/api/v1/reading-states/", headers=headers).status_code == 403


class TestOnTheListsPage:
    def test_a_reader_sees_their_own_marks_and_chooses_by_them(self, shelf, client):
        path = shelf.list.get_absolute_url()
        assert b"aria-pressed" not in client.get(path, {"state": "read"}).content
        follow(shelf.list, shelf.reader)
        put_on(shelf.list, shelf.papers["g"])
        say(Item.objects.get(paper=shelf.papers["b"]))
        client.force_login(shelf.reader)
        shelf.note("a", "read")
        shelf.note("b", "reading")
        shelf.note("f", "read")

        def shown(**query: str) -> list[str]:
            page = client.get(path, query).context["page"]
            return [row.title for row in page.rows]

        assert shown() == ["a", "g", "b", "c", "", "d", "d"]
        assert shown(state="read") == ["a", ""]
        assert shown(state="unread") == ["g", "c", "d", "d"]
        assert shown(state="nonsense") == shown()
        page = client.get(path).content.decode()
        assert page.count('aria-pressed="true"') == 3  # two states, and that it is followed
        assert page.count("1 new note") == 1
        assert "1 of 5 read, 1 begun" in page
        assert "1 item, 1 note since you last looked" in page.replace("\n", "")

    def test_more_items_cost_no_more_queries(self, client):
        reader = UserFactory()
        client.force_login(reader)

        def cost(count: int) -> int:
            made = make_list(UserFactory(), visibility="public")
            follow(made, reader)
            for item in put_on(made, *PaperFactory.create_batch(count)):
                set_state(reader, item.paper, "read")
                say(item)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(made.get_absolute_url()).status_code == 200
            return len(queries)

        assert cost(1) == cost(7)
