"""What is found, in which order, and how it is shown."""

import re
from html import unescape
from unittest.mock import patch

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from fulltext import engine, matches, ranking
from fulltext.expressions import And, Not, Or, Phrase, Prefix, Word
from fulltext.numbering import bounds
from fulltext.registry import kind_named
from papers.merging import merge
from papers.models import CitationKeyAlias, Paper
from tests.factories import AuthorshipFactory, IdentifierFactory, PaperFactory
from tests.fulltext.queries import expression

pytestmark = pytest.mark.django_db

HOSTILE = {
    "ten_kilobytes": "robust " * 1500,
    "ten_kilobytes_in_one_word": "x" * 10_000,
    "percent": "100% _%_ %",
    "underscore": "snake_case ______",
    "backslash": "\\ \\\\ C:\\x",
    "quotes": "'\"' \"\" '' \"''\"",
    "nul": "rob\0ust \0",
    "near": "NEAR(robust learning, 5)",
    "column_filter": "tokens : robust",
    "column_filter_of_many": "{tokens levels} : robust",
    "caret": "^robust + learning",
    "star": "* rob* **",
    "tsquery": "robust & !learning | <-> 'x':*A",
    "weights": "robust:ABCD",
    "marks": "t:robust #  ~0 robust^f =abc @abc a:",
    "comment": "robust -- ; DROP TABLE papers_paper",
    "surrogate": "rob\ud800ust",
    "bidi": "\u202etsubor",
    "hyphens": "-----",
    "parentheses": "((((((robust",
}


def visible():
    return Paper.objects.visible_to(AnonymousUser())


def titles(query) -> list[str]:
    if isinstance(query, str):
        query = expression(query)
    keys = engine.ranked("paper", query, visible()).keys
    by_key = visible().in_bulk(list(keys))
    return [by_key[key].title for key in keys]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=[f"bad_94_{name}" for name in HOSTILE])
@pytest.mark.parametrize("leaf", [Word, Phrase, Prefix])
def test_no_text_is_taken_for_an_operator(text, leaf):
    PaperFactory(title="Untouched")
    for field in (None, "title", "identifier"):
        query = And((leaf(text, field), Not(leaf(text)), Or((leaf(text), leaf("nothing")))))

        assert titles(query) == []
        engine.corrections([leaf(text, field)], [("paper", visible())])
    assert "<mark>" not in engine.highlighted(text, Word("untouched"))


def test_queries_nested_beyond_reason_find_nothing():
    query = Word("robust")
    for _ in range(500):
        query = Not(And((query, Not(Or((Word("a"), query))))))

    assert titles(query) == []


@pytest.mark.parametrize("depth", range(matches.MAX_DEPTH + 2))
def test_either_database_takes_what_nests_as_deep_as_is_read(depth):
    query = Word("robust")
    for _ in range(depth):
        query = Or((Word("learning"), And((Word("deep"), Not(query)))))

    assert titles(query) == []


def test_an_identifier_finds_its_paper_first_in_any_spelling():
    PaperFactory(title="On 2303.08112 and other numbers 2303 08112")
    paper = PaperFactory(title="Tuned lens")
    IdentifierFactory(paper=paper, scheme="arxiv", value="2303.08112")

    for spelling in ("2303.08112", "arXiv:2303.08112v2", "https://arxiv.org/pdf/2303.08112"):
        assert titles(Word(spelling))[0] == "Tuned lens"
    assert titles(Word(paper.citation_key, "identifier")) == ["Tuned lens"]


def test_a_key_that_a_paper_had_before_finds_it_first():
    PaperFactory(title="Says hendrycks2021former", abstract="hendrycks2021former " * 9)
    duplicate = PaperFactory(title="Tuned lens", citation_key="hendrycks2021former")
    paper = PaperFactory(title="Tuned lens, published")
    merge(duplicate, paper)

    assert titles("hendrycks2021former")[0] == "Tuned lens, published"

    CitationKeyAlias.objects.get(key="hendrycks2021former").delete()

    assert titles("hendrycks2021former") == ["Says hendrycks2021former"]


