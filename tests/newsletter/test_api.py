"""Publications, issues and entries through the API."""

from datetime import UTC, datetime

import pytest

from tests import factories
from tests.api.conftest import all_rows

ISSUES, ENTRIES = "/api/v1/issues/", "/api/v1/entries/"


@pytest.fixture
def newsletter(db):
    """Two issues of one publication and one of another."""
    robustness = factories.TopicFactory(slug="robustness", position=1)
    other = factories.TopicFactory(slug="other", position=2)
    weekly = factories.PublicationFactory(slug="weekly", name="The Weekly", authors=["A. Writer"])
    one = factories.IssueFactory(
        publication=weekly,
        number=1,
        slug="weekly-1",
        published_at=datetime(2022, 1, 31, 14, tzinfo=UTC),
        authors=["Guest Writer"],
        highlights=["Robustness", "News"],
    )
    two = factories.IssueFactory(
        publication=weekly,
        number=2,
        slug="weekly-2",
        published_at=datetime(2022, 2, 1, tzinfo=UTC),
        url=None,
        source_url="javascript:alert(1)",
    )
    factories.IssueFactory(publication__slug="daily", number=1, published_at=None, slug="daily-1")
    section = factories.SectionFactory(issue=one, topic=robustness, heading="Robustness")
    paper = factories.PaperFactory()
    prize = factories.PrizeFactory(slug="big-prize")
    feature = factories.EntryFactory(
        issue=one, section=section, topic=robustness, kind="feature", headline="Feature", position=1
    )
    news = factories.EntryFactory(
        issue=one, topic=other, kind="news", headline="News", position=2, markdown="", html=""
    )
    factories.EntryFactory(issue=two, topic=None, kind="opportunity", headline="Odd", position=1)
    link = factories.LinkFactory(entry=feature, paper=paper, position=1, label="")
    factories.LinkFactory(entry=feature, url="javascript:1", href=None, position=2, role="inline")
    factories.ImageFactory(entry=feature, alt="", caption="A figure", position=3)
    factories.LinkFactory(entry=None, issue=one, role="share", position=9)
    factories.PrizeMentionFactory(prize=prize, entry=feature, link=link)
    factories.PrizeMentionFactory(prize=prize, entry=news)
    return {
        "one": one,
        "two": two,
        "section": section,
        "paper": paper,
        "prize": prize,
        "feature": feature,
        "news": news,
        "robustness": robustness,
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("publication=weekly", {"weekly-1", "weekly-2"}),
        ("publication=daily", {"daily-1"}),
        ("number=1", {"weekly-1", "daily-1"}),
        ("number=1&publication=weekly", {"weekly-1"}),
        ("topic=robustness", {"weekly-1"}),
        ("published_after=2022-02-01", {"weekly-2"}),
        ("published_after=2022-01-31", {"weekly-1", "weekly-2"}),
        ("published_before=2022-02-01", {"weekly-1"}),
        ("published_after=2022-01-31T14:00:00Z", {"weekly-1", "weekly-2"}),
        ("published_after=2022-01-31T16:00:01%2B02:00", {"weekly-2"}),
        ("published_after=2022-01-31T16:00:01+02:00", {"weekly-2"}),
        ("published_before=2022-01-31T14:00:00Z", set()),
    ],
)
def test_filters_of_issues(client, newsletter, query, found):
    assert {row["slug"] for row in all_rows(client, f"{ISSUES}?{query}")} == found


@pytest.mark.parametrize(
    "wrong",
    ["2022-02-30", "yesterday", "2022", "20220201", "1", "2022-02-01T25:00Z", "0001-01-01T"],
)
def test_a_date_that_is_none_is_an_error(client, db, wrong):
    answer = client.get(ISSUES, {"published_after": wrong})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "published_after"


@pytest.mark.parametrize("edge", ["0001-01-01", "9999-12-31", "0001-01-01T00:00:00+14:00"])
def test_a_date_at_the_end_of_the_calendar_fails_nowhere(client, newsletter, edge):
    answer = client.get(ISSUES, {"published_after": edge})

    assert answer.status_code in {200, 400}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("issue=weekly-1", {"Feature", "News"}),
        ("number=2", {"Odd"}),
        ("topic=robustness", {"Feature"}),
        ("kind=news", {"News"}),
        ("kind=opportunity", {"Odd"}),
        ("prize=big-prize", {"Feature", "News"}),
        ("prize=nothing", set()),
        ("paper=999999", set()),
    ],
)
def test_filters_of_entries(client, newsletter, query, found):
    assert {row["headline"] for row in all_rows(client, f"{ENTRIES}?{query}")} == found


def test_entries_answer_to_ids(client, newsletter):
    for name in ("paper", "prize"):
        rows = all_rows(client, f"{ENTRIES}?{name}={newsletter[name].pk}")
        assert newsletter["feature"].pk in {row["id"] for row in rows}


