"""Prizes as rows: one each, however often, in which order and in which words they are told."""

import json
from datetime import date
from pathlib import Path

import pytest

from api.models import Change as ChangeNote
from newsletter.models import Issue
from prizes.models import Announcement, Award, Deadline, Prize, PrizeAlias, PrizeMention
from prizes.recording import record_prizes
from prizes.register import Register
from tests.catalogue import import_issues, import_records, record
from tests.factories import AnnouncementFactory, DeadlineFactory, PrizeFactory

GOLDEN = json.loads((Path(__file__).parent / "golden" / "prizes.json").read_text())
NAMES = [prize["name"] for prize in GOLDEN]
FORECASTING = "Improve Institutional Decision-Making with ML"
BENCHMARKS = "Call for benchmarks! Prizes for promising ML Safety benchmark ideas"
WORKSHOP = "Awards for Best Papers and AI Risk Analyses"


def prize(name: str) -> Prize:
    return Prize.objects.get(name=name)


def deadline_of(name: str) -> Deadline:
    return Deadline.objects.get(prize__name=name)


def content() -> dict[str, list]:
    """All that is known of prizes, without ids and times of writing."""
    dated = ("kind", "label", "date", "time", "timezone", "precision", "inclusive")
    dated += ("year_inferred", "earliest_utc", "latest_utc", "sequence", "changed_at")
    said = ("pk", "prize__slug", "issue__slug", "entry__headline", "quote", "quote_prefix")
    said += ("quote_suffix", "change", "supersedes", "announced_at", "amount", "date")
    said += ("deadline__label", "award__label", "evidence_lost", "source_url")
    told = ("slug", "name", "kind", "organiser", "website", "description", "pool_amount")
    told += ("pool_currency", "pool_qualifier", "needs_review", "review_note", "told_rank")
    won = ("prize__slug", "position", "label", "amount", "amount_max", "currency", "basis")
    won += ("qualifier", "count", "part_of_pool", "quote")
    return {
        "prizes": sorted(Prize.objects.values_list(*told)),
        "topics": sorted(Prize.objects.values_list("slug", "topics__slug"), key=str),
        "awards": sorted(Award.objects.values_list(*won), key=str),
        "deadlines": sorted(Deadline.objects.values_list("pk", "prize__slug", *dated), key=str),
        "announcements": sorted(Announcement.objects.values_list(*said), key=str),
        "mentions": sorted(
            PrizeMention.objects.values_list(
                "pk", "prize__slug", "entry__headline", "link__url", "needs_review"
            ),
            key=str,
        ),
    }


def differences(before: dict[str, list]) -> dict[str, list]:
    """Rows that are not as before."""
    now = content()
    found = {name: [row for row in now[name] if row not in before[name]] for name in now}
    gone = {f"no {n}": [row for row in before[n] if row not in now[n]] for n in now}
    return {name: rows for name, rows in (found | gone).items() if rows}


@pytest.mark.django_db
def test_recording_again_changes_nothing():
    import_issues(6, 5, 2)
    before, notes = content(), ChangeNote.objects.count()
    history = Prize.history.count()
    assert import_issues(2, 5, 6, reread=True).counts["updated"] == 3
    assert differences(before) == {}
    assert Prize.history.count() == history
    kinds = ChangeNote.objects.order_by("seq")[notes:].values_list("kind", flat=True)
    assert not {"prize", "deadline"} & set(kinds)


@pytest.mark.one_database
@pytest.mark.django_db
@pytest.mark.parametrize(
    "order", [(1, 2, 3, 4, 5, 6, 7, 8, 9), (6, 9, 2, 5, 1, 3, 8, 7, 4)], ids=["oldest", "shuffled"]
)
def test_the_order_in_which_issues_come_does_not_matter(order):
    import_issues(9, 6, 5, 3, 2, 1)
    newest_first = content()
    Announcement.objects.update(supersedes=None)
    for model in (Announcement, PrizeMention, Prize, PrizeAlias):
        model.objects.all().delete()
    Issue.objects.all().delete()
    import_issues(*order)
    assert differences(newest_first) == {}


