"""What is read of the services' documented answers, and of answers that are none."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.enrichment import arxiv, crossref, openalex, records
from papers.enrichment.errors import Nonsense
from papers.enrichment.records import Person, Retraction
from papers.identifiers import Identifier
from tests.papers.enrichment.loopback import (
    ERROR_ENTRY,
    FEED,
    arxiv_entry,
    crossref_work,
    openalex_work,
)

DOI = "10.1000/xyz123"
EXTERNAL = b'<!DOCTYPE feed SYSTEM "http://127.0.0.1/x.dtd"><feed/>'
INTERNAL = '<!DOCTYPE feed [<!ENTITY a "b">]><feed xmlns="http://www.w3.org/2005/Atom">&a;</feed>'


def feed(*entries: str) -> bytes:
    return FEED.format(entries="".join(entries), total=len(entries)).encode()


class TestArxiv:
    def read(self, entry: str, value: str = "2103.04689"):
        ((found, element),) = arxiv.entries_of(arxiv.parse(feed(entry)))
        assert found == value
        return arxiv.read_entry(element, value)

    def test_an_entry_is_read_whole(self):
        entry = arxiv_entry(
            "2103.04689",
            "Reading\n  $O(n)$ <b>lines</b>",
            summary="A line\nand its end.\n  Another paragraph.",
            doi=f"{DOI} 10.1000/second",
            journal_ref="Journal of Things 3 (2022)",
            comment="12 pages",
        )
        record = self.read(entry)

        assert record.title == "Reading $O(n)$ <b>lines</b>"
        assert record.authors == (Person("Grace Hopper"), Person("Ada Lovelace"))
        assert record.published == (2021, 3, 7)
        assert record.venue == "Journal of Things 3 (2022)"
        assert record.abstract == "A line and its end.\n\nAnother paragraph."
        assert [str(i) for i in record.identifiers] == [
            "arxiv:2103.04689",
            f"doi:{DOI}",
            "doi:10.1000/second",
        ]
        assert record.retraction is None
        assert record.asked == "arxiv:2103.04689"

    @pytest.mark.parametrize(
        "said",
        [
            {"comment": "This paper has been withdrawn by the authors."},
            {"summary": "The submission was withdrawn since Lemma 3 is wrong."},
        ],
    )
    def test_a_withdrawal_is_told(self, said):
        record = self.read(arxiv_entry("2103.04689", "A title", **said))

        assert record.retraction == Retraction(
            "Withdrawn on arXiv.", "https://arxiv.org/abs/2103.04689"
        )
        assert record.abstract is None or "withdrawn" not in record.abstract

    def test_a_paper_about_withdrawals_is_none(self):
        entry = arxiv_entry("2103.04689", "A title", summary="When has a paper been withdrawn?")

        assert self.read(entry).retraction is None

    def test_errors_and_unknown_ids_are_no_entries(self):
        unknown = "<entry><id>http://arxiv.org/abs/2199.99999</id></entry>"

        assert list(arxiv.entries_of(arxiv.parse(feed(ERROR_ENTRY, unknown)))) == []

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"<feed",
            b"<html/>",
            b"\xff\xfe\x00",
            b"<?xml version='1.0' encoding='nonsense'?><feed/>",
            b'<feed xmlns="http://www.w3.org/2005/Atom">&undefined;</feed>',
        ],
        ids=str,
    )
    def test_nonsense_is_refused(self, body):
        with pytest.raises(Nonsense):
            list(arxiv.entries_of(arxiv.parse(body)))

    @pytest.mark.parametrize(
        "body", [INTERNAL.encode(), INTERNAL.encode("utf-16"), EXTERNAL], ids=["8", "16", "outside"]
    )
    def test_a_document_type_is_refused_in_any_encoding(self, body):
        with pytest.raises(Nonsense, match="document type"):
            arxiv.parse(body)

    def test_a_bomb_does_not_go_off(self):
        entities = "".join(
            f'<!ENTITY {name} "{f"&{former};" * 10}">' for former, name in pairwise("abcdefg")
        )
        bomb = f'<!DOCTYPE f [<!ENTITY a "aaaaaaaaaa">{entities}]><f>&g;</f>'

        with pytest.raises(Nonsense, match="document type"):
            arxiv.parse(bomb.encode())


class TestCrossref:
    def read(self, **more):
        work = crossref_work(DOI.upper(), "A <i>title</i> &amp; more", **more)
        body = json.dumps({"status": "ok", "message-type": "work", "message": work})
        return crossref.read(body.encode(), DOI)

    def test_a_work_is_read_whole(self):
        record = self.read(subtitle=["With a subtitle"])

        assert record.title == "A title & more: With a subtitle"
        assert record.authors == (
            Person("Grace Hopper", "0000-0002-1825-0097"),
            Person("Ada Lovelace"),
        )
        assert record.published == (2022, 6, None)
        assert record.venue == "Proceedings of a & b"
        assert record.abstract == "First <one>.\n\nThen another."
        assert [str(i) for i in record.identifiers] == [f"doi:{DOI}"]
        assert record.retraction is None

    def test_organisations_have_names_and_some_names_are_none(self):
        people = [{"name": "The Committee"}, {"family": "nan"}, {"given": "A", "family": "B"}, 3]

        assert [p.name for p in self.read(author=people).authors] == ["The Committee", "A B"]

    @pytest.mark.parametrize(
        ("said", "date"),
        [
            ({"published": {"date-parts": [[None]]}, "issued": {"date-parts": [[2019]]}}, (2019,)),
            ({"published": {"date-parts": [[2020, 2, 30]]}}, (2020, 2)),
            ({"published": {"date-parts": [["2020"]]}}, ()),
            ({"published": None}, ()),
        ],
    )
    def test_a_date_is_as_precise_as_it_is_given(self, said, date):
        assert self.read(**said).published == ((*date, None, None)[:3] if date else None)

    def test_its_other_versions_are_named(self):
        relation = {
            "has-preprint": [
                {"id-type": "arxiv", "id": "2103.04689", "asserted-by": "subject"},
                {"id-type": "doi", "id": "10.48550/arXiv.2103.04690", "asserted-by": "object"},
                {"id-type": "issn", "id": "1234-5678"},
            ],
            "is-cited-by": [{"id-type": "doi", "id": "10.1000/other"}],
        }
        named = [str(i) for i in self.read(relation=relation).identifiers]

        assert named == [f"doi:{DOI}", "arxiv:2103.04689", "arxiv:2103.04690"]

    @pytest.mark.parametrize(
        ("source", "told"),
        [("publisher", "its publisher"), ("retraction-watch", "Retraction Watch")],
    )
    def test_a_retraction_is_told(self, source, told):
        notice = {
            "DOI": "10.1000/notice",
            "type": "retraction",
            "label": "Retraction",
            "source": source,
            "updated": {"date-parts": [[2023, 5, 4]], "timestamp": 1683158400000},
        }
        correction = notice | {"type": "correction"}
        record = self.read(**{"updated-by": [correction, notice]})

        assert record.retraction == Retraction(
            f"Retraction 2023-05-04, told by {told}.", "https://doi.org/10.1000/notice"
        )
        assert self.read(**{"updated-by": [correction]}).retraction is None

    def test_the_notice_itself_is_not_retracted(self):
        other = {"DOI": "10.1000/bad", "type": "retraction"}

        assert self.read(**{"update-to": [other]}).retraction is None

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"{",
            b"[]",
            b"null",
            b'"ok"',
            b"[" * 100_000,
            b'{"message-type": "work-list", "message": {"items": []}}',
            b'{"message-type": "work", "message": {"DOI": "10.1000/another"}}',
            b'{"message-type": "work", "message": []}',
            b"\xff",
        ],
        ids=lambda body: str(body[:40]),
    )
    def test_nonsense_is_refused(self, body):
        with pytest.raises(Nonsense):
            crossref.read(body, DOI)


class TestOpenAlex:
    identity = Identifier("doi", DOI)

    def read(self, **more):
        body = json.dumps(openalex_work(DOI, "A title", **more)).encode()
        return openalex.read(body, self.identity)

    def test_a_work_is_read_whole(self):
        locations = [{"landing_page_url": "http://arxiv.org/abs/2103.04689", "source": None}]
        record = self.read(locations=locations)

        assert record.title == "A title"
        assert record.authors == (
            Person("G. Hopper"),
            Person("Ada Lovelace", "0000-0001-5109-3700"),
        )
        assert record.abstract == "We show it. We do."
        assert record.venue == "Journal of Things"
        assert [str(i) for i in record.identifiers] == [f"doi:{DOI}", "arxiv:2103.04689"]
        assert record.retraction is None
        assert self.read(is_retracted=True).retraction is not None

    def test_the_first_of_january_stands_for_a_year(self):
        assert self.read().published == (2022, None, None)
        assert self.read(publication_date="2022-03-01").published == (2022, 3, 1)

    def test_a_repository_is_no_venue(self):
        source = {"source": {"display_name": "arXiv", "type": "repository"}}

        assert self.read(primary_location=source).venue is None

    @pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"id": 3}', b"[" * 100_000])
    def test_nonsense_is_refused(self, body):
        with pytest.raises(Nonsense):
            openalex.read(body, self.identity)

    def test_places_beyond_reason_are_left_out(self):
        assert openalex.text_of_index({"a": [0, 10**12, -1, "x"], "b": 3}) == "a"


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda some: (
        st.lists(some, max_size=3) | st.dictionaries(st.text(max_size=8), some, max_size=3)
    ),
    max_leaves=8,
)


@given(st.sampled_from(sorted(crossref_work(DOI, "").keys() - {"DOI"})), ANYTHING)
def test_whatever_stands_in_a_field_of_crossref_breaks_nothing(name, value):
    work = crossref_work(DOI, "A title") | {name: value}
    body = json.dumps({"message-type": "work", "message": work}).encode()

    assert crossref.read(body, DOI).service == "crossref"


@given(st.sampled_from(sorted(openalex_work(DOI, "").keys() - {"id"})), ANYTHING)
def test_whatever_stands_in_a_field_of_openalex_breaks_nothing(name, value):
    work = openalex_work(DOI, "A title") | {name: value}

    assert openalex.read(json.dumps(work).encode(), Identifier("doi", DOI)).service == "openalex"


@pytest.mark.parametrize(
    ("text", "orcid"),
    [
        ("https://orcid.org/0000-0002-1825-0097", "0000-0002-1825-0097"),
        ("0000-0002-1694-233x", "0000-0002-1694-233X"),
        ("0000-0002-1825-0098", None),
        ("0000-0002-1825-009", None),
        (None, None),
        (7, None),
    ],
)
def test_an_orcid_needs_the_right_check_digit(text, orcid):
    assert records.orcid_of(text) == orcid
