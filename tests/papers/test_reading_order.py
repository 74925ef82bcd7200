"""Lists of the papers somebody may see are read by an index, however many there are."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.db.models.functions import Lower

from papers.models import Paper
from tests import factories

ORDERS = {
    "newest": ({}, ("-published_order", "-pk")),
    "newest of a kind": ({"kind": "paper"}, ("-published_order", "-pk")),
    "a later page": ({"published_order__lte": 20200101}, ("-published_order", "-pk")),
    "latest in the catalogue": ({}, ("-pk",)),
    "latest of a kind": ({"kind": "paper"}, ("-pk",)),
    "by title": ({}, (Lower("title"), "pk")),
}


def plan(conditions: dict, order: tuple) -> str:
    papers = Paper.objects.visible_to(AnonymousUser()).filter(**conditions)
    if connection.vendor == "postgresql":
        # Of so few rows it would read and sort all.
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
    return papers.order_by(*order)[:50].explain()


def is_sorted(plan: str) -> bool:
    return "TEMP B-TREE" in plan or "Sort Key" in plan


@pytest.fixture
def papers(db):
    return factories.PaperFactory.create_batch(20)


@pytest.mark.parametrize("name", ORDERS)
def test_no_list_of_visible_papers_is_sorted(papers, name):
    assert not is_sorted(plan(*ORDERS[name]))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite is misled by it")
def test_an_index_of_what_papers_were_merged_into_would_have_all_of_them_sorted(papers):
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX papers_paper_merged_all ON papers_paper (merged_into_id)")

    assert is_sorted(plan(*ORDERS["newest"]))


def test_papers_merged_into_one_are_found_by_an_index(papers):
    one = papers[0]
    text = one.merged.order_by().explain()

    assert "papers_paper_merged" in text or connection.vendor == "postgresql"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite finds a row by its number")
@pytest.mark.django_db
def test_whether_a_stranger_may_see_a_paper_stands_in_an_index():
    """A search asks it of a thousand papers, whose rows lie on as many pages."""
    paper = factories.PaperFactory()
    asked = Paper.objects.visible_to(AnonymousUser()).filter(pk=paper.pk).values("pk")
    with transaction.atomic(), connection.cursor() as cursor:
        for other in ("seqscan", "bitmapscan", "indexscan"):
            cursor.execute(f"SET LOCAL enable_{other} = off")

        plan = asked.explain()

    assert "Index Only Scan using papers_paper_seen" in plan
