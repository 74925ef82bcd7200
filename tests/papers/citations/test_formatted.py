"""Citations as styles print them, held to what was read and found right."""

import json
from pathlib import Path

import pytest

from papers.citations import formatted as formatted_module
from papers.citations.citation import Citation
from papers.citations.formatted import FOLDER, STYLES, formatted
from tests.papers.citations.tricky import TRICKY

pytestmark = pytest.mark.one_database

GOLDEN = json.loads((Path(__file__).parent / "golden_styles.json").read_text("utf-8"))


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("oddity", TRICKY)
def test_a_style_prints_what_it_printed_when_it_was_judged(style, oddity):
    assert formatted(TRICKY[oddity], style).text == GOLDEN[style][oddity]


@pytest.mark.parametrize("style", STYLES)
def test_html_is_the_text_with_italics_and_no_markup_of_a_title(style):
    title = "<script>alert(1)</script> & <i onclick=x>y</i>"
    shown = formatted(Citation(key="k", title=title, authors=("Jane Doe",), year=2020), style)

    assert "<script" not in shown.html
    assert "<i onclick" not in shown.html
    assert "&lt;script&gt;" in shown.html.lower()
    assert title.lower() in shown.text.lower()


def test_every_style_file_keeps_its_licence_and_is_as_released():
    files = {path.stem for path in FOLDER.glob("*.csl")}

    assert files == {style.file for style in STYLES.values()}
    for path in FOLDER.glob("*.csl"):
        assert "creativecommons.org/licenses/by-sa/3.0" in path.read_text("utf-8")
    assert "Attribution-ShareAlike" in (FOLDER / "README.md").read_text("utf-8")


def test_a_style_is_read_once_and_not_before_it_is_asked_for(monkeypatch):
    formatted_module._loaded.cache_clear()
    formatted_module._formatted.cache_clear()
    assert formatted_module._loaded.cache_info().currsize == 0

    for _ in range(3):
        formatted(TRICKY["a dataset"], "nature")
        formatted_module._formatted.cache_clear()

    assert formatted_module._loaded.cache_info().misses == 1
