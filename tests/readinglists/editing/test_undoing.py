"""Whatever was done to a list can be undone, one by one or all at once."""

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from readinglists.document import document_of
from readinglists.editing import items, lists, notes, undoing
from readinglists.editing.items import Target
from readinglists.editing.writing import Refused, locked
from readinglists.models import Item, ListEvent, ListSection, Note, ReadingList
from readinglists.rights import standing_of
from tests.factories import PaperFactory, UserFactory

ACTS = [
    "title",
    "visibility",
    "section",
    "section title",
    "move section",
    "remove section",
    "add",
    "add in front",
    "move",
    "reorder",
    "sort",
    "remove",
    "note",
    "edit note",
    "remove note",
    "trash",
]


def written(reading_list: ReadingList, owner) -> str:
    """All that its owner sees of it, byte for byte."""
    reading_list = ReadingList.objects.get(pk=reading_list.pk)
    document = document_of(reading_list, standing_of(reading_list, owner))
    document |= {"visibility": reading_list.visibility, "gone": bool(reading_list.deleted_at)}
    return json.dumps(document, indent=1)


def act(what: str, reading_list: ReadingList, owner, paper, chance: random.Random) -> None:
    """Do one thing to a list, somewhere, if there is something to do it to."""
    pk = reading_list.pk
    number = chance.randint(0, 10_000)
    sections = list(ListSection.objects.filter(reading_list=pk, deleted_at=None).order_by("pk"))
    there = list(Item.objects.filter(reading_list=pk, deleted_at=None).order_by("pk"))
    said = list(Note.objects.filter(item__in=there, deleted_at=None).order_by("pk"))
    section = chance.choice([None, *sections])
    match what:
        case "title":
            lists.change_list(pk, owner, None, title=f"Title {number}", description=f"*{number}*")
            return
        case "visibility":
            lists.change_list(pk, owner, None, visibility=chance.choice(["public", "unlisted"]))
            return
        case "section":
            lists.add_section(pk, owner, f"Section {number}", at=chance.choice([None, 0, 1]))
            return
        case "trash":
            lists.trash_list(pk, owner)
            return
    with locked(pk) as held:
        match what:
            case "section title" if sections:
                lists.change_section(held, owner, chance.choice(sections).pk, title=f"S{number}")
            case "move section" if sections:
                lists.move_section(held, owner, chance.choice(sections).pk, number % 3)
            case "remove section" if sections:
                lists.remove_section(held, owner, chance.choice(sections).pk)
            case "add" | "add in front":
                at = number % 3 if what == "add in front" else None
                where = section.pk if section else None
                targets = [Target(paper=paper.pk), Target(url=f"https://example.org/{number}")]
                items.add_items(held, owner, targets, section=where, at=at)
            case "move" if there:
                where = section.pk if section else None
                items.move_item(held, owner, chance.choice(there).pk, where, number % 4)
            case "reorder" if there:
                keys = {item.pk: chance.random() for item in there}
                items.sort_items(held, owner, keys)
            case "sort" if there:
                items.sort_items(held, owner, {item.pk: item.url or "" for item in there})
            case "remove" if there:
                items.remove_items(held, owner, [chance.choice(there).pk])
            case "note" if there:
                audience = chance.choice(["members", "public"])
                notes.add_note(held, owner, chance.choice(there), f"Note {number}", audience)
            case "edit note" if said:
                notes.change_note(held, owner, chance.choice(said), markdown=f"Said {number}")
            case "remove note" if said:
                notes.remove_note(held, owner, chance.choice(said))


