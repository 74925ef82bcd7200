"""What people type is read as they mean it; what cannot be read is pointed at."""

import contextlib
import json
import time

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from fulltext.query import limits
from fulltext.query.mistakes import QueryMistake
from fulltext.query.nodes import (
    And,
    FieldValue,
    Identifier,
    Not,
    Or,
    Phrase,
    Prefix,
    Word,
)
from fulltext.query.parsing import parse
from fulltext.query.printing import print_query
from papers.identifiers import identify

FIELDS = {"topic", "author", "year", "kind", "doi", "url", "venue"}
a, b, c = Word("a"), Word("b"), Word("c")


def read(text):
    return parse(text, FIELDS)


def words(*texts):
    return And(tuple(map(Word, texts)))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", None),
        (" \t\n", None),
        ("robustness", Word("robustness")),
        ("a b", And((a, b))),
        ("a AND b", And((a, b))),
        ("a b OR c", Or((And((a, b)), c))),
        ("(a OR b) c", And((Or((a, b)), c))),
        ("a OR (b OR c)", Or((a, b, c))),
        ("(((a)))", a),
        ("-a", Not(a)),
        ("a NOT b", And((a, Not(b)))),
        ("a AND NOT b", And((a, Not(b)))),
        ("NOT -a", a),
        ("-(a OR b)", Not(Or((a, b)))),
        ('"red teaming"', Phrase("red teaming")),
        ('-"red teaming"', Not(Phrase("red teaming"))),
        ("robust*", Prefix("robust")),
        ("red-team*", Prefix("red-team")),
        ("topic:alignment", FieldValue("topic", "alignment")),
        ("Topic:alignment", FieldValue("topic", "alignment")),
        ('author:"Dan Hendrycks"', FieldValue("author", "Dan Hendrycks")),
        ("-topic:alignment", Not(FieldValue("topic", "alignment"))),
        ("year:2021..2023", FieldValue("year", "2021..2023")),
        ("year:..2023", FieldValue("year", "..2023")),
        ("topic:alignment,", FieldValue("topic", "alignment")),
        ("topic:(a OR b)", Or((FieldValue("topic", "a"), FieldValue("topic", "b")))),
        ("doi:10.1016/S0140-6736(05)61201-1", FieldValue("doi", "10.1016/S0140-6736(05)61201-1")),
        ("url:https://x.org/?a=b", FieldValue("url", "https://x.org/?a=b")),
    ],
)
def test_the_language_of_the_contract(text, tree):
    assert read(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("Anthropic: red teaming", words("Anthropic", "red", "teaming")),
        ("anthropic: red teaming", words("anthropic", "red", "teaming")),
        ("topic: alignment", words("topic", "alignment")),
        ("Re:Zero", words("Re", "Zero")),
        ("std::vector", Word("std::vector")),
        ("at 10:30", words("at", "10:30")),
        ("https://arxiv.org/abs/1234.5678", Word("https://arxiv.org/abs/1234.5678")),
        ("this or that and not those", words("this", "or", "that", "and", "not", "those")),
        ("AND THEN", words("and", "THEN")),
        ("OR, AND?", words("or", "and")),
        ("foo - bar — baz", words("foo", "bar", "baz")),
        ("pre-training --hard", words("pre-training", "hard")),
        ("model (LLM)-based agents", words("model", "LLM", "based", "agents")),
        ("(Non-)robust", words("Non", "robust")),
        ("O(n log n) or O(n)", words("O", "n", "log", "n", "or", "O(n)")),
        ("don’t O'Brien", words("don’t", "O'Brien")),
        ("A* search", words("A", "search")),
        ("**bold** text", words("bold", "text")),
        ('a 5" gun', words("a", "5", "gun")),
        ("C++ & C#", words("C++", "C#")),
        ("50% of_it \\alpha", words("50", "of_it", "alpha")),
        ("機械学習 安全", words("機械学習", "安全")),
        ("（a OR b）　topic：x", And((Or((a, b)), FieldValue("topic", "x")))),
        ("“red teaming” „und“ «et»", And((Phrase("red teaming"), Phrase("und"), Phrase("et")))),
        ("what? 🙂 why!", words("what", "why")),
        ('"" () a', a),
        ("a\x00b\x1fc", words("a", "b", "c")),
        ("-", "nothing_to_search"),
    ],
)
def test_what_people_paste_is_words(text, tree):
    if isinstance(tree, str):
        with pytest.raises(QueryMistake) as caught:
            read(text)
        assert caught.value.code == tree
    else:
        assert read(text) == tree


