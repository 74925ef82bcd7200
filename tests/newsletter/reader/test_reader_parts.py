"""Captions, kinds, roles, offsets and commentary, each by a small text."""

import pytest

from newsletter.reader import first_heading, profile_for, read_issue, reading_minutes

PROFILE = profile_for("any")
PICTURE = "[![](https://i.example/a.png)](https://i.example/full.png)"
LINK = "**[[Link](https://arxiv.org/abs/1)]**"


def only_entry(body: str, heading: str = "# Robustness\n\n## A title"):
    (entry,) = read_issue(f"{heading}\n\n{body}", PROFILE).entries
    return entry


@pytest.mark.parametrize(
    ("body", "caption"),
    [
        (f"{PICTURE}*What it shows.*\n\nText.", "What it shows."),
        (f"{PICTURE}*What it shows.*Text goes on.", "What it shows."),
        (f"{PICTURE}\n\n*What it shows.*\n\nText.", "What it shows."),
        (f"{PICTURE}*Mechanistic* work is text. More of it.", None),
        (f"{PICTURE}What it shows in words.Text that is glued to it.", "What it shows in words."),
        (f"{PICTURE}What it shows{LINK}", "What it shows"),
        (f"{PICTURE}What it shows", "What it shows"),
        (f"{PICTURE}What it shows:\n\n* this\n* that", None),
        (f"{PICTURE}A whole sentence of text.", None),
        (f"{PICTURE}Text. A longer text. {LINK}", None),
        (f"{PICTURE}[Some link](https://a.example)", None),
        (f"Text before {PICTURE} and after", None),
    ],
)
def test_captions(body: str, caption: str | None) -> None:
    image = only_entry(body).images[0]

    assert image.caption == caption
    assert image.link_url == "https://i.example/full.png"


def test_an_image_and_its_caption_can_be_cut_out_of_the_commentary() -> None:
    entry = only_entry(f"Before.\n\n{PICTURE}*A caption.*\n\nAfter. {LINK}")
    (image,) = entry.images

    assert entry.markdown[image.markdown_start : image.markdown_end] == f"{PICTURE}*A caption.*"


@pytest.mark.parametrize(
    ("heading", "body", "kind"),
    [
        ("# Robustness\n\n## A title", f"Text. {LINK}", "feature"),
        ("# Robustness\n\n## A title", LINK, "brief"),
        ("# City News\n\n## A title", f"Text. {LINK}", "news"),
        ("# Other Robustness News", f"* {LINK} A line.", "brief"),
        ("# Other News", f"* {LINK} A line.", "news"),
        ("# Robustness\n\n## Making networks work", f"Text. {LINK}", "feature"),
        ("# Robustness\n\n## More data gives better benchmarks", f"Text. {LINK}", "feature"),
        ("# Other Content\n\n## A title", f"Text. {LINK}", "feature"),
        ("# Other Content\n\n## A course", "Text. [Link](https://course.example)", "news"),
        ("## A prize for work", "We award $5,000. Submit by May 1st.", "opportunity"),
        (
            "## Better forecasts",
            "A competition with $5,000 in prizes. It closes soon.",
            "opportunity",
        ),
        ("## Better forecasts", f"There is a prize of $5,000; submit. {LINK}", "feature"),
        ("## A team wins the prize", f"They won $5,000. Submissions closed. {LINK}", "feature"),
        ("## The NSF has grants", "Grants of $800,000. [Link](https://nsf.example)", "feature"),
    ],
)
def test_kinds(heading: str, body: str, kind: str) -> None:
    assert only_entry(body, heading).kind == kind


