"""The search of the whole site: what is found, in which order, how counted, and for whom."""

import random
import re
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fulltext import ranking
from newsletter.models import Entry, Issue
from papers.models import Paper, Topic
from search.kinds import KINDS, kind_with
from search.kinds.kind import seen_by_strangers
from tests import factories
from tests.readinglists import making

pytestmark = pytest.mark.django_db
API, PAGE, FEED = "/api/v1/search/", "/search/", "/feeds/search.json"


def api_rows(client, **query) -> list[tuple[str, str]]:
    """Of all pages."""
    rows, address = [], f"{API}?{urlencode({**query, 'page_size': 200})}"
    while address:
        body = client.get(address).json()
        rows += [(row["kind"], str(row["id"])) for row in body["results"]]
        address = body["next"]
    return rows


def page_rows(client, **query) -> list[tuple[str, str]]:
    rows, address = [], f"{PAGE}?{urlencode(query)}"
    while address:
        context = client.get(address).context
        rows += [(hit.kind, str(hit.key)) for hit in context["page"].rows]
        address = context["older"]
    return rows


def feed_rows(client, **query) -> list[tuple[str, str]]:
    rows, address = [], f"{FEED}?{urlencode(query)}"
    singular = {"papers": "paper", "entries": "entry", "prizes": "prize"}
    singular |= {"lists": "list", "notes": "note"}
    while address:
        body = client.get(address).json()
        for item in body["items"]:
            kind, key = re.search(r"/(\w+)/([\w-]+)/$", item["id"]).groups()
            rows.append((singular[kind], key))
        address = body.get("next_url")
    return rows


def random_queries(number: int, seed: int):
    """Of words that stand there and that do not, combined in the ways of the language."""
    chance = random.Random(seed)
    titles = [
        *Paper.objects.values_list("title", flat=True),
        *Entry.objects.values_list("headline", flat=True),
    ]
    words = sorted({word for title in titles for word in re.findall(r"[A-Za-z]{4,}", title)})
    topics = list(Topic.objects.values_list("slug", flat=True))
    for _ in range(number):
        word, other = chance.sample(words, 2)
        text = chance.choice(
            [
                word,
                f"{word} {other}",
                f"{word} OR {other}",
                f"{word[:4]}*",
                f"{word} -{other}",
                f'"{word} {other}"',
                f"topic:{chance.choice(topics)} {word}",
                f"{word} year:2021..2022",
                f"({word} OR topic:{chance.choice(topics)}) -{other}",
                f"title:{word}",
                f"{word}x{other}",
                chance.choice(titles)[:180].translate(str.maketrans('"()', "   ")),
            ]
        )
        query = {"q": text}
        if chance.random() < 0.4:
            query["kind"] = chance.choice([kind.name for kind in KINDS])
        if chance.random() < 0.3:
            query["topic"] = chance.choice(topics)
        if chance.random() < 0.2:
            query["year"] = str(chance.choice([2021, 2022, 2023]))
        if chance.random() < 0.2:
            query["ordering"] = "-added"
        yield query


def judge_faces(client, queries) -> int:
    found = 0
    for query in queries:
        on_page = client.get(PAGE, query)
        if on_page.status_code == 302:
            continue  # the whole of it names a paper
        if on_page.status_code == 400:
            assert client.get(API, query).status_code == 400, query
            assert client.get(FEED, query).status_code == 400, query
            continue
        rows = page_rows(client, **query)
        assert rows == api_rows(client, **query), query
        assert rows == feed_rows(client, **query), query
        assert len(rows) == len(set(rows)), query
        found += bool(rows)
    return found


def no_limits(settings) -> None:
    settings.API_RATE_LIMITS = {"anonymous": "1000000/60", "user": "1000000/60"}


def test_page_api_and_feed_find_the_same_in_one_order(client, loaded, settings):
    no_limits(settings)
    assert judge_faces(client, random_queries(25, seed=3)) > 12


@pytest.mark.trial
def test_page_api_and_feed_find_the_same_for_a_thousand_queries(client, loaded, settings):
    no_limits(settings)
    assert judge_faces(client, random_queries(1000, seed=4)) > 400