def test_every_title_of_the_catalogue_is_words():
    rows = json.loads((settings.BASE_DIR / "fixtures" / "papers.json").read_text())
    titles = [row["fields"]["title"] for row in rows if row["model"] == "papers.paper"]
    assert len(titles) > 100
    for title in titles:
        assert read(title[: limits.LONGEST]) is not None, title
        assert "field" not in repr(read(title[: limits.LONGEST])).lower(), title


@pytest.mark.parametrize(
    ("text", "code", "marked"),
    [
        ('red "teaming', "unclosed_quote", '"'),
        ("“teaming", "unclosed_quote", "“"),
        ("a (b OR c", "unclosed_bracket", "("),
        ("a) b", "unopened_bracket", ")"),
        ("a OR", "dangling_operator", "OR"),
        ("(a OR) b", "dangling_operator", "OR"),
        ("a AND (b OR", "dangling_operator", "OR"),
        ("a NOT", "dangling_operator", "NOT"),
        ("AND NOT (", "unclosed_bracket", "("),
        ("ro*", "short_prefix", "ro*"),
        ("x foo:bar", "unknown_field", "foo:"),
        ('topic:""', "empty_value", '""'),
        (" % ", "nothing_to_search", "%"),
        ("topic:(a topic:b)", "unexpected", "topic:"),
        ("_", "nothing_to_search", "_"),
        ("\\", "nothing_to_search", "\\"),
        ("*", "nothing_to_search", "*"),
        ("🙂", "nothing_to_search", "🙂"),
    ],
)
def test_a_mistake_points_at_its_characters(text, code, marked):
    with pytest.raises(QueryMistake) as caught:
        read(text)
    mistake = caught.value
    assert (mistake.code, text[mistake.start : mistake.end]) == (code, marked)
    assert str(mistake).startswith(f"Character {mistake.start + 1}: ")


def test_an_unknown_field_is_told_with_the_known_ones():
    with pytest.raises(QueryMistake) as caught:
        parse("foo:bar", FIELDS, offered=["topic", "kind"])
    assert "Known are kind:, topic:;" in caught.value.message


@pytest.mark.parametrize(
    "text",
    [
        "2303.08112",
        " arXiv:2303.08112v2 ",
        "arXiv:2101.00001 [cs.LG]",
        "10.1145/3287560.3287596",
        "doi:10.1145/3287560.3287596",
        "https://arxiv.org/pdf/2303.08112.pdf",
        "<https://example.org/a?b=c>",
        "openreview:H1VyHY9gg",
        f"https://example.org/{'a' * 400}",
    ],
)
def test_an_identifier_alone_is_one(text):
    def read_identifier(value):
        return str(found) if (found := identify(value)) else None

    tree = parse(text, FIELDS, identifier=read_identifier)

    assert tree == Identifier(text.strip())
    assert parse(print_query(tree), FIELDS, identifier=read_identifier) == tree


def test_an_address_and_more_is_words():
    tree = parse("https://example.org/a robust", FIELDS, identifier=lambda text: text)

    assert tree == words("https://example.org/a", "robust")


