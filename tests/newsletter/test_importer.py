"""What becomes of records: created, updated, unchanged, duplicate, skipped, rejected."""

import json

import pytest
from django.db import OperationalError

from imports.models import ImportRow, ImportRun
from newsletter.importer import ImportFailed
from newsletter.models import Entry, Issue, IssueSource, Publication
from tests.newsletter.lines import CATALOGUE, TEXT, counts, dumped, outcomes, record, rows, tables


class TestIdentityOfIssues:
    def test_the_same_address_under_another_id_is_the_same_issue(self, desk):
        desk.take(record(1))

        result = desk.take(record(1, id="other", source="blogs", authors=["B"]))

        assert counts(result) == {"updated": 1}
        issue = Issue.objects.get()
        assert issue.authors == ["B"]
        assert {*issue.sources.values_list("source_id", flat=True)} == {"id-1", "other"}

    def test_the_same_id_at_another_address_is_the_same_issue(self, desk):
        desk.take(record(1))

        result = desk.take(record(1, url="https://new.example.org/p/1-again"))

        assert counts(result) == {"updated": 1}
        assert Issue.objects.get().slug == "sturdy-1"

    def test_a_site_s_front_page_is_no_issue_s_own_address(self, desk):
        front = "https://sturdy.example.org/"

        result = desk.take(record(1, url=front), record(2, url=front))

        assert counts(result) == {"created": 2}

    def test_another_number_at_the_same_address_is_another_issue(self, desk):
        shared = "https://sturdy.example.org/latest"

        result = desk.take(record(1, url=shared), record(2, url=shared))

        assert counts(result) == {"created": 2}

    def test_without_id_and_address_it_is_known_by_title_and_number(self, desk):
        plain = {"id": None, "url": None}
        desk.take(record(1, **plain))

        assert counts(desk.take(record(1, **plain, authors=["B"]))) == {"updated": 1}
        assert Issue.objects.count() == 1

    def test_two_issues_of_one_number_are_both_kept_and_the_later_one_waits(self, desk):
        result = desk.take(record(1), record(2, title="Sturdy Newsletter #1, the sequel"))

        assert counts(result) == {"created": 2}
        later = Issue.objects.get(source_id="id-2")
        assert (later.number, later.needs_review) == (None, True)
        assert "number 1 is taken by sturdy-1" in later.review_note

    def test_slugs_come_from_addresses_and_never_clash(self, desk):
        desk.take(
            record(1, url="https://a.example.org/p/same"),
            record(2, url="https://b.example.org/p/same"),
            record(3, url="https://a.example.org/p/3"),
            record(4, url=None),
        )

        assert [*Issue.objects.order_by("pk").values_list("slug", flat=True)] == [
            "same",
            "same-2",
            "sturdy-newsletter-3",
            "sturdy-newsletter-4",
        ]


class TestCrossPosts:
    POST = {"source": "lesswrong", "url": "https://www.lesswrong.com/posts/x/y", "karma": 9}

    def test_a_forum_cross_post_is_said_to_be_one_and_not_merged(self, desk):
        desk.take(record(1))
        before = Issue.objects.values().get()

        result = desk.take(record(1, id="forum", text="Other words.", **self.POST))

        (row,) = rows(result)
        assert row.outcome == "duplicate"
        assert row.reason == "the same issue as sturdy-1, by title and number"
        assert Issue.objects.values().get() == before
        source = IssueSource.objects.get(source_id="forum")
        assert source.note == "the same issue at https://www.lesswrong.com/posts/x/y"

    def test_it_stays_one_when_it_comes_again(self, desk):
        post = record(1, id="forum", text="Other words.", **self.POST)
        desk.take(record(1), post)
        before = tables()

        result = desk.take(record(1), post | {"text": "Edited words."})

        assert outcomes(result) == ["unchanged", "duplicate"]
        assert tables() == before

    def test_it_is_one_too_when_it_stands_before_the_issue(self, desk):
        result = desk.take(record(1, id="forum", **self.POST), record(1))

        assert outcomes(result) == ["duplicate", "created"]
        assert counts(result) == {"duplicate": 1, "created": 1}
        assert Issue.objects.get().source_id == "id-1"

    def test_another_posting_by_the_publication_itself_is_one_as_well(self, desk):
        desk.take(record(1))

        result = desk.take(record(1, id="x", url="https://elsewhere.example.org/p/one"))

        assert outcomes(result) == ["duplicate"]

    def test_an_unnumbered_title_that_recurs_is_another_issue(self, desk):
        weekly = {"title": "Sturdy weekly news"}

        result = desk.take(record(1, **weekly), record(2, **weekly, text="Other words."))

        assert counts(result) == {"created": 2}


