"""Saved searches in the browser: kept, looked at, renamed, followed, deleted and brought back."""

import json
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from accounts.deletion import delete_account
from accounts.personal_data import collect
from config.logs import mask
from search.models import SavedSearch
from tests import factories

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def user():
    return factories.UserFactory()


@pytest.fixture
def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def save(browser: Client, **fields: str) -> SavedSearch:
    usual = {"name": "Trojans", "page": "papers", "query": "topic=monitoring"}
    answer = browser.post("/search/saved/new/", {**usual, **fields})
    assert answer.status_code == 302, answer.content
    return SavedSearch.objects.latest("created_at")


def test_a_list_offers_to_save_what_it_is_filtered_by(browser):
    factories.TopicFactory(slug="monitoring")
    page = browser.get("/papers/?topic=monitoring&kind=&utm_source=x").content.decode()

    address = "/search/saved/new/?page=papers&amp;query=topic%3Dmonitoring"
    assert address in page
    form = browser.get(address.replace("&amp;", "&")).context["form"]
    assert form.initial["name"] == "monitoring"
    assert "Save this search" not in browser.get("/papers/").content.decode()


def test_a_stranger_signs_in_first(client):
    answer = client.get("/search/saved/new/?page=papers&query=topic%3Dx")
    assert answer.headers["Location"].startswith("/accounts/login/?next=/search/saved/new/%3Fpage")
    assert client.get("/search/saved/").status_code == 302


def test_what_came_in_is_counted_then_marked_once_and_then_old(browser):
    topic = factories.TopicFactory(slug="monitoring")
    factories.PaperFactory(topics=[topic], title="An old paper")
    search = save(browser)
    factories.PaperFactory(topics=[topic], title="A fresh paper")

    shown = browser.get("/search/saved/").content.decode()
    assert "See 1 new" in shown
    to_results = browser.post(f"/search/saved/{search.pk}/look/")
    page = browser.get(to_results.headers["Location"]).content.decode()
    assert page.count(">new</span>") == 1
    assert page.index("A fresh paper") < page.index(">new</span>") < page.index("An old paper")
    assert "nothing new" in browser.get("/search/saved/").content.decode()


def test_looking_by_the_link_changes_nothing(browser):
    search = save(browser)
    browser.get(search.results_url)
    browser.get("/search/saved/")
    before = search.looked_at
    search.refresh_from_db()
    assert search.looked_at == before


def test_it_is_renamed_deleted_and_brought_back(browser):
    search = save(browser)
    browser.post(f"/search/saved/{search.pk}/", {"name": "  Back\u200bdoors "})
    search.refresh_from_db()
    assert (search.name, search.version) == ("Backdoors", 2)

    page = browser.post(f"/search/saved/{search.pk}/delete/", follow=True).content.decode()
    assert "“Backdoors” is deleted." in page
    assert not SavedSearch.objects.exists()
    browser.post("/search/saved/restore/")
    back = SavedSearch.objects.get()
    assert (back.name, back.query, back.looked_at) == ("Backdoors", search.query, search.looked_at)
    browser.post("/search/saved/restore/")
    assert SavedSearch.objects.count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "\u200b"},
        {"name": "x" * 121},
        {"page": "nowhere"},
        {"query": "topc=x"},
        {"query": "year=1&year=2"},
        {"query": "x" * 5000},
    ],
)
def test_a_form_that_cannot_be_saved_keeps_what_was_typed(browser, fields):
    usual = {"name": "Trojans", "page": "papers", "query": "topic=monitoring"}
    answer = browser.post("/search/saved/new/", {**usual, **fields})

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not SavedSearch.objects.exists()


def test_somebody_elses_is_not_there(browser):
    other = SavedSearch.objects.create(
        owner=factories.UserFactory(), name="Theirs", page="papers", query=""
    )
    for path in ("", "look/", "delete/", "feed/", "feed/end/"):
        answer = browser.post(f"/search/saved/{other.pk}/{path}", {"name": "Mine"})
        assert answer.status_code == 404
    assert "Theirs" not in browser.get("/search/saved/").content.decode()
    other.refresh_from_db()
    assert (other.name, other.feed_digest) == ("Theirs", None)


def made_feed(browser: Client, search: SavedSearch) -> str:
    page = browser.post(f"/search/saved/{search.pk}/feed/")
    address = page.context["feed_address"]
    assert address in page.content.decode()
    assert page.headers["Cache-Control"].count("no-store") == 1
    return address.removeprefix("https://localhost")