# --- Printed again --------------------------------------------------------------------------------
PARTS = st.sampled_from(
    [*"ab-()\"* :,._%\\'/“”（：", " ", " ", "OR", "AND", "NOT", "topic:", "foo:", "Re:", "robust",
     "x1", "C++", "機械", "é", "..", "O(n)", "🙂", "10.1/x"]
)  # fmt: skip


@given(st.lists(PARTS, max_size=14).map("".join) | st.text(max_size=40))
def test_what_is_printed_parses_to_the_same_tree(text):
    check_stable(text)


@pytest.mark.trial
@given(st.lists(PARTS, max_size=40).map("".join) | st.text(max_size=200))
def test_what_is_printed_parses_to_the_same_tree_for_long_texts(text):
    check_stable(text)


def check_stable(text):
    try:
        tree = read(text)
    except QueryMistake as error:
        place = (error.start, error.end)
    else:
        place = None
    if place:
        assert 0 <= place[0] < place[1] <= len(text), (text, place)
        return
    printed = print_query(tree)
    assert parse(printed, FIELDS) == tree
    assert print_query(parse(printed, FIELDS)) == printed


LEAVES = (
    st.sampled_from(["a", "C++", "pre-training", "O(n)", "don’t", "機械"]).map(Word)
    | st.sampled_from(["red teaming", "OR", "topic:x"]).map(Phrase)
    | st.sampled_from(["robust", "red-team"]).map(Prefix)
    | st.builds(FieldValue, st.sampled_from(sorted(FIELDS)), st.sampled_from(["x", "x y", "a(b)"]))
)


def _several(make, kind):
    def of(children):
        return st.lists(
            children.filter(lambda node: not isinstance(node, kind)), min_size=2, max_size=3
        ).map(lambda nodes: make(tuple(nodes)))

    return of


def _around(children):
    return (
        _several(And, And)(children)
        | _several(Or, Or)(children)
        | children.filter(lambda node: not isinstance(node, Not)).map(Not)
    )


@given(st.recursive(LEAVES, _around, max_leaves=6))
def test_every_tree_can_be_written(tree):
    text = print_query(tree)
    if len(text) <= limits.LONGEST:
        assert read(text) == tree


# --- Limits ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a" * 201, "too_long"),
        ("a " * 5000, "too_long"),
        (" ".join("ab" for _ in range(41)), "too_many_terms"),
        ("(a OR (b " * 5 + "c" + "))" * 5, "too_deep"),
    ],
)
def test_what_is_too_much_is_refused(text, code):
    with pytest.raises(QueryMistake) as caught:
        read(text)
    assert caught.value.code == code
    assert caught.value.start < len(text)


def test_brackets_alone_are_not_deep():
    assert read("(" * 90 + "a" + ")" * 90) == a


@pytest.mark.parametrize(
    "unit", ["(", "-", '"', "a(", "a:", "NOT ", "*", "x ", "\\", "topic:", "%"]
)
def test_bad_94_ten_kilobytes_are_refused_at_once(unit):
    text = unit * (10_000 // len(unit))
    started = time.process_time()
    with pytest.raises(QueryMistake) as caught:
        read(text)
    assert time.process_time() - started < 0.05
    assert caught.value.code == "too_long"


@pytest.mark.parametrize(
    "unit", ["(", "-a", 'a"', "a(", "a(b", "a:", "NOT ", "a OR ", "*", "x ", "ab", "--", "a-", "_("]
)
def test_the_work_grows_with_the_text_and_no_faster(unit, monkeypatch):
    monkeypatch.setattr(limits, "LONGEST", 10**6)
    monkeypatch.setattr(limits, "MOST_TERMS", 10**6)
    monkeypatch.setattr(limits, "DEEPEST", 10**6)

    def work(length):
        text = unit * (length // len(unit))
        times = []
        for _ in range(5):
            started = time.process_time()
            with contextlib.suppress(QueryMistake):
                read(text)
            times.append(time.process_time() - started)
        return min(times)

    work(200)
    assert work(1600) < 8 * 2.5 * max(work(200), 0.0005)