class TestMixedFiles:
    def test_records_that_are_no_newsletter_are_skipped_and_kept(self, desk):
        paper = record(2, source="arxiv", title="A paper", abstract="We show …")
        talk = record(3, source="youtube", title="A talk")

        result = desk.take(record(1), paper, talk)

        assert outcomes(result) == ["created", "skipped", "skipped"]
        assert rows(result)[1].reason == "no newsletter issue: a paper"
        assert json.loads(bytes(rows(result)[2].raw)) == talk
        assert Issue.objects.count() == 1

    def test_an_issue_without_a_sign_is_one_once_its_newsletter_is_known(self, desk):
        special = record(2, source="quiet_notes", title="What we learned")
        numbered = record(3, source="quiet_notes", title="Quiet notes #3")

        assert outcomes(desk.take(special)) == ["skipped"]
        assert outcomes(desk.take(special, numbered)) == ["created", "created"]
        assert outcomes(desk.take(special, numbered)) == ["unchanged", "unchanged"]

    def test_publications_are_made_as_they_come(self, desk):
        result = desk.take(
            record(1),
            record(
                2, source="blogs", initial_source="harbour_daily", title="Harbour Daily: Monday"
            ),
        )

        assert counts(result) == {"created": 2}
        assert {*Publication.objects.values_list("slug", "name")} == {
            ("sturdy-newsletter", "Sturdy Newsletter"),
            ("harbour-daily", "Harbour Daily"),
        }

    def test_a_chosen_publication_takes_its_own_only(self, desk):
        desk.take(
            record(1), record(1, id="o", source="other_newsletter", url=None, title="Other #1")
        )

        result = desk.take(
            record(1, authors=["B"]),
            record(1, id="o", source="other_newsletter", url=None, title="Other #1", authors=["B"]),
            record(3, source="nameless", title="No sign at all"),
            publication="sturdy-newsletter",
        )

        assert outcomes(result) == ["updated", "skipped", "created"]

    def test_a_chosen_publication_may_be_new(self, desk):
        result = desk.take(record(1, source="blogs", title="Words"), publication="my-letters")

        assert counts(result) == {"created": 1}
        assert Publication.objects.get().slug == "my-letters"

    def test_generations_of_one_issue_are_one_issue(self, desk):
        b = record(1, date_published="2023-04-11T15:53:36")
        d = record(1, id="d-1", source="blogs", initial_source="sturdy_newsletter", summaries=[])

        assert counts(desk.take(b)) == {"created": 1}
        assert counts(desk.take(d)) == {"updated": 1}
        assert Issue.objects.count() == Publication.objects.count() == 1


class TestDuplicatesInAFile:
    def test_one_id_with_two_texts_ends_as_the_last_one_and_stays_so(self, desk):
        first, second = record(1), record(1, text=f"{TEXT}\nOne more line.\n")

        result = desk.take(first, second)

        assert outcomes(result) == ["created", "updated"]
        assert "line 1 was of the same issue" in rows(result)[1].reason
        before = tables()
        again = desk.take(first, second)
        assert outcomes(again) == ["unchanged", "unchanged"]
        assert tables() == before

    def test_a_reverted_text_is_taken_from_another_file(self, desk):
        first, second = record(1), record(1, text=f"{TEXT}\nOne more line.\n")
        desk.take(first, second)

        result = desk.take_bytes(dumped(first), name="other.jsonl")

        assert outcomes(result) == ["updated"]

    def test_the_same_object_written_otherwise_is_unchanged(self, desk):
        desk.take(record(1))
        before = tables()

        result = desk.take(json.dumps(record(1), indent=None, separators=(",", ":")))

        assert outcomes(result) == ["unchanged"]
        assert tables() == before