@pytest.mark.one_database
@pytest.mark.django_db
class TestAnEditedIssue:
    OLD = "The deadline to submit is September 30th."
    NEW = "The deadline to submit is October 7th."

    def edit(self, *edits: tuple[str, str]) -> None:
        assert import_records([record(5, *edits)]).counts["updated"] == 1

    def test_a_sentence_that_says_another_date_corrects_the_announcement(self):
        import_issues(5)
        deadline = deadline_of(WORKSHOP)
        self.edit((self.OLD, self.NEW))
        said = list(deadline.announcements.all())
        assert [(a.date.month, a.change, a.evidence_lost) for a in said] == [
            (9, "announced", True),
            (10, "corrected", False),
        ]
        assert said[1].supersedes == said[0]
        deadline.refresh_from_db()
        assert (deadline.date, deadline.sequence) == (date(2022, 10, 7), 1)
        assert deadline_of(WORKSHOP) == deadline
        assert not prize(WORKSHOP).needs_review

    def test_a_sentence_that_vanished_leaves_its_announcement_without_evidence(self):
        import_issues(5)
        self.edit((self.OLD, "See the website for when to submit."))
        said = deadline_of(WORKSHOP).announcements.get()
        assert said.evidence_lost
        assert deadline_of(WORKSHOP).date == date(2022, 9, 30)
        assert prize(WORKSHOP).needs_review
        assert prize(WORKSHOP).review_note == f"ML Safety Newsletter #5 no longer says: {self.OLD}"

    def test_a_sentence_among_others_now_is_found_again(self):
        import_issues(5)
        self.edit((self.OLD, f"Do take part. {self.OLD} No later."))
        said = deadline_of(WORKSHOP).announcements.get()
        assert (said.quote, said.evidence_lost) == (self.OLD, False)
        assert said.quote_prefix.endswith("Do take part. ")
        assert said.quote_suffix.startswith(" No later.")

    def test_each_sentence_that_vanished_is_named(self):
        import_issues(5)
        total, end = "There is a total of $250,000 in prizes.", TestAText.OLD
        self.edit((total.replace("$250,000", "**$250,000**"), ""), (end, ""))
        found = prize("Inverse Scaling Prize")
        assert set(found.review_note.splitlines()) == {
            f"ML Safety Newsletter #5 no longer says: {lost}" for lost in (total, end)
        }
        assert found.pool_amount == 250_000

    def test_the_old_sentence_printed_again_stands_again(self):
        import_issues(5)
        self.edit((self.OLD, self.NEW))
        self.edit()
        deadline = deadline_of(WORKSHOP)
        assert deadline.date == date(2022, 9, 30)
        assert deadline.sequence == 2
        standing = deadline.announcements.get(superseded_by=None)
        assert (standing.quote, standing.evidence_lost) == (self.OLD, False)

    def test_and_so_it_goes_for_any_number_of_edits(self):
        import_issues(5)
        for month in ("October 7th", "October 9th", "September 30th", "October 9th"):
            self.edit((self.OLD, f"The deadline to submit is {month}."), ("5th issue", month))
        deadline = deadline_of(WORKSHOP)
        assert deadline.date == date(2022, 10, 9)
        assert deadline.announcements.count() == 3
        assert deadline.announcements.get(superseded_by=None).date == date(2022, 10, 9)

    def test_another_pool_corrects_the_pool(self):
        import_issues(5)
        self.edit(("$100,000 in prizes will be", "$120,000 in prizes will be"))
        assert prize(WORKSHOP).pool_amount == 120_000
        pools = prize(WORKSHOP).announcements.filter(deadline=None, award=None)
        assert list(pools.values_list("change", flat=True)) == ["announced", "corrected"]

    def test_a_new_headline_renames_the_prize_at_its_old_address(self):
        import_issues(5)
        before = prize("Inverse Scaling Prize")
        self.edit(("Inverse Scaling Prize\n---", "Prize for Inverse Scaling Laws\n---"))
        before.refresh_from_db()
        assert before.name == "Prize for Inverse Scaling Laws"
        assert before.slug == "inverse-scaling-prize"
        assert Prize.objects.count() == 6 + 1  # and the one of the teaser
        assert before.mentions.count() == 1

    def test_an_entry_that_vanished_takes_its_mention_with_it(self):
        import_issues(5)
        text = record(5)["text"]
        start, end = text.index("AI Worldview Prize\n---"), text.index("In the next newsletter")
        self.edit((text[start:end], ""))
        worldview = prize("AI Worldview Prize")
        assert worldview.mentions.count() == 0
        assert set(worldview.announcements.values_list("evidence_lost", flat=True)) == {True}
        assert worldview.needs_review

    def test_what_was_added_by_hand_is_nobody_elses(self):
        import_issues(5)
        deadline = deadline_of(WORKSHOP)
        issue = Issue.objects.get()
        by_hand = AnnouncementFactory(
            deadline=deadline, issue=issue, change="extended", date=date(2022, 10, 7)
        )
        PrizeMention.objects.create(prize=deadline.prize, issue=issue)
        self.edit(("5th issue", "fifth issue"))
        by_hand.refresh_from_db()
        assert not by_hand.evidence_lost
        assert by_hand.change == "extended"
        assert deadline.prize.mentions.count() == 2

    def test_a_second_sentence_on_the_same_prize_corrects_nothing(self):
        import_issues(5)
        more = "A total of $50,000 in prizes is at stake."
        self.edit(("catastrophic or existential risks from AI. ", f"{'x'}. {more} "))
        changes = prize(WORKSHOP).announcements.filter(evidence_lost=False)
        assert "extended" not in changes.values_list("change", flat=True)


