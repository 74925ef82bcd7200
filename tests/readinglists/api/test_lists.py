"""Lists over the API."""

from uuid import uuid4

import pytest

from readinglists.models import ReadingList
from readinglists.rights import role_of, with_roles
from tests.factories import TopicFactory, UserFactory
from tests.readinglists.api.conftest import PLACE, Caller, codes, place_of
from tests.readinglists.making import join, make_list

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
