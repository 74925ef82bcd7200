"""Papers and topics through the API."""

import csv
import io

import pytest

from api.renderers import dump
from tests import factories
from tests.api.conftest import all_rows

PAPERS = "/api/v1/papers/"


def titles(client, query: str) -> set[str]:
    answer = client.get(f"{PAPERS}?{query}")
    assert answer.status_code == 200, answer.content
    return {row["title"] for row in answer.json()["results"]}


@pytest.fixture
def shelf(db):
    """Three papers that differ in everything they can be filtered by."""
    robustness = factories.TopicFactory(slug="robustness")
    alignment = factories.TopicFactory(slug="alignment")
    one = factories.PaperFactory(
        title="One",
        kind="paper",
        topics=[robustness, alignment],
        published_year=2021,
        published_month=3,
        published_day=7,
        venue="NeurIPS 2021",
    )
    two = factories.PaperFactory(
        title="Two",
        kind="report",
        topics=[alignment],
        published_year=2022,
        title_source="link_text",
    )
    factories.PaperFactory(title="Three", kind="post", published_year=2023, published_month=5)
    person = factories.AuthorFactory(name="Dan Hendrycks", orcid="0000-0002-1825-0097")
    factories.AuthorshipFactory(paper=one, author=person, position=1)
    factories.AuthorshipFactory(paper=one, author=None, name_as_printed="Somebody Else", position=2)
    factories.AuthorshipFactory(
        paper=two, author=factories.AuthorFactory(name="Owain Evans"), position=1
    )
    for paper, scheme, value in [
        (one, "arxiv", "2103.04000"),
        (one, "doi", "10.1000/xyz"),
        (two, "openreview", "abcDEF123"),
        (two, "url", "https://example.org/report"),
    ]:
        factories.IdentifierFactory(paper=paper, scheme=scheme, value=value)
    issue = factories.IssueFactory(slug="issue-five")
    entry = factories.EntryFactory(issue=issue, topic=robustness, kind="brief")
    factories.LinkFactory(entry=entry, paper=one, role="primary")
    factories.LinkFactory(entry=None, issue=issue, paper=one, role="inline")
    return {"one": one, "two": two, "issue": issue, "entry": entry, "robustness": robustness}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=report", {"Two"}),
        ("topic=robustness", {"One"}),
        ("topic=alignment", {"One", "Two"}),
        ("topic=nothing", set()),
        ("issue=issue-five", {"One"}),
        ("author=hendrycks", {"One"}),
        ("author=Dan%20Hendrycks", {"One"}),
        ("author=Hendrycks%20Dan", {"One"}),
        ("author=Hendrycks%20Owain", set()),
        ("author=Somebody", {"One"}),
        ("author=0000-0002-1825-0097", {"One"}),
        ("venue=neurips", {"One"}),
        ("year=2022", {"Two"}),
        ("year_min=2022", {"Two", "Three"}),
        ("year_max=2022", {"One", "Two"}),
        ("year_min=2022&year_max=2022", {"Two"}),
        ("arxiv=2103.04000", {"One"}),
        ("arxiv=https://arxiv.org/pdf/2103.04000v2.pdf", {"One"}),
        ("arxiv=10.1000/xyz", set()),
        ("doi=10.1000/XYZ", {"One"}),
        ("doi=https://doi.org/10.1000/xyz", {"One"}),
        ("openreview=abcDEF123", {"Two"}),
        ("openreview=https://openreview.net/forum?id=abcDEF123", {"Two"}),
        ("url=https://example.org/report", {"Two"}),
        ("url=https://arxiv.org/abs/2103.04000", {"One"}),
        ("title_source=link_text", {"Two"}),
        ("topic=alignment&year=2022", {"Two"}),
        ("venue=%25", set()),
        ("venue=_", set()),
    ],
)
def test_filters(client, shelf, query, found):
    assert titles(client, query) == found


def test_topics_and_issues_answer_to_their_ids_too(client, shelf):
    assert titles(client, f"topic={shelf['robustness'].pk}") == {"One"}
    assert titles(client, f"issue={shelf['issue'].pk}") == {"One"}


def test_authors_stand_in_their_order_and_as_they_are_spelt_in_every_format(client, db):
    names = [
        'Zoë "Z" O\'Neil\\/',
        "Line\nbreak\tand \x07\x1f\x7f",
        "李 😀 \u2028",
        "Ada",
        "Bo, <b>",
    ]
    paper, other = factories.PaperFactory(), factories.PaperFactory()
    for position in (3, 0, 4, 2, 1):
        named = {"name_as_printed": names[position], "author": None}
        factories.AuthorshipFactory(paper=paper, position=position, **named)
    for position, name in enumerate(names):
        factories.AuthorshipFactory(
            paper=other, position=position, name_as_printed=name, author=None
        )
    written = dump([{"name": name, "orcid": None} for name in names])

    lines = b"".join(client.get("/papers/export/?format=jsonl").streaming_content).splitlines()
    assert [written in line for line in lines] == [True, True]
    for address in (PAPERS, f"{PAPERS}{paper.pk}/", f"{PAPERS}{other.pk}/"):
        assert written in client.get(address).content
    cells = csv.DictReader(io.StringIO(client.get(f"{PAPERS}?format=csv").text, newline=""))
    assert {cell["authors"] for cell in cells} == {written.decode()}


