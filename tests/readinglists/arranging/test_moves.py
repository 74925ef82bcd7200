"""Moves within an order, and orders that came too late: pure functions, tried on all kinds."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readinglists.arranging.moves import (
    Order,
    gathered,
    merged,
    place_of,
    read_order,
    stepped,
    written_order,
)
from readinglists.editing.writing import Refused


def item(number: int) -> UUID:
    return UUID(int=number)


def section(number: int) -> UUID:
    return UUID(int=1_000 + number)


@st.composite
def orders(draw: st.DrawFn, most: int = 8) -> Order:
    items = draw(st.permutations(range(draw(st.integers(0, most)))))
    sections = draw(st.permutations(range(draw(st.integers(0, 3)))))
    order: Order = [(None, []), *((section(each), []) for each in sections)]
    for each in items:
        order[draw(st.integers(0, len(order) - 1))][1].append(item(each))
    return order


def sequence(order: Order) -> list[UUID]:
    return [each for _, items in order for each in items]


@given(orders(), st.data())
def test_steps_down_and_up_lead_through_the_whole_list_and_back(order, data):
    if not sequence(order):
        return
    moved = data.draw(st.sampled_from(sequence(order)))
    down = [order]
    while (further := stepped(down[-1], moved, 1)) != down[-1]:
        down.append(further)
    assert place_of(down[-1], moved) == (order[-1][0], len(down[-1][-1][1]) - 1)
    up = [down[-1]]
    for _ in down[1:]:
        up.append(stepped(up[-1], moved, -1))
    assert up == down[::-1]
    rest = [each for each in sequence(order) if each != moved]
    assert all([e for e in sequence(each) if e != moved] == rest for each in down)


@given(orders(), st.data())
def test_what_is_gathered_stands_together_and_the_rest_as_it_stood(order, data):
    chosen = data.draw(st.sets(st.sampled_from(sequence(order)))) if sequence(order) else set()
    into = data.draw(st.sampled_from([name for name, _ in order]))
    at = data.draw(st.none() | st.integers(0, 9))
    after = gathered(order, list(chosen), into, at)
    there = dict(after)[into]
    moved = [each for each in sequence(order) if each in chosen]
    if moved:
        start = there.index(moved[0])
        assert there[start : start + len(moved)] == moved
        assert start == (
            len(there) - len(moved) if at is None else min(at, len(there) - len(moved))
        )
    assert [e for e in sequence(after) if e not in chosen] == [
        e for e in sequence(order) if e not in chosen
    ]


@given(orders(), orders())
def test_an_order_that_came_too_late_loses_nothing_that_stands_and_brings_nothing_back(
    mine, standing
):
    both = merged(mine, standing)
    assert sorted(sequence(both)) == sorted(sequence(standing))
    assert {name for name, _ in both} == {name for name, _ in standing}
    assert both[0][0] is None
    kept = [e for e in sequence(mine) if e in set(sequence(standing))]
    if {name for name, _ in mine} <= {name for name, _ in standing}:
        names = [name for name, _ in mine]
        assert [name for name, _ in both if name in names] == names
        assert [e for e in sequence(both) if e in kept] == sorted(kept, key=sequence(mine).index)
    assert merged(both, standing) == both


@given(orders())
def test_an_order_is_read_as_it_was_written(order):
    assert read_order(written_order(order)) == order
    assert merged(order, order) == order


@pytest.mark.parametrize(
    "text", ["", "{}", "[1]", '[["a", []]]', "[[null, [3]]]", "[" * 100_000, "null", "[[null]]"]
)
def test_what_is_no_order_is_refused(text):
    with pytest.raises(Refused):
        read_order(text)
