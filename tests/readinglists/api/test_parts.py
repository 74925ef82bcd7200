"""Sections, notes, history and order of a list over the API."""

from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from readinglists.models import Item, ListEvent, Note
from tests import factories
from tests.readinglists.api.conftest import codes, place_of
from tests.readinglists.making import add_section, make_list, order_of, put_on, say

pytestmark = pytest.mark.django_db


def addresses(count: int) -> list[str]:
    return [f"https://example.org/{number}" for number in range(count)]


class TestSections:
    def test_are_made_changed_moved_and_removed(self, owner, reading_list):
        place = place_of(reading_list, "sections")
        first = owner.send("POST", place, {"title": "First", "prose": "*Read*"})
        assert first.status_code == 201, first.content
        assert first.json()["prose_html"] == "<p><em>Read</em></p>"
        second = owner.send("POST", place, {"title": "Zeroth", "position": 1}).json()
        assert second["position"] == 1
        [item] = put_on(reading_list, "https://example.org/a", section=UUID(first.json()["id"]))
        rows = owner.get(place).json()["results"]
        assert [(row["title"], row["position"], row["item_count"]) for row in rows] == [
            ("Zeroth", 1, 0),
            ("First", 2, 1),
        ]
        one = place_of(reading_list, "sections", first.json()["id"])
        changed = owner.patch(one, {"title": "One", "prose": None, "position": 1})
        assert changed.status_code == 200, changed.content
        assert (changed.json()["title"], changed.json()["prose"], changed.json()["position"]) == (
            "One",
            None,
            1,
        )
        assert owner.delete(one).status_code == 204
        row = owner.get(place_of(reading_list, "items", item.pk)).json()
        assert row["section"] is None


class TestNotes:
    def test_each_reads_what_is_for_them(self, owner, viewer, somebody, reading_list):
        owner.patch(place_of(reading_list), {"visibility": "public"})
        [item] = put_on(reading_list, "https://example.org/a")
        place = place_of(reading_list, "notes")
        for audience in ("private", "members", "public"):
            body = {"item": str(item.pk), "markdown": audience, "audience": audience}
            assert viewer.send("POST", place, body).status_code == 201

        def read(caller):
            alone = {row["markdown"] for row in caller.get(place).json()["results"]}
            [row] = caller.get(place_of(reading_list, "items")).json()["results"]
            assert {note["markdown"] for note in row["notes"]} == alone
            return alone

        assert read(viewer) == {"private", "members", "public"}
        assert read(owner) == {"members", "public"}
        assert read(somebody) == {"public"}

    def test_a_private_one_changes_nothing_that_others_see(self, owner, viewer, reading_list):
        [item] = put_on(reading_list, "https://example.org/a")
        before = (owner.tag(place_of(reading_list)), owner.tag(place_of(reading_list, "items")))
        body = {"item": str(item.pk), "markdown": "Mine."}
        made = viewer.send("POST", place_of(reading_list, "notes"), body)
        assert made.json()["audience"] == "private"
        mine = place_of(reading_list, "notes", made.json()["id"])
        assert viewer.patch(mine, {"markdown": "Still mine."}).json()["version"] == 2
        assert owner.get(mine).status_code == 404
        after = (owner.tag(place_of(reading_list)), owner.tag(place_of(reading_list, "items")))
        assert after == before

    def test_are_changed_by_their_author_and_removed_by_editors(self, owner, viewer, reading_list):
        [item] = put_on(reading_list, "https://example.org/a")
        note = say(item, viewer.user, audience="members")
        place = place_of(reading_list, "notes", note.pk)
        answer = owner.patch(place, {"markdown": "X"})
        assert (answer.status_code, codes(answer)) == (403, {None: "not_allowed"})
        mine = say(item, owner.user)
        assert viewer.delete(place_of(reading_list, "notes", mine.pk)).status_code == 403
        assert owner.delete(place).status_code == 204
        note.refresh_from_db()
        assert (note.markdown, note.deleted_at is None) == ("A note.", False)

    def test_whoever_is_no_member_writes_for_themselves_alone(self, somebody, reading_list, owner):
        owner.patch(place_of(reading_list), {"visibility": "public"})
        [item] = put_on(reading_list, "https://example.org/a")
        place = place_of(reading_list, "notes")
        body = {"item": str(item.pk), "markdown": "Mine.", "audience": "public"}
        assert somebody.send("POST", place, body).status_code == 403
        made = somebody.send("POST", place, {**body, "audience": "private"})
        assert made.status_code == 201
        mine = place_of(reading_list, "notes", made.json()["id"])
        assert somebody.patch(mine, {"audience": "public"}).status_code == 403

    def test_an_item_that_is_not_there_or_not_seen_has_none(self, somebody, owner, reading_list):
        owner.patch(place_of(reading_list), {"visibility": "public"})
        [other] = put_on(make_list(owner.user, visibility="public"), "https://example.org/a")
        [proposed] = put_on(reading_list, "https://example.org/b", is_proposed=True)
        answers = [
            somebody.send(
                "POST", place_of(reading_list, "notes"), {"item": str(pk), "markdown": "X"}
            )
            for pk in (other.pk, proposed.pk, uuid4())
        ]
        assert {(each.status_code, each.content) for each in answers} == {(400, answers[0].content)}
        assert codes(answers[0]) == {"item": "unknown"}
        assert not Note.objects.exists()


