"""Who gets how far with each address and method of lists: generated from the API's own routes.

What a token may, what a role may, and that a list's address opens none of what is another's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from config.api import UNDER_LISTS, router
from readinglists.models import ListEvent, ReadingList, ReadingListQuerySet
from tests import factories
from tests.readinglists.api.conftest import PLACE, Caller, codes, place_of, send
from tests.readinglists.making import add_section, join, make_list, put_on, say

# Rights are asked the same way on either database; the tests of lists try the queries on both.
pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

# Built by others, with guards of their own.
ELSEWHERE = {"members", "invitations", "share-links", "revisions", "fork"}
PARTS = sorted(set(UNDER_LISTS) - ELSEWHERE)
SAFE = {"get", "head", "options"}


@dataclass(frozen=True)
class Door:
    """One method of one address; `part` is what it is of, "" for the list itself."""

    method: str
    part: str
    name: str
    of_one: bool

    def __str__(self) -> str:
        return f"{self.method} {self.part or 'lists'} {self.name}"

    def place(self, reading_list: ReadingList, pk: object = None) -> str:
        if not self.part:
            inner = [] if self.name in ("list", "detail") else [self.name]
            return PLACE if not self.of_one else place_of(reading_list, *inner)
        inner = [self.part, *([pk] if self.of_one else [])]
        own = [] if self.name in ("list", "detail") else [self.name]
        return place_of(reading_list, *inner, *own)


def all_doors() -> Iterator[Door]:
    for _, viewset, basename in router.registry:
        part = basename.removeprefix("lists-")
        if basename == "lists" or (basename.startswith("lists-") and part in PARTS):
            for route in router.get_routes(viewset):
                methods = router.get_method_map(viewset, route.mapping)
                name = route.name.removeprefix("{basename}-")
                of_one = "{lookup}" in route.url
                for method in methods:
                    yield Door(method, part if basename != "lists" else "", name, of_one)


DOORS = list(all_doors())
UNSAFE = [door for door in DOORS if door.method not in SAFE]
OF_A_LIST = [door for door in DOORS if door.part or door.of_one]


def by_part(doors: list[Door]) -> Any:
    """What changes nothing is tried on all doors of a part at once."""
    parts = {door.part: [each for each in doors if each.part == door.part] for door in doors}
    return pytest.mark.parametrize("doors", parts.values(), ids=[part or "lists" for part in parts])


@pytest.fixture
def things(reading_list) -> dict[str, Any]:
    """The id of one thing of each part of the list."""
    return make_things(reading_list)


def make_things(reading_list: ReadingList) -> dict[str, Any]:
    section = add_section(reading_list)
    [item] = put_on(reading_list, "https://example.org/a", section=section.pk)
    note = say(item)
    event = ListEvent.objects.filter(reading_list=reading_list).latest("version")
    return {"sections": section.pk, "items": item.pk, "notes": note.pk, "events": event.pk}


BODIES: dict[tuple[str, str], Any] = {
    ("", "patch"): {"title": "X"},
    ("sections", "post"): {"title": "X"},
    ("sections", "patch"): {"title": "X"},
    ("items", "post"): {"url": "https://example.org/x"},
    ("items", "patch"): {"title": "X"},
    ("notes", "patch"): {"markdown": "X"},
}


def body_of(door: Door, things: dict[str, Any]) -> Any:
    match door.part, door.name, door.method:
        case "", "list", _:
            return {"title": "X"}
        case "", "order", _:
            return {"items": [], "sections": [{"id": str(things["sections"]), "items": []}]}
        case "", "sort", _:
            return {"by": "title"}
        case "", "restore", _:
            return {"version": 1}
        case "notes", "list", _:
            return {"item": str(things["items"]), "markdown": "X", "audience": "public"}
    return BODIES.get((door.part, door.method))


def ask(caller: Any, door: Door, reading_list: ReadingList, things: dict[str, Any]) -> Any:
    client = caller.client if isinstance(caller, Caller) else caller
    place = door.place(reading_list, things.get(door.part))
    body = None if door.method in SAFE else body_of(door, things)
    return send(client, door.method.upper(), place, body, If_Match='"1"')


def state() -> list[Any]:
    lists = ReadingList.objects.order_by("pk").values_list("pk", "version", "deleted_at")
    return [*lists, ListEvent.objects.count()]


def test_the_doors_are_those_that_are_built():
    assert len(DOORS) > 25
    assert {door.part for door in DOORS} == {"", *PARTS} == {"", *make_keys()}


def make_keys() -> set[str]:
    return {"sections", "items", "notes", "events"}


@by_part(DOORS)
def test_bad_72_a_token_needs_the_scope_of_each_method(owner, reading_list, things, doors):
    before = state()
    for verb, other in (("read", "write"), ("write", "read")):
        without = Caller(owner.user, [f"lists:{other}", "papers:read", "papers:write"])
        for door in doors:
            if (door.method in SAFE) != (verb == "read"):
                continue
            answer = ask(without, door, reading_list, things)
            assert answer.status_code == 403, door
            assert codes(answer) == {None: "missing_scope"}
            assert f"lists:{verb}" in answer.json()["detail"]
    assert state() == before


@by_part(OF_A_LIST)
def test_whoever_may_not_see_the_list_is_told_it_is_not_there(reading_list, things, doors):
    nowhere, ids = ReadingList(pk=uuid4()), dict.fromkeys(things, uuid4())
    private = make_list(visibility="private")
    stranger, waiting = Caller(factories.UserFactory()), Caller(join(private, "editor"))
    before = state()
    for door in doors:
        for answer, missing in (
            (ask(stranger, door, reading_list, things), ask(stranger, door, nowhere, ids)),
            (ask(waiting, door, private, ids), ask(waiting, door, nowhere, ids)),
        ):
            assert (answer.status_code, answer.content) == (404, missing.content), door
        anonymous = ask(Client(), door, reading_list, things)
        assert anonymous.status_code == (404 if door.method in SAFE else 401), door
    assert state() == before


@pytest.mark.parametrize("role", ["viewer", "contributor", None])
@by_part([door for door in UNSAFE if door in OF_A_LIST])
def test_who_sees_the_list_and_may_not_write_is_told_so(owner, reading_list, things, doors, role):
    owner.patch(place_of(reading_list), {"visibility": "public"})
    user = join(reading_list, role) if role else factories.UserFactory()
    caller = Caller(user)
    # Contributors propose, and all members note for others.
    may = {"contributor": {"post items list", "post notes list"}, "viewer": {"post notes list"}}
    for door in doors:
        before = state()
        answer = ask(caller, door, reading_list, things)
        if str(door) in may.get(role, ()):
            assert answer.status_code == 201, answer.content
        else:
            assert answer.status_code == 403, (door, answer.content)
            assert codes(answer) == {None: "not_allowed"}
            assert state() == before


@pytest.mark.parametrize("door", [door for door in DOORS if door.part and door.of_one], ids=str)
def test_a_lists_address_opens_nothing_of_another_list(owner, reading_list, door):
    """Both lists are the caller's own: it is the address that does not lead there."""
    mine = make_things(reading_list)
    others = make_things(make_list(owner.user))
    assert ask(owner, door, reading_list, mine).status_code != 404
    before = state()
    strange = ask(owner, door, reading_list, others)
    none = ask(owner, door, reading_list, dict.fromkeys(others, uuid4()))
    assert (strange.status_code, strange.content) == (404, none.content)
    assert state() == before


