"""Pages of papers: what they show, where they lead, what they cost."""

from http import HTTPStatus
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsletter.models import Link
from papers.models import Identifier, Paper
from tests.factories import (
    AuthorFactory,
    AuthorshipFactory,
    EntryFactory,
    IdentifierFactory,
    IssueFactory,
    LinkFactory,
    PaperFactory,
    TopicFactory,
    UserFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
SCRIPT = '"><script>alert(1)</script>'


def make_told_paper(**fields):
    """A paper with an author, an identifier, a topic and a mention."""
    paper = PaperFactory(**fields)
    paper.topics.add(TopicFactory())
    AuthorshipFactory(paper=paper)
    IdentifierFactory(paper=paper)
    LinkFactory(paper=paper)
    return paper


class TestList:
    def test_it_shows_titles_authors_and_topics(self, client):
        paper = make_told_paper(title="The Tuned Lens", published_year=2023)
        page = client.get("/papers/")
        assert page.status_code == HTTPStatus.OK
        for words in ("The Tuned Lens", "2023", paper.authorships.get().name_as_printed):
            assert words in page.text
        assert paper.topics.get().name in page.text

    def test_without_papers_it_says_where_they_come_from(self, client):
        assert "No papers yet" in client.get("/papers/").text

    def test_what_is_hidden_or_merged_is_not_listed(self, client):
        kept = PaperFactory(title="Kept")
        PaperFactory(title="Unseen", is_hidden=True)
        PaperFactory(title="Twin", merged_into=kept)
        page = client.get("/papers/").text
        assert "Kept" in page
        assert "Unseen" not in page
        assert "Twin" not in page

    @pytest.mark.parametrize(
        ("query", "shown"),
        [
            ("kind=dataset", {"Data"}),
            ("topic=robustness", {"Robust"}),
            ("author=Belrose", {"Robust"}),
            ("venue=ICML", {"Data"}),
            ("year_min=2022", {"Robust"}),
            ("year_max=2021", {"Data"}),
            ("title_source=newsletter", {"Data"}),
            ("issue=issue-nine", {"Robust"}),
            ("topic=robustness&kind=dataset", set()),
            ("", {"Robust", "Data"}),
            ("no_such_parameter=1", {"Robust", "Data"}),
        ],
    )
    def test_filters_narrow_it_and_unknown_parameters_do_nothing(self, client, query, shown):
        robust = PaperFactory(
            title="Robust", published_year=2022, topics=[TopicFactory(slug="robustness")]
        )
        AuthorshipFactory(paper=robust, author=AuthorFactory(name="Nora Belrose"))
        issue = IssueFactory(slug="issue-nine")
        LinkFactory(paper=robust, entry=EntryFactory(issue=issue))
        PaperFactory(
            title="Data",
            kind=Paper.Kind.DATASET,
            venue="ICML 2021",
            published_year=2021,
            title_source=Paper.TitleSource.NEWSLETTER,
        )
        rows = client.get(f"/papers/?{query}").context["listing"].rows
        assert {paper.title for paper in rows} == shown

    @pytest.mark.parametrize(
        "query",
        ["year_min=abc", "kind=poem", "title_source=x", "year=99999999999999999999", "cursor=x"],
    )
    def test_a_bad_value_is_named_and_answered_with_400(self, client, query):
        page = client.get(f"/papers/?{query}")
        assert page.status_code == HTTPStatus.BAD_REQUEST
        assert "errorlist" in page.text

    @pytest.mark.parametrize("name", ["q", "author", "venue", "topic", "issue", "kind", "year"])
    def test_what_is_typed_never_becomes_markup(self, client, name):
        page = client.get("/papers/", {name: SCRIPT})
        assert page.status_code in (HTTPStatus.OK, HTTPStatus.BAD_REQUEST)
        assert "<script>alert" not in page.text

    def test_an_active_filter_can_be_taken_away(self, client):
        page = client.get("/papers/?kind=paper&venue=ICML")
        active = {each.name: each.without for each in page.context["listing"].active}
        assert active == {"kind": "/papers/?venue=ICML", "venue": "/papers/?kind=paper"}

    def test_paging_reaches_every_paper_once_and_keeps_the_filter(self, client):
        PaperFactory.create_batch(120, published_year=2022)
        seen, address = [], "/papers/?year_min=2022"
        while address:
            listing = client.get(address).context["listing"]
            seen += [paper.pk for paper in listing.rows]
            address = listing.older
            assert address is None or "year_min=2022" in address
        assert len(seen) == len(set(seen)) == 120

    def test_the_way_back_leads_to_the_first_page(self, client):
        PaperFactory.create_batch(60)
        first = client.get("/papers/").context["listing"]
        second = client.get(first.older).context["listing"]
        back = client.get(second.newer).context["listing"]
        assert [paper.pk for paper in back.rows] == [paper.pk for paper in first.rows]
        assert back.newer is None

    def test_queries_do_not_grow_with_papers(self, client):
        make_told_paper()
        with CaptureQueriesContext(connection) as for_one:
            client.get("/papers/")
        for _ in range(49):
            make_told_paper()
        with CaptureQueriesContext(connection) as for_fifty:
            client.get("/papers/")
        assert len(for_fifty) <= len(for_one)
        assert len(for_fifty) <= 6


class TestDetail:
    def test_it_shows_the_newsletters_words_with_issue_topic_and_role(self, client):
        entry = EntryFactory(
            html="<p>A striking result.</p>", topic=TopicFactory(name="Monitoring")
        )
        paper = PaperFactory()
        LinkFactory(entry=entry, paper=paper, label="Paper", role=Link.Role.PRIMARY)
        page = client.get(paper.get_absolute_url()).text
        for words in ("<p>A striking result.</p>", "Monitoring", "Primary link “Paper”"):
            assert words in page
        assert f'href="{entry.get_absolute_url()}"' in page

    def test_it_names_source_author_and_original_address(self, client):
        link = LinkFactory(paper=PaperFactory())
        page = client.get(link.paper.get_absolute_url()).text
        for words in (link.issue.publication.name, "Dan Hendrycks", link.issue.url):
            assert words in page

    def test_an_entry_that_links_twice_is_quoted_once(self, client):
        entry = EntryFactory(html="<p>Told once.</p>")
        paper = PaperFactory()
        LinkFactory.create_batch(2, entry=entry, paper=paper)
        assert client.get(paper.get_absolute_url()).text.count("Told once.") == 1

    def test_it_shows_identifiers_key_other_titles_and_notes(self, client):
        paper = PaperFactory(
            citation_key="belrose2023eliciting",
            alternative_titles=["An older title"],
            title_source=Paper.TitleSource.NEWSLETTER,
            editor_note="Retitled since.",
        )
        IdentifierFactory(paper=paper, value="2303.08112")
        LinkFactory(paper=paper, editor_note="The link leads elsewhere.")
        page = client.get(paper.get_absolute_url()).text
        for words in (
            "belrose2023eliciting",
            "An older title",
            "Title from the newsletter",
            "Retitled since.",
            "The link leads elsewhere.",
            "https://arxiv.org/abs/2303.08112",
        ):
            assert words in page

    def test_mentions_in_hidden_or_withdrawn_places_are_not_shown(self, client):
        paper = PaperFactory()
        hidden = EntryFactory(html="<p>Unseen.</p>", issue=IssueFactory(is_hidden=True))
        LinkFactory(paper=paper, entry=hidden)
        page = client.get(paper.get_absolute_url()).text
        assert "Unseen." not in page
        assert hidden.issue.title not in page

    def test_a_wrong_or_missing_slug_leads_to_the_right_one(self, client):
        paper = PaperFactory(title="The tuned lens")
        for address in (f"/papers/{paper.pk}/", f"/papers/{paper.pk}/wrong/"):
            answer = client.get(address)
            assert answer.status_code == HTTPStatus.MOVED_PERMANENTLY
            assert answer.url == f"/papers/{paper.pk}/the-tuned-lens/"

    def test_a_merged_paper_leads_to_the_one_that_stays(self, client):
        stays = PaperFactory()
        middle = PaperFactory(merged_into=stays)
        merged = PaperFactory(merged_into=middle)
        assert client.get(merged.get_absolute_url()).url == stays.get_absolute_url()

    def test_a_hidden_paper_is_not_there_but_for_maintainers(self, client):
        paper = PaperFactory(is_hidden=True)
        merged = PaperFactory(merged_into=paper)
        IdentifierFactory(paper=paper, value="2303.08112")
        for address in (
            paper.get_absolute_url(),
            merged.get_absolute_url(),
            "/papers/by/arxiv/2303.08112",
        ):
            assert client.get(address).status_code == HTTPStatus.NOT_FOUND
        client.force_login(UserFactory(is_staff=True))
        assert client.get(paper.get_absolute_url()).status_code == HTTPStatus.OK

    @pytest.mark.parametrize("key", [10**6, 10**30])
    def test_an_unknown_number_is_404(self, client, key):
        assert client.get(f"/papers/{key}/x/").status_code == HTTPStatus.NOT_FOUND

    def test_an_address_that_is_not_safe_is_no_link(self, client):
        paper = PaperFactory()
        Paper.objects.filter(pk=paper.pk).update(url="javascript:alert(1)", pdf_url="data:x")
        page = client.get(paper.get_absolute_url()).text
        assert 'href="javascript:' not in page
        assert 'href="data:' not in page

    def test_thousands_of_authors_are_shown_cut_with_a_count(self, client):
        paper = PaperFactory()
        for place in range(60):
            AuthorshipFactory(paper=paper, position=place, name_as_printed=f"Name {place}.")
        page = client.get(paper.get_absolute_url()).text
        assert "Name 49." in page
        assert "Name 50." not in page
        assert "and 10 more" in page

    def test_queries_do_not_grow_with_mentions_and_authors(self, client):
        paper = make_told_paper()
        with CaptureQueriesContext(connection) as for_one:
            client.get(paper.get_absolute_url())
        for _ in range(49):
            LinkFactory(paper=paper)
            AuthorshipFactory(paper=paper)
        with CaptureQueriesContext(connection) as for_fifty:
            client.get(paper.get_absolute_url())
        assert len(for_fifty) <= len(for_one)
        assert len(for_fifty) <= 10


class TestByIdentifier:
    @pytest.mark.parametrize(
        "address",
        [
            "/papers/by/arxiv/2303.08112",
            "/papers/by/arxiv/2303.08112v2",
            "/papers/by/arxiv/arXiv:2303.08112",
            f"/papers/by/url/?url={quote('https://arxiv.org/pdf/2303.08112v1.pdf#page=3')}",
        ],
    )
    def test_any_spelling_leads_to_the_paper(self, client, address):
        paper = IdentifierFactory(value="2303.08112").paper
        answer = client.get(address)
        assert answer.status_code == HTTPStatus.FOUND
        assert answer.url == paper.get_absolute_url()

    def test_a_doi_may_hold_slashes(self, client):
        identifier = IdentifierFactory(scheme=Identifier.Scheme.DOI, value="10.1000/a/b")
        answer = client.get("/papers/by/doi/10.1000/a/b")
        assert answer.url == identifier.paper.get_absolute_url()

    @pytest.mark.parametrize(
        "address",
        [
            "/papers/by/arxiv/2303.99999",
            "/papers/by/arxiv/nonsense",
            "/papers/by/isbn/123",
            "/papers/by/url/",
            "/papers/by/url/?url=javascript:alert(1)",
            "/papers/by/url/?url=https://evil.example/",
            "/papers/by/doi/%00",
        ],
    )
    def test_what_names_no_paper_is_404_and_leads_nowhere(self, client, address):
        answer = client.get(address)
        assert answer.status_code == HTTPStatus.NOT_FOUND
        assert "Location" not in answer.headers