def test_titles_count_more_than_authors_venues_and_abstracts():
    PaperFactory(title="In the abstract", abstract="robust " * 20)
    PaperFactory(title="In the venue", venue="Robust")
    AuthorshipFactory(paper=PaperFactory(title="By the author"), name_as_printed="Ann Robust")
    PaperFactory(title="A long title in which the word robust stands only once")
    PaperFactory(title="Robust titles")

    assert titles("robust") == [
        "Robust titles",
        "A long title in which the word robust stands only once",
        "By the author",
        "In the venue",
        "In the abstract",
    ]


WORDS = st.lists(st.sampled_from(["robust", "vision", "learning", "of", "more"]), max_size=8)


class RankingTests(TestCase):
    @given(
        texts=st.lists(st.tuples(WORDS, WORDS), min_size=2, max_size=9),
        query=st.sampled_from(["robust", "robust vision", "robust|vision"]),
        most=st.sampled_from([3, 1_000]),
    )
    def test_lists_of_the_index_rank_as_what_is_stored_of_each_document_does(
        self, texts, query, most
    ):
        for title, abstract in texts:
            PaperFactory(title=" ".join(title or ["x"]), abstract=" ".join(abstract))
        most = most if query == "robust" else 1_000  # of several words not all are looked at
        best = fully_ranked(expression(query))

        with patch.multiple(ranking, MOST_RANKED=most, SPARE=1):
            found = engine.ranked("paper", expression(query), visible())

        assert list(zip(found.keys, found.scores, strict=True)) == best[:most]


def fully_ranked(text) -> list[tuple[int, float]]:
    """The keys of all hits with their scores, by what is stored of each."""
    base, _ = bounds(kind_named("paper"))
    hits = visible().filter(engine.matching("paper", text)).values_list("pk", flat=True)
    scored = ranking.search_for("paper", text, visible()).scored([base + key for key in hits])
    return [(number - base, score) for score, number in sorted([(s, n) for n, s in scored])[::-1]]


def test_who_mentions_both_words_comes_before_who_mentions_one():
    for abstract in ("vision and robust ways", "vision alone", "robust alone"):
        PaperFactory(title="A title", abstract=abstract + " of many more things" * 50)

    keys = engine.ranked("paper", expression("robust|vision"), visible()).keys

    assert Paper.objects.get(pk=keys[0]).abstract.startswith("vision and robust")


def test_who_says_a_word_often_comes_first_though_no_title_holds_it():
    filler = " of many more things that are told" * 3
    often = PaperFactory(title="First", abstract="robust " * 3 + filler)
    for number in range(3):
        PaperFactory(title=f"Later {number}", abstract="robust" + filler)

    assert engine.ranked("paper", Word("robust"), visible()).keys[0] == often.pk


def test_of_equals_the_newest_comes_first():
    for number in range(3):
        PaperFactory(title="Robust learning", citation_key=f"key{number}")

    keys = engine.ranked("paper", Word("robust"), visible()).keys

    assert list(keys) == sorted(keys, reverse=True)


def test_a_field_limits_where_a_word_is_looked_for():
    AuthorshipFactory(paper=PaperFactory(title="By her"), name_as_printed="Ann Robust")
    PaperFactory(title="Robust titles")

    assert titles("author:robust") == ["By her"]
    assert titles("title:robust") == ["Robust titles"]
    assert titles("venue:robust") == []


def test_more_than_a_thousand_are_counted_no_further(monkeypatch):
    monkeypatch.setattr(ranking, "MOST_RANKED", 10)
    monkeypatch.setattr(ranking, "SPARE", 2)
    papers = [PaperFactory(title="Robust learning", abstract="words " * 9) for _ in range(20)]
    strongest = PaperFactory(title="Robust", abstract="robust " * 9)
    for _ in range(20):
        PaperFactory(title="Of something else", abstract="robust")
    rows = visible()

    found = engine.ranked("paper", Word("robust"), rows, 10)

    assert (found.total, found.is_exact) == (10, False)
    assert found.keys == (strongest.pk, *sorted((p.pk for p in papers), reverse=True)[:9])


