"""Formulas stay as they were typed, and `@key` leads to what it names; neither makes HTML live."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from markup.mentions import mentioned_keys
from markup.render import render_markdown
from tests.markup.payloads import XSS
from tests.markup.reading import faults_in, text_of

PAPERS = {"doe2020key": "/papers/1/", "roe2021other": "/papers/2/"}
LINK = '<a href="/papers/1/">@doe2020key</a>'
FORMULA = st.text(r"ab_*\{}^<>&=-+#|[]()` 12", min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Loss $a_1 * b * c_2$ and *x*", "<p>Loss $a_1 * b * c_2$ and <em>x</em></p>"),
        (r"$\{a\}_1$ and $\alpha\beta$", r"<p>$\{a\}_1$ and $\alpha\beta$</p>"),
        ("$a<b$ & $c$", "<p>$a&lt;b$ &amp; $c$</p>"),
        ("$$a*b*c$$", "<p>$$a*b*c$$</p>"),
        (
            "$$\nx\n=\ny\n\n- z\n$$\n*after*",
            "<pre>$$\nx\n=\ny\n\n- z\n$$</pre>\n<p><em>after</em></p>",
        ),
        ("> said $a*b*c$", "<blockquote>\n<p>said $a*b*c$</p>\n</blockquote>"),
        ("It was $5, *then* $10.", "<p>It was $5, <em>then</em> $10.</p>"),
        ("From $5-$10 *each*.", "<p>From $5-$10 <em>each</em>.</p>"),
        ("$$ never *ended*", "<p>$$ never <em>ended</em></p>"),
        ("`$a*b*c$`", "<p><code>$a*b*c$</code></p>"),
    ],
)
def test_a_formula_stays_as_it_was_typed(typed, shown):
    assert render_markdown(typed) == shown


@given(formula=FORMULA)
def test_whatever_stands_between_dollars_is_shown(formula):
    # Backticks come first: they may hold a dollar of their own.
    typed = f"x{formula}x".replace("`", "")
    typed = re.sub(r"\s+", " ", re.sub(r"\\+", r"\\", typed))
    assert f"${typed}$" in text_of(render_markdown(f"See ${typed}$ here."))


@pytest.mark.parametrize("payload", XSS)
def test_an_attack_inside_a_formula_or_beside_a_mention_leaves_nothing_live(payload):
    for text in (f"${payload}$", f"$$\n{payload}\n$$", f"@doe2020key{payload}@doe2020key"):
        assert faults_in(render_markdown(text, mentions=PAPERS).replace(LINK, "")) == []
        assert faults_in(render_markdown(text)) == []


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("See @doe2020key.", f"<p>See {LINK}.</p>"),
        ("**@doe2020key**, (@doe2020key)", f"<p><strong>{LINK}</strong>, ({LINK})</p>"),
        ("> @doe2020key", f"<blockquote>\n<p>{LINK}</p>\n</blockquote>"),
        ("@nobody2020x", "<p>@nobody2020x</p>"),
        ("me@doe2020key", "<p>me@doe2020key</p>"),
        ("`@doe2020key`", "<p><code>@doe2020key</code></p>"),
        ("$@doe2020key$", f"<p>${LINK}$</p>"),
    ],
)
def test_a_key_that_is_known_leads_to_its_paper(typed, shown):
    assert render_markdown(typed, mentions=PAPERS) == shown


def test_a_mention_inside_a_link_stays_part_of_it():
    html = render_markdown("[see @doe2020key](https://example.org/)", mentions=PAPERS)
    assert html.count("<a ") == 1
    assert ">see @doe2020key</a>" in html


@given(text=st.text("@doe2020key .,-_[]()<>*`$\n", max_size=60))
def test_a_mention_is_the_only_address_of_ours_that_comes_into_a_text(text):
    html = render_markdown(text, mentions=PAPERS)
    assert "⟦" not in html
    assert html.count('href="/') == html.count(LINK)
    assert text_of(html) == text_of(render_markdown(text))


def test_keys_are_found_with_what_stands_behind_them_left_out():
    text = "@doe2020key. (@roe2021other), a@b.example @doi:10.1/x- @"
    assert mentioned_keys(text) == {"doe2020key", "roe2021other", "doi:10.1/x"}


@pytest.mark.parametrize(
    "text", ["$" * 2000, "$$ " * 900, "$a " * 1900, "$$a\n\n" * 900, "@a" * 20_000]
)
def test_it_takes_no_longer(text):
    began = time.process_time()
    render_markdown(text, mentions=PAPERS)
    assert time.process_time() - began < 2
