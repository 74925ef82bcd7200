"""Sections, items and order by pages: with buttons, by a script, too late, by whoever may not."""

import re
import time
from html import unescape
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from readinglists.editing import lists
from readinglists.models import Item, ListSection
from tests.factories import PaperFactory, UserFactory
from tests.readinglists.making import add_section, join, make_link, make_list, order_of, put_on

pytestmark = pytest.mark.django_db


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def reading_list():
    """Two items before all sections, two in A, none in B."""
    made = make_list(title="Animals")
    put_on(made, *(f"https://example.org/{n}" for n in (1, 2)))
    a = add_section(made, "A")
    put_on(made, *(f"https://example.org/{n}" for n in (3, 4)), section=a.pk)
    add_section(made, "B")
    return made


@pytest.fixture
def client(reading_list):
    return signed_in(reading_list.owner)


def path(name: str, reading_list, **part) -> str:
    return reverse(f"readinglists:{name}", kwargs={"pk": reading_list.pk, **part})


def shape(reading_list) -> dict[str, list[int]]:
    """The last figure of each address, by section."""
    reading_list.refresh_from_db()
    names = dict(ListSection.objects.filter(deleted_at=None).values_list("pk", "title"))
    rows = Item.objects.filter(reading_list=reading_list, deleted_at=None).order_by("position")
    found: dict[str, list[int]] = {"": [], **{name: [] for name in names.values()}}
    for section, url in rows.values_list("section", "url"):
        name = names.get(section, "")
        found[name] = [*found[name], int(url[-1])]
    return found


def ids(reading_list) -> dict[int, str]:
    rows = Item.objects.filter(reading_list=reading_list).values_list("url", "pk")
    return {int(url[-1]): str(pk) for url, pk in rows}


def section(title: str) -> ListSection:
    return ListSection.objects.get(title=title)