def test_an_issue_names_its_source_authors_and_address(client, newsletter):
    issue = client.get(f"{ISSUES}weekly-1/").json()

    assert issue == client.get(f"{ISSUES}{newsletter['one'].pk}/").json()
    assert (issue["publication"], issue["publication_name"]) == ("weekly", "The Weekly")
    assert issue["authors"] == ["Guest Writer"]
    assert issue["source_url"] == issue["url"] == newsletter["one"].url
    assert issue["published_at"] == "2022-01-31T14:00:00Z"
    assert issue["topics"] == ["robustness", "other"]
    assert issue["entry_count"] == 2
    assert issue["web_url"] == "http://testserver/issues/weekly-1/"
    assert (issue["markdown"], issue["html"]) == (
        newsletter["one"].markdown,
        newsletter["one"].html,
    )
    [section] = issue["sections"]
    assert (section["id"], section["topic"], section["heading"]) == (
        newsletter["section"].pk,
        "robustness",
        "Robustness",
    )
    assert [link["role"] for link in issue["links"]] == ["share"]


def test_an_address_that_is_not_safe_is_text_and_no_link(client, newsletter):
    issue = client.get(f"{ISSUES}weekly-2/").json()
    entry = client.get(f"{ENTRIES}{newsletter['feature'].pk}/").json()

    assert (issue["source_url"], issue["url"]) == ("javascript:alert(1)", None)
    assert [link["href"] is None for link in entry["links"]] == [False, True]
    assert entry["links"][1]["url"] == "javascript:1"


def test_issues_without_authors_have_their_publications(client, newsletter):
    assert client.get(f"{ISSUES}weekly-2/").json()["authors"] == ["A. Writer"]


def test_an_entry_shows_what_belongs_to_it(client, newsletter):
    entry = client.get(f"{ENTRIES}{newsletter['feature'].pk}/").json()

    assert (entry["issue"], entry["section"]) == (newsletter["one"].pk, newsletter["section"].pk)
    assert (entry["topic"], entry["kind"], entry["position"]) == ("robustness", "feature", 1)
    first = entry["links"][0]
    assert (first["paper"], first["prize"]) == (newsletter["paper"].pk, newsletter["prize"].pk)
    assert (first["label"], first["role"], first["position"]) == (None, "primary", 1)
    assert entry["links"][1]["paper"] is entry["links"][1]["prize"] is None
    [image] = entry["images"]
    assert (image["alt"], image["caption"]) == (None, "A figure")
    assert entry["prizes"] == [newsletter["prize"].pk]
    assert (entry["publication"], entry["authors"]) == ("weekly", ["Guest Writer"])
    assert entry["source_url"] == newsletter["one"].source_url
    assert entry["web_url"].endswith(f"/issues/weekly-1/#{newsletter['feature'].anchor}")


def test_what_an_entry_does_not_have_is_null(client, newsletter):
    news = client.get(f"{ENTRIES}{newsletter['news'].pk}/").json()

    assert (news["markdown"], news["html"], news["section"]) == (None, None, None)
    assert (news["links"], news["images"]) == ([], [])
    odd = client.get(f"{ENTRIES}?kind=opportunity").json()["results"][0]
    assert odd["topic"] is None


def test_entries_follow_their_issues_newest_first(client, newsletter):
    rows = all_rows(client, f"{ENTRIES}?page_size=1")

    assert [row["headline"] for row in rows] == ["Odd", "Feature", "News"]


@pytest.mark.parametrize("how", ["hidden", "withdrawn", "publication"])
def test_what_readers_may_not_see_is_nowhere(client, newsletter, how):
    issue = newsletter["one"]
    if how == "publication":
        issue.publication.is_hidden = True
        issue.publication.save()
    else:
        issue.is_hidden = how == "hidden"
        issue.withdrawn_at = datetime(2023, 1, 1, tzinfo=UTC) if how == "withdrawn" else None
        issue.save()

    assert client.get(f"{ISSUES}weekly-1/").status_code == 404
    assert client.get(f"{ENTRIES}{newsletter['feature'].pk}/").status_code == 404
    assert "weekly-1" not in {row["slug"] for row in all_rows(client, ISSUES)}
    assert all_rows(client, f"{ENTRIES}?topic=robustness") == []
    assert all_rows(client, f"{ISSUES}?topic=robustness") == []
    assert client.get("/api/v1/topics/robustness/").json()["entry_count"] == 0
    # Nobody else told of the prize.
    assert client.get("/api/v1/prizes/big-prize/").status_code == 404
    assert client.get(f"/api/v1/papers/{newsletter['paper'].pk}/").json()["mentions"] == []


def test_what_was_withdrawn_from_an_issue_is_left_out(client, newsletter):
    for part in (newsletter["feature"], newsletter["section"], *newsletter["feature"].links.all()):
        part.withdrawn_at = datetime(2023, 1, 1, tzinfo=UTC)
        part.save()

    issue = client.get(f"{ISSUES}weekly-1/").json()

    assert (issue["entry_count"], issue["sections"], issue["topics"]) == (1, [], ["other"])
    assert client.get(f"{ENTRIES}{newsletter['feature'].pk}/").status_code == 404


def test_publications_count_their_issues(client, newsletter):
    weekly = client.get("/api/v1/publications/weekly/").json()

    assert (weekly["name"], weekly["authors"], weekly["issue_count"]) == (
        "The Weekly",
        ["A. Writer"],
        2,
    )
