from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papers.identifiers import (
    Identifier,
    canonical_url,
    identify,
    is_research_host,
    landing_url,
    looks_like_paper,
    pdf_url,
)

NEURIPS = "https://proceedings.neurips.cc"
HASH = "a486cd07e4ac3d270571622f4f316ec5"
OLD_ABSTRACT = f"{NEURIPS}/paper/2016/hash/{HASH}-Abstract.html"
NEW_ABSTRACT = f"{NEURIPS}/paper_files/paper/2022/hash/{HASH}-Abstract-Conference.html"


@pytest.mark.parametrize(
    "raw",
    [
        "2101.00001",
        "arXiv:2101.00001",
        "ARXIV: 2101.00001 [cs.LG]",
        "https://arxiv.org/abs/2101.00001",
        "http://www.arxiv.org/abs/2101.00001/",
        "https://arxiv.org/abs/2101.00001?context=cs",
        "https://arxiv.org/pdf/2101.00001",
        "https://arxiv.org/pdf/2101.00001.pdf",
        "https://arxiv.org/abs/2101.00001.pdf",
        "https://arxiv.org/abs/2101.00001).",
        "https://export.arxiv.org/abs/2101.00001",
        "https://arxiv.org/html/2101.00001",
        "https://ar5iv.org/abs/2101.00001",
        "https://ar5iv.labs.arxiv.org/html/2101.00001",
        "https://www.alphaxiv.org/abs/2101.00001",
        "https://www.alphaxiv.org/overview/2101.00001",
        "https://doi.org/10.48550/arXiv.2101.00001",
        "doi:10.48550/arXiv.2101.00001",
        "arxiv.org/abs/2101.00001",
        "<https://arxiv.org/abs/2101.00001>",
    ],
)
def test_all_ways_to_one_arxiv_paper(raw):
    assert identify(raw) == Identifier("arxiv", "2101.00001")


@pytest.mark.parametrize(
    ("raw", "value", "version", "fragment"),
    [
        ("arXiv:2101.00001v3", "2101.00001", "v3", None),
        ("https://arxiv.org/abs/2212.10559v2", "2212.10559", "v2", None),
        ("https://arxiv.org/pdf/2101.00001v12.pdf", "2101.00001", "v12", None),
        ("https://arxiv.org/html/2101.00001v1/index.html#S2", "2101.00001", "v1", "S2"),
        ("https://arxiv.org/pdf/1911.11132.pdf#page=3", "1911.11132", None, "page=3"),
        (
            "https://arxiv.org/pdf/2103.14586.pdf#page=4&zoom=100,460,404",
            "2103.14586",
            None,
            "page=4&zoom=100,460,404",
        ),
        ("0704.0001", "0704.0001", None, None),
        ("hep-th/9901001v2", "hep-th/9901001", "v2", None),
        ("https://arxiv.org/abs/math.GT/0309136", "math/0309136", None, None),
        ("https://arxiv.org/pdf/cs/0112017.pdf", "cs/0112017", None, None),
    ],
)
def test_versions_fragments_and_old_ids_of_arxiv(raw, value, version, fragment):
    assert identify(raw) == Identifier("arxiv", value, version, fragment)


@pytest.mark.parametrize(
    "raw", ["2113.00001", "2101.001", "21010.0001", "1.2", "10.5", "arXiv:", "x/12"]
)
def test_numbers_that_are_no_arxiv_id(raw):
    assert identify(raw) is None


@pytest.mark.parametrize(
    ("raw", "doi"),
    [
        ("10.1073/pnas.2106028118", "10.1073/pnas.2106028118"),
        ("doi: 10.1000/ABC", "10.1000/abc"),
        ("https://doi.org/10.1000/ABC.", "10.1000/abc"),
        ("http://dx.doi.org/10.1016/S0140-6736(05)12345-6", "10.1016/s0140-6736(05)12345-6"),
        ("(doi:10.1000/x)"[1:], "10.1000/x"),
        ("https://doi.org/10.1002%2Fab", "10.1002/ab"),
        ("https://www.pnas.org/doi/10.1073/pnas.2106028118", "10.1073/pnas.2106028118"),
        ("https://www.pnas.org/doi/full/10.1073/pnas.2106028118", "10.1073/pnas.2106028118"),
        ("https://dl.acm.org/doi/abs/10.1145/3442188.3445922", "10.1145/3442188.3445922"),
        ("https://dl.acm.org/doi/pdf/10.1145/3442188.3445922?x=1", "10.1145/3442188.3445922"),
        (
            "https://link.springer.com/article/10.1007/s13347-023-00606-x",
            "10.1007/s13347-023-00606-x",
        ),
        (
            "https://link.springer.com/content/pdf/10.1007/s13347-023-00606-x.pdf",
            "10.1007/s13347-023-00606-x",
        ),
        ("https://www.nature.com/articles/s41586-021-03819-2", "10.1038/s41586-021-03819-2"),
        ("https://www.nature.com/articles/nature14539.pdf", "10.1038/nature14539"),
        (
            "https://www.biorxiv.org/content/10.1101/2021.01.01.425001v2.full.pdf",
            "10.1101/2021.01.01.425001",
        ),
        (
            "https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0000001",
            "10.1371/journal.pone.0000001",
        ),
        ("https://www.frontiersin.org/articles/10.3389/frobt.2021.1/full", "10.3389/frobt.2021.1"),
    ],
)
def test_dois(raw, doi):
    assert identify(raw) == Identifier("doi", doi)


