"""What follows once an issue's parts are saved: topics of papers, the editor's notes, changes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from api.models import Change
from imports.undo import undo
from newsletter.filing import add_editor_notes, on_issue_read
from newsletter.models import Entry, Issue, Link
from papers.filing import refile_topics
from papers.models import Paper
from tests.catalogue import import_records
from tests.factories import EntryFactory, LinkFactory, PaperFactory, TopicFactory
from tests.newsletter.lines import TEXT, record


def topics(paper: Paper) -> set[str]:
    return set(paper.topics.values_list("slug", flat=True))


def paper(identifier: str) -> Paper:
    return Paper.objects.get(identifiers__value=identifier)


@pytest.mark.usefixtures("imported")
class TestTheFirstCatalogue:
    def test_a_paper_has_the_topics_of_the_entries_that_mention_it(self):
        for found in Paper.objects.prefetch_related("topics", "mentions__entry__topic"):
            told = {link.entry.topic for link in found.mentions.all() if link.entry} - {None}
            assert set(found.topics.all()) == told

    def test_both_mismatched_links_carry_a_note(self):
        noted = Link.objects.exclude(editor_note=None).order_by("issue__number")
        assert [(link.issue.number, link.label) for link in noted] == [
            (7, "Link"),
            (9, "proof of learning"),
        ]
        assert "2103.05633" in noted[1].editor_note
        assert noted[0].paper == paper("2206.10550")

    def test_the_note_stands_on_the_one_link_it_was_written_for(self):
        issue = Issue.objects.get(number=9)
        same = issue.links.filter(url="https://arxiv.org/abs/2303.11341")
        assert same.count() > 1
        assert same.exclude(editor_note=None).count() == 1

    def test_a_note_set_by_hand_stays(self):
        issue = Issue.objects.get(number=9)
        link = issue.links.exclude(editor_note=None).get()
        link.editor_note, link.locked_fields = None, ["editor_note"]
        link.save()
        add_editor_notes(issue, list(issue.links.select_related("issue__publication")))
        link.refresh_from_db()
        assert link.editor_note is None

    def test_a_note_is_in_the_history_of_its_link(self):
        link = Link.objects.exclude(editor_note=None).first()
        assert link.history.first().editor_note == link.editor_note

    def test_filing_asks_as_much_for_many_papers_as_for_few(self):
        ids = list(Paper.objects.values_list("pk", flat=True))
        with CaptureQueriesContext(connection) as few:
            refile_topics(ids[:1])
        with CaptureQueriesContext(connection) as many:
            refile_topics(ids)
        assert len(many) == len(few)

    def test_what_was_read_is_noted_as_changed(self):
        issue = Issue.objects.get(number=9)
        before = Change.objects.count()
        on_issue_read(Issue, issue)
        notes = Change.objects.order_by("seq")[before:].values_list("kind", "key")
        assert ("issue", str(issue.pk)) in notes
        entries = {str(pk) for pk in issue.entries.values_list("pk", flat=True)}
        assert {key for kind, key in notes if kind == "entry"} == entries


@pytest.mark.django_db
class TestAnEdit:
    def test_a_withdrawn_entry_files_nothing(self):
        import_records([record(1)])
        assert topics(paper("2101.00004")) == {"robustness"}
        last = TEXT.index("* **[[Link](https://arxiv.org/abs/2101.00004)")
        import_records([record(1, text=TEXT[:last])])
        assert topics(paper("2101.00004")) == set()

    def test_a_moved_entry_is_filed_anew(self):
        import_records([record(1)])
        import_records([record(1, text=TEXT.replace("Robustness", "Monitoring"))])
        assert topics(paper("2101.00001")) == {"monitoring"}

    def test_a_link_that_leads_elsewhere_takes_its_topic_along(self):
        import_records([record(1)])
        import_records([record(1, text=TEXT.replace("2101.00002", "2101.00009"))])
        assert topics(paper("2101.00002")) == set()
        assert topics(paper("2101.00009")) == {"robustness"}

    def test_taken_back_it_is_filed_as_before(self):
        import_records([record(1)])
        run = import_records([record(1, text=TEXT.replace("Robustness", "Monitoring"))]).run
        undo(run)
        assert topics(paper("2101.00001")) == {"robustness"}

    def test_an_issue_taken_back_takes_its_topics_along(self):
        import_records([record(1)])
        other = record(2, text=TEXT.replace("Robustness", "Monitoring"))
        run = import_records([other]).run
        assert topics(paper("2101.00001")) == {"robustness", "monitoring"}
        undo(run)
        assert topics(paper("2101.00001")) == {"robustness"}

    def test_topics_set_by_hand_stay(self):
        import_records([record(1)])
        found = paper("2101.00001")
        found.topics.set([TopicFactory(slug="by-hand")])
        Paper.objects.filter(pk=found.pk).update(locked_fields=["topics"])
        import_records([record(1, text=TEXT.replace("Robustness", "Monitoring"))])
        assert topics(found) == {"by-hand"}

    def test_a_locked_field_of_an_entry_or_link_stays(self):
        import_records([record(1)])
        mine = PaperFactory()
        Link.objects.filter(label="earlier work").update(paper=mine, locked_fields=["paper"])
        headline = "A feature about sturdy models"
        Entry.objects.filter(headline=headline).update(kind="news", locked_fields=["kind"])
        import_records([record(1, text=TEXT.replace("It says", "It said"))])
        assert Link.objects.get(label="earlier work").paper == mine
        assert Entry.objects.get(headline=headline).kind == "news"


@pytest.mark.django_db
def test_a_paper_mentioned_outside_of_entries_has_no_topic_for_it():
    link = LinkFactory(entry=None, issue=EntryFactory().issue, paper=PaperFactory())
    refile_topics([link.paper_id])
    assert topics(link.paper) == set()
