"""Feeds of the site: the rows of their pages, in their order, for their query string."""

import json
import re
from xml.etree import ElementTree

import pytest
from django.test import Client

from newsletter.models import Issue, Publication
from papers.models import Paper
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
ATOM = "{http://www.w3.org/2005/Atom}"
PLACES = {
    "/feeds/papers": "/papers/",
    "/feeds/issues": "/issues/",
    "/feeds/topics/monitoring": "/topics/monitoring/",
}
QUERIES = [
    "",
    "?topic=robustness",
    "?author=hendrycks&year_min=2022",
    "?kind=&issue=&year_max=2021",
]


def titles_in_atom(raw: bytes) -> list[str]:
    root = ElementTree.fromstring(raw)
    return [entry.findtext(f"{ATOM}title") for entry in root.findall(f"{ATOM}entry")]


@pytest.mark.parametrize("query", QUERIES)
def test_a_feed_of_papers_has_the_rows_of_its_page_in_its_order(client, loaded, query):
    shown = list(client.get(f"/papers/{query}").context["listing"].rows)
    in_atom = client.get(f"/feeds/papers.atom{query}")
    in_json = client.get(f"/feeds/papers.json{query}").json()

    assert in_atom.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert titles_in_atom(in_atom.content) == [paper.title for paper in shown] != []
    ids = [int(item["id"].rstrip("/").rpartition("/")[2]) for item in in_json["items"]]
    assert ids == [paper.pk for paper in shown]


def test_feeds_go_on_page_by_page(client, loaded):
    seen, address = [], "/feeds/papers.json"
    while address:
        page = client.get(address).json()
        seen += [item["id"] for item in page["items"]]
        address = page.get("next_url")
    assert len(seen) == len(set(seen)) == Paper.objects.count()


def test_an_issue_comes_whole_with_author_source_and_original(client, loaded):
    body = client.get("/feeds/issues.json").json()
    issue = Issue.objects.newest_first()[0]
    item = body["items"][0]

    assert [each["title"] for each in body["items"]] == [
        each.title for each in Issue.objects.newest_first()
    ]
    assert item["content_html"] == issue.html
    assert item["external_url"] == issue.url
    assert [author["name"] for author in item["authors"]] == (
        issue.authors or issue.publication.authors
    )
    publication = issue.publication
    own = client.get(f"/feeds/publications/{publication.slug}.json").json()
    assert own["title"] == publication.name
    assert own["items"] == body["items"]


def test_a_topics_feed_has_the_entries_of_its_page(client, loaded):
    shown = client.get("/topics/monitoring/").context["listing"].rows
    body = client.get("/feeds/topics/monitoring.json").json()

    assert [item["title"] for item in body["items"]][: len(shown)] == [
        entry.headline for entry in shown
    ]
    assert {tuple(item["tags"]) for item in body["items"]} == {("Monitoring",)}


@pytest.mark.parametrize("path", [*PLACES, "/feeds/publications/ml-safety-newsletter"])
@pytest.mark.parametrize("kind", ["atom", "json"])
def test_a_feed_that_has_not_changed_costs_no_body(client, loaded, path, kind):
    first = client.get(f"{path}.{kind}")
    again = client.get(f"{path}.{kind}")
    assert first.status_code == 200
    assert first.content == again.content

    by_tag = client.get(f"{path}.{kind}", headers={"If-None-Match": first.headers["ETag"]})
    by_date = client.get(
        f"{path}.{kind}", headers={"If-Modified-Since": first.headers["Last-Modified"]}
    )
    assert (by_tag.status_code, by_date.status_code) == (304, 304)
    assert by_tag.content == by_date.content == b""
    assert by_tag.headers["ETag"] == first.headers["ETag"]


def test_a_paper_that_goes_makes_the_feed_new_by_date_too(client, loaded):
    first = client.get("/feeds/papers.atom")
    oldest = Paper.objects.newest_first().last()
    oldest.is_hidden = True
    oldest.save()

    again = client.get(
        "/feeds/papers.atom", headers={"If-Modified-Since": first.headers["Last-Modified"]}
    )
    assert again.status_code == 200


