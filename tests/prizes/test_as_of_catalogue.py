"""The past as a reader of each issue saw it, held to a table that a person wrote."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser

from prizes.as_of import AsOf, deadlines_as_of, prizes_as_of
from prizes.models import Announcement, Prize
from tests.factories import AnnouncementFactory, DeadlineFactory

GOLDEN = json.loads((Path(__file__).parent / "golden" / "as_of.json").read_text())
DAYS: list[str] = GOLDEN["days"]
NOBODY = AnonymousUser()


def deadlines(day: str) -> dict[str, tuple[str, str]]:
    found = deadlines_as_of(AsOf.read(day), NOBODY).select_related("prize")
    return {row.prize.slug: (str(row.stated_earliest.date()), row.status) for row in found}


@pytest.mark.usefixtures("imported")
class TestTheFirstCatalogue:
    @pytest.mark.parametrize("day", DAYS)
    def test_prizes_have_the_status_a_reader_saw_that_day(self, day):
        found = prizes_as_of(AsOf.read(day), NOBODY).values_list("slug", "status")
        column = DAYS.index(day)
        told = {slug: row[column] for slug, row in GOLDEN["prizes"].items()}
        assert dict(found) == {slug: status for slug, status in told.items() if status}

    def test_the_table_speaks_of_every_prize(self):
        assert sorted(GOLDEN["prizes"]) == sorted(Prize.objects.values_list("slug", flat=True))

    def test_before_the_first_issue_nothing_was_known(self):
        assert not prizes_as_of(AsOf.read("2021-10-17"), NOBODY).exists()

    def test_readers_of_the_fifth_issue_saw_four_open_deadlines(self):
        assert deadlines("2022-09-26") == {
            "open-philanthropy-grants": ("2022-01-10", "closed"),
            "awards-for-best-papers-and-ai-risk-analyses": ("2022-09-30", "open"),
            "inverse-scaling-prize": ("2022-10-26", "open"),
            "improve-institutional-decision-making-with-ml": ("2023-02-10", "open"),
            "uncertainty-estimation-research-prize": ("2023-05-31", "open"),
        }

    @pytest.mark.parametrize(
        ("instant", "status"),
        [
            ("2022-09-30T09:59Z", "open"),
            ("2022-09-30T10:00Z", "closing"),  # the day has ended where days end first
            ("2022-10-01T12:00Z", "closing"),  # and ends anywhere on Earth
            ("2022-10-01T12:01Z", "closed"),
        ],
    )
    def test_a_day_closes_while_it_ends_around_the_world(self, instant, status):
        found = prizes_as_of(AsOf.read(instant), NOBODY)
        assert found.get(slug="awards-for-best-papers-and-ai-risk-analyses").status == status

    def test_what_was_announced_later_is_left_out(self):
        deadline = DeadlineFactory(
            prize=Prize.objects.get(slug="inverse-scaling-prize"), date=date(2023, 3, 1)
        )
        AnnouncementFactory(deadline=deadline, announced_at=AsOf.read("2022-12-01").instant)
        status = prizes_as_of(AsOf.read("2023-01-09"), NOBODY).get(pk=deadline.prize.pk).status
        assert status == "open"
        assert deadlines("2022-09-26")["inverse-scaling-prize"] == ("2022-10-26", "open")

    def test_who_recorded_it_later_changes_nothing(self):
        before = deadlines("2022-09-26")
        Announcement.objects.update(recorded_at=AsOf.now().instant)
        assert deadlines("2022-09-26") == before
