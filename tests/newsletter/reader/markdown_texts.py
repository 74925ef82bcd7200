"""Markdown of all sorts for property tests, and the links CommonMark sees in it."""

from collections import Counter

from hypothesis import strategies as st
from markdown_it import MarkdownIt

from newsletter.reader.html_tags import read_tag, scan_html

URLS = st.sampled_from(
    ["https://a.example/x", "<https://b.example/y z>", "u", "#", "", "http://c.example/(d)?e=1&f=2"]
)
WORDS = st.sampled_from(
    ["Link", "Paper", "Title", "a b", "«نص»", "מילה", "**bold**", "*it*", "`co`", "x_y_z", "e.g. A",
     "End. Next", "[", "]", "(", ")", "!", "<", ">",
     "|", "&amp;", "\\[", "\\\\", "**", "_", "$5", ":",
     "word: ", "#", "1.", "index.Then so", "<b>", "</b>", "<br>", "<!-- c -->", "  \n", "\n", "\t",
     "`", "``", "~", "Thanks for reading", "Share", "Other News", "\u200f", "\ufeff", "\u00a0"]
)  # fmt: skip
LABELS = st.lists(WORDS, max_size=4).map(" ".join)


@st.composite
def links(draw) -> str:
    label, url = draw(LABELS), draw(URLS)
    form = draw(
        st.sampled_from(
            [
                "[{l}]({u})",
                "[[{l}]({u})]",
                "**[{l}]({u})**",
                "![{l}]({u})",
                "[![{l}]({u})]({u})",
                "[![{l}]({u})]({u})*cap*",
                "[{l}][r1]",
                "[r2]",
                "[r2][]",
                "![{l}][r1]",
                "<https://auto.example>",
                '<a href="{u}">{l}</a>',
                "<a href='{u}'><img src=i></a>",
                "<a href={u}x>{l}",
                '[{l}]({u} "t")',
                "[a [{l}]({u}) b]({u})",
                "[r1]",
                "https://bare.example",
            ]
        )
    )
    return form.replace("{l}", label).replace("{u}", url)


LINES = st.lists(st.one_of(WORDS, links()), min_size=1, max_size=5).map(" ".join)
PREFIXES = st.sampled_from(
    ["", "", "", "", "# ", "### ", "* ", "- ", "  * ", "\t- ", "1. ", "> ", "> > ", "> * ", "    ",
     "* # ", "|", "<div>", "- - - ", "```", "</div>", "[r1]: ", "[r2]: <w> 'x'\n", "\t\t", "   "]
)  # fmt: skip
ENDINGS = st.sampled_from(
    ["\n", "\n", "\n\n", "\n\n", "\n---\n", "\n===\n", "\n\n---\n\n", "\r\n", "\r", "|b|\n|-|-|\n",
     "\n|x|y|\n", "  \n", "\\\n", "\n\n\n\n", " #\n", "\0\n", "\x0b\n", "\x0c\n\n"]
)  # fmt: skip
LINE = st.tuples(PREFIXES, LINES, ENDINGS).map("".join)
BLOCKS = st.lists(LINE, max_size=10).map("".join)
SYNTAX = st.lists(
    st.sampled_from([*"[]()!<>*_`#-=|:\\\"'&;. \t\n\r", "a", "href", "<a href=x>", "](u)", "א"]),
    max_size=60,
).map("".join)
ANY_MARKDOWN = st.one_of(
    BLOCKS, SYNTAX, st.text(max_size=60), st.tuples(BLOCKS, SYNTAX).map("".join)
)


def links_in(text: str) -> Counter[str]:
    """The hyperlinks a plain CommonMark parser with tables finds, by URL."""
    markdown = MarkdownIt("commonmark").enable("table")
    markdown.normalizeLink = markdown.normalizeLinkText = lambda url: url
    markdown.validateLink = lambda url: True
    found: Counter[str] = Counter()
    for token in markdown.parse(text):
        tags = list(scan_html(token.content)) if token.type == "html_block" else []
        for child in token.children or []:
            if child.type == "link_open":
                found[str(child.attrs["href"])] += 1
            elif child.type == "html_inline" and (tag := read_tag(child.content, 0)):
                tags.append(tag)
        links = (tag for tag in tags if tag.name == "a" and "href" in tag.attributes)
        found.update(tag.attributes["href"].strip() for tag in links)
    return found
