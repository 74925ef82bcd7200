"""Whatever happens to a text, what points at its parts still points at the same things."""

import re

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import User
from newsletter.identity import Traits, pair_by_keys, pair_entries
from newsletter.importer.parts import PLACED_BY_GUESS
from newsletter.models import Entry, Issue, Link, Section
from prizes.models import PrizeMention
from readinglists.models import Item, ReadingList
from tests.newsletter.lines import Desk, record


# --- Pairing alone ---------------------------------------------------------------------------
def traits(headline: str, *links: str, section: str | None = "s", standing: bool = True) -> Traits:
    return Traits(headline, frozenset(links), section, standing)


def pairs(old, new):
    return {(pair.old, pair.new, pair.sure) for pair in pair_entries(old, new)}


class TestPairing:
    def test_the_same_link_and_headline_are_sure_wherever_they_stand(self):
        old = [traits("a", "x"), traits("b", "y")]

        assert pairs(old, [traits("b", "y", section="t"), traits("a", "x")]) == {
            (0, 1, True),
            (1, 0, True),
        }

    def test_either_of_them_is_enough_if_nobody_else_has_it(self):
        old = [traits("a", "x"), traits("b", "y")]

        assert pairs(old, [traits("a", "z"), traits("c", "y")]) == {(0, 0, True), (1, 1, True)}

    def test_of_several_that_present_one_link_the_most_alike_is_taken(self):
        old = [traits("sturdy models win", "x"), traits("weak models lose", "x")]
        new = [traits("weak models often lose", "x"), traits("sturdy models often win", "x")]

        assert pairs(old, new) == {(0, 1, True), (1, 0, True)}

    def test_place_alone_is_a_guess(self):
        old = [traits("a", "x"), traits("b", "y"), traits("c", "z")]
        new = [traits("a", "x"), traits("other", "w"), traits("c", "z")]

        assert (1, 1, False) in pairs(old, new)

    def test_place_alone_does_not_pair_unequal_numbers(self):
        old = [traits("a", "x"), traits("b", "y")]
        new = [traits("a", "x"), traits("other", "v"), traits("another", "w")]

        assert pairs(old, new) == {(0, 0, True)}

    def test_what_was_withdrawn_comes_back_only_if_it_is_sure(self):
        old = [traits("a", "x"), traits("gone", "y", standing=False)]

        assert (1, 1, True) in pairs(old, [traits("a", "x"), traits("gone", "y")])
        assert pairs(old, [traits("a", "x"), traits("new", "z")]) == {(0, 0, True)}

    def test_one_that_stands_goes_before_one_that_was_withdrawn(self):
        old = [traits("a", "x"), traits("a", "x", standing=False)]

        assert pairs(old, [traits("a", "x")]) == {(0, 0, True)}


words = st.sampled_from(["sturdy", "model", "wins", "again", "prize", "open"])
some_traits = st.builds(
    Traits,
    st.lists(words, min_size=1, max_size=4).map(" ".join),
    st.frozensets(st.sampled_from("xyz"), max_size=2),
    st.sampled_from(["s", "t", None]),
    st.booleans(),
)


@given(st.lists(some_traits, max_size=8), st.lists(some_traits, max_size=8))
def test_nothing_is_paired_twice(old, new):
    found = pair_entries(old, new)

    assert len({pair.old for pair in found}) == len({pair.new for pair in found}) == len(found)


@given(st.lists(some_traits, max_size=8))
def test_an_unchanged_list_is_paired_with_itself(parts):
    old = [Traits(t.headline, t.links, t.section, True) for t in parts]

    found = pair_entries(old, old)

    assert len(found) == len(old)
    assert all(old[pair.old] == old[pair.new] and pair.sure for pair in found)


def test_keys_pair_from_the_surest_to_the_weakest():
    assert dict(pair_by_keys([("ab", "a"), ("ac", "a")], [("ac", "a"), ("ax", "a")])) == {
        1: 0,
        0: 1,
    }


# --- Edits of an issue's text -----------------------------------------------------------------
THINGS = ["Pumps", "Turbines", "Valves", "Rotors", "Bearings", "Gaskets", "Sensors", "Motors"]


def entry_text(number: int, thing: str, link: int) -> str:
    return (
        f"### **{thing} under heavy load**\n\n**[[Link](https://arxiv.org/abs/2101.{link:05d})]**\n\n"
        f"What is known about {thing.lower()} of kind {number} fills [a book](https://b.org/{link})."
    )


