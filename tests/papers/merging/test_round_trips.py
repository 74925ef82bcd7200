"""Merged and split at random, the database is as it was; a part that forgets is caught."""

from dataclasses import replace

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from newsletter.models import Link
from papers.merging import CannotMerge, merge, registered, split
from papers.merging import parts as merging_parts
from papers.models import (
    Authorship,
    CitationKeyAlias,
    DuplicateSuggestion,
    Identifier,
    Merge,
    Paper,
    TitleBlock,
)
from readinglists.models import Item, ReadingState
from tests import factories
from tests.papers.merging.shelf import differences, dump, furnish, make_list, suggest

pytestmark = pytest.mark.django_db
NUMBER = 5
numbers = st.integers(0, NUMBER - 1)
# What a paper may have of its own, or not.
furniture = st.lists(
    st.fixed_dictionaries(
        {
            "abstract": st.sampled_from([None, "", "An abstract."]),
            "venue": st.sampled_from([None, "ICML"]),
            "published_year": st.sampled_from([None, 2021, 2022]),
            "locked_fields": st.sampled_from([[], ["abstract"], ["topics", "venue"]]),
            "alternative_titles": st.sampled_from([[], ["Another title"], ["B", "A"]]),
            "is_furnished": st.booleans(),
            "is_topical": st.booleans(),
        }
    ),
    min_size=NUMBER,
    max_size=NUMBER,
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("merge"), numbers, numbers),
        st.tuples(st.just("split"), numbers, numbers),
    ),
    max_size=8,
)


def make_shelf(furniture: list[dict]) -> list[Paper]:
    reader, topic = factories.UserFactory(), factories.TopicFactory()
    entry = factories.EntryFactory(topic=topic)
    papers = []
    for number, values in enumerate(furniture):
        fields = {k: v for k, v in values.items() if not k.startswith("is_")}
        paper = factories.PaperFactory(**fields, topics=[topic] if values["is_topical"] else [])
        if values["is_furnished"]:
            furnish(paper, entry, reader, number)
        papers.append(paper)
    make_list(reader, *papers[:3], papers[0])
    suggest(papers[0], papers[1])
    suggest(papers[1], papers[2], state="dismissed")
    suggest(papers[0], papers[3])
    suggest(papers[3], papers[4])
    return papers


def take_steps(papers: list[Paper], steps: list[tuple[str, int, int]]) -> None:
    for verb, one, other in steps:
        if verb == "merge":
            try:
                merge(papers[one], papers[other], taken=["title"] if one < other else [])
            except CannotMerge:
                continue
        else:
            standing = list(Merge.objects.standing())
            if standing:
                assert split(standing[one % len(standing)]).stayed == []


class _Done(Exception):
    """Takes back what an example wrote."""


def assert_restored(furniture, steps, order) -> None:
    try:
        with transaction.atomic():
            papers = make_shelf(furniture)
            before = dump()
            take_steps(papers, steps)
            while standing := list(Merge.objects.standing()):
                assert split(standing[order % len(standing)]).stayed == []
            assert differences(before, dump()) == {}
            raise _Done
    except _Done:
        pass


@given(furniture, steps, st.integers(0, 6))
def test_whatever_is_merged_and_split_in_whatever_order_is_as_it_was(furniture, steps, order):
    assert_restored(furniture, steps, order)


@pytest.mark.trial
@given(furniture, st.lists(st.tuples(st.just("merge"), numbers, numbers), max_size=40), numbers)
def test_long_ways_lead_back_too(furniture, steps, order):
    assert_restored(furniture, steps, order)


def test_merges_that_only_share_who_they_are_compared_with_are_split_in_any_order():
    # Both move a comparison of the first paper and the second; the third of one is of the other.
    for order in (0, 1):
        assert_restored(RICH, [("merge", 0, 2), ("merge", 1, 3)], order)


RICH = [
    {
        "abstract": None if number else "An abstract.",
        "venue": "ICML",
        "published_year": None,
        "locked_fields": [],
        "alternative_titles": ["B"],
        "is_furnished": True,
        "is_topical": bool(number),
    }
    for number in range(NUMBER)
]


def what_hangs_on(paper: Paper) -> dict[str, int]:
    """What a reader finds under the paper that stays."""
    links = Link.objects.filter(paper=paper)
    return {
        "identifiers": Identifier.objects.filter(paper=paper).count(),
        "authors": Authorship.objects.filter(paper=paper).count(),
        "keys": CitationKeyAlias.objects.filter(paper=paper).count(),
        "topics": paper.topics.count(),
        "blocks": TitleBlock.objects.filter(paper=paper).count(),
        "suggestions": DuplicateSuggestion.objects.filter(other=paper).count(),
        "links": links.count(),
        "items": Item.objects.filter(paper=paper).count(),
        "states": ReadingState.objects.filter(paper=paper, state="reading").count(),
    }


EXPECTED = {
    "identifiers": 2,
    "authors": 1,
    "keys": 3,
    "topics": 1,
    "blocks": 3,
    "suggestions": 1,
    "links": 2,
    "items": 3,
    "states": 1,
}


MOVING = [model for model, part in registered().items() if part.move is not merging_parts.leave]
of_moving = pytest.mark.parametrize("model", MOVING, ids=lambda model: model._meta.label)


def test_everything_hangs_on_the_paper_that_stays_and_goes_back():
    papers = make_shelf(RICH)
    before = dump()
    made = merge(papers[1], papers[0])
    assert what_hangs_on(papers[0]) == EXPECTED | {"suggestions": 0}
    split(made)
    assert differences(before, dump()) == {}


@pytest.mark.one_database
@of_moving
def test_a_part_that_forgets_to_write_down_what_it_moves_is_caught(monkeypatch, model):
    papers = make_shelf(RICH)
    found = merging_parts._parts[model]

    def forgetful(duplicate, into, journal):
        entries = len(journal.entries)
        found.move(duplicate, into, journal)
        del journal.entries[entries:]

    monkeypatch.setitem(merging_parts._parts, model, replace(found, move=forgetful))
    # Both ways round: each fills in what the other one lacks.
    Authorship.objects.filter(paper=papers[0]).delete()
    before = dump()
    split(merge(papers[1], papers[0]))
    split(merge(papers[0], papers[4]))
    assert differences(before, dump()) != {}


@of_moving
def test_a_part_that_moves_nothing_is_caught(monkeypatch, model):
    papers = make_shelf(RICH)
    Authorship.objects.filter(paper=papers[0]).delete()
    found = merging_parts._parts[model]
    monkeypatch.setitem(merging_parts._parts, model, replace(found, move=merging_parts.leave))
    merge(papers[1], papers[0])
    waiting = DuplicateSuggestion.objects.filter(state="merged").count()
    assert (what_hangs_on(papers[0]), waiting) != (EXPECTED | {"suggestions": 0}, 1)


def test_every_table_that_points_at_papers_has_a_part():
    pointing = {relation.related_model for relation in Paper._meta.related_objects}
    pointing |= {field.remote_field.through for field in Paper._meta.many_to_many}
    assert pointing - registered().keys() == set()
