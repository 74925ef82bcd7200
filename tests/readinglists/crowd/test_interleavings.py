"""Two and three editors at once, in every order that chance brings, on the real database."""

import random

import pytest

from readinglists.models import ReadingList
from tests.readinglists.crowd.editors import Editor, InProcess, Ledger, assert_nothing_lost
from tests.readinglists.making import add_section, join, make_list, put_on
from tests.threads import beside

ACTS = 4


def write_at_once(seed: int) -> tuple[ReadingList, Ledger]:
    """Some editors, each with some acts; the list afterwards, and what was acknowledged."""
    chance = random.Random(seed)
    made = make_list(visibility="members")
    section = add_section(made)
    put_on(made, "https://example.org/1", "https://example.org/2", section=section.pk)
    put_on(made, "https://example.org/3")
    people = [made.owner, *(join(made, "editor") for _ in range(chance.choice([1, 2])))]
    ledger = Ledger()
    path = f"/api/v1/lists/{made.pk}/"
    editors = [
        Editor(InProcess(person), path, ledger, random.Random(chance.random())) for person in people
    ]

    def work(editor: Editor) -> None:
        for _ in range(ACTS):
            editor.act()

    beside(*(lambda editor=editor: work(editor) for editor in editors))
    return made, ledger


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "runs", [pytest.param(6, id="6"), pytest.param(1000, id="1000", marks=pytest.mark.trial)]
)
def test_no_edit_is_lost_whatever_the_order(runs, settings):
    settings.API_RATE_LIMITS = {"anonymous": "1000000/60", "user": "1000000/60"}
    total = Ledger()
    for seed in range(runs):
        made, ledger = write_at_once(seed)
        assert_nothing_lost(made, ledger)
        total.answers.update(ledger.answers)
        total.accepted += ledger.accepted
    assert total.accepted > runs * ACTS
    print(f"{runs} interleavings: {dict(total.answers)}")  # noqa: T201


@pytest.mark.django_db(transaction=True)
def test_the_check_notices_a_write_that_nobody_told_of():
    """What is asserted above can fail: a write past the lock and the history is seen."""
    made, ledger = write_at_once(1)
    made.title = "Written past history"
    ledger.words.append("wnever")
    with pytest.raises(AssertionError):
        assert_nothing_lost(made, ledger)