class TestHistory:
    def test_tells_members_what_was_done_and_takes_it_back(self, owner, viewer, reading_list):
        [item] = put_on(reading_list, "https://example.org/a")
        owner.patch(place_of(reading_list), {"title": "Another"})
        rows = viewer.get(place_of(reading_list, "events")).json()["results"]
        assert [(row["version"], row["verb"]) for row in rows] == [
            (3, "changed"),
            (2, "added"),
            (1, "made"),
        ]
        assert rows[0]["before"] == {"list": {str(reading_list.pk): {"title": "Reading"}}}
        assert rows[1]["after"]["item"][str(item.pk)]["added_by"] == owner.user.username
        undone = owner.send("POST", place_of(reading_list, "events", rows[0]["id"], "undo"))
        assert undone.status_code == 201, undone.content
        assert undone.json()["undoes"] == rows[0]["id"]
        assert owner.get(place_of(reading_list)).json()["title"] == "Reading"
        again = owner.send("POST", place_of(reading_list, "events", rows[0]["id"], "undo"))
        assert (again.status_code, codes(again)) == (400, {None: "changed_since"})
        assert viewer.get(place_of(reading_list, "events"), since=3).json()["count"] == 1

    def test_is_for_members_and_undo_for_editors(self, owner, viewer, somebody, reading_list):
        owner.patch(place_of(reading_list), {"visibility": "public"})
        [event] = ListEvent.objects.filter(verb="published")
        assert somebody.get(place_of(reading_list, "events")).status_code == 403
        for caller in (viewer, somebody):
            undo = place_of(reading_list, "events", event.pk, "undo")
            assert caller.send("POST", undo).status_code == 403

    def test_who_may_see_the_list_is_not_taken_back_by_editors(self, owner, editor, reading_list):
        change = {"title": "Another", "visibility": "unlisted"}
        owner.patch(place_of(reading_list), change)
        event = ListEvent.objects.get(verb="changed")
        undo = place_of(reading_list, "events", event.pk, "undo")
        assert editor.send("POST", undo).status_code == 403
        assert owner.send("POST", undo).status_code == 201
        assert owner.get(place_of(reading_list)).json()["visibility"] == "members"

    def test_the_owner_brings_a_list_back_from_the_trash(self, owner, viewer, reading_list):
        assert owner.delete(place_of(reading_list)).status_code == 204
        place = place_of(reading_list, "events")
        assert viewer.get(place).status_code == 404
        [trashed] = [row for row in owner.get(place).json()["results"] if row["verb"] == "trashed"]
        undone = owner.send("POST", place_of(reading_list, "events", trashed["id"], "undo"))
        assert undone.status_code == 201, undone.content
        assert owner.get(place_of(reading_list)).status_code == 200

    def test_what_was_made_private_is_neither_told_nor_taken_back_by_others(
        self, owner, viewer, reading_list
    ):
        [item] = put_on(reading_list, "https://example.org/a")
        note = say(item, viewer.user, "Not for long.", "members")
        viewer.patch(place_of(reading_list, "notes", note.pk), {"audience": "private"})
        answer = owner.get(place_of(reading_list, "events"))
        assert "Not for long" not in answer.text
        for event in ListEvent.objects.filter(subject_kind="note"):
            undo = place_of(reading_list, "events", event.pk, "undo")
            assert owner.send("POST", undo).status_code == 403
        assert owner.get(place_of(reading_list, "notes")).json()["count"] == 0

    def test_tells_nothing_of_what_its_reader_may_not_see(self, owner, reading_list):
        paper = factories.PaperFactory(title="Was seen")
        [item] = put_on(reading_list, paper)
        owner.patch(place_of(reading_list, "items", item.pk), {"title": "Hidden since"})
        paper.is_hidden = True
        paper.save()
        answer = owner.get(place_of(reading_list, "events"))
        assert "Hidden since" not in answer.text
        assert answer.json()["results"][1]["after"]["item"][str(item.pk)]["paper"] is None

    def test_restore_brings_an_earlier_version_back(self, owner, reading_list):
        put_on(reading_list, "https://example.org/a")
        version = reading_list.version
        put_on(reading_list, "https://example.org/b")
        place = place_of(reading_list, "restore")
        tag = owner.tag(place_of(reading_list))
        for wrong in (0, -1, "1", 99, None, 2**40):
            answer = owner.send("POST", place, {"version": wrong}, If_Match=tag)
            assert answer.status_code == 400
        answer = owner.send("POST", place, {"version": version}, If_Match=tag)
        assert answer.status_code == 200, answer.content
        assert (answer.json()["item_count"], answer.json()["version"]) == (1, version + 2)
        stale = owner.send("POST", place, {"version": 1}, If_Match=tag)
        assert stale.status_code == 412


