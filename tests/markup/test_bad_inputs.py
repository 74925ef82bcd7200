"""The numbered bad inputs (17, 30, 31, 32, 35, 37, 38, 83) as far as they end here."""

import time

import pytest

from markup.render import render_markdown, render_newsletter
from markup.slugs import slugify
from markup.text import clean_line, has_visible_text
from markup.urls import clean_url
from tests.markup.payloads import NO_LINKS, XSS
from tests.markup.reading import faults_in, text_of


@pytest.mark.parametrize("mark", ["\x00", "\x0b", "\x1f", "\x7f", "\x9f"])
def test_bad_17_control_characters_leave_a_title(mark):
    assert clean_line(f"A {mark}Title{mark}") == "A Title"


@pytest.mark.parametrize("url", [url for url in NO_LINKS if "script" in url or "data:" in url])
def test_bad_30_a_script_address_is_never_a_link(url):
    assert clean_url(url.strip()) is None
    assert "<a " not in render_newsletter(f"[words]({url})")


def test_bad_31_a_body_over_the_limit_is_shown_as_plain_text(caplog):
    html = render_newsletter("*word* & <b>\n\n" * 40_000)

    assert html.startswith('<pre class="plain-text">*word* &amp; &lt;b&gt;')
    assert "shown as plain text" in caplog.text


@pytest.mark.parametrize("mark", ["[", "![", "[a](", "<a ", "1. ", "> ", "[^1]", "=\n"])
def test_bad_32_a_body_made_to_hang_the_renderer_is_shown_as_plain_text(mark):
    started = time.process_time()
    html = render_newsletter(mark * 100_000)

    assert html.startswith('<pre class="plain-text">')
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    "title", ["", "  \t\n", "\u00a0\u2003", "\u200b\ufeff\u200d", "\u3164\u2800"]
)
def test_bad_35_a_title_nobody_sees_is_none(title):
    assert not has_visible_text(title)


@pytest.mark.parametrize(
    "path", ["../../etc/passwd", "..\\..\\etc\\passwd", "/etc/passwd", "%2e%2e/etc"]
)
def test_bad_37_a_path_becomes_a_slug(path):
    assert set(slugify(path)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


@pytest.mark.parametrize(
    "tag",
    ["!!python/object/apply:os.system [id]", "cos\nsystem\n(S'id'\ntR.", "{{ 7*7 }}{% debug %}"],
)
def test_bad_38_serialised_objects_in_a_text_are_text(tag):
    assert text_of(render_markdown(tag)).split() == tag.split()


@pytest.mark.parametrize("payload", XSS)
def test_bad_83_a_note_runs_no_script(payload):
    assert faults_in(render_markdown(payload)) == []