@pytest.mark.django_db
class TestWhatAMaintainerSettled:
    def test_nothing_is_written_over_what_they_wrote_since_it_was_read(self, monkeypatch):
        import_issues(5)
        Prize.objects.filter(name=FORECASTING).update(description="To be told", pool_amount=1)
        find = Register._find

        def find_and_be_late(register, telling):
            monkeypatch.undo()
            found = find(register, telling)
            by_hand = {"editor_note": "By hand", "organiser": "Us", "locked_fields": ["organiser"]}
            Prize.objects.filter(name=FORECASTING).update(**by_hand)
            return found

        monkeypatch.setattr(Register, "_find", find_and_be_late)
        record_prizes(Issue.objects.get())
        told = prize(FORECASTING)
        assert told.description != "To be told"
        assert told.pool_amount == 625_000
        assert (told.editor_note, told.organiser) == ("By hand", "Us")

    def test_a_locked_name_stays(self):
        import_issues(6)
        Prize.objects.filter(name="$625,000 prize pool").update(
            name="Forecasting Prize", locked_fields=["name"]
        )
        import_issues(5)
        found = prize("Forecasting Prize")
        assert found.pool_amount == 625_000
        assert found.website == "https://forecasting.mlsafety.org/"

    def test_a_merged_prize_is_followed(self):
        import_issues(5)
        kept = PrizeFactory(name="The one to keep")
        Prize.objects.filter(name=FORECASTING).update(merged_into=kept)
        import_issues(6)
        assert kept.announcements.get().amount == 625_000
        assert not Prize.objects.filter(name="$625,000 prize pool").exists()

    def test_a_mention_moved_to_another_prize_stays_there(self):
        import_issues(6)
        other = PrizeFactory(name="The right one", locked_fields=["name"])
        PrizeMention.objects.filter(prize__name=BENCHMARKS).update(prize=other)
        import_records([record(6)], reread=True)
        assert other.mentions.count() == 1
        assert not prize(BENCHMARKS).mentions.exists()

    def test_a_withdrawn_deadline_stays_withdrawn(self):
        import_issues(5)
        deadline = deadline_of(WORKSHOP)
        Deadline.objects.filter(pk=deadline.pk).update(withdrawn_at="2023-01-01T00:00Z", label="x")
        import_records([record(5)], reread=True)
        assert deadline_of(WORKSHOP).withdrawn_at is not None

    def test_what_was_reviewed_does_not_come_back(self):
        import_issues(3)
        Prize.objects.update(needs_review=False)
        import_records([record(3)], reread=True)
        assert not Prize.objects.filter(needs_review=True).exists()

    def test_locked_topics_stay(self):
        import_issues(5)
        found = prize(FORECASTING)
        found.topics.clear()
        Prize.objects.filter(pk=found.pk).update(locked_fields=["topics"])
        import_issues(6)
        assert not found.topics.exists()

    def test_awards_set_by_hand_stay(self):
        import_issues(6)
        found = prize(BENCHMARKS)
        Prize.objects.filter(pk=found.pk).update(locked_fields=["awards"])
        found.awards.filter(label="good ideas").update(amount=60_000)
        import_records([record(6)], reread=True)
        assert found.awards.get(label="good ideas").amount == 60_000