def facets_of(client, **query) -> dict[str, dict[str, int]]:
    body = client.get(API, {**query, "facets": "1"}).json()
    return {
        name: {each["value"]: each["count"] for each in values}
        for name, values in body["facets"].items()
    }


@pytest.mark.parametrize(
    "query",
    [
        {"q": "detection", "topic": "monitoring"},
        {"q": "benchmark OR topic:other", "kind": "paper", "year": "2021"},
        {"q": "prize"},
    ],
)
def test_a_facets_count_is_what_it_leaves(client, loaded, settings, query):
    no_limits(settings)
    facets = facets_of(client, **query)
    assert sum(map(len, facets.values())) > 5
    for name, values in facets.items():
        for value, count in values.items():
            left = client.get(API, {**query, name: value}).json()
            assert left["count"] == count, (name, value)


def test_the_page_links_to_what_its_facets_count(client, loaded):
    context = client.get(PAGE, {"q": "robustness", "topic": "monitoring"}).context
    (topic,) = [facet for facet in context["facets"] if facet["name"] == "topic"]
    chosen, other = topic["choices"][:2]

    assert (chosen.is_set, other.is_set) == (True, False)
    assert "topic" not in chosen.path
    assert client.get(other.path).context["count_words"] == other.count_words
    everything, papers = context["kinds"][:2]
    assert client.get(papers.path).context["count_words"] == papers.count_words
    assert everything.is_set


def test_every_title_stands_first_when_it_is_asked_for(client, loaded, settings):
    no_limits(settings)
    titles = list(Paper.objects.order_by("pk").values_list("title", flat=True)[::12])
    first = [
        client.get(API, {"q": title[:190], "kind": "paper", "page_size": 1}).json()["results"]
        for title in titles
    ]
    assert [rows[0]["title"] for rows in first] == titles


