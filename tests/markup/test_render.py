import json
import re
from pathlib import Path

import markdown
import pytest
from django.utils.safestring import SafeString
from hypothesis import given, settings
from hypothesis import strategies as st

from markup.render import plain_text, render_markdown, render_newsletter
from markup.sanitise import TAGS, sanitise
from markup.text import clean_text
from markup.urls import is_safe_url
from tests.markup.payloads import NO_LINKS, XSS
from tests.markup.reading import faults_in, text_of

CATALOGUE = Path(__file__).parents[2] / "fixtures" / "ml_safety_newsletter.jsonl"
MARKS = st.sampled_from(
    [
        *("[", "]", "(", ")", "<", ">", "!", "*", "**", "_", "`", "```", "#", "|", "-", "=", "~"),
        *("&", "\\", "\n", "\n\n", "    ", "1. ", "- ", "> ", "[^1]", "[^1]: ", "[a]: ", " ", "x"),
        *("https://x.org/", "&#106;", "javascript:", "<script>", "<img src=x onerror=1>"),
        *("<a href='", '"', "'", "\x02", "\x03", "$", "$$", "@doe2020key", "@"),
    ]
)
HOSTILE = st.lists(MARKS | st.text(max_size=5), max_size=60).map("".join)


@pytest.mark.parametrize("payload", XSS)
def test_an_attack_leaves_nothing_live(payload):
    for html in (render_markdown(payload), render_newsletter(payload), plain_text(payload)):
        assert faults_in(html) == []


@pytest.mark.parametrize("payload", XSS)
def test_an_attack_leaves_nothing_live_when_it_passes_the_sanitiser_alone(payload):
    html = sanitise(payload)

    assert faults_in(html) == []
    assert sanitise(html) == html


@pytest.mark.parametrize("url", NO_LINKS)
def test_an_address_that_is_no_link_never_becomes_one(url):
    for text in (
        f"[words]({url})",
        f"[words](<{url}>)",
        f"![words]({url})",
        f"<{url}>",
        f"[words][r]\n\n[r]: <{url}>",
    ):
        html = render_markdown(text)

        assert faults_in(html) == []
        assert "<a " not in html or any(map(is_safe_url, clean_text(url).splitlines()))


@settings(max_examples=150, deadline=None)
@given(HOSTILE)
def test_nothing_raises_and_nothing_forbidden_comes_out(text):
    html = render_markdown(text)

    assert isinstance(html, SafeString)
    assert faults_in(html) == []


@settings(max_examples=60, deadline=None)
@given(HOSTILE)
def test_sanitising_twice_changes_nothing(text):
    once = sanitise(markdown.markdown(text.replace("\x02", "").replace("\x03", "")))

    assert sanitise(once) == once


def test_nothing_that_opens_the_door_to_mutation_is_allowed():
    forbidden = {"math", "svg", "style", "script", "img", "iframe", "form", "input", "template"}

    assert not TAGS & forbidden


def test_markup_of_the_four_extensions_is_rendered():
    html = render_markdown(
        "A *word* and **two**[^1].\n\n| a | b |\n|:-|-:|\n| 1 | 2 |\n\n"
        "```\nx < y\n```\n\n3. three\n\n[^1]: Note."
    )

    for part in (
        "<em>word</em>",
        "<strong>two</strong>",
        '<th align="left">a</th>',
        "<pre><code>x &lt; y\n</code></pre>",
        '<ol start="3">',
        '<div class="footnote">',
    ):
        assert part in html


def test_footnotes_of_two_texts_on_a_page_do_not_share_ids():
    one, other = (render_markdown(f"{word}[^1]\n\n[^1]: Note.") for word in ("one", "other"))
    ids = {html.split('<li id="')[1].split('"')[0] for html in (one, other)}

    assert len(ids) == 2
    assert all(f'href="#{name}"' in one + other for name in ids)


def test_links_of_people_and_of_issues_say_so():
    assert 'rel="nofollow ugc noopener noreferrer"' in render_markdown("[a](https://x.org)")
    assert 'rel="nofollow noopener noreferrer"' in render_newsletter("[a](https://x.org)")


def test_mail_addresses_are_links():
    assert 'href="mailto:me@x.org"' in render_markdown("<me@x.org>")


def test_an_image_becomes_a_link_that_says_where_it_leads():
    html = render_markdown("![A cat](https://x.org/cat.png)")

    assert html == (
        '<p><a href="https://x.org/cat.png" rel="nofollow ugc noopener noreferrer">'
        "Image: A cat (x.org)</a></p>"
    )


def test_an_image_within_a_link_does_not_nest_links():
    html = render_markdown("[![](https://x.org/i.png)](https://x.org/big.png)")

    assert html.count("<a ") == 1
    assert 'href="https://x.org/big.png"' in html


def test_html_in_a_text_stays_visible():
    assert "&lt;|good|&gt; and &lt;s&gt;" in render_newsletter("<|good|> and <s>")
    assert text_of(render_markdown("<b>bold</b>")) == "<b>bold</b>"


def test_a_line_break_of_a_converter_is_kept():
    assert "one<br>\ntwo" in render_newsletter("one<br>two").replace("<br>t", "<br>\nt")


def test_an_unsafe_link_leaves_its_words():
    assert render_markdown("[words](javascript:alert(1))") == "<p>words</p>"


def test_links_around_nothing_are_dropped():
    assert render_newsletter("a [](https://x.org) b") == "<p>a  b</p>"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("**\n\nWords", "Words"),
        ("**** Words", "Words"),
        ("a ** ** b", "a  b"),
        ("** [Paper](https://x.org)", "Paper"),
        ("[Paper](https://x.org)** and", "Paper and"),
        ("2 ** 3 is 8", "2 ** 3 is 8"),
        ("`**`", "**"),
        (r"\*\* stays", "** stays"),
    ],
)
def test_only_emphasis_around_nothing_is_removed(text, shown):
    assert text_of(render_newsletter(text)).strip() == shown


def test_headings_fit_under_the_page_without_a_gap():
    html = render_newsletter("One\n===\n\n### Three\n\n#### Four")

    assert [part[0] for part in html.split("<h")[1:]] == ["4", "5", "6"]
    assert "<h2>" in render_markdown("# One", first_heading=2)


def test_a_failing_parser_shows_the_text(monkeypatch, caplog):
    def fail(self, source):
        raise AssertionError("we should not get here!")

    monkeypatch.setattr(markdown.Markdown, "convert", fail)

    assert render_markdown("a < b") == '<pre class="plain-text">a &lt; b</pre>'
    assert "rendering failed" in caplog.text


def test_the_first_catalogue_is_shown_formatted_and_without_leftovers():
    lines = CATALOGUE.read_text("utf-8").splitlines()
    texts = [json.JSONDecoder().raw_decode(line)[0]["text"] for line in lines]
    pages = [render_newsletter(text) for text in texts]

    assert len(pages) == 9
    for page in pages:
        assert faults_in(page) == []
        assert "plain-text" not in page
        assert not re.search(r"\*\*|<(a|em|strong|p)\b[^>]*>\s*</|\]\(", page)
    assert "special &lt;|good|&gt; or &lt;|bad|&gt; token" in pages[0]