@pytest.mark.parametrize(
    ("body", "roles"),
    [
        ("Text with [a link](u). **[Paper](p)** **[Video](v)**", ["inline", "primary", "video"]),
        ("Text. [[Link 1]](a) [[2]](b) [[Code](c)]", ["primary", "primary", "code"]),
        ("Text.\n\nWebsite: [a.example](https://a.example)", ["website"]),
        ("Text, as a [recent article](a) says. [Link](b)", ["article", "primary"]),
        ("Text ([paper](a), [GitHub](b)).", ["primary", "code"]),
        ("Text. Read more here: [The title](a). Get the code [here](b).", ["primary", "code"]),
        ("Text.\n\nRead more:\n\n[The title](a)", ["primary"]),
        ("Text. [Link](a)\n\n[Share this](https://x.example/p?action=share)", ["primary"]),
        ("One [talk](a) of many. [Link](b)", ["video", "primary"]),
        (
            "They published [a thing](a), then [a paper](https://arxiv.org/abs/1).",
            ["inline", "primary"],
        ),
    ],
)
def test_roles(body: str, roles: list[str]) -> None:
    assert [link.role for link in only_entry(body).links] == roles


def test_what_was_not_sure_is_said() -> None:
    entry = only_entry("They published [a thing](a), then [another](b).")

    assert entry.unsure == ("No link is marked as what it presents; “a thing” was taken.",)
    assert only_entry("No link at all.").unsure == (
        "It has no link, so it may be no entry of its own.",
    )


def test_offsets_count_in_the_text_as_given() -> None:
    lines = ["# Robustness", "", "## A title", "", "Text", "with [a", "link](u)", "", "[Paper](p)"]
    text = "\r\n".join(lines)
    (entry,) = read_issue(text, PROFILE).entries

    assert [text[link.start : link.end] for link in entry.links] == ["[a\r\nlink](u)", "[Paper](p)"]
    assert text[entry.start : entry.end].startswith("## A title")
    assert text[entry.start : entry.end].endswith("[Paper](p)")


def test_references_come_along_with_the_commentary() -> None:
    entry = only_entry(
        "See [the notes][n] and ![x][i].\n\n[n]: https://n.example/?a=1&b\n[i]: <i p>"
    )

    assert entry.markdown.endswith("[N]: <https://n.example/?a=1&amp;b>\n[I]: <i p>")
    (again,) = read_issue(f"# A title\n\n{entry.markdown}", PROFILE).entries
    assert [link.url for link in again.links] == ["https://n.example/?a=1&b"]
    assert [image.url for image in again.images] == ["i p"]


def test_a_bullet_loses_its_marker_and_its_indentation() -> None:
    entry = only_entry("*   [One](a) text\n\n    more text\n    * a\n    * b", "# Other Links")

    assert entry.markdown == "[One](a) text\n\nmore text\n\n* a\n* b"


def test_urls_are_kept_as_printed() -> None:
    urls = ["http://ä.example/ö?q=a b", "javascript:alert(1)", "mailto:a@b.example", "/relative#x"]
    body = " ".join(f"[x](<{url}>)" for url in urls)

    assert [link.url for link in only_entry(body).links] == urls


def test_the_same_url_twice_is_two_links() -> None:
    entry = only_entry("[One](u) and [two](u).")

    assert [(link.label, link.url) for link in entry.links] == [("One", "u"), ("two", "u")]


@pytest.mark.parametrize(
    ("text", "headline"),
    [
        ("* [[Link](a)] First, e.g. this. Second.", "First, e.g. this"),
        (
            "* Work by Smith et al. and others: [[1]](a), [[2]](b).",
            "Work by Smith et al. and others",
        ),
        ("* [A. B. Smith's work](a) is out! More.", "A. B. Smith's work is out!"),
        ("* It costs 3.5 million. More. [Link](a)", "It costs 3.5 million"),
        ("* Says <|good|> &amp; \\*more\\*. [Link](a)", "Says <|good|> & *more*"),
        ("* **Title**: text with [a link](a).", "Title"),
        ("* 7/13. A meeting [there](a). More.", "7/13. A meeting there"),
        ("* [](a)", "Untitled"),
    ],
)
def test_headlines_of_lines(text: str, headline: str) -> None:
    assert only_entry(text, "# Other Papers").headline == headline


def test_titles_and_reading_time() -> None:
    assert first_heading("Text\n\n## **[[Link](u)] A title**\n\n# Other") == "A title"
    assert first_heading("Text") is None
    assert reading_minutes("") == 1
    assert reading_minutes("word " * 1150) == 5
