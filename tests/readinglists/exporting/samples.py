"""Documents of lists to write and read back: one with everything in it, and any there may be."""

from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from markup.text import clean_line, clean_text
from readinglists.document import FORMAT, FORMAT_VERSION, Document

FULL_PAPER = {
    "citation_key": "doe2022full",
    "kind": "paper",
    "title": "A full record of ImageNet",
    "title_source": "official",
    "alternative_titles": ["Another title"],
    "authors": ["Jane Doe", "Laurens van der Maaten"],
    "published": "2022-03-07",
    "venue": "Journal of Things",
    "volume": "12",
    "issue": "3",
    "pages": "45–67",
    "abstract": "One.\n\nTwo.",
    "url": "https://example.org/paper",
    "pdf_url": "https://example.org/paper.pdf",
    "code_url": "https://github.com/a/b",
    "identifiers": ["arxiv:2201.00001", "doi:10.1000/x"],
    "keywords": ["Monitoring", "Robustness"],
}
FULL_ENTRY = {
    "issue": "some-newsletter-9",
    "anchor": "a-thing",
    "headline": "A thing worth telling",
    "issue_title": "Some Newsletter #9",
    "publication": "Some Newsletter",
    "authors": ["Ada Lovelace"],
    "published": "2022-09-30",
    "url": "https://newsletter.example/p/9",
}
FULL_PRIZE = {
    "slug": "a-prize",
    "name": "A prize",
    "kind": "prize",
    "organiser": "A foundation",
    "website": "https://prize.example/",
}


def note(text: str, author: str = "ada", *, number: int = 1, audience: str = "public") -> Any:
    return {
        "id": str(UUID(int=2000 + number)),
        "author": author,
        "audience": audience,
        "markdown": text,
        "created_at": f"2026-01-{number:02d}T12:00:00+00:00",
    }


def item(number: int, *notes: Any, **target: Any) -> dict[str, Any]:
    return {"id": str(UUID(int=number << 96)), **target, "notes": list(notes)}


def section(number: int, title: str, prose: str = "", *items: Any) -> dict[str, Any]:
    return {"id": str(UUID(int=number << 64)), "title": title, "prose": prose, "items": list(items)}


def document(items: Any = (), sections: Any = (), **head: Any) -> Document:
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "title": "A list of *things*",
        "description": "# What it is\n\nSome **things**.",
        "cover_topic": None,
        "language": "en",
        "notes_licence": "CC BY 4.0",
        "owner": "ada",
        **head,
        "items": list(items),
        "sections": list(sections),
    }


ADDRESS = item(4, note("=1+1", number=4), url="https://example.org/a", title="An address")
FULL = document(
    [
        item(
            1, note("First.\n\nStill *first*."), note("Second.", "bob", number=2), paper=FULL_PAPER
        ),
        item(2, note("Told so.", number=3), entry=FULL_ENTRY),
    ],
    [
        section(1, "Money & more", "Prose.\n\n## A heading\n\nMore.", item(3, prize=FULL_PRIZE)),
        section(2, "Empty"),
        section(
            3,
            "Rest",
            "",
            item(4, note("=1+1", number=4), url="https://example.org/a", title="An address"),
        ),
    ],
)

# --- Any there may be -------------------------------------------------------------------------
LINES = st.text(st.characters(exclude_categories=("C", "Z")) | st.just(" "), min_size=1).map(
    lambda text: clean_line(text) or "x"
)
MARKUP = st.sampled_from(
    ["# h\n", "## s\n", "> q\n", "— x\n", "```\n", "<b>", "'", '"', "]]>", "=1"]
)
TEXTS = st.lists(LINES | MARKUP | st.just("\n\n"), min_size=1, max_size=6).map(
    lambda pieces: clean_text("".join(pieces)).strip() or "x"
)
ADDRESSES = st.integers(1, 10**6).map("https://example.org/{}".format)


@st.composite
def any_notes(draw: st.DrawFn) -> list[Any]:
    return [
        {
            "id": str(draw(st.uuids(version=4))),
            "author": draw(LINES),
            "audience": draw(st.sampled_from(["private", "members", "public"])),
            "markdown": draw(TEXTS),
            "created_at": f"2026-01-01T00:00:{number:02d}+00:00",
        }
        for number in range(draw(st.integers(0, 2)))
    ]


@st.composite
def any_item(draw: st.DrawFn) -> dict[str, Any]:
    targets = (
        st.fixed_dictionaries({"url": ADDRESSES, "title": LINES}),
        st.builds(
            lambda title, number: {
                "paper": {
                    "citation_key": f"doe2022k{number}",
                    "kind": "paper",
                    "title": title,
                    "title_source": "official",
                    "authors": ["Jane Doe"],
                    "published": "2022",
                    "url": f"https://example.org/papers/{number}",
                    "identifiers": [f"url:https://example.org/papers/{number}"],
                }
            },
            LINES,
            st.integers(1, 10**9),
        ),
    )
    return {
        "id": str(draw(st.uuids(version=4))),
        **draw(st.one_of(*targets)),
        "notes": draw(any_notes()),
    }


@st.composite
def any_document(draw: st.DrawFn) -> Document:
    items = st.lists(any_item(), max_size=3)
    return document(
        draw(items),
        [
            {
                "id": str(draw(st.uuids(version=4))),
                "title": draw(LINES),
                "prose": draw(st.just("") | TEXTS),
                "items": draw(items),
            }
            for _ in range(draw(st.integers(0, 3)))
        ],
        title=draw(LINES),
        description=draw(st.just("") | TEXTS),
    )
