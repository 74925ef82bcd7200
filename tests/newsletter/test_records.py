"""Every generation of the exporter (DATA_FORMAT.md), and what no generation writes."""

from datetime import UTC, datetime

import pytest

from imports.strict_json import Rejected
from newsletter.records import read_record
from tests.newsletter.lines import TEXT, record


def read(**fields):
    return read_record(record(**fields))


def without(*names, **fields):
    values = record(**fields)
    for name in names:
        del values[name]
    return read_record(values)


class TestGenerations:
    def test_a_has_a_post_title_a_string_of_authors_and_a_year(self):
        found = read_record(
            {
                "text": TEXT,
                "post_title": "Sturdy Newsletter #3",
                "date_published": 2022,
                "authors": "Ada Example, Ben Sample and Cy Test",
                "summary": "In short.",
                "url": "",
            }
        )

        assert (found.title, found.number) == ("Sturdy Newsletter #3", 3)
        assert found.authors == ["Ada Example", "Ben Sample", "Cy Test"]
        assert (found.published_at, found.published_raw) == (None, "2022")
        assert found.extra == {"summary": "In short."}
        assert (found.url, found.source_url, found.source_id) == (None, None, None)
        assert "title missing; taken from the post_title" in found.warnings

    def test_b_has_dates_without_a_zone(self):
        found = read(date_published="2023-04-11T15:53:36", authors=["nan"], url="n/a")

        assert found.published_at == datetime(2023, 4, 11, 15, 53, 36, tzinfo=UTC)
        assert (found.authors, found.url) == ([], None)

    def test_c_has_a_list_of_summaries_as_summary(self):
        found = read(summary=["One.", "Two."], date_published="")

        assert found.extra == {"summary": ["One.", "Two."]}
        assert (found.published_at, found.published_raw) == (None, None)

    def test_d_names_the_newsletter_in_its_initial_source(self):
        found = read(
            source="blogs", initial_source="sturdy_newsletter", title=None, url=None, summaries=[]
        )

        assert (found.source, found.initial_source) == ("blogs", "sturdy_newsletter")
        assert found.title == "Robustness"
        assert found.extra == {}


@pytest.mark.parametrize("text", [None, "", "n/a"])
def test_a_text_may_be_none(text):
    assert read(text=text).text == ""


@pytest.mark.parametrize(
    ("authors", "names"),
    [
        (None, []),
        ("n/a", []),
        ([], []),
        (["nan", "", None, "*"], []),
        (["Jane Doe", "Jr."], ["Jane Doe, Jr."]),
        ("Jane Doe, Jr.", ["Jane Doe, Jr."]),
        ("Ada Example; Ben Sample", ["Ada Example", "Ben Sample"]),
        ([{"name": " Ada\u00a0 Example "}], ["Ada Example"]),
    ],
)
def test_authors_come_as_lists_and_strings(authors, names):
    assert read(authors=authors).authors == names


def test_one_author_may_stand_under_author():
    assert without("authors", author="Ada Example").authors == ["Ada Example"]


def test_an_id_may_be_a_number_and_is_never_recomputed():
    assert read(id=17).source_id == "17"
    assert read(id="a/b?c#d").source_id == "a/b?c#d"
    assert "no id" in without("id").warnings[0]


def test_non_breaking_spaces_in_a_title_are_spaces():
    assert read(title="Sturdy\u00a0Newsletter\u202f#4").title == "Sturdy Newsletter #4"


def test_the_text_is_cleaned_and_the_record_stays_as_it_came():
    found = read(text="a\r\nb\x00c\x0bd", title="T #1")

    assert found.text == "a\nbcd"
    assert found.values["text"] == "a\r\nb\x00c\x0bd"


def test_unknown_fields_are_kept_in_a_form_both_databases_take():
    found = read(
        tags=["a\x00b"],
        karma=10**30,
        nested={"x\x00": [1.5, None, {"y": True}]},
    )

    assert found.unknown_fields == ["tags", "karma", "nested"]
    assert found.extra == {
        "tags": ["ab"],
        "karma": str(10**30),
        "nested": {"x": [1.5, None, {"y": True}]},
    }


def test_a_number_may_be_told_by_a_field_of_its_own():
    assert read(title="What happened in May", newsletter_number="12").number == 12


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"title": 5}, "title: not a text"),
        ({"title": ["T"]}, "title: not a text"),
        ({"text": {"a": 1}}, "text: not a text"),
        ({"url": 7}, "url: not a text"),
        ({"source": []}, "source: not a text"),
        ({"id": {}}, "id: neither a text nor a number"),
        ({"id": True}, "id: neither a text nor a number"),
        ({"authors": 3}, "authors: neither a list nor a text"),
        ({"authors": [["Ada"]]}, "authors: one of them is not a text"),
        ({"date_published": ["2023"]}, "date_published: neither a text nor a number"),
        ({"date_published": False}, "date_published: neither a text nor a number"),
        ({"year": "20x0"}, "year: '20x0' is no year"),
        ({"title": "  "}, "title: nothing in it is visible"),
        ({"title": "x" * 301}, "title: 301 characters, of at most 300"),
        ({"id": "x" * 301}, "id: 301 characters, of at most 300"),
    ],
)
def test_a_field_of_the_wrong_kind_is_named(fields, told):
    with pytest.raises(Rejected) as caught:
        read(**fields)
    assert str(caught.value) == told
