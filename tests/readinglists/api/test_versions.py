"""Nobody writes over what they have not seen: which `If-Match` writes, and what the others get.

The rules are those of Zotero's web API, tried as its own tests do: case by case, on each thing that
has a version.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from readinglists.models import Item, ListEvent, ListSection, Note, ReadingList
from tests.readinglists.api.conftest import Caller, place_of
from tests.readinglists.making import add_section, put_on, say

# What writes at once on either database, tests/readinglists/crowd tells.
pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

type Tag = Callable[[str], str]


@dataclass(frozen=True)
class Thing:
    """Something with a version, where it stands, and a change of it."""

    row: Any
    place: str
    change: dict[str, Any]

    @property
    def version(self) -> int:
        return type(self.row)._base_manager.get(pk=self.row.pk).version


KINDS: dict[str, Callable[[ReadingList], Thing]] = {}


def kind(make: Callable[[ReadingList], Thing]) -> Callable[[ReadingList], Thing]:
    KINDS[make.__name__] = make
    return make


@kind
def a_list(reading_list: ReadingList) -> Thing:
    return Thing(reading_list, place_of(reading_list), {"title": "Changed"})


@kind
def a_section(reading_list: ReadingList) -> Thing:
    section = add_section(reading_list)
    return Thing(section, place_of(reading_list, "sections", section.pk), {"title": "Changed"})


@kind
def an_item(reading_list: ReadingList) -> Thing:
    [item] = put_on(reading_list, "https://example.org/a")
    return Thing(item, place_of(reading_list, "items", item.pk), {"title": "Changed"})


@kind
def a_note(reading_list: ReadingList) -> Thing:
    note = say(put_on(reading_list, "https://example.org/a")[0])
    return Thing(note, place_of(reading_list, "notes", note.pk), {"markdown": "Changed"})


@kind
def a_private_note(reading_list: ReadingList) -> Thing:
    note = say(put_on(reading_list, "https://example.org/a")[0], audience="private")
    return Thing(note, place_of(reading_list, "notes", note.pk), {"markdown": "Changed"})


# What is sent of the tag that was read, and the status it has; None sends no header at all.
CASES: dict[str, tuple[Callable[[str, int], str | None], int]] = {
    "as it was read": (lambda tag, version: tag, 200),
    "its version alone": (lambda tag, version: f'"{version}"', 200),
    "in another format's tag": (lambda tag, version: f'"{version}-00ff"', 200),
    "with blanks around": (lambda tag, version: f"  {tag} ", 200),
    "none": (lambda tag, version: None, 428),
    "empty": (lambda tag, version: "", 428),
    "blank": (lambda tag, version: "  ", 428),
    "any": (lambda tag, version: "*", 428),
    "the version before": (lambda tag, version: f'"{version - 1}"', 412),
    "the version to come": (lambda tag, version: f'"{version + 1}"', 412),
    "zero": (lambda tag, version: '"0"', 412),
    "the largest": (lambda tag, version: f'"{10**18 - 1}"', 412),
    "larger than any": (lambda tag, version: f'"{10**18}"', 400),
    "five thousand digits": (lambda tag, version: f'"{"9" * 5000}"', 400),
    "weak": (lambda tag, version: f"W/{tag}", 400),
    "bare": (lambda tag, version: f"{version}", 400),
    "below zero": (lambda tag, version: '"-1"', 400),
    "a word": (lambda tag, version: '"abc"', 400),
    "several": (lambda tag, version: f'{tag}, "7"', 400),
    "several with any": (lambda tag, version: f"{tag}, *", 400),
    "in other digits": (lambda tag, version: '"\u0661"'.encode().decode("latin-1"), 400),
    "half": (lambda tag, version: f'"{version}', 400),
    "a fraction": (lambda tag, version: f'"{version}.0"', 400),
}


def test_the_tag_of_a_compressed_answer_writes_and_is_known_again(owner, reading_list):
    place, gzip = place_of(reading_list), {"Accept-Encoding": "gzip"}
    shown = owner.client.get(place, headers=gzip)
    tag = shown.headers["ETag"]
    assert shown.headers["Content-Encoding"] == "gzip"
    assert tag == owner.tag(place).removesuffix('"') + '-gzip"'
    known = owner.client.get(place, headers=gzip | {"If-None-Match": tag})
    assert (known.status_code, known.headers["ETag"]) == (304, tag)
    assert owner.client.get(place, headers={"If-None-Match": tag}).status_code == 304
    assert owner.patch(place, {"title": "Changed"}, tag).status_code == 200
    late = owner.patch(place, {"title": "Late"}, tag)
    assert (late.status_code, late.headers["ETag"]) == (412, owner.tag(place))
    assert owner.patch(place, {"title": "Late"}, '"-gzip"').status_code == 400


def send(caller: Caller, method: str, thing: Thing, tag: str | None) -> Any:
    headers = {} if tag is None else {"If_Match": tag}
    return caller.send(method, thing.place, thing.change if method == "PATCH" else None, **headers)


@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)
def test_bad_64_65_66_what_does_not_name_the_version_never_writes(owner, reading_list, make):
    thing = make(reading_list)
    shown = owner.get(thing.place)
    events = ListEvent.objects.count()
    for name, (tag_for, status) in CASES.items():
        if status == 200:
            continue
        for method in ("PATCH", "DELETE"):
            answer = send(
                owner, method, thing, tag_for(shown.headers["ETag"], shown.json()["version"])
            )
            assert answer.status_code == status, (name, method, answer.content)
            if status == 412:
                assert answer.json()["current"] == shown.json(), name
                assert answer.headers["ETag"] == shown.headers["ETag"], name
    assert owner.get(thing.place).content == shown.content
    assert ListEvent.objects.count() == events


@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)
def test_what_names_the_version_writes_and_names_the_next(owner, reading_list, make):
    thing = make(reading_list)
    for number, (name, (tag_for, status)) in enumerate(CASES.items()):
        if status != 200:
            continue
        shown = owner.get(thing.place)
        version = shown.json()["version"]
        change = dict.fromkeys(thing.change, f"Changed {number}")
        tag = tag_for(shown.headers["ETag"], version)
        answer = owner.send("PATCH", thing.place, change, If_Match=tag)
        assert answer.status_code == 200, (name, answer.content)
        assert answer.json()["version"] == version + 1 == thing.version
        assert answer.headers["ETag"] == owner.tag(thing.place)
        assert answer.headers["ETag"].startswith(f'"{version + 1}-')


@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)
def test_of_two_who_have_read_the_same_one_writes(owner, reading_list, make):
    thing = make(reading_list)
    tag = owner.tag(thing.place)
    first = owner.patch(thing.place, thing.change, tag)
    assert first.status_code == 200
    again = dict.fromkeys(thing.change, "Written over")
    second = owner.patch(thing.place, again, tag)
    gone = owner.delete(thing.place, tag)
    assert (second.status_code, gone.status_code) == (412, 412)
    assert second.json()["current"] == first.json() == owner.get(thing.place).json()


@pytest.mark.parametrize("make", [a_list, a_section, an_item, a_note])
def test_to_change_nothing_is_no_new_version(owner, reading_list, make):
    thing = make(reading_list)
    first = owner.patch(thing.place, thing.change)
    again = owner.patch(thing.place, thing.change)
    assert again.status_code == 200
    assert again.json() == first.json()


def test_the_lists_own_fields_and_its_order_take_the_lists_version(owner, reading_list):
    [item] = put_on(reading_list, "https://example.org/a")
    before = owner.tag(place_of(reading_list))
    of_item = owner.tag(place_of(reading_list, "items", item.pk))
    owner.patch(place_of(reading_list), {"title": "Another"})
    order = {"items": [str(item.pk)]}
    for method, name, body in (
        ("PUT", "order", order),
        ("POST", "sort", {"by": "title"}),
        ("POST", "restore", {"version": 1}),
    ):
        place = place_of(reading_list, name)
        for tag, status in ((before, 412), ("*", 428), (f"W/{before}", 400), ("", 428)):
            answer = owner.send(method, place, body, If_Match=tag)
            assert answer.status_code == status, (name, tag)
        assert owner.send(method, place, body).status_code == 428
    assert (
        owner.patch(
            place_of(reading_list, "items", item.pk), {"title": "Its own"}, of_item
        ).status_code
        == 200
    ), "a change of the list is none of its items"


def test_a_mutant_that_compares_no_version_is_found(owner, reading_list, monkeypatch):
    monkeypatch.setattr("api.writing.require_match", lambda *args: None)
    for make in KINDS.values():
        thing = make(reading_list)
        tag = owner.tag(thing.place)
        owner.patch(thing.place, thing.change, tag)
        over = owner.patch(thing.place, dict.fromkeys(thing.change, "Written over"), tag)
        assert over.status_code != 412


def test_the_kinds_here_are_all_that_have_a_version(reading_list):
    versioned = {type(make(reading_list).row) for make in KINDS.values()}
    assert versioned == {ReadingList, ListSection, Item, Note}