class TestUpdates:
    def test_a_locked_field_stays(self, desk):
        desk.take(record(1))
        Issue.objects.update(title="Edited", locked_fields=["title"])
        Entry.objects.filter(position=0).update(headline="Edited", locked_fields=["headline"])

        desk.take(record(1, title="Sturdy Newsletter #1!", text=TEXT.replace("sturdy m", "m")))

        assert Issue.objects.get().title == "Edited"
        assert Entry.objects.get(position=0).headline == "Edited"

    def test_a_text_edited_by_hand_stays_with_all_that_was_read_from_it(self, desk):
        desk.take(record(1))
        Issue.objects.update(
            markdown="By hand.", html="<p>By hand.</p>", locked_fields=["markdown"]
        )

        result = desk.take(record(1, text="Nothing like it."))

        issue = Issue.objects.get()
        assert (issue.markdown, issue.html) == ("By hand.", "<p>By hand.</p>")
        assert issue.entries.standing().count() == 3
        assert json.loads(issue.source_record)["text"] == "Nothing like it."
        assert "kept aside" in rows(result)[0].warnings[-1]

    def test_a_text_that_went_missing_does_not_empty_the_issue(self, desk):
        desk.take(record(1))

        result = desk.take(record(1, text=None))

        assert [(row.outcome, row.reason) for row in rows(result)] == [("skipped", "no text")]
        assert Entry.objects.standing().count() == 3

    def test_reading_again_keeps_what_has_not_changed(self, desk):
        desk.take(record(1))
        anchors = [*Entry.objects.values_list("pk", "anchor", "updated_at")]

        result = desk.take(record(1), reread=True)

        assert counts(result) == {"updated": 1}
        assert [*Entry.objects.values_list("pk", "anchor", "updated_at")] == anchors


class TestRuns:
    def test_a_dry_run_leaves_nothing_behind(self, desk):
        result = desk.take(record(1), "no json", dry_run=True)

        assert counts(result) == {"created": 1, "rejected": 1}
        assert not any(m._base_manager.exists() for m in (*CATALOGUE, ImportRun, ImportRow))

    def test_unknown_fields_are_told_once_a_run(self, desk):
        result = desk.take(record(1, tags=[1]), record(2, tags=[2], words=3))

        assert [row.warnings for row in rows(result)] == [
            ["unknown field 'tags' kept"],
            ["unknown field 'words' kept"],
        ]

    def test_a_rule_that_stumbles_over_one_text_stops_no_other(self, desk, monkeypatch):
        from newsletter.importer import settling

        real = settling.save_parts

        def stumble(issue, reading, effect):
            if issue.number == 2:
                raise KeyError("a rule's own mistake")
            return real(issue, reading, effect)

        monkeypatch.setattr(settling, "save_parts", stumble)

        result = desk.take(record(1), record(2), record(3))

        assert outcomes(result) == ["created", "rejected", "created"]
        assert "could not be imported: KeyError" in rows(result)[1].reason
        assert [*Issue.objects.order_by("pk").values_list("number", flat=True)] == [1, 3]

    def test_a_database_that_goes_away_fails_the_run_and_keeps_what_was_committed(
        self, desk, monkeypatch
    ):
        from newsletter.importer import run, settling

        real = settling.save_parts

        def fill_up(issue, reading, effect):
            if issue.number == 3:
                raise OperationalError("database or disk is full")
            return real(issue, reading, effect)

        monkeypatch.setattr(settling, "save_parts", fill_up)
        monkeypatch.setattr(run, "BYTES_A_BATCH", 1)

        with pytest.raises(ImportFailed, match="disk is full"):
            desk.take(record(1), record(2), record(3), record(4))

        assert Issue.objects.count() == 2
        assert ImportRun.objects.get().state == "failed"
        monkeypatch.setattr(settling, "save_parts", real)
        assert counts(desk.take(*map(record, (1, 2, 3, 4)))) == {"unchanged": 2, "created": 2}
