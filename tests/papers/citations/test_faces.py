"""Papers as files, on every face: the API, pages, unAPI; and what reference managers recognise."""

import csv
import io
import json
import re
from html.parser import HTMLParser
from urllib.parse import parse_qs
from xml.etree import ElementTree as etree

import pytest
import rispy
from django.db import connection
from django.test.utils import CaptureQueriesContext

from papers.citations import gathering
from papers.citations.formats import FORMATS, REFERENCE_FORMATS
from papers.models import Paper
from tests import factories

each_format = pytest.mark.parametrize("name", FORMATS)
TYPES = {
    "bibtex": "application/x-bibtex; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
    "csljson": "application/vnd.citationstyles.csl+json",
    "markdown": "text/markdown; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/jsonl",
}


def make_paper(**fields) -> Paper:
    paper = factories.PaperFactory(**fields)
    factories.AuthorshipFactory(paper=paper, name_as_printed="Jane Doe")
    factories.IdentifierFactory(paper=paper)
    return paper


def make_told_paper(**fields) -> Paper:
    paper = make_paper(**fields)
    entry = factories.EntryFactory(
        html="<p>Said of it.</p><p>And more: <a href='https://example.org/m'>here</a>.</p>"
    )
    factories.LinkFactory(entry=entry, paper=paper, role="primary")
    return paper


@each_format
def test_an_export_is_a_file_of_all_that_fits(client, db, monkeypatch, name):
    monkeypatch.setattr(gathering, "BATCH", 2)
    papers = [make_paper(published_year=2000 + number) for number in range(5)]
    make_paper(published_year=1990)

    answer = client.get(f"/papers/export/?format={name}&year_min=2000")
    text = answer.getvalue().decode()

    places = [text.index(paper.title) for paper in reversed(papers)]
    assert places == sorted(places)
    assert Paper.objects.get(published_year=1990).title not in text
    assert answer.headers["Content-Type"] == TYPES[name]
    extension = FORMATS[name].extension
    assert answer.headers["Content-Disposition"] == f'attachment; filename="papers.{extension}"'
    assert answer.headers["Content-Security-Policy"].endswith("sandbox")