def test_ids_of_another_list_in_a_body_name_nothing(owner, reading_list):
    others = make_things(make_list(owner.user))
    make_things(reading_list)
    for part, body, field in (
        ("items", {"url": "https://example.org/x", "section": str(others["sections"])}, "section"),
        ("notes", {"item": str(others["items"]), "markdown": "X"}, "item"),
    ):
        answer = owner.send("POST", place_of(reading_list, part), body)
        assert (answer.status_code, codes(answer)) == (400, {field: "unknown"})


@by_part(UNSAFE)
def test_bad_73_a_session_needs_the_token_of_its_form(owner, reading_list, things, doors):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(owner.user)
    before = state()
    for door in doors:
        assert ask(browser, door, reading_list, things).status_code == 403, door
    assert state() == before


MUTANTS = {
    "lists that may be opened": "visible_to",
    "lists that are listed": "listed_for",
}


@pytest.mark.parametrize("name", MUTANTS.values(), ids=MUTANTS)
def test_mutants_that_show_everybody_all_lists_are_found(
    somebody, reading_list, things, name, monkeypatch
):
    """The guards above would fail: what they ask for is answered."""
    monkeypatch.setattr(ReadingListQuerySet, name, lambda self, user: self.all())
    if name == "listed_for":
        assert somebody.get(PLACE).json()["count"] == 1
    else:
        for door in DOORS:
            if door.method == "get" and (door.part or door.of_one):
                answer = ask(somebody, door, reading_list, things)
                assert answer.status_code != 404, door