def hidden_in(page, number: int = 0) -> dict[str, str]:
    """The hidden fields of a page's form as a browser has them."""
    forms = re.findall(r'<form class="form.*?</form>', page.content.decode(), re.DOTALL)
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', forms[number])
    return {name: unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def undo_in(page) -> str:
    """Of what was said last."""
    return re.findall(r'action="([^"]*/undo/)"', page.content.decode())[-1]


# --- Order -------------------------------------------------------------------------------------
def press(client, reading_list, follow=True, **data):
    reading_list.refresh_from_db()
    data.setdefault("version", reading_list.version)
    return client.post(path("order", reading_list), data, follow=follow)


def test_buttons_move_one_thing_at_a_time_across_sections(client, reading_list):
    two = ids(reading_list)[2]
    page = press(client, reading_list, down=two)
    assert shape(reading_list) == {"": [1], "A": [2, 3, 4], "B": []}
    focused = re.search(r"<button[^>]*autofocus[^>]*>", page.content.decode())[0]
    assert f'name="down" value="{two}"' in focused, "one goes on by keyboard where one was"
    press(client, reading_list, up=two)
    press(client, reading_list, up=two)
    assert shape(reading_list) == {"": [2, 1], "A": [3, 4], "B": []}
    press(client, reading_list, section_up=section("B").pk)
    order = ListSection.objects.order_by("position").values_list("title", flat=True)
    assert list(order) == ["B", "A"]


def test_what_is_chosen_is_moved_together_and_taken_off_together(client, reading_list):
    known = ids(reading_list)
    where = {"gather": "yes", "section": section("B").pk, "position": ""}
    page = press(client, reading_list, item=[known[1], known[4]], **where)
    assert shape(reading_list) == {"": [2], "A": [3], "B": [1, 4]}
    client.post(undo_in(page))
    assert shape(reading_list) == {"": [1, 2], "A": [3, 4], "B": []}
    where = {"gather": "yes", "section": "", "position": "1"}
    press(client, reading_list, item=[known[3]], **where)
    assert shape(reading_list) == {"": [3, 1, 2], "A": [4], "B": []}
    page = press(client, reading_list, item=[known[3], known[4]], remove="yes")
    assert shape(reading_list) == {"": [1, 2], "A": [], "B": []}
    client.post(undo_in(page))
    assert shape(reading_list) == {"": [3, 1, 2], "A": [4], "B": []}


def test_a_button_of_a_page_that_is_out_of_date_moves_nothing(client, reading_list):
    old = reading_list.version
    lists.change_list(reading_list.pk, reading_list.owner, None, title="Beasts")
    for data in ({"up": ids(reading_list)[2]}, {"item": ids(reading_list)[2], "remove": "yes"}):
        answer = press(client, reading_list, version=old, **data)
        assert answer.status_code == 409
        assert "changed meanwhile" in answer.content.decode()
    assert shape(reading_list) == {"": [1, 2], "A": [3, 4], "B": []}


def whole(reading_list, *numbers: list[int]) -> str:
    known = ids(reading_list)
    names = ["null", *(f'"{section(title).pk}"' for title in ("A", "B"))]
    parts = (
        f"[{name}, [{', '.join(f'{chr(34)}{known[n]}{chr(34)}' for n in items)}]]"
        for name, items in zip(names, numbers, strict=True)
    )
    return f"[{', '.join(parts)}]"


def test_a_script_saves_the_whole_order_and_is_told_how_to_take_it_back(client, reading_list):
    data = {"version": reading_list.version, "order": whole(reading_list, [4], [], [3, 1, 2])}
    address = path("order", reading_list)
    answer = client.post(address, data, headers={"Accept": "application/json"})
    assert shape(reading_list) == {"": [4], "A": [], "B": [3, 1, 2]}
    assert answer.json()["version"] == reading_list.version
    client.post(answer.json()["undo"])
    assert shape(reading_list) == {"": [1, 2], "A": [3, 4], "B": []}
    missing = {"version": reading_list.version, "order": whole(reading_list, [4], [], [3])}
    refused = client.post(address, missing, headers={"Accept": "application/json"})
    assert refused.status_code == 400
    assert "missing" in refused.json()["detail"]
    late = client.post(address, data, headers={"Accept": "application/json"})
    assert late.status_code == 409
    assert shape(reading_list) == {"": [1, 2], "A": [3, 4], "B": []}


def test_an_order_that_came_too_late_is_shown_beside_the_one_that_stands(client, reading_list):
    data = {"version": reading_list.version, "order": whole(reading_list, [], [4, 3], [2, 1])}
    put_on(reading_list, "https://example.org/5", section=section("A").pk)
    press(client, reading_list, item=[ids(reading_list)[2]], remove="yes")
    late = client.post(path("order", reading_list), data)
    assert late.status_code == 409
    assert "What stands now" in late.content.decode()
    assert shape(reading_list) == {"": [1], "A": [3, 4, 5], "B": []}
    client.post(path("order", reading_list), hidden_in(late))
    assert shape(reading_list) == {"": [], "A": [4, 5, 3], "B": [1]}, "mine, with what was new"


def test_a_list_is_sorted_once_and_gets_its_chosen_order_back(client, reading_list):
    put_on(reading_list, "https://example.org/0")
    press(client, reading_list, up=ids(reading_list)[0])
    chosen = shape(reading_list)
    data = {"version": reading_list.version, "by": "title", "descending": "on"}
    page = client.post(path("sort", reading_list), data, follow=True)
    assert shape(reading_list) == {"": [2, 1, 0], "A": [4, 3], "B": []}
    client.post(undo_in(page))
    assert shape(reading_list) == chosen
    assert client.post(path("sort", reading_list), {**data, "by": "owner"}).status_code == 302
    assert shape(reading_list) == chosen


def test_a_thousand_items_are_shown_and_ordered_in_as_many_queries_as_ten(client):
    counted = []
    for size in (10, 1_000):
        made = make_list(UserFactory())
        papers = PaperFactory.create_batch(3)
        put_on(made, *papers, *(f"https://example.org/{n}" for n in range(size - 3)))
        editor = signed_in(made.owner)
        known = [str(pk) for pk in order_of(made)]
        data = {"version": made.version, "order": f"[[null, {list(reversed(known))}]]"}
        data["order"] = data["order"].replace("'", '"')
        editor.get(path("order", made))
        with CaptureQueriesContext(connection) as queries:
            assert editor.get(path("order", made)).status_code == 200
            answer = editor.post(path("order", made), data, headers={"Accept": "application/json"})
        assert answer.status_code == 200
        assert [str(pk) for pk in order_of(made)] == known[::-1]
        counted.append(len(queries))
    # What is too much for one statement goes in several: SQLite takes so many values at once.
    assert counted[1] <= counted[0] + 3, counted


# --- Sections and items --------------------------------------------------------------------------
def test_a_section_is_made_once_changed_and_removed_with_a_way_back(client, reading_list):
    new = path("new-section", reading_list)
    typed = {"title": " C ", "prose": "Of *cats*.", **hidden_in(client.get(new))}
    for _ in range(2):
        answer = client.post(new, typed)
    made = section("C")
    assert answer.url.endswith(f"#section-{made.pk}")
    assert "<em>cats</em>" in made.prose_html
    own = path("section", reading_list, section=made.pk)
    client.post(own, {"title": "D", "prose": "", **hidden_in(client.get(own))})
    assert section("D").prose_html == ""
    a = section("A")
    page = client.post(
        path("remove-section", reading_list, section=a.pk), {"version": a.version}, follow=True
    )
    assert shape(reading_list)[""] == [1, 2, 3, 4]
    client.post(undo_in(page))
    assert shape(reading_list) == {"": [1, 2], "A": [3, 4], "B": [], "D": []}


def test_two_who_change_one_section_see_both_texts(client, reading_list):
    own = path("section", reading_list, section=section("A").pk)
    first, second = (hidden_in(client.get(own)) for _ in range(2))
    client.post(own, {"title": "Hers", "prose": "", **first})
    late = client.post(own, {"title": "His", "prose": "More.", **second})
    assert late.status_code == 409
    assert {"Hers", "His"} <= set(re.findall("Hers|His", late.content.decode()))
    stale = path("remove-section", reading_list, section=section("Hers").pk)
    client.post(stale, {"version": 1})
    assert section("Hers").deleted_at is None, "nobody removes what they have not seen"
    client.post(own, {**hidden_in(late), "title": "His", "prose": "More.", "keep": "mine"})
    assert section("His").prose == "More."


def test_an_item_is_called_otherwise_moved_and_removed_with_a_way_back(client, reading_list):
    one = ids(reading_list)[1]
    own = path("item", reading_list, item=one)
    client.post(own, {"title": "The first", **hidden_in(client.get(own))})
    assert Item.objects.get(pk=one).title == "The first"
    client.post(own, {"title": "", **hidden_in(client.get(own))})
    assert Item.objects.get(pk=one).title is None, "it is called what it is again"
    place = {"section": section("A").pk, "position": 2, **hidden_in(client.get(own), 1)}
    client.post(path("move-item", reading_list, item=one), place)
    assert shape(reading_list) == {"": [2], "A": [3, 1, 4], "B": []}
    for _ in range(2):
        client.post(path("remove-item", reading_list, item=one))
    page = client.get(reading_list.get_absolute_url())
    assert shape(reading_list) == {"": [2], "A": [3, 4], "B": []}
    client.post(undo_in(page))
    assert shape(reading_list) == {"": [2], "A": [3, 1, 4], "B": []}


# --- What is wrong -----------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["contributor", "viewer", "stranger", "nobody"])
def test_whoever_may_not_edit_changes_nothing(reading_list, role):
    lists.change_list(reading_list.pk, reading_list.owner, None, visibility="members")
    user = join(reading_list, role) if role in {"contributor", "viewer"} else UserFactory()
    client = Client() if role == "nobody" else signed_in(user)
    before, one = shape(reading_list), ids(reading_list)[1]
    a = section("A").pk
    expected = {"stranger": 404, "nobody": 302}.get(role, 403)
    version = {"version": reading_list.version}
    for name, part, data in (
        ("order", {}, {"up": one, **version}),
        ("sort", {}, {"by": "title", **version}),
        ("new-section", {}, {}),
        ("section", {"section": a}, {}),
        ("remove-section", {"section": a}, version),
        ("item", {"item": one}, {}),
        ("move-item", {"item": one}, version),
        ("remove-item", {"item": one}, {}),
        ("list-trash", {}, None),
        ("delete", {}, version),
    ):
        address = path(name, reading_list, **part)
        answer = client.get(address) if data is None else client.post(address, data)
        assert answer.status_code == expected, name
    assert shape(reading_list) == before


def test_a_part_of_another_list_is_none_of_this_one(client, reading_list):
    other = make_list(reading_list.owner)
    [item], foreign = put_on(other, "https://example.org/9"), add_section(other, "Z")
    for name, part in (
        *((name, {"section": foreign.pk}) for name in ("section", "remove-section")),
        *((name, {"item": item.pk}) for name in ("item", "move-item")),
        ("restore-item", {"item": item.pk}),
        ("restore-section", {"section": foreign.pk}),
    ):
        assert client.post(path(name, reading_list, **part)).status_code == 404, name
    press(client, reading_list, up=item.pk)
    press(client, reading_list, item=[item.pk], remove="yes")
    client.post(path("remove-item", reading_list, item=item.pk))
    assert Item.objects.get(pk=item.pk).deleted_at is None
    secret = make_link(reading_list)
    assert client.get(f"/s/{secret}/order/").status_code == 404, "links lead to no editing"


def test_a_title_of_a_megabyte_is_a_mistake_in_the_form_and_soon_said(client, reading_list):
    typed = {"title": "a" * 1_000_000, "prose": "", "request_id": uuid4()}
    started = time.perf_counter()
    answer = client.post(path("new-section", reading_list), typed)
    assert time.perf_counter() - started < 1
    assert answer.status_code == 400
    assert "at most 300 characters" in answer.content.decode()


@pytest.mark.parametrize("title", ["../", "#", "?a=b", "%2f", "🦊", "order", "a/b", '"><b>'])
def test_a_section_of_any_title_has_addresses_that_lead_to_it(client, reading_list, title):
    new = path("new-section", reading_list)
    client.post(new, {"title": title, "prose": "", **hidden_in(client.get(new))})
    made = ListSection.objects.latest("position")
    assert made.title == title
    page = client.get(path("order", reading_list)).content.decode()
    own = re.findall(r'href="([^"]*/sections/[0-9a-f-]{36}/)"', page)[-1]
    assert client.get(own).status_code == 200
    assert "<b>" not in page


def test_what_was_typed_is_shown_again_where_its_list_was_deleted_in_another_tab(
    client, reading_list
):
    lists.trash_list(reading_list.pk, reading_list.owner)
    for name, part in (("new-section", {}), ("section", {"section": section("A").pk})):
        typed = {"title": "Precious words", "prose": "And more.", "request_id": uuid4()}
        answer = client.post(path(name, reading_list, **part), typed)
        assert answer.status_code == 404
        assert "Precious words" in answer.content.decode()


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30, None])
def test_a_form_without_its_version_moves_nothing(client, reading_list, version):
    data = {"down": ids(reading_list)[1]} | ({} if version is None else {"version": version})
    answer = client.post(path("order", reading_list), data)
    assert answer.status_code == 400
    assert shape(reading_list)[""] == [1, 2]
