"""Amounts as English prose prints them."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prizes.reader import read_money

ONE_AMOUNT = [
    ("a $20 million programme", "20000000", "USD", "exact", "$20 million"),
    ("up to $800,000 are", "800000", "USD", "up_to", "$800,000"),
    ("€5k", "5000", "EUR", "exact", "€5k"),
    ("£1.2m in total", "1200000", "GBP", "exact", "£1.2m"),
    ("USD 10,000", "10000", "USD", "exact", "USD 10,000"),
    ("10,000 CHF", "10000", "CHF", "exact", "10,000 CHF"),
    ("CHF 10’000", "10000", "CHF", "exact", "CHF 10’000"),
    ("over $1M", "1000000", "USD", "at_least", "$1M"),
    ("no less than $500", "500", "USD", "at_least", "$500"),
    ("not more than $500", "500", "USD", "up_to", "$500"),
    ("$1M+ to be won", "1000000", "USD", "at_least", "$1M"),
    ("about a further $3-million fund", "3000000", "USD", "about", "$3-million"),
    ("~$5k", "5000", "USD", "about", "$5k"),
    ("A$5,000", "5000", "AUD", "exact", "A$5,000"),
    ("US$5,000", "5000", "USD", "exact", "US$5,000"),
    ("$500 CAD", "500", "CAD", "exact", "$500 CAD"),
    ("10.000 €", "10000", "EUR", "exact", "10.000 €"),
    ("€1,5 million", "1500000", "EUR", "exact", "€1,5 million"),
    ("half a million dollars", "500000", "USD", "exact", "half a million dollars"),
    ("**$50,000** will", "50000", "USD", "exact", "$50,000"),
    ("$**50**,000", "50000", "USD", "exact", "$**50**,000"),
    (r"\$500", "500", "USD", "exact", r"\$500"),
    ("&pound;30", "30", "GBP", "exact", "&pound;30"),
    ("a [$5,000 prize](https://x.org/$9)", "5000", "USD", "exact", "$5,000"),
    ("$100 B-trees", "100", "USD", "exact", "$100"),
]


@pytest.mark.parametrize(("text", "amount", "currency", "qualifier", "printed"), ONE_AMOUNT)
def test_an_amount_is_read_with_its_currency_and_place(text, amount, currency, qualifier, printed):
    [money] = read_money(text)

    assert (money.amount, money.amount_max) == (Decimal(amount), None)
    assert (money.currency, money.qualifier) == (currency, qualifier)
    assert text[money.start : money.end] == printed


RANGES = [
    ("from **$15,000** to **$1,500,000** for", "15000", "1500000", "USD"),
    ("$50k-$100k", "50000", "100000", "USD"),
    ("$50–100k", "50000", "100000", "USD"),
    ("between $5 and $10 million", "5000000", "10000000", "USD"),
    ("5,000 to 10,000 EUR", "5000", "10000", "EUR"),
]


@pytest.mark.parametrize(("text", "low", "high", "currency"), RANGES)
def test_a_range_is_one_amount_with_two_ends(text, low, high, currency):
    [money] = read_money(text)

    assert (money.amount, money.amount_max) == (Decimal(low), Decimal(high))
    assert (money.currency, money.qualifier) == (currency, "range")


def test_two_amounts_joined_by_and_are_no_range():
    amounts = [money.amount for money in read_money("$50,000 for one and $100,000 for two")]

    assert amounts == [50000, 100000]


@pytest.mark.parametrize(
    "text",
    [
        "hundreds of millions of dollars",
        "the formula $5^2$ holds",
        "$x + 3$",
        "in 2022, 36% of 500 people",
        "$15,0000",
        "![$5,000](https://x.org/a.png)",
        "$" + "9" * 400,
    ],
)
def test_numbers_that_name_no_amount_are_left_alone(text):
    assert read_money(text) == []


def test_the_quote_is_the_sentence_without_markup():
    [money] = read_money("First. In total, **$50,000** will go\nto [papers](https://x.org). Last.")

    assert money.quote == "In total, $50,000 will go to papers."


NOISE = st.text(
    alphabet=st.sampled_from(list("$€£¥,.'’0123456789 kKmMb-–*_[]()\\&;toandUSDmillion\n"))
)


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.text(), NOISE))
def test_no_text_makes_the_reading_fail_and_every_place_is_in_the_text(text):
    for money in read_money(text):
        assert 0 <= money.start < money.end <= len(text)
        assert money.amount_max is None or money.amount < money.amount_max
        assert len(money.currency) == 3


@given(st.integers(1, 10**9))
def test_an_amount_printed_with_commas_is_read_back(amount):
    [money] = read_money(f"a prize of ${amount:,} for all")

    assert money.amount == amount
