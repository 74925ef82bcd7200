"""Pages of issues and topics: what they show, where they lead, what they cost."""

from datetime import UTC, date, datetime
from http import HTTPStatus

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsletter.models import Entry, Issue, Link
from tests.factories import (
    AnnouncementFactory,
    AuthorshipFactory,
    DeadlineFactory,
    EntryFactory,
    IdentifierFactory,
    IssueFactory,
    LinkFactory,
    PaperFactory,
    PrizeMentionFactory,
    PublicationFactory,
    SectionFactory,
    TopicFactory,
    UserFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
LONG = "On the length of titles " * 12


def add_entry(issue, **fields):
    """An entry with a paper in its margin, and a prize."""
    entry = EntryFactory(issue=issue, **fields)
    paper = IdentifierFactory().paper
    AuthorshipFactory(paper=paper)
    LinkFactory(entry=entry, paper=paper)
    PrizeMentionFactory(entry=entry)
    return entry


class TestIssues:
    def test_they_are_listed_newest_first_with_their_counts(self, client):
        publication = PublicationFactory()
        old = IssueFactory(publication=publication, published_at=datetime(2021, 1, 1, tzinfo=UTC))
        new = IssueFactory(publication=publication, published_at=datetime(2022, 1, 1, tzinfo=UTC))
        undated = IssueFactory(publication=publication, published_at=None, published_raw="n/a")
        add_entry(new)
        page = client.get("/issues/")
        rows = page.context["listing"].rows
        assert [issue.pk for issue in rows] == [new.pk, old.pk, undated.pk]
        assert "1 entry" in page.text
        assert "1 paper" in page.text

    def test_without_issues_it_says_how_they_come(self, client):
        assert "import_newsletter" in client.get("/issues/").text

    @pytest.mark.parametrize(
        "hidden",
        [
            {"is_hidden": True},
            {"withdrawn_at": datetime(2022, 1, 1, tzinfo=UTC)},
            {"publication__is_hidden": True},
        ],
    )
    def test_what_is_not_open_is_nowhere_but_for_maintainers(self, client, hidden):
        issue = IssueFactory(title="Unseen", **hidden)
        entry = add_entry(issue, topic=TopicFactory(slug="robustness"), headline="Unseen too")
        for address in ("/", "/issues/", "/topics/robustness/"):
            page = client.get(address).text
            assert "Unseen" not in page
            assert entry.anchor not in page
        assert client.get(issue.get_absolute_url()).status_code == HTTPStatus.NOT_FOUND
        client.force_login(UserFactory(is_staff=True))
        assert client.get(issue.get_absolute_url()).status_code == HTTPStatus.OK

    def test_paging_goes_on_past_issues_without_a_date(self, client):
        publication = PublicationFactory()
        IssueFactory.create_batch(30, publication=publication)
        IssueFactory.create_batch(30, publication=publication, published_at=None)
        first = client.get("/issues/").context["listing"]
        second = client.get(first.older).context["listing"]
        seen = {issue.pk for issue in [*first.rows, *second.rows]}
        assert len(seen) == 60
        assert client.get(second.newer).context["listing"].rows == first.rows

    def test_queries_do_not_grow_with_issues(self, client):
        add_entry(IssueFactory())
        with CaptureQueriesContext(connection) as for_one:
            client.get("/issues/")
        for _ in range(49):
            IssueFactory()
        with CaptureQueriesContext(connection) as for_fifty:
            client.get("/issues/")
        assert len(for_fifty) <= len(for_one)
        assert len(for_fifty) <= 6


class TestIssue:
    def test_it_shows_its_entries_under_their_sections_with_anchors(self, client):
        issue = IssueFactory()
        topic = TopicFactory(slug="monitoring")
        section = SectionFactory(
            issue=issue, heading="Monitoring", topic=topic, anchor="monitoring"
        )
        add_entry(issue, section=section, headline="The Tuned Lens", anchor="the-tuned-lens")
        page = client.get(issue.get_absolute_url()).text
        for markup in (
            'id="monitoring"',
            'id="the-tuned-lens"',
            'href="#monitoring"',
            'href="#the-tuned-lens"',
            'data-topic="monitoring"',
            "<p>Some <strong>words</strong>.</p>",
        ):
            assert markup in page

    def test_it_names_source_author_and_original_address(self, client):
        issue = IssueFactory(authors=["Thomas Woodside"])
        page = client.get(issue.get_absolute_url()).text
        for words in (issue.publication.name, "Thomas Woodside", f'href="{issue.url}"'):
            assert words in page

    def test_the_papers_an_entry_presents_stand_beside_it_once(self, client):
        entry = EntryFactory()
        paper, cited = PaperFactory(title="Presented"), PaperFactory(title="Merely cited")
        LinkFactory.create_batch(2, entry=entry, paper=paper)
        LinkFactory(entry=entry, paper=cited, role=Link.Role.INLINE)
        page = client.get(entry.issue.get_absolute_url()).text
        assert page.count(paper.get_absolute_url()) == 1
        assert page.index("Presented") < page.index("Also cites") < page.index("Merely cited")

    def test_hidden_papers_and_prizes_stand_beside_nothing(self, client):
        entry = EntryFactory()
        LinkFactory(entry=entry, paper=PaperFactory(title="Unseen", is_hidden=True))
        PrizeMentionFactory(entry=entry, prize__name="Unseen", prize__is_hidden=True)
        assert "Unseen" not in client.get(entry.issue.get_absolute_url()).text

    def test_a_brief_has_no_heading_beside_its_own_words(self, client):
        issue = IssueFactory()
        words = "OOD detection can be improved"
        entry = EntryFactory(
            issue=issue,
            kind=Entry.Kind.BRIEF,
            headline=words,
            html=f'<p><strong>[<a href="https://x.example/">Link</a>]</strong> {words}.</p>',
        )
        page = client.get(issue.get_absolute_url()).text
        assert "entry-title" not in page
        assert f'id="{entry.anchor}"' in page

    def test_withdrawn_parts_are_not_shown_even_to_maintainers(self, client):
        issue = IssueFactory()
        gone = datetime(2022, 1, 1, tzinfo=UTC)
        EntryFactory(issue=issue, headline="Withdrawn", withdrawn_at=gone)
        SectionFactory(issue=issue, heading="Dropped", withdrawn_at=gone)
        client.force_login(UserFactory(is_staff=True))
        page = client.get(issue.get_absolute_url()).text
        assert "Withdrawn" not in page
        assert "Dropped" not in page

    def test_an_issue_that_could_not_be_read_shows_its_whole_text(self, client):
        issue = IssueFactory(html="<p>All of it.</p>")
        assert "<p>All of it.</p>" in client.get(issue.get_absolute_url()).text

    def test_it_leads_to_the_issues_before_and_after_of_its_publication(self, client):
        publication = PublicationFactory()
        days = [datetime(2022, 1, day, tzinfo=UTC) for day in (1, 2, 3)]
        before, issue, after = (
            IssueFactory(publication=publication, published_at=day) for day in days
        )
        IssueFactory(published_at=datetime(2022, 1, 2, 6, tzinfo=UTC))
        page = client.get(issue.get_absolute_url()).text
        assert f'rel="prev" href="{after.get_absolute_url()}"' in page
        assert f'rel="next" href="{before.get_absolute_url()}"' in page
        assert 'rel="prev"' not in client.get(after.get_absolute_url()).text

    def test_it_tells_what_was_open_when_it_appeared(self, client):
        issue = IssueFactory(published_at=datetime(2022, 9, 26, 12, tzinfo=UTC))
        told = datetime(2022, 9, 1, tzinfo=UTC)
        for name, day in (("Open then", 30), ("Closed before", 10)):
            deadline = DeadlineFactory(prize__name=name, date=date(2022, 9, day))
            AnnouncementFactory(deadline=deadline, announced_at=told)
        page = client.get(issue.get_absolute_url()).text
        assert "Open then" in page
        assert "Closed before" not in page
        assert "/deadlines/?as_of=2022-09-26" in page

    def test_editors_notes_are_shown(self, client):
        entry = EntryFactory(editor_note="On the entry.")
        LinkFactory(entry=entry, editor_note="On the link.")
        page = client.get(entry.issue.get_absolute_url()).text
        assert "On the entry." in page
        assert "On the link." in page

    def test_titles_and_headlines_are_escaped_and_never_cut(self, client):
        issue = IssueFactory(title="<b>Bold</b> " + LONG[:250])
        EntryFactory(issue=issue, headline="<script>alert(1)</script> " + LONG)
        page = client.get(issue.get_absolute_url()).text
        assert "<script>alert" not in page
        assert "&lt;b&gt;Bold" in page
        assert LONG.strip() in page

    def test_addresses_that_are_not_safe_are_no_links(self, client):
        issue = IssueFactory()
        Issue.objects.filter(pk=issue.pk).update(url="javascript:alert(1)")
        page = client.get(issue.get_absolute_url()).text
        assert 'href="javascript:' not in page
        assert "javascript:alert(1)" in page

    @pytest.mark.parametrize("slug", ["nothing", "a" * 500])
    def test_an_unknown_issue_is_404_and_offers_ways_on(self, client, slug):
        page = client.get(f"/issues/{slug}/")
        assert page.status_code == HTTPStatus.NOT_FOUND
        for way in ("/issues/", "/papers/", "/deadlines/"):
            assert f'href="{way}"' in page.text

    def test_queries_do_not_grow_with_entries(self, client):
        issue = IssueFactory()
        add_entry(issue, section=SectionFactory(issue=issue))
        with CaptureQueriesContext(connection) as for_one:
            client.get(issue.get_absolute_url())
        for _ in range(49):
            add_entry(issue, section=SectionFactory(issue=issue))
        with CaptureQueriesContext(connection) as for_fifty:
            client.get(issue.get_absolute_url())
        assert len(for_fifty) <= len(for_one)
        assert len(for_fifty) <= 9


class TestTopics:
    def test_they_are_listed_with_what_may_be_seen(self, client):
        topic = TopicFactory(name="Monitoring")
        EntryFactory(topic=topic)
        EntryFactory(topic=topic, issue=IssueFactory(is_hidden=True))
        PaperFactory(topics=[topic])
        PaperFactory(topics=[topic], is_hidden=True)
        shown = client.get("/topics/").context["topics"].get()
        assert (shown.entry_count, shown.paper_count) == (1, 1)

    def test_a_topic_shows_its_entries_by_issue_newest_first(self, client):
        topic = TopicFactory()
        old = EntryFactory(
            topic=topic, issue=IssueFactory(published_at=datetime(2021, 1, 1, tzinfo=UTC))
        )
        new = EntryFactory(
            topic=topic, issue=IssueFactory(published_at=datetime(2022, 1, 1, tzinfo=UTC))
        )
        EntryFactory(headline="Elsewhere")
        page = client.get(f"/topics/{topic.slug}/")
        assert page.context["listing"].rows == [new, old]
        for words in (old.get_absolute_url(), old.issue.url, "Dan Hendrycks"):
            assert words in page.text

    def test_paging_reaches_every_entry_once(self, client):
        topic = TopicFactory()
        for issue in [*IssueFactory.create_batch(2), IssueFactory(published_at=None)]:
            EntryFactory.create_batch(20, topic=topic, issue=issue)
        seen, address = [], f"/topics/{topic.slug}/"
        while address:
            listing = client.get(address).context["listing"]
            seen += [entry.pk for entry in listing.rows]
            address = listing.older
        assert len(seen) == len(set(seen)) == 60

    def test_a_place_that_cannot_be_found_again_is_400(self, client):
        topic = TopicFactory()
        page = client.get(f"/topics/{topic.slug}/?cursor=%22%3E%3Cscript%3E")
        assert page.status_code == HTTPStatus.BAD_REQUEST
        assert "Go to the first page" in page.text

    def test_an_unknown_topic_is_404(self, client):
        assert client.get("/topics/nothing/").status_code == HTTPStatus.NOT_FOUND

    def test_queries_do_not_grow_with_entries(self, client):
        topic = TopicFactory()
        add_entry(IssueFactory(), topic=topic)
        with CaptureQueriesContext(connection) as for_one:
            client.get(f"/topics/{topic.slug}/")
        for _ in range(24):
            add_entry(IssueFactory(), topic=topic)
        with CaptureQueriesContext(connection) as for_many:
            client.get(f"/topics/{topic.slug}/")
        assert len(for_many) <= len(for_one)
        assert len(for_many) <= 10