class TestFeed:
    def test_shows_what_fits_the_latest_first_to_whoever_has_the_address(self, browser, client):
        topic = factories.TopicFactory(slug="monitoring")
        for title in ("First", "Second"):
            factories.PaperFactory(topics=[topic], title=title)
        factories.PaperFactory(title="Elsewhere")
        path = made_feed(browser, save(browser))

        root = ElementTree.fromstring(client.get(path).content)
        titles = [entry.findtext(f"{ATOM}title") for entry in root.findall(f"{ATOM}entry")]
        assert titles == ["Second", "First"]
        assert root.findtext(f"{ATOM}title") == "Trojans"
        body = client.get(path.replace(".atom", ".json")).json()
        assert [item["title"] for item in body["items"]] == titles

    @pytest.mark.parametrize("page", ["papers", "issues", "prizes"])
    def test_can_be_had_of_every_page(self, browser, client, page):
        answer = client.get(made_feed(browser, save(browser, page=page, query="")))
        assert answer.status_code == 200
        assert answer.headers["Referrer-Policy"] == "strict-origin"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert "private" in answer.headers["Cache-Control"]

    def test_shows_nothing_hidden_though_its_owner_maintains_the_site(self, client):
        maintainer = factories.UserFactory(is_staff=True, is_superuser=True)
        browser = Client()
        browser.force_login(maintainer)
        factories.PaperFactory(title="A hidden paper", is_hidden=True)
        path = made_feed(browser, save(browser, query=""))
        for asker in (client, browser):
            assert "A hidden paper" not in asker.get(path).text

    def test_bad_89_a_wrong_address_an_ended_one_and_a_disabled_owners_are_alike(
        self, browser, client, user
    ):
        search = save(browser)
        first = made_feed(browser, search)
        second = made_feed(browser, search)
        none = client.get("/feeds/saved/" + "x" * 43 + ".atom")
        assert client.get(second).status_code == 200
        assert client.get(first).status_code == none.status_code == 404
        user.is_active = False
        user.save()
        assert client.get(second).status_code == 404
        user.is_active = True
        user.save()
        assert client.get(second).status_code == 200
        browser.force_login(user)
        browser.post(f"/search/saved/{search.pk}/feed/end/")
        ended = client.get(second)
        assert (ended.status_code, ended.content) == (404, none.content)

    def test_its_secret_is_kept_nowhere(self, browser):
        search = save(browser)
        secret = made_feed(browser, search).removeprefix("/feeds/saved/").removesuffix(".atom")
        search.refresh_from_db()

        assert len(secret) >= 43
        assert secret not in repr(vars(search))
        assert secret not in browser.get(f"/search/saved/{search.pk}/").text
        for line in (f"GET /feeds/saved/{secret}.atom", f"?next=%2Ffeeds%2Fsaved%2F{secret}.json"):
            assert secret not in mask(line)
        assert mask("/feeds/papers.atom?q=saved/x") == "/feeds/papers.atom?q=saved/x"

    def test_over_the_api_it_is_shown_once_too(self, browser, client):
        search = save(browser)
        place = f"/api/v1/saved-searches/{search.pk}/"
        answer = browser.post(f"{place}feed/", content_type="application/json")

        assert answer.status_code == 201
        assert answer.headers["Cache-Control"] == "no-store"
        path = answer.json()["json_url"].removeprefix("https://localhost")
        assert client.get(path).status_code == 200
        assert browser.get(place).json()["has_feed"] is True
        assert browser.delete(f"{place}feed/").status_code == 428
        ended = browser.delete(f"{place}feed/", headers={"If-Match": '"1"'})
        assert ended.status_code == 204
        assert client.get(path).status_code == 404


def test_it_is_among_ones_data_and_goes_with_the_account(browser, user):
    search = save(browser)
    made_feed(browser, search)
    search.refresh_from_db()
    data = json.dumps(collect(user), default=str)

    assert "topic=monitoring" in data
    assert search.feed_digest not in data
    delete_account(user)
    assert not SavedSearch.objects.exists()


def test_junk_in_the_address_marks_nothing(browser):
    factories.PaperFactory()
    for junk in ("yesterday", "", "9999999", "2022-13-01"):
        page = browser.get("/papers/", {"new_since": junk})
        assert page.status_code == 200
        assert ">new</span>" not in page.content.decode()
    old = (timezone.now() - timedelta(days=1)).date().isoformat()
    assert ">new</span>" in browser.get("/papers/", {"new_since": old}).content.decode()
