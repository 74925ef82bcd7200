"""Lists over the API."""

from uuid import uuid4

import pytest

from readinglists.models import Following, Item, ReadingList
from readinglists.rights import role_of, with_roles
from readinglists.viewsets.parts import VersionedFace
from tests.factories import PaperFactory, TopicFactory, UserFactory
from tests.readinglists.api.conftest import PLACE, Caller, codes, place_of
from tests.readinglists.making import join, make_list, put_on

pytestmark = pytest.mark.django_db


def test_a_list_is_made_read_changed_and_trashed(owner):
    TopicFactory(slug="alignment")
    body = {"title": "Where to begin", "description": "*First*", "cover_topic": "alignment"}
    made = owner.send("POST", PLACE, body)
    assert made.status_code == 201, made.content
    place = made.headers["Location"].partition("://")[2].partition("/")[2]
    row = made.json()
    assert (row["visibility"], row["role"], row["version"]) == ("private", "owner", 1)
    assert row["description_html"] == "<p><em>First</em></p>"

    read = owner.get(f"/{place}")
    assert (read.json(), read.headers["ETag"]) == (row, made.headers["ETag"])

    change = {"title": "Read this first", "visibility": "public", "cover_topic": None}
    changed = owner.patch(f"/{place}", change, made.headers["ETag"])
    assert changed.status_code == 200, changed.content
    assert changed.json()["slug"] == "read-this-first"
    assert changed.json()["cover_topic"] is None
    assert changed.headers["ETag"] == owner.tag(f"/{place}")

    assert owner.delete(f"/{place}").status_code == 204
    assert owner.get(f"/{place}").status_code == 404
    assert ReadingList.objects.get().deleted_at is not None


class TestALimitedToken:
    def test_opens_one_list_and_no_other(self, owner, reading_list):
        other = make_list(owner.user, "Another")
        limited = Caller(owner.user, only_list=reading_list.pk)
        assert limited.get(place_of(reading_list)).status_code == 200
        for path in (place_of(other), place_of(other, "items")):
            for method in ("GET", "PATCH", "POST"):
                answer = limited.send(method, path, {"title": "X"}, If_Match='"1"')
                assert answer.status_code in {404, 405}, (method, path)
        assert [row["id"] for row in limited.get(PLACE).json()["results"]] == [str(reading_list.pk)]

    def test_makes_no_lists_and_opens_nothing_else(self, owner, reading_list):
        limited = Caller(
            owner.user,
            ["lists:read", "lists:write", "papers:read", "search:read", "saved-searches:write"],
            only_list=reading_list.pk,
        )
        made = limited.send("POST", PLACE, {"title": "X"})
        assert (made.status_code, codes(made)) == (403, {None: "limited_to_list"})
        for path in ("papers/", "search/?q=x"):
            answer = limited.get(f"/api/v1/{path}")
            assert (answer.status_code, codes(answer)) == (403, {None: "limited_to_list"})
        answer = limited.send("POST", "/api/v1/saved-searches/", {"name": "A", "page": "papers"})
        assert answer.status_code == 403

    def test_of_a_list_that_is_no_longer_shared_opens_nothing(self, reading_list, editor):
        limited = Caller(editor.user, only_list=reading_list.pk)
        assert limited.get(place_of(reading_list)).status_code == 200
        editor.user.memberships.all().delete()
        assert limited.get(place_of(reading_list)).status_code == 404


@pytest.mark.parametrize("visibility", ["private", "members", "unlisted", "public"])
def test_the_role_asked_for_many_lists_is_that_of_each(visibility):
    reading_list = make_list(visibility=visibility)
    people = [join(reading_list, role) for role in ("editor", "contributor", "viewer")]
    for user in (reading_list.owner, UserFactory(), *people):
        [found] = with_roles(ReadingList.objects.all(), user)
        assert found.role == role_of(reading_list, user)


def test_an_unlisted_list_opens_by_its_id_and_is_in_no_collection(somebody):
    reading_list = make_list(visibility="unlisted")
    assert somebody.get(place_of(reading_list)).status_code == 200
    assert somebody.get(PLACE).json()["results"] == []
    assert somebody.get(f"{PLACE}{uuid4()}/").status_code == 404


