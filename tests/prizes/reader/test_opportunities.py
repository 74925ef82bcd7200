"""What the rules make of announcements: the golden prizes, and others invented for the purpose."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.reader import profile_for, read_issue
from prizes.reader import (
    read_brief,
    read_mentions,
    read_opportunities,
    read_opportunity,
    read_teasers,
    same_prize,
)
from tests.prizes.golden_prizes import GOLDEN, entry_text, issue

PUBLISHED = dt.date(2022, 9, 26)


def read_golden(prize):
    entry = prize["entry"]
    text = entry_text(prize["issue"], entry["starts"], entry["ends"])
    return read_opportunity(text, entry["headline"], issue(prize["issue"])[1], kind=entry["kind"])


def money(fact):
    return fact and {
        "amount": f"{fact.amount:f}",
        "amount_max": f"{fact.amount_max:f}" if fact.amount_max is not None else None,
        "currency": fact.currency,
        "qualifier": fact.qualifier,
    }


def as_golden(facts):
    return {
        "kind": facts.kind,
        "name": facts.name,
        "organiser": facts.organiser,
        "website": facts.website,
        "quote": facts.quote,
        "pool": money(facts.pool),
        "awards": [
            {
                "label": award.label,
                **money(award.money),
                "basis": award.basis,
                "count": award.count,
                "part_of_pool": award.part_of_pool,
            }
            for award in facts.awards
        ],
        "deadlines": [
            {
                "kind": deadline.kind,
                "label": deadline.label,
                "date": deadline.date.date.isoformat(),
                "time": deadline.date.time,
                "zone": deadline.date.zone,
                "precision": deadline.date.precision,
                "inclusive": deadline.date.inclusive,
                "year_inferred": deadline.date.year_inferred,
                "quote": deadline.quote,
            }
            for deadline in facts.deadlines
        ],
        "unsure": len(facts.unsure),
    }


@pytest.mark.parametrize("prize", GOLDEN, ids=lambda prize: prize["name"])
class TestGoldenPrizes:
    def test_it_is_read_as_a_person_reads_it(self, prize):
        expected = {key: prize[key] for key in as_golden(read_golden(prize))}

        assert as_golden(read_golden(prize)) == expected

    def test_sums_and_dates_lie_where_they_are_printed(self, prize):
        entry = prize["entry"]
        text = entry_text(prize["issue"], entry["starts"], entry["ends"])
        facts = read_golden(prize)

        for award in facts.awards:
            assert text[award.money.start : award.money.end].startswith("$")
        for deadline in facts.deadlines:
            printed = text[deadline.date.start : deadline.date.end]
            assert str(deadline.date.date.day) in printed

    def test_it_is_no_other_of_them(self, prize):
        facts = read_golden(prize)
        others = [read_golden(other) for other in GOLDEN if other is not prize]

        assert {same_prize(facts, other) for other in others} == {"no"}
        assert same_prize(facts, facts) == "match"

    def test_later_or_earlier_mentions_are_known_to_be_of_it(self, prize):
        for mention in prize["mentions"]:
            text, published_on = issue(mention["issue"])
            [found] = [m for m in read_mentions(text, published_on) if m.quote == mention["quote"]]
            assert money(found.pool) == mention["pool"]
            assert found.website == mention["website"]
            assert same_prize(found, read_golden(prize)) == "match"


@pytest.mark.parametrize("number", range(1, 10))
def test_no_other_paragraph_of_the_catalogue_is_taken_for_a_prize(number):
    text, published_on = issue(number)
    announced = {prize["quote"] for prize in GOLDEN}
    announced |= {mention["quote"] for prize in GOLDEN for mention in prize["mentions"]}
    announced |= {"Call for benchmarks!", "$500,000 in prizes for new benchmarks"}
    announced |= {"NSF Announces $20 Million AI Safety Grant Program"}
    paragraphs = re.split(r"\n\s*\n|\n\* ", text)

    found = [read_opportunity(paragraph, "", published_on, kind="news") for paragraph in paragraphs]

    assert {facts.quote for facts in found if facts} <= announced


def test_a_prize_of_another_newsletter_is_read_by_the_same_rules():
    text = (
        "The Quiet Robots Foundation is launching the [Quiet Robot Prize](https://quiet.example/prize)."
        " There is a prize pool of €120k. The first prize is €60,000, and three runner-up prizes of"
        " €20,000 each.\n\nRegister by 3 March 2024. Abstracts are due March 10, 2024 at 23:59 AoE;"
        " full papers: 2024-04-02. Winners will be announced in June 2024."
    )

    facts = read_opportunity(text, "The Quiet Robots Foundation is launching", dt.date(2024, 2, 1))

    assert (facts.kind, facts.name) == ("prize", "Quiet Robot Prize")
    assert facts.organiser == "Quiet Robots Foundation"
    assert facts.website == "https://quiet.example/prize"
    assert (facts.pool.amount, facts.pool.currency) == (Decimal(120000), "EUR")
    assert [(a.label, a.money.amount, a.basis, a.count) for a in facts.awards] == [
        ("first prize", Decimal(60000), "total", 1),
        ("prizes", Decimal(20000), "each", 3),
    ]
    assert [(d.kind, d.date.date.isoformat(), d.date.precision) for d in facts.deadlines] == [
        ("registration", "2024-03-03", "day"),
        ("abstract", "2024-03-10", "instant"),
        ("submission", "2024-04-02", "day"),
        ("notification", "2024-06-01", "month"),
    ]


def test_opening_and_closing_in_one_sentence_are_told_apart():
    text = "Submissions for the $5,000 contest open October 1 and close December 1, 2022."

    facts = read_opportunity(text, "A contest", PUBLISHED)

    assert [(d.kind, d.date.date.month) for d in facts.deadlines] == [
        ("opens", 10),
        ("submission", 12),
    ]


def test_a_rolling_deadline_is_kept_as_such():
    text = "We offer small grants. Applications are reviewed on a rolling basis."

    [deadline] = read_opportunity(text, "Small grants", PUBLISHED).deadlines

    assert (deadline.kind, deadline.date.precision) == ("submission", "rolling")


@pytest.mark.parametrize(
    "text",
    [
        "In the robot soccer competition, the winning solution did not use wheels.",
        "The lab was awarded a $20 million grant last year.",
        "The company raised $300 million and spends a large budget on chips.",
        "The winners of the $50,000 prize were announced: seven prizes of $5,000 each.",
        "There is now a course with lecture videos and assignments.",
        "We now have a subreddit! It has a steady stream of papers.",
        "Agents are rewarded with a prize when they reach the goal.",
        "This paper calls for more research on grants of access rights.",
    ],
)
def test_what_announces_nothing_is_no_prize(text):
    assert read_opportunity(text, text.split(".")[0], PUBLISHED, kind="news") is None


def test_features_and_briefs_announce_no_prize_of_their_own():
    text = "There is a $5,000 prize pool. Submit by May 5."

    assert read_opportunity(text, "A Prize", PUBLISHED, kind="feature") is None
    assert read_opportunities(text, "A Prize", PUBLISHED, kind="brief") == []


def test_an_opportunity_without_telling_words_is_kept_for_review():
    facts = read_opportunity("Come and see.", "Something new", PUBLISHED, kind="opportunity")

    assert facts.name == "Something new"
    assert facts.unsure == ("no word says what kind of opportunity this is",)


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("A $5,000 contest. Submit by 31 Sep 2022.", "31 Sep 2022 is no day of the calendar"),
        ("A $5,000 contest. Submissions are due 03/04/2023.", "03/04/2023 is ambiguous"),
        ("A $5,000 contest. The first round ended September 1.", "its year is not printed"),
        ("A $5,000 contest. See you on October 5, 2022.", "not clear what the date is for"),
        ("A $5,000 contest. Also $700 of snacks.", "no clear part"),
        ("A $5,000 contest. The deadline is in 6 weeks.", "no date could be read"),
    ],
)
def test_what_the_rules_cannot_settle_is_marked(text, doubt):
    facts = read_opportunity(text, "Contest", PUBLISHED, kind="opportunity")

    assert len(facts.unsure) == 1
    assert doubt in facts.unsure[0]


@pytest.mark.parametrize(
    ("text", "kind", "date"),
    [
        ("We are hiring residents. Apply by Friday, March 3rd at 11:59pm PT.", "job", "2023-03-03"),
        ("A university is seeking a postdoc to map caves. Deadline: 1 June.", "job", "2023-06-01"),
        ("Applications for the Kite School are open until March 24th.", "call", "2023-03-24"),
        ("The lab launched $10M in grants. Apply by February 18.", "grant", "2023-02-18"),
        (
            "There is a $1,000,000+ public competition. It closes May 1.",
            "competition",
            "2023-05-01",
        ),
    ],
)
def test_news_that_offers_something_is_read_as_its_kind(text, kind, date):
    facts = read_opportunity(text, "News", PUBLISHED, kind="news")

    assert (facts.kind, facts.unsure) == (kind, ())
    assert [deadline.date.date.isoformat() for deadline in facts.deadlines] == [date]


def test_a_list_of_prizes_gives_one_for_each_item():
    text = (
        "Open now:\n\n* [Maze Prize](https://maze.example) offers $10,000 in prizes, until May 5.\n"
        "* The [Kite Challenge](https://kite.example) has a prize pool of $7,000.\n"
    )

    first, second = read_opportunities(text, "Prizes this month", PUBLISHED, kind="opportunity")

    assert (first.name, first.pool.amount) == ("Maze Prize", 10000)
    assert (second.name, second.pool.amount) == ("Kite Challenge", 7000)
    assert text[second.pool.start : second.pool.end] == "$7,000"
    assert [len(first.deadlines), len(second.deadlines)] == [1, 0]


def test_a_teaser_is_read_with_its_sum_and_marked():
    [teaser] = read_teasers("Next time we announce a new $5,000 kite contest. Bye.", PUBLISHED)

    assert (teaser.kind, teaser.name) == ("competition", "$5,000 kite contest")
    assert teaser.unsure


def test_links_with_roles_give_the_website():
    links = [("https://a.example", "x", "inline"), ("https://b.example", "b", "website")]

    facts = read_opportunity("A $5,000 contest is open.", "Contest", PUBLISHED, links)

    assert facts.website == "https://b.example"


@settings(max_examples=40, deadline=None)
@given(st.text(), st.text(), st.sampled_from(["opportunity", "news", None]))
def test_no_text_makes_the_reading_fail(text, headline, kind):
    for facts in read_opportunities(f"$5 {text}", headline, PUBLISHED, kind=kind):
        assert 0 <= facts.start <= facts.end
    assert all(mention.unsure for mention in read_mentions(text, PUBLISHED))


def test_the_newsletter_reader_and_these_rules_find_the_golden_prizes_and_no_others():
    profile = profile_for("ml-safety-newsletter")
    found = []
    for number in range(1, 10):
        text, published_on = issue(number)
        for entry in read_issue(text, profile).entries:
            links = [(link.url, link.label, link.role) for link in entry.links]
            found += read_opportunities(
                entry.markdown, entry.headline, published_on, links, entry.kind
            )

    assert sorted((facts.name, facts.website) for facts in found) == sorted(
        (prize["name"], prize["website"]) for prize in GOLDEN
    )


def test_a_brief_with_prize_money_and_a_coming_deadline_tells_a_prize_to_review():
    text = (
        "[ARC Prize (Website)](https://arc.example/) A $1,100,000 public competition to beat ARC."
        " Submissions are due by November 10, 2024."
    )

    [facts] = read_brief(
        text,
        "ARC Prize (Website) A $1,100,000 public competition to beat ARC",
        dt.date(2024, 4, 2),
        [("https://arc.example/", "ARC Prize (Website)", "primary")],
    )

    assert (facts.name, facts.pool.amount) == ("ARC Prize", 1_100_000)
    assert facts.website == "https://arc.example/"
    assert [d.date.date.isoformat() for d in facts.deadlines] == ["2024-11-10"]
    assert "told in a brief only" in facts.unsure[0]


@pytest.mark.parametrize(
    "text",
    [
        "A dataset of the $5,000 contest that closed on May 5, 2020.",
        "The $10,000 contest is solved by a model; code is available.",
        "We are hiring an engineer – $180,000 to $220,000 salary. Apply by May 5, 2030.",
        "Agents compete for prizes; submit papers by May 5, 2030.",
        "Their model won the $5,000 prize. The next deadline is May 5, 2030.",
    ],
)
def test_a_brief_of_research_or_work_tells_no_prize(text):
    assert read_brief(text, text.split(".")[0], PUBLISHED) == []


@pytest.mark.parametrize("number", range(1, 10))
def test_no_brief_of_the_catalogue_tells_a_prize(number):
    text, published_on = issue(number)
    entries = read_issue(text, profile_for("ml-safety-newsletter")).entries
    briefs = [entry for entry in entries if entry.kind in ("brief", "feature")]

    assert [e for e in briefs if read_brief(e.markdown, e.headline, published_on)] == []


def test_a_sum_split_into_awards_is_their_pool():
    text = (
        "The lab has launched the Frontier Prize, which will award up to $1 million, split into"
        " ten awards of $100,000, to teams that find jailbreaks."
        " Submissions close on May 15th, 2024."
    )

    facts = read_opportunity(
        text, "The lab pays $1 million for safety ideas", PUBLISHED, kind="opportunity"
    )

    assert money(facts.pool) == {
        "amount": "1000000",
        "amount_max": None,
        "currency": "USD",
        "qualifier": "up_to",
    }
    [award] = facts.awards
    assert (award.money.amount, award.money.qualifier) == (100_000, "exact")
    assert (award.basis, award.count, award.part_of_pool) == ("each", 10, True)
    assert facts.name == "Frontier Prize"
    assert facts.unsure == ()


def test_a_title_that_says_what_is_offered_stays_the_name():
    text = "The lab has launched the Frontier Prize. There are $5,000 in prizes until May 5."

    facts = read_opportunity(text, "A contest for robots", PUBLISHED, kind="opportunity")

    assert facts.name == "A contest for robots"
