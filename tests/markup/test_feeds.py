"""The feed writers, read back by a parser that did not write them."""

import json
from datetime import UTC, datetime, timedelta, timezone
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from markup.feeds import Category, Feed, FeedEntry, Person, write_atom, write_json_feed

ATOM = "{http://www.w3.org/2005/Atom}"
MOMENT = datetime(2022, 3, 7, 12, 30, 15, 999, tzinfo=UTC)
# What SECURITY.md names: control characters, noncharacters, half of a pair.
UNFIT = "a\x00b\x08c\x0bd\x1be\x7ff\x86g\ufffeh\uffffi\ud800j\udfffk"


def entry(**fields) -> FeedEntry:
    usual = {
        "id": "https://list.example/api/v1/papers/1/",
        "url": "https://list.example/papers/1/a-title/",
        "title": "A title",
        "updated": MOMENT,
    }
    return FeedEntry(**{**usual, **fields})


def feed(*entries: FeedEntry, **fields) -> Feed:
    usual = {
        "id": "https://list.example/feeds/papers.atom",
        "url": "https://list.example/papers/",
        "self_url": "https://list.example/feeds/papers.atom?q=a%20b",
        "title": "Papers",
    }
    return Feed(entries=entries, **{**usual, **fields})


def parse(raw: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(raw, parser=ElementTree.XMLParser())


def text(element: ElementTree.Element, name: str) -> str | None:
    return element.findtext(f"{ATOM}{name}")


def links(element: ElementTree.Element) -> dict[str, str]:
    return {link.get("rel"): link.get("href") for link in element.findall(f"{ATOM}link")}


WHOLE = entry(
    published=datetime(2022, 3, 1, tzinfo=UTC),
    summary="What it <says> & more",
    content_html='<p class="x">What it <em>says</em> &amp; more</p>',
    authors=[Person("Ada Lovelace", "https://orcid.org/0000-0000-0000-0000"), Person("N. N.")],
    categories=[Category("robustness", "Robustness")],
    original_url="https://elsewhere.example/a?b=c&d=e",
    rights="The text is its authors’.",
)


def test_an_atom_feed_says_all_that_is_known():
    root = parse(
        write_atom(
            feed(
                WHOLE,
                subtitle="Newest first",
                language="en",
                first_url="https://list.example/feeds/papers.atom",
                next_url="https://list.example/feeds/papers.atom?cursor=x",
            )
        )
    )
    assert root.tag == f"{ATOM}feed"
    assert text(root, "title") == "Papers"
    assert text(root, "updated") == "2022-03-07T12:30:15Z"
    assert root.find(f"{ATOM}author/{ATOM}name").text == "Papers"
    assert links(root)["self"] == "https://list.example/feeds/papers.atom?q=a%20b"
    assert links(root)["alternate"] == "https://list.example/papers/"
    assert links(root)["next"].endswith("?cursor=x")
    assert "previous" not in links(root)
    (item,) = root.findall(f"{ATOM}entry")
    assert text(item, "published") == "2022-03-01T00:00:00Z"
    assert text(item, "summary") == WHOLE.summary
    assert text(item, "content") == WHOLE.content_html
    assert item.find(f"{ATOM}content").get("type") == "html"
    assert [each.text for each in item.findall(f"{ATOM}author/{ATOM}name")] == [
        "Ada Lovelace",
        "N. N.",
    ]
    assert item.find(f"{ATOM}category").attrib == {"term": "robustness", "label": "Robustness"}
    assert links(item) == {"alternate": WHOLE.url, "via": WHOLE.original_url}


def test_a_json_feed_says_the_same():
    body = json.loads(write_json_feed(feed(WHOLE, authors=[Person("Ada")], next_url="https://x.y")))

    assert body["version"] == "https://jsonfeed.org/version/1.1"
    assert body["home_page_url"] == "https://list.example/papers/"
    assert body["authors"] == [{"name": "Ada"}]
    assert body["next_url"] == "https://x.y"
    assert body["items"] == [
        {
            "id": WHOLE.id,
            "url": WHOLE.url,
            "external_url": WHOLE.original_url,
            "title": WHOLE.title,
            "content_html": WHOLE.content_html,
            "summary": WHOLE.summary,
            "date_published": "2022-03-01T00:00:00Z",
            "date_modified": "2022-03-07T12:30:15Z",
            "authors": [
                {"name": "Ada Lovelace", "url": "https://orcid.org/0000-0000-0000-0000"},
                {"name": "N. N."},
            ],
            "tags": ["Robustness"],
        }
    ]


def test_an_empty_feed_is_a_feed_and_not_of_now():
    assert text(parse(write_atom(feed())), "updated") == "1970-01-01T00:00:00Z"
    assert json.loads(write_json_feed(feed()))["items"] == []


def test_an_item_always_has_content_in_json():
    (item,) = json.loads(write_json_feed(feed(entry())))["items"]

    assert item["content_text"] == "A title"
    assert "content_html" not in item


def test_moments_are_told_in_utc():
    there = datetime(2022, 3, 7, 1, tzinfo=timezone(timedelta(hours=14)))
    assert text(parse(write_atom(feed(entry(updated=there)))), "updated") == "2022-03-06T11:00:00Z"


@pytest.mark.parametrize("write", [write_atom, write_json_feed])
def test_bad_90_what_no_feed_can_hold_is_left_out_everywhere(write):
    spoiled = entry(
        id=f"https://list.example/{UNFIT}",
        url=f"https://list.example/{UNFIT}",
        title=UNFIT,
        summary=UNFIT,
        content_html=f"<p>{UNFIT}</p>",
        authors=[Person(UNFIT, f"https://x.example/{UNFIT}")],
        categories=[Category(UNFIT, UNFIT)],
        original_url=f"https://x.example/{UNFIT}",
        rights=UNFIT,
    )
    raw = write(
        feed(
            spoiled,
            title=UNFIT,
            subtitle=UNFIT,
            authors=[Person(UNFIT)],
            language=UNFIT,
            rights=UNFIT,
            generator=UNFIT,
            self_url=f"https://list.example/?q={UNFIT}",
        )
    )
    if write is write_atom:
        root = parse(raw)
        assert text(root, "title") == "abcdefghijk"
        assert text(root.find(f"{ATOM}entry"), "content") == "<p>abcdefghijk</p>"
    else:
        body = json.loads(raw)
        assert body["title"] == body["items"][0]["summary"] == "abcdefghijk"


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "//evil.example/", "http://10.0.0.1/", "", None],
)
def test_an_address_that_is_unfit_is_no_link(address):
    item = entry(original_url=address, authors=[Person("Ada", address)])
    for raw in (write_atom(feed(item)), write_json_feed(feed(item))):
        assert not address or address.encode() not in raw
    assert links(parse(write_atom(feed(item))).find(f"{ATOM}entry")).keys() == {"alternate"}


def test_a_title_of_nothing_visible_has_a_name():
    assert text(parse(write_atom(feed(title="\u200b\x01"))), "title") == "Untitled"


anything = st.text(st.characters(codec=None), max_size=40)


@given(anything, anything, anything)
def test_any_text_comes_back_from_both_formats_alike(title, summary, html):
    made = feed(entry(title=title, summary=summary, content_html=html), title=title)
    root, body = parse(write_atom(made)), json.loads(write_json_feed(made))
    item = root.find(f"{ATOM}entry")
    (row,) = body["items"]

    assert text(root, "title") == body["title"]
    assert (text(item, "summary") or "") == row.get("summary", "")
    assert (text(item, "content") or "") == row.get("content_html", "")
    assert write_atom(made) == write_atom(made)