@pytest.mark.parametrize("enough", [1, 100])
def test_of_more_than_a_thousand_with_several_words_those_come_first_that_say_most(
    monkeypatch, enough
):
    monkeypatch.setattr(ranking, "MOST_RANKED", 10)
    monkeypatch.setattr(ranking, "SPARE", 2)
    monkeypatch.setattr(ranking, "ENOUGH", enough)
    both = PaperFactory(title="Robust learning of vision and more")
    strong = PaperFactory(title="Robust", abstract="robust learning " * 9)
    weak = PaperFactory(title="A title of which one word in nine is learning", abstract="robust")
    others = [PaperFactory(title="Of something", abstract="robust learning") for _ in range(20)]
    newest = sorted((paper.pk for paper in others), reverse=True)

    found = engine.ranked("paper", expression("robust learning"), visible())
    exact = engine.ranked("paper", expression("robust learning title:robust"), visible())

    assert (found.total, found.is_exact) == (10, False)
    first = [both.pk] if enough == 1 else [both.pk, strong.pk, weak.pk]
    assert list(found.keys[: len(first)]) == first
    assert [key for key in found.keys if key in newest] == newest[: 10 - len(first)]
    assert list(found.scores) == sorted(found.scores, reverse=True)
    assert exact.is_exact


def test_of_many_titles_with_all_words_those_come_first_that_hold_little_else(monkeypatch):
    monkeypatch.setattr(ranking, "MOST_RANKED", 10)
    monkeypatch.setattr(ranking, "SPARE", 2)
    monkeypatch.setattr(ranking, "READ", 3)
    monkeypatch.setattr(ranking, "ENOUGH", 3)
    both = PaperFactory(title="Robust learning")
    one = PaperFactory(title="Robust robust learning and vision")
    for _ in range(20):
        PaperFactory(title="Of learning and vision, a robust way to see more of both at once")

    keys = engine.ranked("paper", expression("learning robust"), visible()).keys

    assert keys[:2] == (both.pk, one.pk)


def test_of_many_hits_the_one_with_a_word_of_its_title_and_an_author_comes_first(monkeypatch):
    monkeypatch.setattr(ranking, "MOST_RANKED", 10)
    monkeypatch.setattr(ranking, "SPARE", 2)
    monkeypatch.setattr(ranking, "READ", 5)
    sought = PaperFactory(title="Robust learning of what is seen and heard")
    AuthorshipFactory(paper=sought, name_as_printed="Ada Hendrycks")
    fresh = PaperFactory(title="Robust learning of what is seen, too")
    AuthorshipFactory(paper=fresh, name_as_printed="Ada Hendrycks")
    Paper.objects.filter(pk=fresh.pk).update(is_hidden=True)
    for _ in range(20):
        PaperFactory(title="Robust and more, on many pages", abstract="As Hendrycks says. " * 4)

    keys = engine.ranked("paper", expression("hendrycks robust"), visible()).keys
    without = engine.ranked("paper", expression("hendrycks robust -learning"), visible()).keys

    assert keys[0] == sought.pk
    assert not {sought.pk, fresh.pk} & set(without)


def test_other_conditions_are_counted_exactly_however_many_match(monkeypatch):
    monkeypatch.setattr(ranking, "MOST_RANKED", 10)
    monkeypatch.setattr(ranking, "SPARE", 2)
    old = PaperFactory(title="Robust learning", kind="report")
    for _ in range(20):
        PaperFactory(title="Robust learning")

    found = engine.ranked("paper", Word("robust"), visible().filter(kind="report"))

    assert (found.keys, found.total, found.is_exact) == ((old.pk,), 1, True)
    many = visible().filter(engine.matching("paper", Word("robust")))
    assert many.count() == 21
    assert list(many.filter(kind="report")) == [old]
    assert not visible().exclude(engine.matching("paper", Word("robust"))).exists()