class TestWords:
    def test_what_matched_is_marked_and_the_rest_is_escaped(self, client, db):
        factories.PaperFactory(title="A <b>zebrafish</b> & more", abstract="Of zebrafish <script>.")
        html = client.get(PAGE, {"q": "zebrafish"}).content.decode()

        assert "A &lt;b&gt;<mark>zebrafish</mark>&lt;/b&gt; &amp; more" in html
        assert "Of <mark>zebrafish</mark> &lt;script&gt;." in html
        (row,) = client.get(API, {"q": "zebrafish"}).json()["results"]
        assert row["highlights"]["body"] == "Of <mark>zebrafish</mark> &lt;script&gt;."

    def test_a_former_title_is_found_and_stands_beside_the_present_one(self, client, db):
        factories.PaperFactory(title="A present title", alternative_titles=["Of zebrafish"])
        factories.PaperFactory(title="Zebrafish now", alternative_titles=["Zebrafish then"])
        rows = client.get(API, {"q": "zebrafish", "ordering": "-added"}).json()["results"]
        assert [row["highlights"] for row in rows] == [
            {"title": "<mark>Zebrafish</mark> now"},
            {"other_title": "Of <mark>zebrafish</mark>"},
        ]
        assert "also Of <mark>" in client.get(PAGE, {"q": "zebrafish"}).content.decode()

    def test_the_query_is_said_back(self, client, loaded):
        html = client.get(PAGE, {"q": "trojan -vision", "kind": "paper"}).content.decode()
        assert "about “trojan”, not mentioning “vision”" in html
        body = client.get(API, {"q": "trojan   -vision", "kind": "paper"}).json()
        assert body["query"] == "trojan -vision"
        assert body["explanation"] == "papers about “trojan”, not mentioning “vision”"

    @pytest.mark.parametrize(
        ("typed", "meant"), [("Hendryks", "hendrycks"), ("machiaveli", "machiavelli")]
    )
    def test_a_misspelt_word_is_taken_for_the_nearest_and_said_so(
        self, client, loaded, typed, meant
    ):
        page = client.get(PAGE, {"q": typed})
        html = page.content.decode()
        assert f'<strong dir="auto">{meant}</strong>' in html
        assert page.context["page"].rows
        assert f"/search/?q={typed}&amp;verbatim=yes" in html
        body = client.get(API, {"q": typed}).json()
        assert (body["query"], body["instead_of"]) == (meant, typed)
        word_for_word = client.get(API, {"q": typed, "verbatim": "yes"}).json()
        assert (word_for_word["count"], word_for_word["instead_of"]) == (0, None)

    def test_only_what_one_may_see_is_ever_suggested(self, client, db):
        factories.PaperFactory(title="Xylophonists", is_hidden=True)
        body = client.get(API, {"q": "xylophonistz"}).json()
        assert (body["count"], body["instead_of"]) == (0, None)

    def test_an_identifier_leads_straight_to_its_paper(self, client, db):
        paper = factories.PaperFactory()
        factories.IdentifierFactory(paper=paper, scheme="arxiv", value="2110.99999")
        for text in ("2110.99999", "arXiv:2110.99999v3", " https://arxiv.org/pdf/2110.99999.pdf"):
            answer = client.get(PAGE, {"q": text})
            assert (answer.status_code, answer.headers["Location"]) == (
                302,
                paper.get_absolute_url(),
            )
        assert api_rows(client, q="2110.99999") == [("paper", str(paper.pk))]
        elsewhere = client.get(PAGE, {"q": "2110.99999", "kind": "entry"}).content.decode()
        assert "Take a filter away" in elsewhere
        assert "Nothing in the catalogue" not in elsewhere
        Paper.objects.filter(pk=paper.pk).update(is_hidden=True)
        hidden = client.get(PAGE, {"q": "2110.99999"})
        assert hidden.status_code == 200
        assert not hidden.context["page"].rows
        assert "Nothing in the catalogue goes by" in hidden.content.decode()

    def test_the_address_of_an_issue_leads_straight_to_it(self, client, db):
        issue = factories.IssueFactory()
        address = "https://letters.example/p/issue-1"
        issue.sources.create(source_id="letter-1", canonical_url=address)
        for text in (address, f"{address}/?utm_source=mail", f" {address}#robustness"):
            answer = client.get(PAGE, {"q": text})
            assert (answer.status_code, answer.headers.get("Location")) == (
                302,
                issue.get_absolute_url(),
            ), text
        assert client.get(PAGE, {"q": address, "kind": "paper"}).status_code == 200
        Issue.objects.filter(pk=issue.pk).update(is_hidden=True)
        assert client.get(PAGE, {"q": address}).status_code == 200

    def test_a_citation_key_finds_its_paper_first(self, client, db):
        paper = factories.PaperFactory(title="Unsolved Problems")
        key = Paper.objects.values_list("citation_key", flat=True).get(pk=paper.pk)
        factories.PaperFactory(title=f"On {key}", abstract=f"{key} {key}")
        for text in (key, key.upper()):
            found = api_rows(client, q=text)
            assert found[0] == ("paper", str(paper.pk)), text
            assert len(found) == 2

    def test_a_kind_that_is_none_is_told_all_there_are(self, client, db):
        [error] = client.get(API, {"q": "kind:papr"}).json()["errors"]
        assert error["code"] == "invalid_choice"
        assert {kind.name for kind in KINDS} <= set(re.findall(r"\w+", error["detail"]))
        assert client.get(API, {"q": "kind:entry"}).status_code == 200

    def test_a_mistake_is_marked_at_its_character(self, client, loaded):
        page = client.get(PAGE, {"q": "trojan OR ("})
        assert page.status_code == 400
        assert "trojan OR <mark>(</mark>" in page.content.decode()
        body = client.get(API, {"q": "trojan OR ("}).json()
        assert body["errors"][0]["position"] == 10
        assert client.get(FEED, {"q": "trojan OR ("}).status_code == 400

    @pytest.mark.parametrize(
        "text",
        [
            "x" * 10_000,
            "%",
            "_",
            "\\",
            '"',
            "AND NOT (",
            "*",
            "\x00",
            "-",
            "a" * 200,
            "(" * 200,
        ],
    )
    def test_bad_94_no_text_breaks_a_face(self, client, loaded, text):
        statuses = {client.get(place, {"q": text}).status_code for place in (PAGE, API, FEED)}
        assert statuses <= {200, 400}
        assert len(statuses) == 1

    def test_without_words_there_are_examples_that_work(self, client, loaded):
        page = client.get(PAGE)
        assert page.status_code == 200
        for text, _ in page.context["examples"]:
            assert client.get(PAGE, {"q": text}).context["page"].rows, text
        assert client.get(API).json()["count"] == 0