@pytest.mark.parametrize(
    "raw",
    [
        "openreview:-tVD13hOsQ3",
        "https://openreview.net/forum?id=-tVD13hOsQ3",
        "https://openreview.net/pdf?id=-tVD13hOsQ3",
        "https://openreview.net/attachment?id=-tVD13hOsQ3&name=supplementary_material",
        "https://www.openreview.net/forum?noteId=abc&id=-tVD13hOsQ3",
    ],
)
def test_all_ways_to_one_openreview_forum(raw):
    assert identify(raw) == Identifier("openreview", "-tVD13hOsQ3")


@pytest.mark.parametrize(
    ("raw", "canonical"),
    [
        ("http://www.Example.com/Path/", "https://example.com/Path"),
        ("https://example.com/index.html#top", "https://example.com/index.html"),
        ("https://example.com/?utm_source=x&b=2&fbclid=1&a=1&ref=y", "https://example.com?a=1&b=2"),
        ("https://example.com:443/a/../b/./c", "https://example.com/b/c"),
        ("https://example.com/%7ea%2fb", "https://example.com/~a%2Fb"),
        (f"{NEURIPS}/paper/2016/file/{HASH}-Paper.pdf", OLD_ABSTRACT),
        (f"{NEURIPS}/paper_files/paper/2016/hash/{HASH}-Abstract.html", OLD_ABSTRACT),
        (f"https://papers.nips.cc/paper/2016/hash/{HASH}-Abstract.html", OLD_ABSTRACT),
        (f"{NEURIPS}/paper_files/paper/2022/file/{HASH}-Paper-Conference.pdf", NEW_ABSTRACT),
        (f"{NEURIPS}/paper/2022/hash/{HASH}-Abstract.html", NEW_ABSTRACT),
        (
            "https://www.alignmentforum.org/posts/N6WM6hs7RQMKDhYjB/a-mechanistic#fn9",
            "https://alignmentforum.org/posts/N6WM6hs7RQMKDhYjB",
        ),
        ("https://www.lesswrong.com/s/abc/p/N6WM6hs7RQMKDhYjB", "https://lesswrong.com/posts/N6WM6hs7RQMKDhYjB"),
        ("https://aclanthology.org/2020.acl-main.353.pdf", "https://aclanthology.org/2020.acl-main.353"),
        ("https://www.aclweb.org/anthology/P19-1001/", "https://aclanthology.org/P19-1001"),
        ("http://proceedings.mlr.press/v139/foo21a/foo21a.pdf", "https://proceedings.mlr.press/v139/foo21a.html"),
        ("https://par.nsf.gov/servlets/purl/10176522", "https://par.nsf.gov/biblio/10176522"),
        ("https://par.nsf.gov/biblio/10176522-it-takes-two-lie", "https://par.nsf.gov/biblio/10176522"),
        ("https://github.com/hendrycks/imagenet-r.git", "https://github.com/hendrycks/imagenet-r"),
        ("https://github.com/hendrycks/imagenet-r/tree/main", "https://github.com/hendrycks/imagenet-r"),
        ("https://github.com/a/b/tree/main/c", "https://github.com/a/b/tree/main/c"),
    ],
)  # fmt: skip
def test_canonical_addresses(raw, canonical):
    assert canonical_url(raw) == canonical
    assert identify(raw).key == ("url", canonical)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "words",
        "javascript:alert(1)",
        "mailto:a@example.com",
        "ftp://x.org",
        None,
        "https://a b.org",
    ],
)
def test_what_is_no_identifier_is_none(raw):
    assert identify(raw) is None


def test_an_address_that_is_not_of_the_web_has_no_canonical_form():
    with pytest.raises(ValueError, match="no web address"):
        canonical_url("mailto:a@example.com")


def test_a_fragment_is_kept_apart():
    found = identify("https://transformer-circuits.pub/2022/toy_model/index.html#motivation")

    assert found == Identifier(
        "url", "https://transformer-circuits.pub/2022/toy_model/index.html", None, "motivation"
    )


