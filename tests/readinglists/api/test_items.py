"""Items of a list over the API."""

from uuid import uuid4

import pytest

from readinglists.models import Item, ListEvent
from tests import factories
from tests.readinglists.api.conftest import codes, place_of
from tests.readinglists.making import add_section, make_list, order_of, put_on, say

pytestmark = pytest.mark.django_db


class TestReading:
    def test_items_come_in_order_with_their_place_in_their_section(self, owner, reading_list):
        section = add_section(reading_list)
        papers = [factories.PaperFactory() for _ in range(3)]
        put_on(reading_list, *papers[:2], section=section.pk)
        put_on(reading_list, papers[2], "https://example.org/a")
        answer = owner.get(place_of(reading_list, "items"))
        assert answer.status_code == 200, answer.content
        rows = answer.json()["results"]
        shown = [(row["paper"], row["section"], row["position"]) for row in rows]
        assert shown == [
            (papers[2].pk, None, 1),
            (None, None, 2),
            (papers[0].pk, str(section.pk), 1),
            (papers[1].pk, str(section.pk), 2),
        ]
        assert rows[1]["url"] == "https://example.org/a"
        assert rows[0]["title"] == papers[2].title
        assert rows[0]["web_url"].endswith(papers[2].get_absolute_url())
        pages, following = [], place_of(reading_list, "items") + "?page_size=1"
        while following:
            page = owner.get(following).json()
            pages += page["results"]
            following = page["next"]
        assert pages == rows

    def test_each_kind_has_its_title_and_its_page(self, owner, reading_list):
        things = [factories.PaperFactory(), factories.EntryFactory(), factories.PrizeFactory()]
        put_on(reading_list, *things)
        rows = owner.get(place_of(reading_list, "items")).json()["results"]
        titles = [things[0].title, things[1].headline, things[2].name]
        assert [row["title"] for row in rows] == titles
        for row, thing in zip(rows, things, strict=True):
            assert row["web_url"].endswith(thing.get_absolute_url())
            read = owner.get(place_of(reading_list, "items", row["id"]))
            assert read.json() == row

    def test_of_what_one_may_not_see_nothing_is_told(self, owner, reading_list):
        paper = factories.PaperFactory(is_hidden=True, title="Hidden")
        [item] = put_on(reading_list, paper)
        Item.objects.filter(pk=item.pk).update(title="Hidden as well")
        answer = owner.get(place_of(reading_list, "items"))
        [row] = answer.json()["results"]
        assert (row["is_available"], row["kind"], row["paper"], row["title"]) == (
            False,
            "paper",
            None,
            None,
        )
        assert "Hidden" not in answer.text
        found = owner.get(place_of(reading_list, "items"), paper=paper.pk)
        assert found.json()["count"] == 0

    def test_filters(self, owner, viewer, reading_list):
        section = add_section(reading_list)
        paper = factories.PaperFactory()
        [first] = put_on(reading_list, paper, section=section.pk)
        [second] = put_on(reading_list, "https://example.org/a")
        say(second, audience="private")

        def ids(caller, **query):
            rows = caller.get(place_of(reading_list, "items"), **query).json()["results"]
            return [row["id"] for row in rows]

        assert ids(owner, section=section.pk) == [str(first.pk)]
        assert ids(owner, section="none") == [str(second.pk)]
        assert ids(owner, section="x") == []
        assert ids(owner, paper=paper.pk) == [str(first.pk)]
        assert ids(owner, has_note="true") == [str(second.pk)]
        assert ids(viewer, has_note="true") == []
        assert ids(viewer, has_note="false") == [str(second.pk), str(first.pk)]

    def test_a_page_takes_as_many_queries_for_many_items_as_for_one(
        self, viewer, reading_list, django_assert_max_num_queries
    ):
        add_section(reading_list)
        for _ in range(2):
            things = [factories.PaperFactory(), factories.EntryFactory(), factories.PrizeFactory()]
            for item in put_on(reading_list, *things, "https://example.org/a"):
                say(item)
            # Who asks takes three; list, items, their count, their places, what they are, notes.
            with django_assert_max_num_queries(9):
                viewer.get(place_of(reading_list, "items"), page_size=3)