def test_a_paper_shows_what_is_known_and_no_more(client, shelf):
    rows = {row["title"]: row for row in all_rows(client, PAPERS)}

    assert [rows[t]["published"] for t in ("One", "Two", "Three")] == [
        "2021-03-07",
        "2022",
        "2023-05",
    ]
    assert [rows[t]["published_on"] for t in ("One", "Two", "Three")] == ["2021-03-07", None, None]
    assert rows["One"]["authors"] == [
        {"name": "Dan Hendrycks", "orcid": "0000-0002-1825-0097"},
        {"name": "Somebody Else", "orcid": None},
    ]
    assert rows["One"]["identifiers"] == [
        {"scheme": "arxiv", "value": "2103.04000"},
        {"scheme": "doi", "value": "10.1000/xyz"},
    ]
    assert rows["One"]["topics"] == ["alignment", "robustness"]
    assert rows["One"]["mention_count"] == 2
    assert rows["Three"]["venue"] is None
    assert rows["One"]["web_url"] == f"http://testserver/papers/{shelf['one'].pk}/one/"
    assert client.get(rows["One"]["web_url"].removeprefix("http://testserver")).status_code == 200


def test_one_paper_lists_every_place_that_mentions_it(client, shelf):
    paper = client.get(f"{PAPERS}{shelf['one'].pk}/").json()

    in_entry, outside = sorted(paper["mentions"], key=lambda m: m["entry"] is None)
    assert in_entry["entry"] == shelf["entry"].pk
    assert (in_entry["issue"], in_entry["topic"]) == (shelf["issue"].pk, "robustness")
    assert (in_entry["kind"], in_entry["role"]) == ("brief", "primary")
    assert in_entry["web_url"].endswith(f"/issues/issue-five/#{shelf['entry'].anchor}")
    assert (outside["entry"], outside["kind"], outside["role"]) == (None, None, "inline")
    assert paper["mention_count"] == len(paper["mentions"])


@pytest.mark.parametrize(
    ("ordering", "expected"),
    [
        ("published", ["One", "Two", "Three"]),
        ("-published", ["Three", "Two", "One"]),
        ("title", ["One", "Three", "Two"]),
    ],
)
def test_orders(client, shelf, ordering, expected):
    rows = client.get(f"{PAPERS}?ordering={ordering}").json()["results"]

    assert [row["title"] for row in rows] == expected


def test_what_is_hidden_is_nowhere_for_readers_and_there_for_maintainers(client, shelf):
    shelf["one"].is_hidden = True
    shelf["one"].save()
    entries, topic = "/api/v1/entries/", "/api/v1/topics/robustness/"

    assert titles(client, "") == {"Two", "Three"}
    assert client.get(f"{PAPERS}{shelf['one'].pk}/").status_code == 404
    assert client.get(topic).json()["paper_count"] == 0
    [link] = client.get(entries).json()["results"][0]["links"]
    assert link["paper"] is None
    assert client.get(f"{entries}?paper={shelf['one'].pk}").json()["count"] == 0

    client.force_login(factories.UserFactory(is_staff=True))
    assert titles(client, "") == {"One", "Two", "Three"}
    assert client.get(topic).json()["paper_count"] == 1


def test_mentions_in_hidden_issues_are_not_counted(client, shelf):
    shelf["issue"].is_hidden = True
    shelf["issue"].save()

    paper = client.get(f"{PAPERS}{shelf['one'].pk}/").json()

    assert (paper["mention_count"], paper["mentions"]) == (0, [])
    assert titles(client, "issue=issue-five") == set()


def test_a_merged_paper_stands_where_it_was_merged_into(client, shelf):
    shelf["one"].merged_into = shelf["two"]
    shelf["one"].save()

    [link] = client.get("/api/v1/entries/").json()["results"][0]["links"]

    assert titles(client, "") == {"Two", "Three"}
    assert link["paper"] == shelf["two"].pk


def test_topics_count_what_is_filed_under_them(client, shelf):
    topic = client.get("/api/v1/topics/robustness/").json()

    assert topic == client.get(f"/api/v1/topics/{shelf['robustness'].pk}/").json()
    assert (topic["paper_count"], topic["entry_count"]) == (1, 1)
    assert topic["description"] is None


def test_a_formula_in_a_title_stays_text_in_a_spreadsheet(client, db):
    for start in ("=", "+", "-", "@", "\t"):
        factories.PaperFactory(title=f"{start}HYPERLINK(1)")

    lines = client.get(f"{PAPERS}?format=csv").content.decode().splitlines()[1:]

    assert len(lines) == 5
    assert all(",'" in line for line in lines)
    assert not any(f",{start}HYPER" in line for line in lines for start in "=+-@\t")
