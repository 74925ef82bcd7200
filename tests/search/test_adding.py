"""What is found is put on a list: the same that the page shows."""

from urllib.parse import quote

import pytest
from django.test import Client

from papers.models import Paper
from tests.factories import EntryFactory, PaperFactory, PrizeFactory, UserFactory
from tests.readinglists.making import make_list

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    client = Client()
    client.force_login(UserFactory())
    return client


def offered(client: Client, path: str) -> list[tuple[str, str]]:
    """Names and titles of what is ticked."""
    context = client.get(path).context
    return [(thing.name, thing.title) for thing in context["things"]]


def test_hits_of_the_search_are_offered_in_their_order_but_lists_and_notes(client):
    paper = PaperFactory(title="Quokkas and quokkas")
    entry = EntryFactory(headline="A quokka in the news")
    prize = PrizeFactory(name="The quokka prize")
    PaperFactory(title="Nothing of the kind")
    PaperFactory(title="A hidden quokka", is_hidden=True)
    make_list(title="A list of quokkas", visibility="public")
    found = offered(client, f"/lists/add/?page=search&query={quote('q=quokka')}")
    assert {name for name, _ in found} == {
        f"paper:{paper.pk}",
        f"entry:{entry.pk}",
        f"prize:{prize.pk}",
    }
    assert offered(client, "/lists/add/?q=quokka") == found
    page = client.get("/search/?q=quokka")
    assert "/lists/add/?page=search&amp;query=q%3Dquokka" in page.text


def test_papers_that_a_page_filters_are_offered_and_counted(client, monkeypatch):
    monkeypatch.setattr("readinglists.adding.sources.MOST_GATHERED", 3)
    PaperFactory.create_batch(5, kind=Paper.Kind.REPORT)
    PaperFactory()
    answer = client.get("/papers/?kind=report")
    assert "/lists/add/?page=papers&amp;query=kind%3Dreport" in answer.text
    answer = client.get("/lists/add/?page=papers&query=kind%3Dreport")
    assert len(answer.context["things"]) == 3
    assert "The first 3 of 5" in answer.text


@pytest.mark.parametrize(
    "query",
    ["page=papers&query=kind%3Dnonsense", "page=search&query=q%3D%22", "page=x&query=q%3Da", "q="],
)
def test_what_is_no_search_offers_nothing(client, query):
    PaperFactory(title="a")
    assert offered(client, f"/lists/add/?{query}") == []
