"""Following lists: what is new to whom, and feeds that tell no more than their reader may see."""

import re
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from papers.models import Paper
from readinglists.editing import items, notes
from readinglists.editing.lists import change_list, trash_list
from readinglists.editing.writing import locked
from readinglists.following.changing import follow, unfollow
from readinglists.following.news import news_for, news_of
from readinglists.models import Following, ListEvent, Membership, ReadingList, ShareLink
from tests.factories import PaperFactory, UserFactory
from tests.readinglists.making import join, make_link, make_list, put_on, say

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


class Followed:
    """A public list with followers: somebody with no part in it, a viewer, its owner."""

    def __init__(self) -> None:
        self.list = make_list(UserFactory(username="owner"), "Followed", visibility="public")
        (self.old,) = put_on(self.list, PaperFactory())
        self.editor = join(self.list, "editor", UserFactory(username="editor"))
        self.viewer = join(self.list, "viewer", UserFactory(username="viewer"))
        self.stranger = UserFactory(username="stranger")
        for user in (self.stranger, self.viewer, self.editor, self.list.owner):
            follow(self.list, user)

    def news(self, user: User) -> tuple[set[UUID], dict[UUID, int]]:
        found = news_for(self.list, user)
        return found.items, found.noted

    def edit(self, what, *args, **kwargs):
        with locked(self.list.pk) as held:
            return what(held, *args, **kwargs)


@pytest.fixture
def followed() -> Followed:
    return Followed()


class TestNews:
    def test_what_others_brought_and_still_stands_is_new(self, followed):
        for user in (followed.stranger, followed.viewer):
            assert followed.news(user) == (set(), {})
        owner = followed.list.owner
        one, other, removed = (
            *put_on(followed.list, PaperFactory(), PaperFactory(), at=0),
            *put_on(followed.list, PaperFactory()),
        )
        (proposed,) = put_on(followed.list, PaperFactory(), is_proposed=True, actor=followed.editor)
        followed.edit(items.move_item, owner, followed.old.pk, None, 0)
        followed.edit(items.change_item, owner, followed.old.pk, title="Old")
        followed.edit(items.remove_items, owner, [removed.pk])
        say(followed.old, owner, audience="public")
        say(followed.old, followed.editor, audience="members")
        say(one, owner, audience="private")
        say(other, followed.viewer, audience="members")

        old = followed.old.pk
        assert followed.news(followed.stranger) == ({one.pk, other.pk}, {old: 1})
        assert followed.news(followed.viewer) == (
            {one.pk, other.pk, proposed.pk},
            {old: 2},
        )
        assert followed.news(owner) == ({proposed.pk}, {old: 1, other.pk: 1})
        followed.edit(items.accept, owner, proposed.pk)
        assert proposed.pk in followed.news(followed.stranger)[0]
        assert news_for(followed.list, UserFactory()) is None

    def test_a_look_ends_it_and_nobody_looks_backwards(self, followed):
        following = Following.objects.get(user=followed.stranger)
        (new,) = put_on(followed.list, PaperFactory())
        seen = followed.list.version
        following.look(seen + 5)
        assert followed.news(followed.stranger)[0] == {new.pk}
        following.look(seen)
        following.look(1)
        assert followed.news(followed.stranger) == (set(), {})
        put_on(followed.list, PaperFactory())
        assert len(followed.news(followed.stranger)[0]) == 1

    def test_a_note_that_was_made_private_is_no_news(self, followed):
        note = say(followed.old)
        assert followed.news(followed.stranger)[1]
        followed.edit(notes.change_note, note.author, note, audience="private")
        assert followed.news(followed.stranger) == (set(), {})

    def test_more_lists_cost_no_more_queries(self, followed):
        def cost() -> int:
            followings = list(Following.objects.filter(user=followed.stranger))
            with CaptureQueriesContext(connection) as queries:
                found = news_of(followings, followed.stranger)
            assert len(found) == len(followings)
            return len(queries)

        put_on(followed.list, PaperFactory())
        first = cost()
        for _ in range(3):
            another = make_list(visibility="public")
            follow(another, followed.stranger)
            put_on(another, PaperFactory(), PaperFactory())
        assert cost() == first <= 2


class TestPages:
    def test_follow_look_and_end(self, followed, client):
        reader = UserFactory()
        address = f"/lists/{followed.list.pk}/follow/"
        assert "/login/" in client.post(address, {"do": "follow"}).headers["Location"]
        client.force_login(reader)
        before = ReadingList.objects.values_list("version", "updated_at").get()
        events = ListEvent.objects.count()
        for _ in range(2):
            client.post(address, {"do": "follow"})
        assert Following.objects.filter(user=reader).count() == 1
        put_on(followed.list, PaperFactory())
        page = client.get("/lists/followed/").content.decode()
        assert "1 item" in page
        client.post(address, {"do": "look"})
        page = client.get("/lists/followed/").content.decode()
        assert "nothing new" in page
        client.post(address, {"do": "unfollow"})
        assert not Following.objects.filter(user=reader).exists()
        # To the list only the item was something.
        assert ListEvent.objects.count() == events + 1
        assert ReadingList.objects.get().version == before[0] + 1

    def test_a_list_that_closed_is_counted_and_not_named(self, followed, client):
        client.force_login(followed.stranger)
        change_list(followed.list.pk, followed.list.owner, None, visibility="private")
        page = client.get("/lists/followed/").content.decode()
        assert "Followed" not in page
        assert "1 more that you followed is not open" in page
        assert client.post(f"/lists/{followed.list.pk}/follow/").status_code == 404

    def test_the_api_does_the_same(self, followed, client):
        address = f"/api/v1/lists/{followed.list.pk}/follow/"
        assert client.get(address).status_code == 401
        client.force_login(UserFactory())
        assert client.get(address).status_code == 404

        def put(body: object) -> object:
            return client.put(address, body, content_type="application/json")

        assert put({}).status_code == 201
        (new,) = put_on(followed.list, PaperFactory())
        told = client.get(address).json()
        assert (told["new_items"], told["new_notes"], told["followers"]) == ([str(new.pk)], 0, 5)
        assert client.get(f"/api/v1/lists/{followed.list.pk}/").json()["followers"] == 5
        told = put({"looked_at_version": followed.list.version}).json()
        assert told["new_items"] == []
        assert put({"looked_at": 3}).status_code == 400
        assert client.delete(address).status_code == 204
        assert client.delete(address).status_code == 404