@pytest.mark.parametrize("junk", ["yesterday", '"', "W/", "\x7f", "Mon, 99 Foo 2022 25:61:61 GMT"])
def test_bad_92_junk_in_conditional_headers_is_no_condition(client, loaded, junk):
    for header in ("If-None-Match", "If-Modified-Since"):
        assert client.get("/feeds/issues.atom", headers={header: junk}).status_code == 200


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("/feeds/papers.atom?topc=robustness", "topc"),
        ("/feeds/papers.json?year=20x0", "year"),
        ("/feeds/issues.atom?cursor=nonsense", "cursor"),
        ("/feeds/topics/monitoring.atom?q=x", "q"),
    ],
)
def test_a_mistake_in_a_feeds_address_is_named(client, loaded, address, field):
    answer = client.get(address)

    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_what_is_not_there_or_not_open_to_one_is_404(client, db):
    hidden = factories.PublicationFactory(is_hidden=True)
    for address in (
        f"/feeds/publications/{hidden.slug}.atom",
        "/feeds/publications/nothing.atom",
        "/feeds/topics/nothing.json",
        "/feeds/papers.rss",
    ):
        assert client.get(address).status_code == 404


def test_bad_90_control_characters_in_stored_titles_leave_the_feed_readable(client, db):
    paper = factories.PaperFactory(published_year=1066)
    Paper.objects.filter(pk=paper.pk).update(title="a\x01b\x0bc\ufffed", venue="\x1bx")

    assert titles_in_atom(client.get("/feeds/papers.atom?year=1066").content) == ["abcd"]
    body = json.loads(client.get("/feeds/papers.json?year=1066").content)
    assert body["items"][0]["title"] == "abcd"


@pytest.mark.parametrize(
    ("page", "feed"),
    [
        ("/", "/feeds/issues"),
        ("/issues/", "/feeds/issues"),
        ("/papers/?topic=robustness&kind=", "/feeds/papers"),
        ("/topics/monitoring/", "/feeds/topics/monitoring"),
        ("/issues/ml-safety-newsletter-9/", "/feeds/publications/ml-safety-newsletter"),
    ],
)
def test_a_page_names_its_feeds_and_they_are_there(client: Client, loaded, page, feed):
    html = client.get(page).content.decode()
    found = re.findall(r'<link rel="alternate" type="([^"]+)"[^>]* href="([^"]+)">', html)

    assert [kind for kind, _ in found] == ["application/atom+xml", "application/feed+json"]
    for kind, address in found:
        assert address.startswith(f"{feed}.")
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith(kind)
        if "?" in page:
            assert address.endswith("?topic=robustness")


def test_a_list_that_was_asked_for_wrongly_names_no_feed(client, loaded):
    assert b"feed+json" not in client.get("/papers/?year=20x0").content


def test_only_a_known_day_is_a_date_of_publication(client, db):
    factories.PaperFactory(published_year=1067)
    factories.PaperFactory(published_year=1066, published_month=10, published_day=14)
    items = client.get("/feeds/papers.json?year_max=1067").json()["items"]

    assert [item.get("date_published") for item in items] == [None, "1066-10-14T00:00:00Z"]


def test_feeds_ask_no_more_for_more_rows(client, db, django_assert_max_num_queries):
    topic = factories.TopicFactory()
    for _ in range(12):
        paper = factories.PaperFactory(topics=[topic])
        factories.AuthorshipFactory(paper=paper)
        factories.LinkFactory(entry=factories.EntryFactory(topic=topic), paper=paper)
    slug = Publication.objects.latest("pk").slug
    for path in ("papers", "issues", f"topics/{topic.slug}", f"publications/{slug}"):
        with django_assert_max_num_queries(6):
            client.get(f"/feeds/{path}.atom")
