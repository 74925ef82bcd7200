from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.renderers import CSVRenderer, csv_cell, dump, escape_formula, unescape_formula


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (datetime(2022, 9, 26, 12, tzinfo=UTC), b'"2022-09-26T12:00:00Z"'),
        (date(2022, 9, 26), b'"2022-09-26"'),
        (Decimal("100000.00"), b'"100000.00"'),
        (UUID(int=1), b'"00000000-0000-0000-0000-000000000001"'),
        (None, b"null"),
        ("é😀", '"é😀"'.encode()),
    ],
)
def test_json_values(value, written):
    assert dump(value) == written


def test_what_has_no_form_in_json_is_an_error():
    with pytest.raises(TypeError):
        dump(object())
    assert dump(datetime(2022, 1, 1, 2, tzinfo=timezone(timedelta(hours=2)))).endswith(b'+02:00"')


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (["a", "b"], "a; b"),
        ([{"a": 1}], '[{"a":1}]'),
        ({"amount": Decimal("1.50")}, '{"amount":"1.50"}'),
        (None, None),
        (-5, -5),
        (True, True),
        ("-5", "'-5"),
        *((f"{wide}1", f"'{wide}1") for wide in "＝＋－＠"),
        (["=1"], "'=1"),
        (Decimal("1.50"), "1.50"),
        (date(2022, 1, 1), "2022-01-01"),
    ],
)
def test_csv_cells(value, cell):
    assert csv_cell(value) == cell


@given(st.text() | st.from_regex(r"'*[=+\-@\t\r＝＋－＠].*"))
def test_an_escaped_formula_is_harmless_and_comes_back_as_it_was(text):
    escaped = escape_formula(text)

    assert not escaped.startswith(("=", "+", "-", "@", "\t", "\r", *"＝＋－＠"))
    assert unescape_formula(escaped) == text


def test_csv_of_nothing_has_no_rows():
    assert CSVRenderer().render(None) == "\r\n"
