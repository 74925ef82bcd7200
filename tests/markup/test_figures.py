import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from markup.images import figure_html, readable_alt
from markup.render import render_newsletter
from tests.markup.reading import faults_in

IMAGE = "![](https://x.org/i.png)"
FIGURE = figure_html("https://x.org/i.png", "A plot", "What it shows")


def spans(text: str, html: str = FIGURE) -> list[tuple[int, int, str]]:
    found, start = [], text.find(IMAGE)
    while start >= 0:
        found.append((start, start + len(IMAGE), html))
        start = text.find(IMAGE, start + 1)
    return found


def test_without_a_copy_of_ours_a_figure_is_a_captioned_link():
    assert FIGURE == (
        '<figure class="figure figure-link">'
        '<a href="https://x.org/i.png" rel="nofollow noopener noreferrer">Image: A plot (x.org)</a>'
        "<figcaption>What it shows</figcaption></figure>"
    )


def test_with_a_copy_of_ours_it_is_shown_lazily_and_links_the_original():
    html = figure_html("https://x.org/i.png", "A plot", "", None, "/media/i.png", 640, 480)

    assert html == (
        '<figure class="figure"><a href="https://x.org/i.png" rel="nofollow noopener noreferrer">'
        '<img src="/media/i.png" alt="A plot" width="640" height="480" loading="lazy"'
        ' decoding="async"></a></figure>'
    )


@pytest.mark.parametrize(
    "local_url", ["https://evil.example/i.png", "//evil.example/i.png", "/\\evil.example", "i.png"]
)
def test_only_our_own_origin_is_loaded_from(local_url):
    assert "<img" not in figure_html("https://x.org/i.png", local_url=local_url)


def test_hostile_words_and_addresses_stay_text():
    html = figure_html("javascript:alert(1)", '"><script>', "<img src=x onerror=alert(1)>")

    assert faults_in(html, "figure", "figcaption") == []
    assert "<a" not in html


@pytest.mark.parametrize(
    "alt", ["teaser.png", "xl_lujMSr0oq8Uar43yjNM116ivXc_WPZ9kme8CMohgJP (704×382)", ""]
)
def test_a_file_name_is_no_description(alt):
    assert readable_alt(alt) == ""


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (f"{IMAGE}Words after.", f"{FIGURE}<p>Words after.</p>"),
        (f"Before {IMAGE}", f"<p>Before </p>{FIGURE}"),
        (f"**{IMAGE}** after", f"{FIGURE}<p>after</p>"),
        (f"**[{IMAGE}](https://x.org)**", FIGURE),
        (f"* one {IMAGE}", f"<ul>\n<li>one {FIGURE}</li>\n</ul>"),
        (f"### Title {IMAGE}", f"<h4>Title </h4>{FIGURE}"),
        (f"{IMAGE}_caption_", f"{FIGURE}<p><em>caption</em></p>"),
    ],
)
def test_a_figure_stands_as_a_block_of_its_own(text, html):
    assert render_newsletter(text, spans(text)) == html


@pytest.mark.parametrize(
    "text",
    [
        f"`{IMAGE}`",
        f"```\n{IMAGE}\n```",
        f"[x](https://x.org/{IMAGE})",
        f'[x](https://x.org "<p>{IMAGE}</p>")',
    ],
)
def test_a_figure_where_no_block_can_stand_follows_the_text(text):
    html = render_newsletter(text, spans(text))

    assert html.endswith(FIGURE)
    assert html.count("<figure") == 1
    assert faults_in(html, "figure", "figcaption") == []


def test_overlapping_figures_are_not_swapped_twice():
    html = render_newsletter(IMAGE, [(0, 10, FIGURE), (5, len(IMAGE), FIGURE)])

    assert html.count("<figure") == 1


def test_html_that_is_not_marked_safe_is_escaped():
    assert "&lt;script&gt;" in render_newsletter(IMAGE, spans(IMAGE, "<script>"))


def test_a_text_over_the_caps_is_shown_as_it_came():
    text = IMAGE + "[" * 300

    assert render_newsletter(text, spans(text)) == f'<pre class="plain-text">{text}</pre>'


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [IMAGE, "**", "*", "[", "](", ")", "`", "\n", "\n\n", "- ", "# ", "| ", "> ", "x "]
        ),
        max_size=25,
    )
)
def test_no_figure_is_lost_or_doubled_wherever_it_stands(pieces):
    text = "".join(pieces)
    html = render_newsletter(text, spans(text))

    assert html.count("<figure") == pieces.count(IMAGE)
    assert "⟦" not in html
