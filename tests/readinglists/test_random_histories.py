"""Whatever was done to a list, its history tells it, and each version stands as it stood."""

import random
import re

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from readinglists.document import document_of
from readinglists.editing import items, lists
from readinglists.editing.items import Target
from readinglists.editing.writing import locked
from readinglists.history.telling import told
from readinglists.history.then import as_it_stood
from readinglists.models import ListEvent, ReadingList
from readinglists.rights import standing_of
from tests.factories import PaperFactory, UserFactory
from tests.readinglists.editing.test_undoing import ACTS, act
from tests.readinglists.making import join


def shape(reading_list: ReadingList) -> tuple:
    document = document_of(reading_list, standing_of(reading_list, reading_list.owner))
    blocks = [{"title": "", "items": document["items"]}, *document["sections"]]
    return document["title"], [
        (block["title"], [called(item.get("paper") or item) for item in block["items"]])
        for block in blocks
    ]


def called(thing: dict) -> str:
    return thing.get("title") or thing["url"]


class RandomHistories(TestCase):
    @settings(max_examples=6)
    @given(
        acts=st.lists(st.sampled_from(ACTS[:-1]), min_size=1, max_size=10), seed=st.integers(0, 99)
    )
    def test_are_told_whole_and_each_version_stands_as_it_stood(self, acts, seed):
        owner, paper, chance = UserFactory(), PaperFactory(), random.Random(seed)
        reading_list = lists.make_list(owner, "A list", visibility="members")
        viewer = join(reading_list, "viewer")
        with locked(reading_list.pk) as held:
            items.add_items(held, owner, [Target(paper=paper.pk)] * 3)
        known = {}
        for what in [None, *acts]:
            if what:
                act(what, reading_list, owner, paper, chance)
            reading_list.refresh_from_db()
            known[reading_list.version] = shape(reading_list)
        lists.change_list(reading_list.pk, owner, None, visibility="members")
        reading_list.refresh_from_db()
        for version, stood in known.items():
            then = as_it_stood(reading_list, version, viewer)
            sections = [(each.title, [it.title for it in each.items]) for each in then.sections]
            assert (then.title, sections) == stood
        for user in (owner, viewer):
            events = ListEvent.objects.filter(reading_list=reading_list).select_related("actor")
            changes = told(
                reading_list, list(events.order_by("-version")), standing_of(reading_list, user)
            )
            assert len(changes) == reading_list.version
            for change in changes:
                assert re.fullmatch(r"[a-z][^{}]+", change.sentence)
                assert "None" not in change.sentence