@pytest.mark.django_db
class TestAText:
    """Texts that the first catalogue has none of, told by an entry of its fifth issue."""

    OLD = "The final round of submissions closes before October 27, 2022."

    def told(self, sentence: str) -> Prize:
        import_records([record(5, (self.OLD, sentence))])
        return prize("Inverse Scaling Prize")

    def test_two_deadlines_of_a_kind_stay_two(self):
        found = self.told(
            "The first round ends on August 27, 2023. The second round ends on October 27, 2023."
        )
        rounds = found.deadlines.values_list("kind", "label", "date")
        assert list(rounds) == [
            ("round_end", "first round", date(2023, 8, 27)),
            ("round_end", "second round", date(2023, 10, 27)),
        ]
        assert set(found.announcements.values_list("change", flat=True)) == {"announced"}

    def test_a_text_that_contradicts_itself_is_a_conflict(self):
        found = self.told(
            f"{self.OLD} The final round of submissions closes before October 29, 2022."
        )
        said = Announcement.objects.filter(prize=found, deadline__isnull=False)
        assert set(said.values_list("change", "supersedes")) == {("announced", None)}
        assert found.deadlines.order_by("date")[0].date == date(2022, 10, 27)

    def test_an_undated_issue_marks_its_prizes_for_review(self):
        import_records([record(5) | {"date_published": ""}])
        assert all(found.needs_review for found in Prize.objects.all())
        assert "has no date" in prize(WORKSHOP).review_note


@pytest.mark.django_db
class TestTakingBack:
    def test_an_issue_takes_its_prizes_with_it(self, take_back):
        import_issues(5)
        result = import_issues(6)
        take_back(result.run)
        assert not Prize.objects.filter(kind="job").exists()
        assert Prize.objects.count() == 7
        assert not Announcement.objects.exclude(issue__number=5).exists()

    def test_all_is_as_if_it_had_never_come(self, take_back):
        import_issues(5)
        before = content()
        take_back(import_issues(6).run)
        assert differences(before) == {}

    def test_and_so_for_the_issue_that_presented_a_prize(self, take_back):
        import_issues(6)
        before = content()
        take_back(import_issues(5).run)
        assert differences(before) == {}

    def test_a_prize_that_something_else_was_told_of_stays(self, take_back):
        result = import_issues(5)
        deadline = DeadlineFactory(prize=prize(WORKSHOP), label="by hand")
        AnnouncementFactory(deadline=deadline)
        take_back(result.run)
        assert list(Prize.objects.all()) == [deadline.prize]
        assert list(deadline.prize.deadlines.all()) == [deadline]

    def test_an_issue_with_an_announcement_added_by_hand_stays(self, take_back):
        result = import_issues(5)
        AnnouncementFactory(deadline=deadline_of(WORKSHOP), issue=Issue.objects.get())
        undone = take_back(result.run)
        assert undone.taken_back == 0
        assert "was added by hand" in undone.stay[0][1]
        assert Prize.objects.count() == 7


@pytest.fixture
def take_back():
    from imports.undo import undo

    return undo


@pytest.mark.django_db
def test_recording_asks_as_much_of_a_large_library(django_assert_max_num_queries):
    import_issues(5)
    issue = Issue.objects.get()
    with django_assert_max_num_queries(1000) as few:
        record_prizes(issue)
    PrizeFactory.create_batch(20)
    with django_assert_max_num_queries(len(few)):
        record_prizes(issue)
