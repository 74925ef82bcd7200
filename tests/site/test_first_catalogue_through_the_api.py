"""The first catalogue as the API counts it: one golden answer, on whichever database."""

import pytest

from tests.api.conftest import all_rows

ENTRIES = {
    # issue: features, briefs, news, opportunities
    1: (3, 12, 1, 0),
    2: (4, 9, 2, 0),
    3: (6, 22, 1, 0),
    4: (4, 22, 2, 0),
    5: (0, 0, 0, 6),
    6: (4, 8, 3, 1),
    7: (8, 4, 1, 0),
    8: (7, 7, 3, 0),
    9: (7, 4, 7, 0),
}
KINDS = ("feature", "brief", "news", "opportunity")
PRINTED = {
    # date: (precision, whether the year was left out, inclusive)
    "2022-09-30": ("day", True, True),
    "2023-02-10": ("day", False, True),
    "2023-05-31": ("day", False, True),
    "2022-10-27": ("day", False, False),
    "2023-08-31": ("day", False, True),
    "2022-01-10": ("day", False, True),
}

pytestmark = pytest.mark.usefixtures("loaded")


def count(client, path: str) -> int:
    body = client.get(f"/api/v1/{path}").json()
    assert body["count_is_exact"]
    return body["count"]


def test_issues_and_entries_by_kind(client):
    found = {
        number: tuple(count(client, f"entries/?number={number}&kind={kind}") for kind in KINDS)
        for number in ENTRIES
    }

    assert found == ENTRIES
    assert count(client, "issues/") == 9
    assert count(client, "entries/") == 158
    totals = [count(client, f"entries/?kind={kind}") for kind in KINDS]
    assert totals == [43, 88, 20, 7]


def test_links_and_images(client):
    entries = all_rows(client, "/api/v1/entries/?page_size=200")
    issues = [client.get(f"/api/v1/issues/{row['id']}/").json() for row in all_issues(client)]

    assert sum(len(entry["links"]) for entry in entries) == 193
    assert sum(len(issue["links"]) for issue in issues) == 3
    assert sum(len(entry["images"]) for entry in entries) == 54


def all_issues(client) -> list[dict]:
    return all_rows(client, "/api/v1/issues/")


def test_papers_by_kind(client):
    assert count(client, "papers/") == 148
    assert count(client, "papers/?kind=paper") == 136


def test_every_paper_is_mentioned_and_every_mention_counted(client):
    papers = all_rows(client, "/api/v1/papers/?page_size=200")
    entries = all_rows(client, "/api/v1/entries/?page_size=200")
    links = [link["paper"] for entry in entries for link in entry["links"] if link["paper"]]

    assert all(paper["mention_count"] for paper in papers)
    assert {paper["id"] for paper in papers} >= set(links)
    assert len({paper["citation_key"] for paper in papers}) == 148


def test_prizes_and_the_six_printed_deadlines(client):
    deadlines = all_rows(client, "/api/v1/deadlines/?page_size=200")
    dated = {
        row["date"]: (row["precision"], row["year_inferred"], row["inclusive"])
        for row in deadlines
        if row["date"]
    }

    assert count(client, "prizes/") == 13
    assert dated == PRINTED
    assert all(row["quote"] and row["entry"] for row in deadlines if row["date"])


def test_what_a_reader_of_issue_5_saw(client):
    """On 26 September 2022, the day it was mailed."""
    deadlines = all_rows(client, "/api/v1/deadlines/?as_of=2022-09-26")
    prizes = all_rows(client, "/api/v1/prizes/?as_of=2022-09-26")

    assert {row["date"] for row in deadlines if row["status"] == "open"} == {
        "2022-09-30",
        "2022-10-27",
        "2023-02-10",
        "2023-05-31",
    }
    next_dates = {
        prize["website"]: prize["next_deadline"] and prize["next_deadline"]["date"]
        for prize in prizes
        if prize["status"] in {"open", "unknown"} and 5 in numbers_of(client, prize)
    }
    assert next_dates == {
        "https://neurips2022.mlsafety.org/": "2022-09-30",
        "https://github.com/inverse-scaling/prize": "2022-10-27",
        "https://forecasting.mlsafety.org/": "2023-02-10",
        "https://moraluncertainty.mlsafety.org/": "2023-05-31",
        "https://trojandetection.ai": None,
        "https://ftxfuturefund.org/announcing-the-future-funds-ai-worldview-prize/": None,
        "https://benchmarking.mlsafety.org/": None,
    }


def numbers_of(client, prize: dict) -> set[int]:
    return {client.get(f"/api/v1/issues/{pk}/").json()["number"] for pk in prize["issues"]}
