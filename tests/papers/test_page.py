"""What a paper's page and its record in the API tell beyond the paper itself."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.text import slugify
from hypothesis import example, given
from hypothesis import strategies as st

from papers.models import CitationKeyAlias
from papers.models.works import title_slug
from papers.places import places_of, with_pdfs
from papers.tellings import words_around
from readinglists.models import Item, ReadingList
from tests.factories import (
    AuthorshipFactory,
    EntryFactory,
    IdentifierFactory,
    IssueFactory,
    LinkFactory,
    PaperFactory,
    SectionFactory,
    UserFactory,
)
from tests.papers.merging.shelf import make_list

pytestmark = pytest.mark.one_database

BARE = {"url": None, "pdf_url": None, "code_url": None}


@given(st.text())
@example(" -_\x1c\x85\xa0A\u0130ﬁ\x00Don't – Panic_- ")
def test_the_words_in_an_address_are_djangos_slug_of_the_title(title):
    assert title_slug(title) == (slugify(title)[:80].strip("-") or "paper")


class TestPlaces:
    """Pure: from columns, identifiers and links to addresses, each once and named."""

    @pytest.mark.parametrize(
        ("paper", "names", "links", "expected"),
        [
            ({}, [], [], []),
            (
                {"url": "https://arxiv.org/abs/2303.08112v2"},
                [("arxiv", "2303.08112")],
                [("code", "http://arxiv.org/abs/2303.08112#page=3")],
                [("page", "arXiv 2303.08112"), ("pdf", "arXiv 2303.08112")],
            ),
            (
                {"code_url": "https://github.com/a/b"},
                [],
                [("code", "https://www.github.com/a/b.git"), ("video", "https://youtu.be/x")],
                [("code", "github.com/a/b"), ("video", "youtu.be/x")],
            ),
            (
                {},
                [("url", "https://www.lesswrong.com/posts/abcdefghijklmnopq")],
                [("website", "https://example.org/a.pdf"), ("article", "https://example.org/")],
                [
                    ("pdf", "example.org/a.pdf"),
                    ("discussion", "lesswrong.com/posts/abcdefghijklmnopq"),
                    ("article", "example.org"),
                ],
            ),
            ({"url": "javascript:alert(1)"}, [], [("video", "data:x"), ("code", "")], []),
        ],
    )
    def test_each_address_once_with_its_name(self, paper, names, links, expected):
        found = places_of(BARE | paper, names, links)
        assert [(place.kind, place.name) for place in found] == expected

    def test_a_pdf_stands_beside_the_page_it_is_of(self):
        paper = BARE | {"pdf_url": "https://example.org/other.pdf"}
        lines = with_pdfs(places_of(paper, [("arxiv", "2303.08112"), ("doi", "10.1/x")], []))
        assert [(place.kind, pdf is not None) for place, pdf in lines] == [
            ("page", True),
            ("page", False),
            ("pdf", False),
        ]

    def test_their_number_has_a_bound(self):
        links = [("article", f"https://example.org/{n}") for n in range(1000)]
        assert len(places_of(BARE, [], links)) == 30


class TestWordsAround:
    class Link:
        href = "https://example.org/?a=1&b=2"

    MARK = '<a href="https://example.org/?a=1&amp;b=2">it</a>'

    @pytest.mark.parametrize(
        ("html", "expected"),
        [
            ("<p>Before.</p><p>See {}.</p><p>After.</p>", "<p>See {}.</p>"),
            ("<ul><li>One</li><li>See {}</li></ul>", "<li>See {}</li>"),
            ("<ul><li>See {}<ul><li>Inner</li></ul></li></ul>", ""),
            ("<table><tr><td>{}</td></tr></table>", ""),
            ("<p>Nothing.</p>", ""),
        ],
    )
    def test_they_are_the_smallest_whole_blocks_with_the_link(self, html, expected):
        found = words_around(html.format(self.MARK), [self.Link])
        assert found == expected.format(self.MARK)


@pytest.mark.django_db
class TestPage:
    def test_no_space_stands_before_the_comma_behind_an_author(self, client):
        paper = PaperFactory()
        for position, name in enumerate(("Ada Lovelace", "Noether, Emmy")):
            AuthorshipFactory(paper=paper, name_as_printed=name, position=position)
        assert "Ada Lovelace</a></bdi>, <bdi><a" in client.get(paper.get_absolute_url()).text

    def test_an_aside_is_quoted_by_its_paragraph_and_a_presentation_whole(self, client):
        paper = PaperFactory()
        for role in ("inline", "primary"):
            url = f"https://example.org/{role}"
            html = f'<p>First of {role}.</p><p>It is <a href="{url}">here</a>.</p>'
            LinkFactory(entry=EntryFactory(html=html), paper=paper, url=url, role=role)
        page = client.get(paper.get_absolute_url()).text
        assert "First of primary." in page
        assert "First of inline." not in page
        assert page.count("It is <a") == 2

    def test_it_says_in_how_many_issues_from_when_to_when(self, client):
        paper, publication = PaperFactory(), IssueFactory().publication
        for year in (2021, 2023):
            issue = IssueFactory(
                publication=publication, published_at=datetime(year, 3, 7, tzinfo=UTC)
            )
            LinkFactory(entry=EntryFactory(issue=issue), paper=paper)
            LinkFactory(entry=None, issue=issue, paper=paper)
        page = client.get(paper.get_absolute_url())
        assert "Mentioned in 2 issues of" in page.text
        assert page.text.index("7 Mar 2021") < page.text.index("7 Mar 2023")
        assert len(page.context["page"].told.tellings) == 4

    def test_a_retraction_is_told_first_with_where_it_is_announced(self, client):
        paper = PaperFactory(
            retraction_note="Withdrawn by its authors.",
            retraction_url="https://example.org/retraction",
        )
        page = client.get(paper.get_absolute_url()).text
        assert page.index("Withdrawn by its authors.") < page.index("In the newsletter’s words")
        assert 'href="https://example.org/retraction"' in page
        assert "Retracted" not in client.get(PaperFactory().get_absolute_url()).text

    def test_many_mentions_are_folded_after_the_latest_five(self, client):
        paper = PaperFactory()
        for _ in range(8):
            LinkFactory(paper=paper)
        page = client.get(paper.get_absolute_url()).text
        assert "3 earlier mentions" in page
        assert page.count("<blockquote") == 5

    def test_a_former_title_says_where_it_stood(self, client):
        paper = PaperFactory(title="New", alternative_titles=["Old title", "Never printed"])
        entry = EntryFactory()
        LinkFactory(entry=entry, paper=paper, label="old  title (PDF)")
        former = client.get(paper.get_absolute_url()).context["page"].former_titles
        assert [(f.title, f.telling and f.telling.entry) for f in former] == [
            ("Old title", entry),
            ("Never printed", None),
        ]

    def test_related_papers_come_with_the_reason_the_closest_first(self, client):
        section = SectionFactory(heading="Robustness")
        entry, near = (EntryFactory(issue=section.issue, section=section) for _ in range(2))
        paper, together, heading, listed, hidden = (
            PaperFactory(title=title)
            for title in ("It", "Told together", "Same heading", "Listed", "Unseen")
        )
        for place, linked in ((entry, paper), (entry, together), (near, heading), (entry, hidden)):
            LinkFactory(entry=place, paper=linked, position=linked.pk)
        hidden.is_hidden = True
        hidden.save()
        make_list(UserFactory(), paper, listed)
        page = client.get(paper.get_absolute_url())
        related = page.context["page"].related
        assert [each.title for each in related] == ["Told together", "Listed", "Same heading"]
        assert [each.reason.kind for each in related] == ["entry", "list", "section"]
        assert "Under “Robustness”" in page.text
        answer = client.get(f"/api/v1/papers/{paper.pk}/").json()
        assert [each["title"] for each in answer["related"]] == [each.title for each in related]
        assert answer["related"][0]["reason"]["web_url"].endswith(entry.get_absolute_url())

    def test_a_long_list_says_less_of_two_papers_than_a_short_one_or_a_heading(self, client):
        paper, heading = PaperFactory.create_batch(2)
        make_list(UserFactory(), paper, *PaperFactory.create_batch(2))
        make_list(UserFactory(), paper, *PaperFactory.create_batch(7))
        section = SectionFactory()
        for told in (paper, heading):
            LinkFactory(entry=EntryFactory(issue=section.issue, section=section), paper=told)
        related = client.get(paper.get_absolute_url()).context["page"].related
        reasons = [each.reason.kind for each in related]
        assert reasons == ["list", "list", "section", "list", "list", "list"]

    def test_short_lists_are_read_before_long_ones(self, client, monkeypatch):
        monkeypatch.setattr("papers.related.MOST_ITEMS", 2)
        paper, beside = PaperFactory.create_batch(2)
        make_list(UserFactory(), paper, beside)
        make_list(UserFactory(), paper, *PaperFactory.create_batch(5))
        related = client.get(paper.get_absolute_url()).context["page"].related
        assert (related[0].id, len(related)) == (beside.pk, 2)

    @pytest.mark.parametrize("visibility", ["private", "members", "unlisted", "public"])
    def test_a_list_shows_to_those_who_find_it_by_themselves(self, client, visibility):
        paper, other, owner = PaperFactory(), PaperFactory(), UserFactory()
        made = make_list(owner, paper, other)
        ReadingList.objects.filter(pk=made.pk).update(visibility=visibility, title="Zanzibar")
        shown = "Zanzibar" in client.get(paper.get_absolute_url()).text
        assert shown == (visibility == "public")
        assert bool(client.get(f"/api/v1/papers/{paper.pk}/").json()["related"]) == shown
        client.force_login(owner)
        assert "Zanzibar" in client.get(paper.get_absolute_url()).text

    @pytest.mark.parametrize("away", [{"is_proposed": True}, {"deleted_at": datetime.now(UTC)}])
    def test_what_is_only_proposed_or_was_taken_off_is_on_no_list(self, client, away):
        paper = PaperFactory()
        make_list(UserFactory(), paper, PaperFactory())
        Item.objects.filter(paper=paper).update(**away)
        page = client.get(paper.get_absolute_url()).context["page"]
        assert (page.lists, page.related) == ([], [])

    def test_code_beside_two_works_is_nobodys(self, client):
        shared, own = EntryFactory(), EntryFactory()
        paper = PaperFactory()
        for entry in (shared, own):
            LinkFactory(entry=entry, paper=paper)
            LinkFactory(entry=entry, role="code", href=f"https://github.com/a/{entry.pk}")
        LinkFactory(entry=shared, paper=PaperFactory())
        links = client.get(f"/api/v1/papers/{paper.pk}/").json()["links"]
        assert [link["name"] for link in links] == [f"github.com/a/{own.pk}"]

    def test_former_keys_stand_on_both_faces(self, client):
        paper = PaperFactory()
        CitationKeyAlias.objects.create(key="former2021key", paper=paper)
        assert "former2021key" in client.get(paper.get_absolute_url()).text
        answer = client.get(f"/api/v1/papers/{paper.pk}/").json()
        assert answer["former_keys"] == ["former2021key"]

    def test_neither_face_asks_more_with_fifty_of_everything(self, client):
        paper, owner = PaperFactory(), UserFactory()

        def grow(number: int) -> None:
            for _ in range(number):
                entry = EntryFactory(section=SectionFactory())
                for linked in (paper, PaperFactory()):
                    LinkFactory(entry=entry, paper=linked)
                    AuthorshipFactory(paper=linked)
                IdentifierFactory(paper=paper)
                make_list(owner, paper, linked)

        def cost(address: str) -> int:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            return len(queries)

        addresses = [paper.get_absolute_url(), f"/api/v1/papers/{paper.pk}/"]
        grow(1)
        few = [cost(address) for address in addresses]
        grow(20)
        assert [cost(address) for address in addresses] == few
        assert max(few) <= 10

    def test_five_thousand_authors_are_counted_and_unfold_to_fifty(self, client):
        paper = PaperFactory()
        names = [f"Name {place}." for place in range(70)]
        for place, name in enumerate(names):
            AuthorshipFactory(paper=paper, position=place, name_as_printed=name, author=None)
        page = client.get(paper.get_absolute_url()).text
        assert "and 58 more" in page
        assert "and 20 more: the" in page