def brief_text(thing: str, link: int) -> str:
    return f"* **[[Link](https://arxiv.org/abs/2102.{link:05d})]** {thing} fail in the cold."


def text_of(features: list[str], briefs: list[str], section: str = "Robustness") -> str:
    return "\n\n".join([f"## {section}", *features, f"### Other {section} News", "\n".join(briefs)])


FEATURES = [entry_text(n, thing, n) for n, thing in enumerate(THINGS[:4])]
BRIEFS = [brief_text(thing, n) for n, thing in enumerate(THINGS[4:])]

edits = st.fixed_dictionaries(
    {
        "reword": st.sets(st.integers(0, 3)),
        "relink": st.sets(st.integers(0, 3)),
        "more": st.sets(st.integers(0, 3)),
        "drop": st.sets(st.integers(0, 7), max_size=3),
        "insert": st.none() | st.integers(0, 4),
        "shuffle": st.permutations(range(4)),
        "section": st.sampled_from(["Robustness", "Monitoring"]),
    }
)


def edited(plan: dict) -> tuple[str, set[str]]:
    """A text after these edits, and the things that still have their link or their headline."""
    features, briefs, kept = [], [], set()
    for place in plan["shuffle"]:
        if place in plan["drop"]:
            continue
        text = FEATURES[place]
        # One of the two ways to know an entry stays, as an editor's correction would leave it.
        if place in plan["reword"] and place not in plan["relink"]:
            text = text.replace("under heavy load", "that carry twice what they should")
        elif place in plan["relink"]:
            text = text.replace("abs/2101.", "abs/2105.")
        if place in plan["more"]:
            text += "\n\nA paragraph more, with [a source](https://more.org/)."
        features.append(text)
        kept.add(THINGS[place])
    for place, brief in enumerate(BRIEFS):
        if place + 4 not in plan["drop"]:
            briefs.append(brief)
            kept.add(THINGS[place + 4])
    # A new entry where another one vanished is taken for it, by design: see the guess below.
    if plan["insert"] is not None and len(features) == 4:
        features.insert(plan["insert"], entry_text(9, "Newcomers", 99))
        kept.add("Newcomers")
    return text_of(features, briefs, plan["section"]), kept


def hold(reading_list: ReadingList) -> dict[str, tuple[int, str, int]]:
    """Put every entry on a list; by thing, its id, its anchor and the list item."""
    held = {}
    for place, entry in enumerate(Entry.objects.order_by("position")):
        item = Item.objects.create(
            reading_list=reading_list, position=place, entry=entry, added_by=reading_list.owner
        )
        held[entry.headline.split()[0]] = (entry.pk, entry.anchor, item.pk)
    return held


@pytest.fixture
def reading_list(db) -> ReadingList:
    owner = User.objects.create_user("owner", "owner@example.org")
    return ReadingList.objects.create(
        title="Held", slug="held", owner=owner, updated_at=timezone.now()
    )


@given(plans=st.lists(edits, min_size=1, max_size=2))
@settings(
    max_examples=settings.default.max_examples // 3,  # each one is five imports
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking imports takes minutes
)
def test_over_any_edits_anchors_and_list_items_hold(desk: Desk, reading_list, plans):
    with transaction.atomic():
        desk.take(record(1, text=text_of(FEATURES, BRIEFS)))
        held = hold(reading_list)
        assert {*held} == {*THINGS}

        for plan in plans:
            text, kept = edited(plan)
            desk.take(record(1, text=text))

            standing = {e.headline.split()[0]: e for e in Entry.objects.standing()}
            assert {*standing} == kept
            for thing in kept - {"Newcomers"}:
                pk, anchor, item = held[thing]
                assert (standing[thing].pk, standing[thing].anchor) == (pk, anchor)
                assert Item.objects.get(pk=item).entry_id == pk
            for thing in {*THINGS} - kept:
                assert Entry.objects.get(pk=held[thing][0]).withdrawn_at is not None
            assert_well_formed(Issue.objects.get())

            # And back again: a correction of the correction.
            desk.take(record(1, text=text_of(FEATURES, BRIEFS)))
            assert {e.headline.split()[0]: (e.pk, e.anchor) for e in Entry.objects.standing()} == {
                thing: held[thing][:2] for thing in THINGS
            }
        transaction.set_rollback(True)