class TestLists:
    def test_each_page_goes_on_where_the_last_one_ended(self, client, loaded):
        rows = page_rows(client, q="learning OR detection")
        assert len(rows) > 40
        first = client.get(PAGE, {"q": "learning OR detection"}).context
        second = client.get(first["older"]).context
        assert client.get(second["newer"]).context["page"].rows[0].key == int(rows[0][1])

    @pytest.mark.parametrize("cursor", ["nonsense", "a:b", "x" * 900])
    def test_bad_75_a_cursor_of_elsewhere_is_refused(self, client, loaded, cursor):
        other = client.get(API, {"q": "trojan", "page_size": 1}).json()["next"]
        foreign = re.search("cursor=([^&]+)", other)[1].replace("%3A", ":")
        for value in (cursor, foreign):
            for place in (PAGE, API, FEED):
                answer = client.get(place, {"q": "robustness", "cursor": value})
                assert answer.status_code == 400, (place, value)

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ({"kind": "paper2"}, "kind"),
            ({"year": "99999999999999999999"}, "year"),
            ({"topic": "../x"}, "topic"),
            ({"colour": "red"}, "colour"),
            ({"ordering": "password"}, "ordering"),
            ({"page_size": "1000"}, "page_size"),
            ({"facets": "maybe"}, "facets"),
        ],
    )
    def test_unfit_parameters_are_named(self, client, loaded, query, field):
        answer = client.get(API, {"q": "trojan", **query})
        assert answer.status_code == 400
        assert field in [error["field"] for error in answer.json()["errors"]]

    def test_the_latest_in_the_catalogue_come_first_if_wanted(self, client, db):
        made = [str(factories.PaperFactory(title=f"Quokka {n}").pk) for n in range(3)]
        entry = factories.EntryFactory(headline="A quokka at last")
        rows = api_rows(client, q="quokka", ordering="-added")
        newest = [("entry", entry.pk), *(("paper", pk) for pk in reversed(made))]
        assert rows == [(kind, str(pk)) for kind, pk in newest]

    def test_a_page_takes_six_queries_whatever_it_finds(self, client, db, monkeypatch):
        topic = factories.TopicFactory(slug="fauna")
        asked = ["quokka", "quokka quokkas", "topic:fauna", "quokka&ordering=-added"]
        asked += ["quokka&topic=fauna&kind=paper&year=2022"]
        places = [f"{place}q={q}" for q in asked for place in (f"{PAGE}?", f"{API}?facets=1&")]
        places += [f"{PAGE}?q=quokka+OR+topic:fauna", f"{API}?facets=1&q=quokka+OR+topic:fauna"]
        places += ["/papers/?q=quokka+quokkas", "/api/v1/papers/?q=quokka+quokkas"]

        def grow(number: int) -> None:
            for _ in range(number):
                paper = factories.PaperFactory(
                    title="A quokka", topics=[topic], venue="Q", published_year=2022
                )
                factories.AuthorshipFactory(paper=paper)
                entry = factories.EntryFactory(headline="A quokka", topic=topic)
                factories.LinkFactory(entry=entry, paper=paper)
                prize = factories.PrizeFactory(name="The quokka prize", topics=[topic])
                factories.PrizeMentionFactory(prize=prize, entry=entry)
                own = making.make_list(title="Quokkas", visibility="public")
                [item] = making.put_on(own, paper)
                making.say(item, text="Marsupial quokka")

        def count(place: str) -> int:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(place).status_code == 200
            # How often somebody asks the API is counted in one.
            return sum("api_ratecount" not in query["sql"] for query in queries)

        grow(1)
        client.get(PAGE, {"q": "quokka"})  # what is kept after a first look is not counted
        few = {place: count(place) for place in places}
        grow(2)
        many = {place: count(place) for place in places}
        assert many == few
        # What finds nothing is corrected and asked again: as many queries for any number of words.
        assert count(f"{PAGE}?q=kuokka+marsupeal") <= count(f"{PAGE}?q=kuokka") <= 11
        # As if so few were more than can be ranked: of each kind the strongest are looked for.
        monkeypatch.setattr(ranking, "MOST_RANKED", 1)
        monkeypatch.setattr(ranking, "SPARE", 1)
        frequent = {place: count(place) for place in places}
        most = {place: max(many[place], frequent[place]) for place in places}
        assert {place: n for place, n in most.items() if n > 6} == {}

    def test_kinds_are_told_apart_by_number_for_good(self):
        assert {kind.name: kind.number for kind in KINDS} == {
            "paper": 1,
            "entry": 2,
            "prize": 3,
            "list": 4,
            "note": 5,
        }


