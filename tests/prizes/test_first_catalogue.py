"""The prizes of the nine issues, as rows that a person finds right."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from newsletter.models import Entry
from prizes.models import Announcement, Deadline, Prize

GOLDEN = json.loads((Path(__file__).parent / "golden" / "prizes.json").read_text())
NAMES = [prize["name"] for prize in GOLDEN]
FORECASTING = "Improve Institutional Decision-Making with ML"
BENCHMARKS = "Call for benchmarks! Prizes for promising ML Safety benchmark ideas"
WORKSHOP = "Awards for Best Papers and AI Risk Analyses"


def prize(name: str) -> Prize:
    return Prize.objects.get(name=name)


def deadline_of(name: str) -> Deadline:
    return Deadline.objects.get(prize__name=name)


@pytest.mark.usefixtures("imported")
class TestTheFirstCatalogue:
    def test_it_tells_of_thirteen_prizes(self):
        assert sorted(Prize.objects.values_list("name", flat=True)) == sorted(NAMES)

    @pytest.mark.parametrize("golden", GOLDEN, ids=NAMES)
    def test_a_prize_is_stored_as_a_person_reads_it(self, golden):
        found = prize(golden["name"])
        pool = golden["pool"] or {"amount": None, "currency": None, "qualifier": None}
        assert found.kind == golden["kind"]
        assert found.organiser == golden["organiser"]
        assert found.website == golden["website"]
        assert found.pool_amount == (pool["amount"] and Decimal(pool["amount"]))
        assert (found.pool_currency, found.pool_qualifier) == (pool["currency"], pool["qualifier"])
        assert found.needs_review == bool(golden["unsure"])

    @pytest.mark.parametrize("golden", GOLDEN, ids=NAMES)
    def test_its_awards_keep_what_their_money_means(self, golden):
        fields = ["label", "amount", "amount_max", "currency", "qualifier", "basis", "count"]
        found = prize(golden["name"]).awards.values_list(*fields, "part_of_pool")
        assert list(found) == [
            (
                award["label"],
                Decimal(award["amount"]),
                award["amount_max"] and Decimal(award["amount_max"]),
                *(award[name] for name in fields[3:]),
                award["part_of_pool"],
            )
            for award in golden["awards"]
        ]

    @pytest.mark.parametrize("golden", GOLDEN, ids=NAMES)
    def test_its_deadlines_are_the_printed_ones(self, golden):
        found = [
            {
                "kind": row.kind,
                "label": row.label,
                "date": str(row.date),
                "time": row.time,
                "zone": row.timezone,
                "precision": row.precision,
                "inclusive": row.inclusive,
                "year_inferred": row.year_inferred,
                "quote": row.announcements.get().quote,
            }
            for row in prize(golden["name"]).deadlines.all()
        ]
        assert found == golden["deadlines"]

    def test_six_deadlines_are_printed(self):
        assert sorted(Deadline.objects.values_list("date", flat=True)) == [
            date(2022, 1, 10),
            date(2022, 9, 30),
            date(2022, 10, 27),
            date(2023, 2, 10),
            date(2023, 5, 31),
            date(2023, 8, 31),
        ]

    def test_a_day_without_a_zone_ends_within_26_hours(self):
        for deadline in Deadline.objects.all():
            assert (deadline.latest_utc - deadline.earliest_utc).total_seconds() == 26 * 3600

    def test_every_announcement_quotes_words_that_stand_in_its_issue(self):
        for said in Announcement.objects.select_related("issue"):
            plain = " ".join(said.issue.markdown.replace("*", "").split())
            words = [word for word in said.quote.split() if word.isalpha()]
            assert all(word in plain for word in words), said.quote

    def test_what_stands_around_a_quote_is_kept_with_it(self):
        said = deadline_of(WORKSHOP).announcements.get()
        assert said.quote == "The deadline to submit is September 30th."
        assert said.quote_prefix.endswith("existential risks from AI. ")
        assert said.quote_suffix.startswith("\n\nWebsite: neurips2022")

    def test_what_is_announced_is_announced_when_its_issue_appeared(self):
        for said in Announcement.objects.select_related("issue"):
            assert said.announced_at == said.issue.published_at
            assert said.announced_on == said.issue.published_at.date()
            assert said.source == said.issue.title
            assert said.source_url == said.issue.url

    def test_a_teaser_belongs_to_the_prize_it_announces(self):
        pools = prize(BENCHMARKS).announcements.filter(award=None, deadline=None)
        told = list(pools.values_list("issue__number", "entry", "change", "amount"))
        entry = Entry.objects.get(headline=BENCHMARKS)
        assert told == [(5, None, "announced", 500_000), (6, entry.pk, "confirmed", 500_000)]

    def test_a_mention_in_a_feature_belongs_to_the_prize_it_mentions(self):
        pools = prize(FORECASTING).announcements.filter(award=None, deadline=None)
        told = list(pools.values_list("issue__number", "change", "amount"))
        assert told == [(5, "announced", 625_000), (6, "confirmed", 625_000)]
        mention = prize(FORECASTING).mentions.get(issue__number=6)
        assert mention.entry.headline == "Forecasting Future World Events with Neural Networks"
        assert mention.link.label == "$625,000 prize pool"

    def test_a_prize_is_filed_under_the_topics_of_its_mentions(self):
        assert [t.slug for t in prize(FORECASTING).topics.all()] == ["systemic-safety"]
