"""Pages by key hold their order while rows come and go."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.models.functions import Lower
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from api.keyset import CursorError, Key, Ordering, bounded_count, keyset_page
from newsletter.models import Issue
from papers.models import Paper
from tests import factories

TIE = Key("id")
KEYS = {
    "published": Key("published_at", nullable=True),
    "number": Key("number", nullable=True),
    "title": Key("title"),
    "lower": Key("title_order", Lower("title")),
    "id": TIE,
}


@pytest.fixture
def issues(db):
    """Issues with ties and unknown values in what they are ordered by."""
    publication = factories.PublicationFactory()
    for number in range(12):
        factories.IssueFactory(
            publication=publication,
            number=None if number % 3 == 0 else number,
            title="aAbB"[number % 4],
            published_at=None if number % 4 == 0 else datetime(2022, 1, 1 + number % 3, tzinfo=UTC),
        )
    return Issue.objects.all()


def read_all(queryset, ordering: Ordering, size: int, between=lambda page: None) -> list[int]:
    ids: list[int] = []
    cursor = None
    while True:
        page = keyset_page(queryset, ordering, cursor, size)
        ids += [row["id"] if isinstance(row, dict) else row.pk for row in page.rows]
        if page.next is None:
            return ids
        cursor = page.next
        between(page)


def read_back(queryset, ordering: Ordering, size: int) -> list[int]:
    page = keyset_page(queryset, ordering, None, size)
    while page.next:
        page = keyset_page(queryset, ordering, page.next, size)
    ids = [row.pk for row in page.rows]
    while page.previous:
        page = keyset_page(queryset, ordering, page.previous, size)
        ids = [row.pk for row in page.rows] + ids
    return ids


orders = st.lists(
    st.tuples(st.sampled_from(sorted(KEYS)), st.booleans()),
    min_size=1,
    max_size=4,
    unique_by=lambda term: term[0],
).map(lambda terms: ",".join("-" * down + name for name, down in terms))


def test_any_mix_of_orders_reads_every_row_once_and_back(issues):
    everything = set(issues.values_list("pk", flat=True))

    @given(orders, st.integers(1, 13))
    def holds(text, size):
        ordering = Ordering.read(text, KEYS, TIE)
        ids = read_all(issues, ordering, size)
        assert len(ids) == len(everything)
        assert set(ids) == everything
        assert ids == [issue.pk for issue in ordering.apply(issues)]
        assert read_back(issues, ordering, size) == ids

    holds()


@pytest.mark.parametrize("text", ["published", "-published", "number", "-number,title"])
def test_what_is_unknown_stands_last_either_way(issues, text):
    column = KEYS[text.split(",")[0].removeprefix("-")].column
    ordered = [getattr(issue, column) for issue in Ordering.read(text, KEYS, TIE).apply(issues)]
    known = [value for value in ordered if value is not None]

    assert ordered == known + [None] * (len(ordered) - len(known))
    assert known == sorted(known, reverse=text.startswith("-"))


def test_values_page_as_models_do(issues):
    ordering = Ordering.read("-lower,published", KEYS, TIE)

    as_values = read_all(issues.values("id", "published_at"), ordering, 5)

    assert as_values == read_all(issues, ordering, 5)


@pytest.mark.parametrize("text", ["-id", "id", "-title", "published,-number"])
def test_rows_written_meanwhile_neither_repeat_nor_hide_others(issues, text):
    before = set(issues.values_list("pk", flat=True))
    publication = factories.PublicationFactory()

    def write(page):
        for title in ("", "a", "z"):
            factories.IssueFactory(publication=publication, title=title or "0", published_at=None)

    ids = read_all(issues, Ordering.read(text, KEYS, TIE), 3, write) if text != "id" else []
    # Read upwards by id, new rows would never end: they are read too, once.
    if text == "id":
        first = keyset_page(issues, Ordering.read("id", KEYS, TIE), None, 3)
        write(first)
        ids = [row.pk for row in first.rows]
        ids += [
            row.pk
            for row in keyset_page(issues, Ordering.read("id", KEYS, TIE), first.next, 100).rows
        ]

    assert len(ids) == len(set(ids))
    assert before <= set(ids)


def test_rows_deleted_meanwhile_hide_no_others(issues):
    ordering = Ordering.read("-published,title", KEYS, TIE)
    first = keyset_page(issues, ordering, None, 4)
    rest = [issue.pk for issue in ordering.apply(issues)][4:]
    first.rows[-1].delete()

    following = keyset_page(issues, ordering, first.next, 100)

    assert [row.pk for row in following.rows] == rest


def test_the_way_back_is_open_when_all_that_followed_is_gone(issues):
    ordering = Ordering.read("id", KEYS, TIE)
    first = keyset_page(issues, ordering, None, 4)
    issues.exclude(pk__in=[row.pk for row in first.rows]).delete()

    empty = keyset_page(issues, ordering, first.next, 4)
    back = keyset_page(issues, ordering, empty.previous, 4)

    assert (empty.rows, empty.next) == ([], None)
    assert [row.pk for row in back.rows] == [row.pk for row in first.rows]


def test_the_way_on_is_open_when_all_that_went_before_is_gone(issues):
    ordering = Ordering.read("-id", KEYS, TIE)
    first = keyset_page(issues, ordering, None, 4)
    second = keyset_page(issues, ordering, first.next, 4)
    issues.filter(pk__in=[row.pk for row in first.rows]).delete()

    empty = keyset_page(issues, ordering, second.previous, 4)
    on = keyset_page(issues, ordering, empty.next, 4)

    assert (empty.rows, empty.previous) == ([], None)
    assert [row.pk for row in on.rows] == [row.pk for row in second.rows]


@pytest.mark.parametrize("text", ["nothing", "title,title", "title,-title", "", ",", "id,nothing"])
def test_an_order_by_what_is_unknown_is_an_error(text):
    with pytest.raises(KeyError):
        Ordering.read(text, KEYS, TIE)


def test_a_cursor_of_another_site_is_refused(issues, settings):
    ordering = Ordering.read("id", KEYS, TIE)
    cursor = keyset_page(issues, ordering, None, 1).next
    settings.SECRET_KEY = "another"

    with pytest.raises(CursorError):
        keyset_page(issues, ordering, cursor, 1)


def test_counting_stops_at_the_cap(issues):
    assert bounded_count(issues, 5) == (5, False)
    assert bounded_count(issues, 12) == (12, True)
    assert bounded_count(issues.filter(title="nothing"), 5) == (0, True)


def test_a_page_of_one_direction_is_one_comparison_of_rows_that_an_index_answers(db):
    for year in range(2000, 2040):
        factories.PaperFactory(published_year=year)
    ordering = Ordering.read("-published", {"published": Key("published_order")}, TIE)
    cursor = keyset_page(Paper.objects.all(), ordering, None, 5).next

    with CaptureQueriesContext(connection) as queries:
        keyset_page(Paper.objects.values("id", "published_order"), ordering, cursor, 5)
    [query] = queries.captured_queries
    with connection.cursor() as database:
        if connection.vendor == "postgresql":
            database.execute("SET LOCAL enable_seqscan = off")
            database.execute("SET LOCAL enable_sort = off")
        explain = "EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN "
        database.execute(explain + query["sql"].replace("%", "%%"))
        plan = " ".join(str(column) for row in database.fetchall() for column in row)

    assert "papers_paper_newest_first" in plan
    assert "TEMP B-TREE" not in plan