class TestOrder:
    def test_the_whole_list_in_one_call(self, owner, reading_list):
        one, two = add_section(reading_list), add_section(reading_list)
        a, b, c = put_on(reading_list, *addresses(3), section=one.pk)
        place = place_of(reading_list, "order")
        told = owner.get(place).json()
        assert told["sections"][0]["items"] == [str(a.pk), str(b.pk), str(c.pk)]
        wanted = {
            "items": [str(c.pk)],
            "sections": [
                {"id": str(two.pk), "items": [str(b.pk), str(a.pk)]},
                {"id": str(one.pk), "items": []},
            ],
        }
        answer = owner.send("PUT", place, wanted, If_Match=owner.tag(place))
        assert answer.status_code == 200, answer.content
        assert answer.json() == {"version": told["version"] + 1, **wanted}
        assert owner.tag(place) == answer.headers["ETag"]
        rows = owner.get(place_of(reading_list, "items")).json()["results"]
        assert [row["id"] for row in rows] == [str(c.pk), str(b.pk), str(a.pk)]

    @pytest.mark.parametrize(
        ("wrong", "error"),
        [
            (lambda a, b, other: [a], ("items", "missing")),
            (lambda a, b, other: [a, b, b], ("items", "duplicate")),
            (lambda a, b, other: [a, b, other], ("items", "unknown")),
            (lambda a, b, other: [a, b, str(uuid4())], ("items", "unknown")),
            (lambda a, b, other: [a, b, "x"], ("items", "invalid")),
            (lambda a, b, other: [a, b, 5], ("items", "invalid")),
            (lambda a, b, other: "ab", ("items", "invalid")),
        ],
    )
    def test_bad_68_what_is_not_each_item_once_moves_nothing(
        self, owner, reading_list, wrong, error
    ):
        a, b = put_on(reading_list, *addresses(2))
        [other] = put_on(make_list(owner.user), "https://example.org/z")
        place = place_of(reading_list, "order")
        body = {"items": wrong(str(a.pk), str(b.pk), str(other.pk))}
        answer = owner.send("PUT", place, body, If_Match=owner.tag(place))
        assert (answer.status_code, codes(answer)) == (400, dict([error]))
        assert order_of(reading_list) == [a.pk, b.pk]

    def test_bad_68_sections_are_named_once_each_too(self, owner, reading_list):
        section = add_section(reading_list)
        strange = add_section(make_list(owner.user))
        place = place_of(reading_list, "order")
        one = {"id": str(section.pk), "items": []}
        for sections, code in (
            ([], "missing"),
            ([one, one], "duplicate"),
            ([one, {"id": str(strange.pk), "items": []}], "unknown"),
        ):
            body = {"items": [], "sections": sections}
            answer = owner.send("PUT", place, body, If_Match=owner.tag(place))
            assert (answer.status_code, codes(answer)) == (400, {"sections": code})

    def test_a_thousand_items_take_as_many_queries_as_ten(self, owner, reading_list):
        def reversed_order() -> int:
            items = [str(pk) for pk in reversed(order_of(reading_list))]
            place = place_of(reading_list, "order")
            tag = owner.tag(place)
            with CaptureQueriesContext(connection) as queries:
                answer = owner.send("PUT", place, {"items": items}, If_Match=tag)
            assert answer.status_code == 200, answer.content
            assert [str(pk) for pk in order_of(reading_list)] == items
            return len(queries)

        put_on(reading_list, *addresses(10))
        for_ten = reversed_order()
        Item.objects.all().delete()
        put_on(reading_list, *addresses(1000))
        assert reversed_order() == for_ten

    def test_sorted_once_within_sections_and_undone(self, owner, reading_list):
        section = add_section(reading_list)
        papers = [
            factories.PaperFactory(title=title, published_year=year)
            for title, year in (("b", 2022), ("C", None), ("a", 2020))
        ]
        for paper, name in zip(papers, ("Ada Zorn", "Bea Young", "Cy Xu"), strict=True):
            factories.AuthorshipFactory(paper=paper, name_as_printed=name)
        b, c, a = put_on(reading_list, *papers, section=section.pk)
        [hidden] = put_on(reading_list, factories.PaperFactory(is_hidden=True), section=section.pk)
        chosen = order_of(reading_list)
        for body, expected in (
            ({"by": "title"}, [a, b, c, hidden]),
            ({"by": "date"}, [a, b, c, hidden]),
            ({"by": "date", "descending": True}, [b, a, c, hidden]),
            ({"by": "author"}, [a, c, b, hidden]),
        ):
            tag = owner.tag(place_of(reading_list))
            answer = owner.send("POST", place_of(reading_list, "sort"), body, If_Match=tag)
            assert answer.status_code == 200, answer.content
            assert order_of(reading_list) == [item.pk for item in expected], body
            latest = ListEvent.objects.filter(reading_list=reading_list).latest("version")
            undo = place_of(reading_list, "events", latest.pk, "undo")
            assert owner.send("POST", undo).status_code == 201
            assert order_of(reading_list) == chosen
