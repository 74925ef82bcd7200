"""Pages by relevance show one frozen list, whatever is written while somebody reads it."""

import random
import uuid
from itertools import pairwise

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from api.keyset import CursorError
from api.relevance import (
    LARGEST_CURSOR,
    MOST_RANKED,
    Ranked,
    relevance_page,
    what_is_asked,
)
from papers.models import Paper
from tests import factories


class Rows:
    """Stands for a queryset of rows with these keys."""

    def __init__(self, keys):
        self.keys = set(keys)

    def filter(self, *, pk__in):
        return Rows(self.keys & set(pk__in))

    def order_by(self):
        return self

    def __iter__(self):
        return iter([{"id": key} for key in self.keys])


def pages(keys, *, size, visible=None, asked="x"):
    """All pages forwards; the cursor each came from, its rows, and the way back from it."""
    rows = Rows(keys if visible is None else visible)
    cursor, found = None, []
    while True:
        page = relevance_page(
            lambda limit: Ranked(tuple(keys)[:limit], len(keys), True), rows, asked, cursor, size
        )
        found.append(page)
        if not page.next:
            return found
        cursor = page.next


def ids(page):
    return [row["id"] for row in page.rows]


@given(
    st.lists(st.integers(1, 2**40), unique=True, max_size=60)
    | st.lists(st.uuids(), unique=True, max_size=60),
    st.integers(1, 25),
)
def test_pages_forwards_and_back_are_the_list(keys, size):
    found = pages(keys, size=size)

    assert [key for page in found for key in ids(page)] == keys
    for before, page in pairwise(found):
        back = relevance_page(None, Rows(keys), "x", page.previous, size)
        assert ids(back) == ids(before)
        assert (back.count, back.is_exact) == (len(keys), True)


def test_only_the_first_page_ranks():
    first = pages(range(1, 100), size=10)[0]

    assert ids(relevance_page(None, Rows(range(1, 100)), "x", first.next, 10)) == list(
        range(11, 21)
    )


def test_what_is_hidden_meanwhile_leaves_its_place_empty():
    found = pages(range(1, 31), size=10, visible=set(range(1, 31)) - {12, 15})

    assert [len(page.rows) for page in found] == [10, 8, 10]


def test_a_page_of_another_size_goes_on_where_the_last_one_ended():
    keys = list(range(1, 40))
    first = relevance_page(lambda limit: Ranked(keys, 39, True), Rows(keys), "x", None, 15)
    second = relevance_page(None, Rows(keys), "x", first.next, 5)

    assert ids(second) == list(range(16, 21))
    assert ids(relevance_page(None, Rows(keys), "x", second.previous, 100)) == list(range(1, 16))


@pytest.mark.parametrize(
    ("keys", "held"),
    [
        (random.Random(1).sample(range(10**6), MOST_RANKED), MOST_RANKED),
        (random.Random(1).sample(range(2**32), MOST_RANKED), MOST_RANKED),
        ([uuid.UUID(int=n, version=4) for n in range(MOST_RANKED)], 250),
    ],
)
def test_a_cursor_has_a_bounded_length(keys, held):
    found = pages(keys, size=200)

    assert max(len(page.next or "") for page in found) < LARGEST_CURSOR * 4 / 3 + 100
    assert [key for page in found for key in ids(page)] == keys[:held]


def test_a_million_papers_make_a_cursor_of_three_kilobytes():
    keys = random.Random(1).sample(range(10**6), MOST_RANKED)

    assert len(pages(keys, size=50)[0].next) < 3_500


@pytest.mark.parametrize(
    "change", [lambda c: c[:-1], lambda c: "x" + c, lambda c: "", lambda c: ":"]
)
def test_a_cursor_that_was_not_made_here_is_refused(change):
    cursor = change(pages(range(1, 30), size=10)[0].next)

    if cursor:
        with pytest.raises(CursorError):
            relevance_page(None, Rows([]), "x", cursor, 10)
    else:
        assert cursor == ""


def test_a_cursor_of_another_search_is_refused():
    cursor = pages(range(1, 30), size=10)[0].next

    with pytest.raises(CursorError, match="another search"):
        relevance_page(None, Rows([]), "y", cursor, 10)


def test_what_is_asked_does_not_depend_on_order_or_what_no_filter_reads():
    one = what_is_asked("a", QueryDict("q=b&topic=c&cursor=d"), ["q", "topic", "kind"])
    same = what_is_asked("a", QueryDict("topic=c&q=b+&page_size=9&kind="), ["q", "topic", "kind"])
    other = what_is_asked("a", QueryDict("q=b&topic=d"), ["q", "topic", "kind"])

    assert one == same
    assert one != other


def test_rows_are_read_from_what_somebody_may_see(db):
    papers = [factories.PaperFactory() for _ in range(4)]
    keys = [paper.pk for paper in papers]
    Paper.objects.filter(pk=keys[1]).update(is_hidden=True)

    page = relevance_page(
        lambda limit: Ranked(keys[::-1], 4, True),
        Paper.objects.filter(is_hidden=False),
        "x",
        None,
        9,
    )

    assert [paper.pk for paper in page.rows] == [keys[3], keys[2], keys[0]]