class TestTheCollection:
    def test_holds_what_is_listed_for_the_caller(self, owner, viewer, somebody, reading_list):
        public = make_list(title="Public", visibility="public")
        make_list(title="Somebody's own")
        unlisted = make_list(owner.user, "Unlisted", visibility="unlisted")

        def ids(caller, **query):
            return {row["id"] for row in caller.get(PLACE, **query).json()["results"]}

        assert ids(somebody) == {str(public.pk)}
        assert ids(viewer) == {str(public.pk), str(reading_list.pk)}
        assert ids(owner) == {str(each.pk) for each in (public, reading_list, unlisted)}
        assert ids(owner, owner=owner.user.username.upper()) == ids(owner) - {str(public.pk)}
        assert ids(owner, visibility="unlisted") == {str(unlisted.pk)}

    def test_is_filtered_by_paper_topic_and_words(self, owner, somebody, reading_list):
        topic = TopicFactory(slug="alignment")
        paper, hidden = PaperFactory(), PaperFactory(is_hidden=True)
        public = make_list(
            title="Where to begin with goblins", visibility="public", cover_topic=topic
        )
        put_on(public, paper, hidden)
        put_on(public, PaperFactory(), is_proposed=True)
        proposed = Item.objects.get(is_proposed=True).paper_id

        def count(caller, **query):
            answer = caller.get(PLACE, **query)
            assert answer.status_code == 200, answer.content
            return answer.json()["count"]

        assert (count(somebody, paper=paper.pk), count(somebody, paper=hidden.pk)) == (1, 0)
        assert (count(somebody, paper=proposed), count(Caller(public.owner), paper=proposed)) == (
            0,
            1,
        )
        assert (count(owner, topic="alignment"), count(owner, topic="other")) == (1, 0)
        assert (count(owner, q="goblins"), count(owner, q="goblins owner:nobody")) == (1, 0)

    def test_of_proposals_only_members_count(self, owner, somebody, reading_list):
        owner.patch(place_of(reading_list), {"visibility": "public"})
        put_on(reading_list, "https://example.org/a")
        put_on(reading_list, "https://example.org/b", is_proposed=True)
        for caller, count in ((owner, 2), (somebody, 1)):
            assert caller.get(place_of(reading_list)).json()["item_count"] == count
            assert caller.get(place_of(reading_list, "items")).json()["count"] == count

    def test_orders_are_total_and_take_few_queries(
        self, owner, reading_list, django_assert_max_num_queries
    ):
        for number in range(4):
            made = make_list(title=f"List {number}", visibility="public")
            Following.objects.create(reading_list=made, user=owner.user)
        owner.get(PLACE)  # the first use of a token is noted
        for ordering in ("title", "-title", "updated", "-created"):
            place, titles = f"{PLACE}?page_size=2&ordering={ordering}", []
            while place:
                # Who asks takes two; the lists, and their count.
                with django_assert_max_num_queries(4):
                    page = owner.get(place).json()
                titles += [row["title"] for row in page["results"]]
                place = page["next"]
            assert len(set(titles)) == 5
            if ordering.endswith("title"):
                assert titles == sorted(titles, reverse=ordering.startswith("-"))
        rows = owner.get(PLACE).json()["results"]
        assert sorted(row["followers"] for row in rows) == [0, 1, 1, 1, 1]

    def test_of_an_original_that_is_not_listed_not_even_the_id_is_told(self, somebody, owner):
        for visibility, told in (("public", True), ("unlisted", False), ("private", False)):
            original = make_list(visibility=visibility)
            copy = make_list(somebody.user, forked_from=original, forked_from_version=1)
            row = somebody.get(place_of(copy)).json()
            assert row["forked_from"] == (str(original.pk) if told else None)
            assert row["forked_from_version"] == (1 if told else None)


class TestWhoMayWhat:
    def test_an_editor_changes_texts_and_neither_who_sees_it_nor_whether_it_is(
        self, editor, reading_list
    ):
        place = place_of(reading_list)
        assert editor.patch(place, {"title": "Another"}).status_code == 200
        same = editor.patch(place, {"title": "A third", "visibility": "members"})
        assert same.status_code == 200
        opened = editor.patch(place, {"title": "Open", "visibility": "public"})
        assert (opened.status_code, codes(opened)) == (403, {None: "not_allowed"})
        assert editor.delete(place).status_code == 403
        reading_list.refresh_from_db()
        assert (reading_list.title, reading_list.visibility) == ("A third", "members")

    def test_a_right_that_ends_before_the_lock_is_had_is_none(
        self, editor, reading_list, monkeypatch
    ):
        """As if the list's owner had been quicker: the right is asked again under the lock."""
        place, real = place_of(reading_list), VersionedFace.hold_list
        tag = editor.tag(place)

        def late(view):
            editor.user.memberships.update(role="viewer")
            return real(view)

        monkeypatch.setattr(VersionedFace, "hold_list", late)
        assert editor.patch(place, {"title": "Too late"}, tag).status_code == 403