class RandomEdits(TestCase):
    @settings(max_examples=10)
    @given(acts=st.lists(st.sampled_from(ACTS), min_size=1, max_size=14), seed=st.integers(0, 999))
    def test_undone_from_the_last_to_the_first_leave_what_was_before(self, acts, seed):
        owner, paper, chance = UserFactory(), PaperFactory(), random.Random(seed)
        reading_list = lists.make_list(owner, "A list")
        with locked(reading_list.pk) as held:
            items.add_items(held, owner, [Target(paper=paper.pk)] * 3)
        states = [written(reading_list, owner)]
        begun = ListEvent.objects.filter(reading_list=reading_list).count()
        for what in acts:
            act(what, reading_list, owner, paper, chance)
            events = ListEvent.objects.filter(reading_list=reading_list).count()
            if events - begun > len(states) - 1:
                states.append(written(reading_list, owner))
        events = list(ListEvent.objects.filter(reading_list=reading_list).order_by("version"))
        versions = [event.version for event in events]
        assert versions == list(range(1, len(events) + 1))
        for event, before in zip(reversed(events[begun:]), reversed(states[:-1]), strict=True):
            assert undoing.undo(event, owner) is not None
            assert written(reading_list, owner) == before
        reading_list.refresh_from_db()
        assert reading_list.version == len(events) + len(states) - 1

    @settings(max_examples=5)
    @given(
        acts=st.lists(st.sampled_from(ACTS[:12]), min_size=2, max_size=10), seed=st.integers(0, 99)
    )
    def test_restored_to_any_version_it_is_what_it_was(self, acts, seed):
        owner, paper, chance = UserFactory(), PaperFactory(), random.Random(seed)
        reading_list = lists.make_list(owner, "A list")
        known = {}
        for what in acts:
            act(what, reading_list, owner, paper, chance)
            reading_list.refresh_from_db()
            known[reading_list.version] = written(reading_list, owner)
        for version in sorted(known, key=lambda each: chance.random()):
            reading_list.refresh_from_db()
            undoing.restore(reading_list, owner, version)
            now, then = json.loads(written(reading_list, owner)), json.loads(known[version])
            assert {**now, "visibility": None} == {**then, "visibility": None}


@pytest.mark.django_db
def test_what_was_changed_since_is_not_undone_over_it():
    owner = UserFactory()
    reading_list = lists.make_list(owner, "One")
    first = lists.change_list(reading_list.pk, owner, None, title="Two")
    lists.change_list(reading_list.pk, owner, None, title="Three")
    with pytest.raises(Refused, match="changed since"):
        undoing.undo(first, owner)
    reading_list.refresh_from_db()
    assert reading_list.title == "Three"


@pytest.mark.django_db
def test_a_private_note_leaves_no_trace_on_the_list():
    owner = UserFactory()
    reading_list = lists.make_list(owner, "One")
    with locked(reading_list.pk) as held:
        (pk,) = items.add_items(held, owner, [Target(url="https://example.org/")])
    reading_list.refresh_from_db()
    before = (reading_list.version, reading_list.updated_at, reading_list.events.count())
    with locked(reading_list.pk) as held:
        note = notes.add_note(held, owner, Item.objects.get(pk=pk), "A secret", "private")
        notes.change_note(held, owner, note, markdown="Another")
        notes.remove_note(held, owner, note)
    reading_list.refresh_from_db()
    assert before == (reading_list.version, reading_list.updated_at, reading_list.events.count())


@pytest.mark.django_db
def test_a_note_that_becomes_private_is_gone_for_the_list_and_kept_for_its_author():
    owner = UserFactory()
    reading_list = lists.make_list(owner, "One")
    with locked(reading_list.pk) as held:
        (pk,) = items.add_items(held, owner, [Target(url="https://example.org/")])
        note = notes.add_note(held, owner, Item.objects.get(pk=pk), "Said", "public")
        note = notes.change_note(held, owner, note, audience="private")
    assert (note.markdown, note.audience, note.deleted_at) == ("Said", "private", None)
    with locked(reading_list.pk) as held:
        note = notes.change_note(held, owner, note, audience="members", markdown="Again")
    assert [event.verb for event in reading_list.events.order_by("version")][-3:] == [
        "noted",
        "made private",
        "noted",
    ]