class TestAdding:
    def test_one_by_each_of_its_names(self, owner, reading_list):
        paper = factories.PaperFactory()
        factories.IdentifierFactory(paper=paper, scheme="arxiv", value="2101.00001")
        entry, prize = factories.EntryFactory(), factories.PrizeFactory()
        again = {"allow_duplicates": True}
        for body, field, value in (
            ({"paper": paper.pk}, "paper", paper.pk),
            ({"entry": entry.pk}, "entry", entry.pk),
            ({"prize": prize.pk}, "prize", prize.pk),
            ({"url": "https://example.org/a"}, "url", "https://example.org/a"),
            ({"identifier": "arXiv:2101.00001v3", **again}, "paper", paper.pk),
            ({"identifier": "https://arxiv.org/pdf/2101.00001", **again}, "paper", paper.pk),
            ({"identifier": "10.1234/nothing"}, "url", "https://doi.org/10.1234/nothing"),
            ({"identifier": "https://example.org/b#c"}, "url", "https://example.org/b#c"),
        ):
            answer = owner.send("POST", place_of(reading_list, "items"), body)
            assert answer.status_code == 201, answer.content
            assert answer.json()[field] == value
            assert answer.headers["Location"].endswith(f"/items/{answer.json()['id']}/")
            assert (
                owner.tag(place_of(reading_list, "items", answer.json()["id"]))
                == (answer.headers["ETag"])
            )

    def test_to_a_place_in_a_section_moving_nothing_else(self, owner, reading_list):
        section = add_section(reading_list)
        first, last = put_on(
            reading_list, "https://example.org/a", "https://example.org/c", section=section.pk
        )
        body = {"url": "https://example.org/b", "section": str(section.pk), "position": 2}
        answer = owner.send("POST", place_of(reading_list, "items"), body)
        row = answer.json()
        assert (row["section"], row["position"]) == (str(section.pk), 2)
        assert [str(pk) for pk in order_of(reading_list)] == [
            str(first.pk),
            row["id"],
            str(last.pk),
        ]
        last.refresh_from_db()
        assert last.version == 1

    def test_what_is_there_already_is_named_unless_it_may_be_there_twice(self, owner, reading_list):
        paper = factories.PaperFactory()
        [item] = put_on(reading_list, paper)
        place = place_of(reading_list, "items")
        answer = owner.send("POST", place, {"paper": paper.pk})
        assert (answer.status_code, codes(answer)) == (409, {None: "duplicate"})
        assert answer.json()["item"] == str(item.pk)
        twice = owner.send("POST", place, {"paper": paper.pk, "allow_duplicates": True})
        assert twice.status_code == 201

    @pytest.mark.parametrize("kind", ["paper", "entry", "prize"])
    def test_bad_62_an_unseen_one_is_refused_in_the_words_of_a_missing_one(
        self, owner, reading_list, kind
    ):
        thing = {
            "paper": lambda: factories.PaperFactory(is_hidden=True),
            "entry": lambda: factories.EntryFactory(withdrawn_at="2023-01-01T00:00:00Z"),
            "prize": lambda: factories.PrizeFactory(is_hidden=True),
        }[kind]()
        place = place_of(reading_list, "items")
        unseen = owner.send("POST", place, {kind: thing.pk})
        missing = owner.send("POST", place, {kind: 2**62})
        huge = owner.send("POST", place, {kind: 2**70})
        assert unseen.status_code == 400
        assert codes(unseen) == {kind: "unknown"}
        assert unseen.content == missing.content
        assert huge.status_code == 400

    def test_a_contributor_proposes_and_takes_back(self, contributor, viewer, owner, reading_list):
        place = place_of(reading_list, "items")
        made = contributor.send("POST", place, {"url": "https://example.org/a"})
        assert (made.status_code, made.json()["is_proposed"]) == (201, True)
        mine = place_of(reading_list, "items", made.json()["id"])
        assert contributor.patch(mine, {"title": "A title"}).json()["title"] == "A title"
        assert contributor.delete(mine).status_code == 204
        [other] = put_on(reading_list, "https://example.org/b")
        others = place_of(reading_list, "items", other.pk)
        assert contributor.patch(others, {"title": "X"}).status_code == 403
        assert contributor.delete(others).status_code == 403


