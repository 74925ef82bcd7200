"""Prizes of newsletters that tell them in a line among many."""

import pytest

from newsletter.models import Entry
from prizes.models import Prize
from tests.catalogue import import_records

WEEKLY = """# Weekly Robotics

## Competitions

- **Grand Robot Challenge** – €2M in prizes (first place €1,000,000; second €500,000). \
Registration closes 1 March 2024, submissions by 15 June 2024, 23:59 AoE. \
[Register](https://robots.example.org/challenge)
- **Tiny Prize**: £500 for the best sketch, rolling deadline. [Info](https://tiny.example.org)

## Quick links

- [ARC Prize (Website)](https://arcprize.example/) A $1,100,000 public competition to beat it. \
Submissions are due by November 10, 2024.
- [A model](https://arxiv.org/abs/2401.1) that wins the $5,000 contest.
"""


def import_weekly(number: int = 12, text: str = WEEKLY) -> None:
    record = {
        "id": f"weekly-{number}",
        "source": "weekly_robotics",
        "title": f"Weekly Robotics #{number}",
        "url": f"https://weekly.example/{number}",
        "date_published": "2024-01-05T10:00:00",
        "authors": ["A"],
        "text": text,
    }
    assert import_records([record]).counts["failed"] == 0


@pytest.mark.django_db
def test_bullets_under_competitions_are_opportunities_with_their_prizes():
    import_weekly()

    grand = Prize.objects.get(name="Grand Robot Challenge")
    assert (grand.pool_amount, grand.pool_currency) == (2_000_000, "EUR")
    assert sorted(grand.awards.values_list("amount", flat=True)) == [500_000, 1_000_000]
    closes = grand.deadlines.order_by("date").values_list("kind", "date", "precision")
    assert [(kind, str(day), precision) for kind, day, precision in closes] == [
        ("registration", "2024-03-01", "day"),
        ("submission", "2024-06-15", "instant"),
    ]
    tiny = Prize.objects.get(name="Tiny Prize")
    assert tiny.deadlines.get().precision == "rolling"
    assert Entry.objects.filter(kind="opportunity").count() == 2


@pytest.mark.django_db
def test_a_brief_with_money_and_a_deadline_gives_a_prize_to_review():
    import_weekly()

    arc = Prize.objects.get(name="ARC Prize")
    assert arc.needs_review
    assert arc.review_note.startswith("told in a brief only")
    assert arc.pool_amount == 1_100_000
    assert arc.mentions.get().entry.kind == "brief"
    assert Prize.objects.count() == 3


@pytest.mark.django_db
def test_what_a_brief_left_open_is_settled_where_the_prize_is_presented():
    import_weekly()
    import_weekly(
        13,
        "# Weekly Robotics\n\n## News\n\n### ARC Prize\n\nThere is a prize pool of $1,100,000."
        " Submit by November 10, 2024. [Website](https://arcprize.example/)\n",
    )

    arc = Prize.objects.get(name="ARC Prize")
    assert (arc.told_rank, arc.needs_review, arc.review_note) == (0, False, None)
    assert arc.mentions.count() == 2