def test_a_search_costs_a_fixed_number_of_queries():
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            engine.ranked("paper", expression("robust learning"), visible())
        return len(queries)

    PaperFactory(title="Robust learning")
    first = cost()
    for _ in range(5):
        PaperFactory(title="Robust learning again")

    assert cost() == first <= 4


def test_what_is_hidden_is_neither_found_nor_counted_nor_suggested():
    PaperFactory(title="Canaryword of a hidden paper", is_hidden=True)

    assert engine.ranked("paper", Word("canaryword"), visible()).total == 0
    misspelt = Word("canarywrod")
    assert engine.corrections([misspelt], [("paper", visible())]) == {}
    corrected = engine.corrections([misspelt], [("paper", Paper.objects.all())])
    assert corrected == {misspelt: Word("canaryword")}


def test_highlights_are_escaped_and_keep_the_spelling():
    paper = PaperFactory(
        title='Naïve <script>alert("x")</script> Schölkopf & robustness',
        abstract="pre-training " * 90,
    )
    query = expression("naive scholkopf robust pretraining")

    [document] = kind_named("paper").build([paper.pk])
    shown = engine.Marker(query).shown(document)

    assert shown["title"] == (
        "<mark>Naïve</mark> &lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; "
        "<mark>Schölkopf</mark> &amp; <mark>robustness</mark>"
    )
    assert shown["body"].count("<mark>pre-training</mark>") > 5
    assert len(shown["body"]) < 600
    assert set(shown) == {"title", "body"}


def test_a_text_cannot_bring_marks_of_its_own():
    shown = engine.highlighted("\x02ours\x03 robust \x02", Word("robust"))

    assert shown == " ours  <mark>robust</mark>  "


def test_only_what_was_looked_for_in_a_field_is_marked_there():
    title = "Robust learning by Robust"

    assert "<mark>" not in engine.highlighted(title, Word("robust", "author"), "title")
    assert engine.highlighted(title, Word("robust", "author"), "author").count("<mark>") == 2
    assert "<mark>" not in engine.highlighted(title, Not(Word("robust")), "title")


@pytest.mark.parametrize(
    ("text", "word", "marked"),
    [
        (
            "İstanbul: robust  and Robustly so",
            "robust",
            ["robust", "Robustly"],
        ),  # lower() is longer
        ("unrobust (ROBUST), dis-robust", "robust", ["ROBUST", "robust"]),
        ("dying to tie", "tie", ["tie"]),
        ("pre-training, pretrained, pre training", "pretraining", ["pre-training", "pretrained"]),
        ("snake_case's ｒｏｂｕｓｔ", "case", ["case's"]),
        ("ｒｏｂｕｓｔ Ŕobust", "robust", ["ｒｏｂｕｓｔ", "Ŕobust"]),
        ("a gpt gptx GPT", "gpt", ["gpt", "GPT"]),
    ],
)
def test_every_word_that_matches_is_marked_and_no_other(text, word, marked):
    shown = engine.highlighted(text, Word(word))
    assert re.findall("<mark>(.*?)</mark>", unescape(shown)) == marked
    assert unescape(shown).replace("<mark>", "").replace("</mark>", "") == text


def test_characters_of_what_is_written_without_spaces_are_marked():
    assert (
        engine.highlighted("深度学习模型", Word("学习")) == "深度<mark>学</mark><mark>习</mark>模型"
    )


@pytest.mark.parametrize(
    ("title", "query", "is_found"),
    [
        ("深度学习模型", "学习", True),
        ("深度学习模型", "习学", False),
        ("Надёжность моделей", "надежность", True),
        ("سلامة الذكاء", "الذكاء", True),
        ("Self-supervised learning", "selfsupervised", True),
        ("Selfsupervised learning", "self-supervised", True),
        ("What we owe", "what", True),
        ("What we owe", "what unknown", False),
        ("What we owe", "the owe", True),
    ],
)
def test_words_of_any_script_are_found(title, query, is_found):
    PaperFactory(title=title)

    assert bool(titles(query)) is is_found