class TestAddingMany:
    def test_each_is_answered_by_its_index_and_the_good_ones_are_added(self, owner, reading_list):
        paper, there = factories.PaperFactory(), factories.PaperFactory()
        [item] = put_on(reading_list, there)
        section = add_section(reading_list)
        version = reading_list.version
        answer = owner.send(
            "POST",
            place_of(reading_list, "items"),
            [
                {"paper": paper.pk, "section": str(section.pk)},
                {"paper": there.pk},
                {"paper": 2**40},
                {"url": "javascript:alert(1)"},
                "x",
                {"paper": paper.pk},
                {"url": "https://example.org/a", "position": 1},
                {"url": "https://example.org/b", "section": str(uuid4())},
                {"paper": there.pk, "allow_duplicates": True},
                {"paper": paper.pk, "entry": 1},
                {"papr": 1},
            ],
        )
        assert answer.status_code == 207, answer.content
        results = answer.json()["results"]
        assert [row["index"] for row in results] == list(range(11))
        assert [row["outcome"] for row in results] == [
            *("added", "already", "refused", "refused", "refused", "already"),
            *("added", "refused", "added", "refused", "refused"),
        ]
        assert [row["status"] for row in results if row["outcome"] == "already"] == [409, 409]
        assert results[1]["existing"] == str(item.pk)
        assert results[5]["existing"] == results[0]["item"]["id"]
        named = [[(e["field"], e["code"]) for e in row["errors"]] for row in results]
        assert named[2:5] == [
            [("paper", "unknown")],
            [("url", "invalid")],
            [(None, "not_an_object")],
        ]
        assert named[7] == [("section", "unknown")]
        assert named[9] == [("paper", "ambiguous"), ("entry", "ambiguous")]
        assert ("papr", "unknown") in named[10]
        assert results[6]["item"]["position"] == 1
        reading_list.refresh_from_db()
        assert reading_list.version == version + 1 == answer.json()["list_version"]

    def test_bad_69_a_thousand_go_and_one_more_does_not(
        self, owner, reading_list, django_assert_max_num_queries
    ):
        many = [{"url": f"https://example.org/{number}"} for number in range(1001)]
        place = place_of(reading_list, "items")
        for body, code in ((many, "too_many"), ([], "empty")):
            answer = owner.send("POST", place, body)
            assert (answer.status_code, codes(answer)) == (400, {None: code})
        assert not Item.objects.exists()
        # By the form of `bulk_create`, which writes so many at once as the database takes.
        with django_assert_max_num_queries(40):
            answer = owner.send("POST", place, many[:1000], Idempotency_Key="a")
        assert {row["status"] for row in answer.json()["results"]} == {201}
        again = owner.send("POST", place, many[:1000], Idempotency_Key="a")
        assert again.content == answer.content
        assert Item.objects.count() == 1000
        assert ListEvent.objects.filter(reading_list=reading_list).count() == 2


class TestChanging:
    def test_title_section_and_place(self, owner, reading_list):
        section = add_section(reading_list)
        first, second = put_on(reading_list, "https://example.org/a", "https://example.org/b")
        place = place_of(reading_list, "items", second.pk)
        answer = owner.patch(place, {"title": "Better", "position": 1})
        assert answer.status_code == 200, answer.content
        assert (answer.json()["title"], answer.json()["position"]) == ("Better", 1)
        assert order_of(reading_list) == [second.pk, first.pk]
        moved = owner.patch(place, {"section": str(section.pk)}, answer.headers["ETag"])
        assert (moved.json()["section"], moved.json()["position"]) == (str(section.pk), 1)
        back = owner.patch(place, {"section": None, "position": 99})
        assert (back.json()["section"], back.json()["position"]) == (None, 2)

    def test_what_it_is_does_not_change(self, owner, reading_list):
        [item] = put_on(reading_list, "https://example.org/a")
        answer = owner.patch(place_of(reading_list, "items", item.pk), {"url": "https://b.org/"})
        assert (answer.status_code, codes(answer)) == (400, {"url": "read_only"})

    def test_a_section_of_another_list_is_none_of_this(self, owner, reading_list):
        strange = add_section(make_list(owner.user))
        [item] = put_on(reading_list, "https://example.org/a")
        place = place_of(reading_list, "items", item.pk)
        answer = owner.patch(place, {"section": str(strange.pk)})
        assert (answer.status_code, codes(answer)) == (400, {"section": "unknown"})