arxiv_values = st.builds(
    "{:02}{:02}.{:05}".format, st.integers(15, 99), st.integers(1, 12), st.integers(0, 99999)
) | st.builds(
    "{}/{:02}{:02}{:03}".format,
    st.sampled_from(["hep-th", "cs", "math", "cond-mat"]),
    st.integers(91, 99),
    st.integers(1, 12),
    st.integers(0, 999),
)
identifiers = (
    st.builds(
        Identifier, st.just("arxiv"), arxiv_values, st.none() | st.integers(1, 20).map("v{}".format)
    )
    | st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20)
    .map(lambda suffix: identify(f"doi:10.1234/{suffix}"))
    .filter(lambda found: found is not None and found.scheme == "doi")
    | st.from_regex(r"[A-Za-z0-9_-]{8,12}", fullmatch=True).map(
        lambda v: Identifier("openreview", v)
    )
    | st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="\\#"), max_size=20)
    .map(lambda path: identify(f"https://example.com/{path}"))
    .filter(bool)
)


@settings(max_examples=300)
@given(identifiers)
def test_the_landing_page_of_a_work_leads_back_to_it(identifier):
    assert identify(identifier.landing_url) == identifier


@settings(max_examples=200)
@given(st.text(max_size=60) | st.text("/.%?#=&;ab1~-_:@\u00e9", max_size=40))
def test_a_canonical_address_is_its_own(text):
    url = canonical_url("https://example.com/" + quote(text, safe="/.%?#=&;~-_:@"))

    assert canonical_url(url) == url


@settings(max_examples=300)
@given(
    st.text(max_size=80)
    | st.text("arxiv:/.10doi2v-()?=#%", max_size=40).map("https://arxiv.org/".__add__)
)
def test_nothing_makes_it_fail(text):
    found = identify(text)

    assert found is None or found.scheme in ("arxiv", "doi", "openreview", "url")


def test_pages_and_pdfs_of_each_scheme():
    assert landing_url("arxiv", "2101.00001", "v3") == "https://arxiv.org/abs/2101.00001v3"
    assert pdf_url("arxiv", "2101.00001") == "https://arxiv.org/pdf/2101.00001"
    assert pdf_url("openreview", "abc-def_1") == "https://openreview.net/pdf?id=abc-def_1"
    assert pdf_url("doi", "10.1000/x") is None
    assert pdf_url("url", f"{NEURIPS}/paper/2016/hash/{HASH}-Abstract.html") == (
        f"{NEURIPS}/paper/2016/file/{HASH}-Paper.pdf"
    )
    assert pdf_url("url", "https://par.nsf.gov/biblio/1") == "https://par.nsf.gov/servlets/purl/1"
    assert pdf_url("url", "https://example.com/a.pdf") == "https://example.com/a.pdf"
    assert pdf_url("url", "https://example.com/a") is None
    with pytest.raises(ValueError, match="unknown scheme"):
        landing_url("isbn", "1")


@pytest.mark.parametrize(
    "url",
    [
        "https://arxiv.org/abs/2101.00001",
        "https://openreview.net/pdf?id=-tVD13hOsQ3",
        "https://www.pnas.org/doi/10.1073/pnas.2106028118",
        f"{NEURIPS}/paper/2016/file/{HASH}-Paper.pdf",
        "https://aclanthology.org/P19-1001",
        "https://proceedings.mlr.press/v139/foo21a.html",
        "https://transformer-circuits.pub/2022/toy_model/index.html",
        "https://par.nsf.gov/servlets/purl/10176522",
    ],
)
def test_addresses_of_papers(url):
    assert looks_like_paper(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://link.springer.com/collections/cadgidecih",
        "https://twitter.com/topofmlsafety",
        "https://beta.nsf.gov/funding/opportunities/safe-learning-enabled-systems",
        "https://openreview.net/",
        "https://notarxiv.org/abs/1",
        "javascript:alert(1)",
    ],
)
def test_addresses_of_other_things(url):
    assert not looks_like_paper(url)


def test_publishers_are_research_hosts_though_not_all_they_hold_is_a_paper():
    assert is_research_host("link.springer.com")
    assert not is_research_host("link.springer.com", papers_only=True)
    assert is_research_host("www.ARXIV.org", papers_only=True)
    assert not is_research_host("evilarxiv.org")


@pytest.mark.parametrize(
    "raw", ["https://doi.org/10.1000/X", "doi:10.1000/x", "DOI:10.1000/X", "10.1000/X"]
)
def test_bad_33_a_doi_in_any_spelling_is_one_paper(raw):
    assert identify(raw).key == ("doi", "10.1000/x")


@pytest.mark.parametrize(
    "raw", ["2101.00001v3", "arXiv:2101.00001v3", "https://arxiv.org/abs/2101.00001v3"]
)
def test_bad_34_an_arxiv_id_in_any_spelling_is_one_paper_and_its_version_is_kept(raw):
    assert identify(raw) == Identifier("arxiv", "2101.00001", "v3")
