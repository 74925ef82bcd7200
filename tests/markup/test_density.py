"""No text makes the server think for long: the parser's worst cases, as large as the caps allow."""

import time

import pytest

from markup.density import NEWSLETTER_CAPS, NOTE_CAPS
from markup.render import render_markdown, render_newsletter

UNITS = [
    *("[", "![", "[a](", "[a](b)", "[a][b]", "]", "[[a]]", "(", "[a]((", '[a](b "'),
    *("<a ", "<", "<![", "<!--", "<?", "<b>", "<div>\n", "<http://a>", "<a@b.c>"),
    *("&", "&#", "&amp;", "&#x41;", ">", "> ", "> a\n", "> - a\n"),
    *("#", "# a\n", "`", "`` ", "`a``", "```\na\n```\n", "~~~\n", "~"),
    *("*", "*a ", "**a", "***a*", "*_a", "_", "_a ", "__a_", "* * *\n"),
    *("=", "a\n=\n", "|", "|a|b|\n|-|-|\n", "a|", "-", "- a\n", "- ", "---\n"),
    *("1. a\n", "1. ", "\\", "\\[", "[^1]", "[^1]: a\n\n", "[a]: b\n", '[a]: <b> "c"\n'),
    *("\t", "\ta\n", " ", "\n", "  \n", "a\n\n", "a", "😀", "[![a](b)](c) ", "    - a\n"),
]
LAYOUTS = {
    "dense": lambda unit, n: unit * n,
    "in blocks": lambda unit, n: "\n\n".join([unit * 150] * (n // 150 + 1)),
    "in prose": lambda unit, n: (unit + "x" * 30 + " ") * n,
}
# Where the length of what stands between the markers is what costs.
SCANNED_FAR = ["[", "![", "[a](", "[a](b", "<![", "a\n=\n", "---\n", "- a\n", "[^1]", "**a", "`"]
HANG = 2.0  # seconds


def largest(unit: str, layout, caps) -> str:
    """The longest text of this kind that is still parsed."""
    low, high = 1, caps.length // len(unit)
    while low < high:
        middle = (low + high + 1) // 2
        if caps.exceeded_by(layout(unit, middle)):
            high = middle - 1
        else:
            low = middle
    return layout(unit, low)


@pytest.mark.parametrize(
    ("unit", "layout"),
    [(unit, "dense") for unit in UNITS] + [(unit, "in prose") for unit in SCANNED_FAR],
)
def test_the_worst_note_is_rendered_in_time(unit, layout):
    text = largest(unit, LAYOUTS[layout], NOTE_CAPS)
    started = time.process_time()
    render_markdown(text)

    assert time.process_time() - started < HANG


@pytest.mark.trial
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("unit", UNITS)
def test_the_worst_newsletter_is_rendered_in_time(unit, layout):
    text = largest(unit, LAYOUTS[layout], NEWSLETTER_CAPS)
    started = time.process_time()
    render_newsletter(text)

    assert time.process_time() - started < HANG


@pytest.mark.parametrize("unit", UNITS)
def test_over_every_cap_the_text_is_shown_at_once(unit):
    started = time.process_time()
    html = render_newsletter(unit * (600_000 // len(unit) + 1))

    assert time.process_time() - started < HANG
    assert html.startswith('<pre class="plain-text">')


def test_an_ordinary_long_note_is_still_formatted():
    paragraph = "Some *words* with a [link](https://x.org/a_b) and `code`, " + "prose " * 60
    text = "\n\n".join(["## Heading", paragraph, "* one\n* two\n* three"] * 80)

    assert 35_000 < len(text) < 50_000
    assert "<em>words</em>" in render_markdown(text)


def test_an_ordinary_long_newsletter_is_still_formatted():
    sentence = "Some *words* and prose, then [a link](https://x.org/a_b-c). "
    entry = "**Title**\n=====\n\n" + sentence * 6 + "More prose. " * 12
    text = "\n\n".join(
        [entry, "* [[Link]](https://x.org) one\n* [[Link]](https://x.org) two"] * 800
    )

    assert 450_000 < len(text) < 500_000
    assert "<em>words</em>" in render_newsletter(text)