def assert_well_formed(issue: Issue) -> None:
    """Links, sections and entries say what the text says, in its order."""
    urls = [match[1] for match in re.finditer(r"\]\((https?://[^)]*)\)", issue.markdown)]
    links = issue.links.standing().order_by("position")
    assert [link.url for link in links] == urls
    assert all(link.entry.withdrawn_at is None for link in links if link.entry)
    entries = list(issue.entries.standing().order_by("position"))
    assert [entry.position for entry in entries] == [*range(len(entries))]
    assert all(entry.section.withdrawn_at is None for entry in entries if entry.section)


class TestSingleEdits:
    def take(self, desk: Desk, features=FEATURES, briefs=BRIEFS, **options) -> None:
        desk.take(record(1, text=text_of(features, briefs, **options)))

    def test_a_guess_is_marked_for_review(self, desk):
        self.take(desk)
        before = Entry.objects.get(headline__startswith="Turbines")

        self.take(desk, [FEATURES[0], entry_text(8, "Whirligigs", 88), *FEATURES[2:]])

        after = Entry.objects.get(pk=before.pk)
        assert after.headline == "Whirligigs under heavy load"
        assert (after.anchor, after.needs_review) == (before.anchor, True)
        assert PLACED_BY_GUESS in after.review_note
        assert Entry.objects.filter(needs_review=True).count() == 1

    def test_a_renamed_section_keeps_its_anchor(self, desk):
        self.take(desk)
        before = [*Section.objects.values_list("pk", "anchor")]

        self.take(desk, section="Monitoring")

        assert [*Section.objects.values_list("pk", "anchor")] == before
        assert Section.objects.first().heading == "Monitoring"

    def test_a_link_that_moved_with_its_words_is_the_same_link(self, desk):
        self.take(desk)
        before = {link.url: link.pk for link in Link.objects.all()}

        self.take(desk, [*reversed(FEATURES)], [*reversed(BRIEFS)])

        assert {link.url: link.pk for link in Link.objects.all()} == before
        assert_well_formed(Issue.objects.get())

    def test_a_corrected_address_is_the_same_link_of_another_paper(self, desk):
        self.take(desk)
        before = Link.objects.get(url="https://arxiv.org/abs/2101.00000")

        self.take(desk, [FEATURES[0].replace("2101.00000", "2101.07777"), *FEATURES[1:]])

        after = Link.objects.get(pk=before.pk)
        assert after.url == "https://arxiv.org/abs/2101.07777"
        assert after.paper_id != before.paper_id

    def test_a_locked_paper_of_a_link_stays(self, desk):
        self.take(desk)
        link = Link.objects.get(url="https://arxiv.org/abs/2101.00000")
        Link.objects.filter(pk=link.pk).update(locked_fields=["paper"], paper=None)

        self.take(desk, [FEATURES[0] + " More.", *FEATURES[1:]])

        assert Link.objects.get(pk=link.pk).paper is None

    def test_what_vanished_and_came_back_is_restored(self, desk):
        self.take(desk)
        gone = Entry.objects.get(headline__startswith="Turbines")
        links = {*gone.links.values_list("pk", flat=True)}

        self.take(desk, [FEATURES[0], *FEATURES[2:]])
        gone.refresh_from_db()
        assert gone.withdrawn_at is not None
        assert not gone.links.standing().exists()

        self.take(desk)
        gone.refresh_from_db()
        assert gone.withdrawn_at is None
        assert {*gone.links.standing().values_list("pk", flat=True)} == links

    def test_histories_tell_every_version(self, desk):
        self.take(desk)
        self.take(desk, [FEATURES[0].replace("heavy load", "no load"), *FEATURES[1:]])

        entry = Entry.objects.get(headline="Pumps under no load")
        assert [*entry.history.order_by("pk").values_list("headline", "history_type")] == [
            ("Pumps under heavy load", "+"),
            ("Pumps under no load", "~"),
        ]
        assert Entry.history.count() == Entry.objects.count() + 1

    def test_a_prize_s_mention_holds(self, desk):
        prize = (
            "### **The Pump Prize**\n\n**[[Link](https://prize.example.org/)]** A competition with"
            " a prize pool of $50,000. Submissions are due May 31st, 2023."
        )
        self.take(desk, [*FEATURES, prize])
        before = [*PrizeMention.objects.values_list("pk", "entry", "link", "prize")]
        assert before

        self.take(desk, [prize, *reversed(FEATURES)], section="Monitoring")

        assert [*PrizeMention.objects.values_list("pk", "entry", "link", "prize")] == before