class TestSaved:
    @pytest.fixture
    def browser(self, client):
        client.force_login(factories.UserFactory())
        return client

    def test_a_search_is_saved_followed_and_counted(self, browser, db):
        factories.PaperFactory(title="Old quokkas")
        body = {"name": "Quokkas", "page": "search", "query": "q=quokka%20%20&kind=paper"}
        made = browser.post("/api/v1/saved-searches/", body, content_type="application/json").json()
        assert made["query"] == "kind=paper&q=quokka"
        factories.PaperFactory(title="New quokkas")
        factories.EntryFactory(headline="A quokka elsewhere")
        factories.PaperFactory(title="A hidden quokka", is_hidden=True)

        place = f"/api/v1/saved-searches/{made['id']}/"
        assert browser.get(place).json()["new_count"] == 1
        results = browser.post(f"/search/saved/{made['id']}/look/").headers["Location"]
        html = browser.get(results).content.decode()
        assert html.count(">new</span>") == 1
        assert browser.get(place).json()["new_count"] == 0
        address = browser.post(f"{place}feed/", content_type="application/json").json()["json_url"]
        feed = browser.get("/" + address.split("/", 3)[3]).json()
        assert [item["title"] for item in feed["items"]] == ["New quokkas", "Old quokkas"]

    def test_what_cannot_be_searched_for_cannot_be_saved(self, browser, db):
        body = {"name": "Wrong", "page": "search", "query": "q=a+OR+("}
        answer = browser.post("/api/v1/saved-searches/", body, content_type="application/json")
        assert answer.status_code == 400
        assert [error["field"] for error in answer.json()["errors"]] == ["q"]


def test_lost_readers_are_offered_the_search(client, db):
    html = client.get("/nothing/at/all/").content.decode()
    assert '<form class="site-search" role="search" action="/search/"' in html


# --- What a process keeps --------------------------------------------------------------------
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_who_a_stranger_is_and_when_they_ask_tells_a_kinds_rows_nothing(kind):
    """Their rows are said once for good."""
    asked = []
    for moment in (datetime(1999, 1, 1, tzinfo=UTC), datetime(2050, 1, 1, tzinfo=UTC)):
        with time_machine.travel(moment):
            asked.append(kind.visible(AnonymousUser()).query.sql_with_params())

    assert asked[0] == asked[1]


def test_what_a_stranger_may_see_is_read_anew_by_every_search(client):
    paper = factories.PaperFactory(title="Quixotry and its rewards")
    assert api_rows(client, q="quixotry") == [("paper", str(paper.pk))]

    Paper.objects.filter(pk=paper.pk).update(is_hidden=True)

    assert api_rows(client, q="quixotry") == []
    assert seen_by_strangers(kind_with(1))._result_cache is None


def test_what_was_kept_of_strangers_is_not_what_a_member_sees(client):
    """The list is private: its owner alone finds it, whoever asked before."""
    owner = factories.UserFactory()
    making.make_list(owner, title="Quixotry at home", visibility="private")
    assert api_rows(client, q="quixotry") == []

    client.force_login(owner)

    assert [kind for kind, _ in api_rows(client, q="quixotry")] == ["list"]
    client.logout()
    assert api_rows(client, q="quixotry") == []