@each_format
def test_an_export_that_is_there_already_is_not_sent_again(client, db, name):
    make_paper()
    first = client.get(f"/papers/export/?format={name}")
    again = client.get(
        f"/papers/export/?format={name}", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert again.status_code == 304
    same = client.get(f"/papers/export/?format={name}")
    assert first.getvalue() == same.getvalue()

    make_paper()
    changed = client.get(
        f"/papers/export/?format={name}", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert changed.status_code == 200


@each_format
def test_queries_of_an_export_grow_with_batches_alone(client, db, name):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(f"/papers/export/?format={name}").getvalue()
        return len(captured)

    make_told_paper()
    few = queries()
    for _ in range(5):
        make_told_paper()
    assert queries() == few <= 6


@pytest.mark.parametrize("name", REFERENCE_FORMATS)
def test_the_api_gives_the_same_files_by_parameter_and_by_accept(client, db, name):
    paper = make_told_paper()
    form = REFERENCE_FORMATS[name]

    page = client.get(f"/papers/export/?format={name}").getvalue()
    assert client.get(f"/api/v1/papers/?format={name}").getvalue() == page
    by_header = client.get("/api/v1/papers/", headers={"Accept": form.media_type})
    assert by_header.getvalue() == page
    assert client.get(f"/api/v1/papers/{paper.pk}/?format={name}").content == page
    assert client.get(f"/api/v1/papers/?format={name}&page_size=1").content == page
    cite = client.get(f"{paper.get_absolute_url()}cite/?format={name}")
    assert cite.content == page


def test_issues_and_topics_are_files_of_their_papers_in_their_order(client, db):
    topic = factories.TopicFactory()
    second, first = make_paper(topics=[topic]), make_paper(topics=[topic])
    make_paper()
    entry = factories.EntryFactory()
    factories.LinkFactory(entry=entry, paper=first, position=1)
    factories.LinkFactory(entry=entry, paper=second, position=2)

    issue = client.get(f"/api/v1/issues/{entry.issue.slug}/?format=ris")
    filed = client.get(f"/api/v1/topics/{topic.slug}/?format=ris")

    keys = [each["id"] for each in rispy.loads(issue.getvalue().decode())]
    assert keys == [first.citation_key, second.citation_key]
    assert len(rispy.loads(filed.getvalue().decode())) == 2
    assert f'"{entry.issue.slug}.ris"' in issue.headers["Content-Disposition"]


def test_a_selection_is_taken_by_its_ids(client, db):
    papers = [make_paper() for _ in range(3)]
    ids = f"{papers[0].pk},{papers[2].pk}"

    found = json.loads(client.get(f"/papers/export/?format=csljson&ids={ids}").getvalue())

    assert {each["id"] for each in found} == {papers[0].citation_key, papers[2].citation_key}
    assert client.get("/papers/export/?format=ris&ids=1,x").status_code == 400
    assert client.get("/papers/export/?format=nothing").status_code == 404
    assert client.get("/papers/export/?year_min=x&format=ris").status_code == 400


def test_formulas_do_not_run_in_a_spreadsheet(client, db):
    make_paper(title="=HYPERLINK(1)", venue="@x")

    (row,) = csv.DictReader(
        io.StringIO(client.get("/papers/export/?format=csv").getvalue().decode())
    )

    assert (row["title"], row["venue"]) == ("'=HYPERLINK(1)", "'@x")


def test_notes_travel_with_a_paper_but_not_from_what_is_hidden(client, admin_client, db):
    paper = make_told_paper(editor_note="Mind the date.")
    hidden = factories.IssueFactory(is_hidden=True)
    entry = factories.EntryFactory(issue=hidden, html="<p>secret</p>")
    factories.LinkFactory(entry=entry, paper=paper, role="primary")
    Paper.objects.filter(pk=paper.pk).update(sources={"reference_notes": ["private words"]})

    text = client.get("/papers/export/?format=bibtex").getvalue().decode()

    assert "Said of it.\n\nAnd more: here (https://example.org/m)." in text
    assert "Editor’s note: Mind the date." in text
    assert "secret" not in text
    assert "private words" not in text
    all_of_it = admin_client.get("/papers/export/?format=bibtex").getvalue().decode()
    assert "secret" in all_of_it
    assert "private words" in all_of_it


def test_who_may_not_see_a_paper_gets_no_file_of_it(client, db):
    paper = make_paper(is_hidden=True)

    for address in (
        f"{paper.get_absolute_url()}cite/",
        f"/api/v1/papers/{paper.pk}/?format=bibtex",
        f"/unapi?id=papers/{paper.pk}&format=ris",
    ):
        assert client.get(address).status_code == 404
    assert client.get("/papers/export/?format=bibtex").getvalue() == b""


def test_a_style_is_remembered(client, db):
    address = f"{make_paper(title='A title').get_absolute_url()}cite/"

    assert "“A title”" not in client.get(address).content.decode()
    assert "“A title.”" in client.get(f"{address}?style=ieee").content.decode()
    assert "“A title.”" in client.get(address).content.decode()
    assert client.get(f"{address}?style=mla").status_code == 404


def test_a_list_in_a_style_is_bounded(client, db, monkeypatch):
    make_paper()
    make_paper()
    text = client.get("/papers/export/?style=nature").content.decode()
    assert text.count("Doe, J.") == 2

    monkeypatch.setattr("papers.citations.views.MOST_FORMATTED", 1)
    assert client.get("/papers/export/?style=nature").status_code == 400


class Head(HTMLParser):
    """What Zotero's translators look for in a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.metas: list[tuple[str, str]] = []
        self.server = ""
        self.ids: list[str] = []
        self.coins: list[dict[str, list[str]]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs) -> None:
        values = dict(attrs)
        if tag == "meta" and "name" in values:
            self.metas.append((values["name"], values["content"]))
        elif tag == "link" and values.get("rel") == "unapi-server":
            self.server = values["href"]
        elif tag == "abbr" and values.get("class") == "unapi-id":
            self.ids.append(values["title"])
        elif tag == "span" and values.get("class") == "Z3988":
            self.coins.append(parse_qs(values["title"]))


def test_zotero_finds_a_papers_page_and_takes_ris_with_notes(client, db):
    """By the rules of its published unAPI translator, which stands before all others."""
    paper = make_told_paper(title="</script><script>alert(1)</script> & more")
    page = client.get(paper.get_absolute_url()).content.decode()
    head = Head(page)
    assert head.ids == [f"papers/{paper.pk}"]

    server = re.sub(r"^https?://[^/]+", "", head.server)
    formats = etree.fromstring(client.get(server).content)
    names = [each.get("name") for each in formats.iter("format")]
    assert names == ["ris", "bibtex"]
    # Ids are put into the address as they are, not encoded.
    (item,) = rispy.loads(client.get(f"{server}?id={head.ids[0]}&format=ris").content.decode())
    assert item["title"] == paper.title
    assert item["notes"][0].endswith("</p>")
    assert "<p>And more: here (https://example.org/m).</p>" in item["notes"][0]
    assert client.get(f"{server}?id={head.ids[0]}").status_code == 300
    assert client.get(f"{server}?id={head.ids[0]}&format=mods").status_code == 406
    assert client.get(f"{server}?format=ris").status_code == 400
    for wrong in ("papers/99999", "papers/x", "papers/" + "9" * 30, "x"):
        assert client.get(f"{server}?id={wrong}&format=ris").status_code == 404


def test_a_papers_page_describes_it_to_scholars_and_search_engines(client, db):
    paper = make_paper(
        title="</script><script>alert(1)</script> & more",
        venue="NeurIPS 2021",
        published_year=2021,
        published_month=12,
        pdf_url="https://example.org/a.pdf",
    )
    page = client.get(paper.get_absolute_url()).content.decode()
    metas = Head(page).metas

    assert ("citation_title", paper.title) in metas
    assert ("citation_author", "Doe, Jane") in metas
    assert ("citation_publication_date", "2021/12") in metas
    assert ("citation_conference_title", "NeurIPS 2021") in metas
    assert ("citation_pdf_url", "https://example.org/a.pdf") in metas
    described = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    (thing,) = map(json.loads, described)
    assert thing["@type"] == "ScholarlyArticle"
    assert thing["name"] == paper.title
    assert thing["datePublished"] == "2021-12"
    assert "<script>alert" not in page


def test_pages_that_show_many_name_each_to_unapi_and_coins(client, db):
    topic = factories.TopicFactory()
    papers = [make_told_paper(topics=[topic], venue="ICML 2022"), make_told_paper(kind="post")]
    issue = papers[0].mentions.get().issue

    for address, found in (("/papers/", papers), (issue.get_absolute_url(), papers[:1])):
        head = Head(client.get(address).content.decode())
        assert head.server.endswith("/unapi")
        assert sorted(head.ids) == sorted(f"papers/{paper.pk}" for paper in found)
        titles = {(each.get("rft.atitle") or each["rft.title"])[0] for each in head.coins}
        assert titles == {paper.title for paper in found}
    (paper,) = [each for each in head.coins if "rft.atitle" in each]
    assert paper["rft.genre"] == ["proceeding"]
    assert (paper["rft.aulast"], paper["rft.aufirst"]) == (["Doe"], ["Jane"])