class TestFeeds:
    def feed(self, path: str, user: User | None = None) -> dict:
        client = Client()
        if user:
            client.force_login(user)
        answer = client.get(path)
        assert answer.status_code == 200, path
        return answer.json()

    def test_each_reader_gets_the_notes_they_may_see_but_private_ones(self, followed):
        for audience in ("private", "members", "public"):
            say(followed.old, followed.viewer, f"For {audience}", audience)
        own = f"/lists/{followed.list.pk}/feed.json"
        view, notes = make_link(followed.list), make_link(followed.list, "view_notes")

        def said(path: str, user: User | None = None) -> set[str]:
            (entry,) = self.feed(path, user)["items"]
            return set(re.findall(r"For (\w+)", entry.get("content_html", "")))

        assert said(own) == said(own, followed.stranger) == {"public"}
        assert said(own, followed.viewer) == {"public", "members"}
        assert said(f"/s/{view}/feed.json") == set()
        assert said(f"/s/{notes}/feed.json") == {"public"}
        atom = Client().get(f"/lists/{followed.list.pk}/feed.atom")
        assert atom.headers["Content-Type"].startswith("application/atom+xml")
        assert b"For public" in atom.content
        assert b"For members" not in atom.content

    def test_what_is_hidden_moves_no_date_and_no_tag(self, followed):
        paths = [f"/lists/{followed.list.pk}/feed.atom", f"/s/{make_link(followed.list)}/feed.atom"]

        def told() -> list:
            answers = [Client().get(path) for path in paths]
            return [(each.content, each.headers["ETag"]) for each in answers]

        before = told()
        say(followed.old, followed.editor, "Hidden", "members")
        say(followed.old, followed.stranger, "Hidden", "private")
        put_on(followed.list, PaperFactory(), is_proposed=True, actor=followed.editor)
        assert told() == before
        assert "Last-Modified" not in Client().get(paths[0]).headers
        say(followed.old, followed.editor, "Seen")
        assert told()[0] != before[0]
        assert told()[1] == before[1]

    def test_what_may_not_be_seen_any_more_is_not_named(self, followed):
        title = followed.old.paper.title
        Paper.objects.update(is_hidden=True, url="https://example.org/hidden")
        body = Client().get(f"/lists/{followed.list.pk}/feed.json").content.decode()
        assert title not in body
        assert "hidden" not in body
        assert "No longer available" in body

    def test_by_a_share_link_the_list_keeps_its_own_address_to_itself(self, followed):
        change_list(followed.list.pk, followed.list.owner, None, visibility="private")
        secret = make_link(followed.list)
        answer = Client().get(f"/s/{secret}/feed.atom")
        assert str(followed.list.pk).encode() not in answer.content
        assert "no-store" in answer.headers["Cache-Control"]
        ShareLink.objects.update(revoked_at="2026-01-01T00:00:00Z")
        assert Client().get(f"/s/{secret}/feed.atom").status_code == 404


class TestAFeedOfOnesOwn:
    """For a list that is not for everybody, by a secret address."""

    @pytest.fixture
    def closed(self, followed) -> Followed:
        change_list(followed.list.pk, followed.list.owner, None, visibility="members")
        return followed

    def address(self, followed: Followed, user: User) -> str:
        client = Client()
        client.force_login(user)
        answer = client.post(f"/lists/{followed.list.pk}/follow/", {"do": "make-feed"})
        assert "no-store" in answer.headers["Cache-Control"]
        return re.search(r"/feeds/lists/[\w-]+\.atom", answer.content.decode())[0]

    def test_it_shows_what_its_owner_sees_but_for_private_notes(self, closed):
        for audience in ("private", "members", "public"):
            say(closed.old, closed.viewer, f"For {audience}", audience)
        answer = Client().get(self.address(closed, closed.viewer))
        assert answer.status_code == 200
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["Referrer-Policy"] == "strict-origin"
        found = set(re.findall(r"For (\w+)", answer.content.decode()))
        assert found == {"members", "public"}

    @pytest.mark.parametrize(
        "end",
        [
            lambda each: Membership.objects.filter(user=each.viewer).delete(),
            lambda each: change_list(each.list.pk, each.list.owner, None, visibility="private"),
            lambda each: trash_list(each.list.pk, each.list.owner),
            lambda each: unfollow(each.list, each.viewer),
            lambda each: User.objects.filter(pk=each.viewer.pk).update(is_active=False),
            lambda each: Following.objects.get(user=each.viewer).end_feed(),
            lambda each: Following.objects.get(user=each.viewer).make_feed(),
        ],
        ids=["left", "private", "trash", "unfollowed", "disabled", "ended", "made anew"],
    )
    def test_it_ends_with_what_it_rests_on(self, closed, end):
        address = self.address(closed, closed.viewer)
        assert Client().get(address).status_code == 200
        end(closed)
        ended, wrong = Client().get(address), Client().get("/feeds/lists/nothing.atom")
        assert ended.status_code == wrong.status_code == 404
        assert ended.content == wrong.content
