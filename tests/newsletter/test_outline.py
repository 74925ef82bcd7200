"""The order in which an issue is read."""

from hypothesis import given
from hypothesis import strategies as st

from newsletter.models import Entry, Section
from newsletter.outline import outline


def section(pk: int, level: int) -> Section:
    return Section(pk=pk, position=pk, level=level, heading=f"Section {pk}")


def entry(pk: int, of: Section | None) -> Entry:
    made = Entry(pk=pk, position=pk, section_id=of.pk if of else None)
    made.is_headed = True
    return made


def shape(blocks):
    return [
        (block.section.pk if block.section else None, block.level, [e.pk for e in block.entries])
        for block in blocks
    ]


def test_entries_stand_under_their_sections_whose_headings_never_skip_a_level():
    top, below = section(1, 1), section(2, 4)
    blocks = outline([top, below], [entry(1, top), entry(2, below), entry(3, below)])
    assert shape(blocks) == [(1, 2, [1]), (2, 3, [2, 3])]
    assert [block.entry_level for block in blocks] == [3, 4]


def test_a_section_without_entries_stands_before_what_follows_it():
    empty, full, last = section(1, 1), section(2, 2), section(3, 1)
    blocks = outline([last, full, empty], [entry(1, full)])
    assert shape(blocks) == [(1, 2, []), (2, 3, [1]), (3, 2, [])]


def test_entries_between_sections_stand_where_they_stood():
    first, second = section(1, 4), section(2, 4)
    entries = [entry(1, None), entry(2, first), entry(3, None), entry(4, second)]
    blocks = outline([first, second], entries)
    assert shape(blocks) == [(None, 2, [1]), (1, 2, [2]), (None, 2, [3]), (2, 2, [4])]


def test_a_heading_is_not_shown_twice_when_its_section_goes_on():
    only = section(1, 1)
    blocks = outline([only], [entry(1, only), entry(2, None), entry(3, only)])
    assert shape(blocks) == [(1, 2, [1]), (None, 2, [2]), (None, 3, [3])]


@given(st.data())
def test_every_section_and_entry_is_shown_once_and_in_order(data):
    levels = data.draw(st.lists(st.integers(1, 6), max_size=6))
    sections = [section(number, level) for number, level in enumerate(levels, 1)]
    places = data.draw(st.lists(st.sampled_from([None, *sections]), max_size=12))
    entries = [entry(number, place) for number, place in enumerate(places, 1)]
    blocks = outline(sections, entries)
    assert [e.pk for block in blocks for e in block.entries] == [e.pk for e in entries]
    headings = [block.section.pk for block in blocks if block.section]
    assert sorted(headings) == [each.pk for each in sections]
    assert all(2 <= block.level <= 6 for block in blocks)
