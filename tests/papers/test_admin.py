"""Papers in the admin: identifiers in any form, keys that stay, addresses that are safe."""

import pytest

from papers.models import CitationKeyAlias, Paper
from tests.admin_pages import edit
from tests.factories import AuthorshipFactory, IdentifierFactory, PaperFactory

pytestmark = pytest.mark.django_db


def test_an_identifier_is_taken_as_anybody_writes_it(admin_desk):
    paper = IdentifierFactory(scheme="arxiv", value="2101.00001").paper
    sent = {"identifiers-0-value": "https://arxiv.org/pdf/2101.00002v3.pdf#page=3"}
    assert edit(admin_desk, paper, **sent).status_code == 302
    assert str(paper.identifiers.get()) == "arxiv:2101.00002"
    assert paper.locked_fields == ["identifiers"]


@pytest.mark.parametrize("value", ["not an identifier", "https://doi.org/10.1000/xyz"])
def test_what_is_no_identifier_of_its_scheme_is_refused(admin_desk, value):
    paper = IdentifierFactory(scheme="arxiv", value="2101.00001").paper
    page = edit(admin_desk, paper, **{"identifiers-0-value": value})
    assert page.status_code == 200
    assert "This is no arxiv identifier" in page.text


def test_an_identifier_of_another_paper_is_refused_in_words(admin_desk):
    IdentifierFactory(scheme="arxiv", value="2101.00002")
    paper = IdentifierFactory(scheme="arxiv", value="2101.00001").paper
    page = edit(admin_desk, paper, **{"identifiers-0-value": "arxiv:2101.00002"})
    assert page.status_code == 200
    assert "already" in page.text


@pytest.mark.parametrize("field", ["url", "pdf_url", "code_url"])
@pytest.mark.parametrize("value", ["javascript:alert(1)", "data:text/html,x", "//user:pw@x"])
def test_an_unsafe_address_is_refused(admin_desk, field, value):
    paper = PaperFactory()
    page = edit(admin_desk, paper, **{field: value})
    assert "Only an http or https address becomes a link." in page.text
    assert Paper.objects.filter(**{field: None}).exists()


def test_a_key_that_is_changed_goes_on_leading_to_its_paper(admin_desk):
    paper = PaperFactory(citation_key="first2022key")
    edit(admin_desk, paper, citation_key="second2022key")
    assert CitationKeyAlias.objects.get().key == "first2022key"
    edit(admin_desk, paper, citation_key="first2022key")
    assert CitationKeyAlias.objects.get().key == "second2022key"


def test_a_paper_is_found_by_its_key_and_the_one_before(admin_desk):
    paper = PaperFactory(citation_key="first2022key")
    edit(admin_desk, paper, citation_key="second2022key")
    for key in ("first2022key", "second2022key"):
        found = admin_desk.get("/api/v1/search/", {"q": key}).json()["results"]
        assert [(hit["kind"], hit["id"]) for hit in found] == [("paper", paper.pk)]


def test_a_key_that_another_paper_had_is_refused(admin_desk):
    CitationKeyAlias.objects.create(key="former2022key", paper=PaperFactory())
    page = edit(admin_desk, PaperFactory(), citation_key="former2022key")
    assert "Another paper had this key before." in page.text


def test_half_a_date_is_refused_in_words(admin_desk):
    page = edit(admin_desk, PaperFactory(), published_day="7")
    assert "A day must exist in its month, and needs one." in page.text


def test_what_is_left_empty_is_not_known(admin_desk):
    paper = PaperFactory(abstract="Text", editor_note="Note")
    edit(admin_desk, paper, abstract="", editor_note="", venue="")
    assert (paper.abstract, paper.editor_note, paper.venue, paper.url) == (None,) * 4


def test_authors_edited_by_hand_are_locked(admin_desk):
    place = AuthorshipFactory(position=0)
    edit(admin_desk, place.paper, **{"authorships-0-name_as_printed": "A. Name"})
    place.refresh_from_db()
    assert place.name_as_printed == "A. Name"
    assert place.paper.locked_fields == ["authorships"]


def test_the_chosen_author_is_named(admin_desk):
    place = AuthorshipFactory(author__name="Ada Example")
    page = admin_desk.get(f"/admin/papers/paper/{place.paper.pk}/change/").text
    assert "Ada Example</option>" in page
