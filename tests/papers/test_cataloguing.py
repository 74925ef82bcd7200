"""From addresses in a newsletter to works: one row each, found or filed."""

from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from papers.cataloguing import Mention, papers_for
from papers.models import Author, CitationKeyAlias, Identifier, Paper
from tests.factories import IdentifierFactory, PaperFactory


def mention(url: str, label: str = "Link", words: str = "", role: str = "inline") -> Mention:
    return Mention(url=url, label=label, words=words, role=role)


def paper_for(url: str, **fields: str) -> Paper | None:
    return papers_for([mention(url, **fields)])[0]


@pytest.mark.usefixtures("imported")
class TestTheFirstCatalogue:
    def test_it_holds_148_works_of_which_136_are_papers(self):
        kinds = Counter(Paper.objects.values_list("kind", flat=True))
        assert kinds.total() == 148
        assert kinds["paper"] == 136

    def test_autocast_is_one_work_under_two_ids(self):
        paper = Paper.objects.get(identifiers__scheme="arxiv", identifiers__value="2206.15474")
        names = set(paper.identifiers.values_list("scheme", "value"))
        assert names >= {("arxiv", "2206.15474"), ("openreview", "LbOdQrnOb2q")}
        assert not paper.needs_review

    def test_vos_is_joined_and_marked_since_no_text_names_both(self):
        paper = Paper.objects.get(identifiers__scheme="arxiv", identifiers__value="2202.01197")
        assert paper.identifiers.filter(scheme="openreview", value="TW7d65uYu5M").exists()
        assert paper.needs_review
        assert paper.review_note

    def test_a_work_that_two_issues_link_is_one_row(self):
        paper = Paper.objects.get(identifiers__scheme="arxiv", identifiers__value="2206.10550")
        issues = set(paper.mentions.values_list("issue__number", flat=True))
        assert issues == {6, 7}

    def test_four_links_have_no_verified_record_and_keep_the_newsletters_words(self):
        found = Paper.objects.exclude(title_source="official")
        assert found.count() == 4
        assert all(paper.needs_review and paper.review_note for paper in found)
        assert found.filter(kind="paper").count() == 1

    def test_no_address_names_two_works(self):
        identifiers = Identifier.objects.all()
        assert identifiers.values("scheme", "value").distinct().count() == identifiers.count()
        assert not Paper.objects.filter(identifiers=None).exists()

    def test_citation_keys_are_of_author_year_and_title(self):
        paper = Paper.objects.get(identifiers__scheme="arxiv", identifiers__value="2206.15474")
        assert paper.citation_key.startswith("zou2022forecasting")

    def test_authors_stand_in_order_under_their_printed_names(self):
        paper = Paper.objects.get(identifiers__scheme="arxiv", identifiers__value="2206.15474")
        places = paper.authorships.order_by("position").values_list("position", flat=True)
        assert list(places) == list(range(len(places)))
        assert paper.authorships.get(position=0).name_as_printed == "Andy Zou"

    def test_a_person_is_one_author_however_many_papers(self):
        names = Author.objects.values_list("name", flat=True)
        assert len(names) == len(set(names))
        assert Author.objects.get(name="Dan Hendrycks").papers.count() > 5

    def test_a_date_is_never_more_than_is_known(self):
        assert not Paper.objects.exclude(published_month=None, published_day=None).exists()

    def test_known_works_cost_a_constant_number_of_queries(self):
        urls = [f"https://{row.scheme}.org/abs/{row.value}" for row in
                Identifier.objects.filter(scheme="arxiv")[:60]]  # fmt: skip
        with CaptureQueriesContext(connection) as one:
            papers_for([mention(urls[0])])
        with CaptureQueriesContext(connection) as many:
            found = papers_for([mention(url) for url in urls])
        assert all(found)
        assert len(many) == len(one) == 1

    def test_every_new_row_has_its_history(self):
        for model in (Paper, Identifier, Author):
            rows = set(model.objects.values_list("pk", flat=True))
            assert set(model.history.values_list("id", flat=True)) == rows


@pytest.mark.django_db
class TestANewAddress:
    def test_a_research_address_is_filed_in_the_words_of_its_headline(self):
        paper = paper_for("https://arxiv.org/abs/2101.00001v2", words="A  sturdy\nmodel")
        assert (paper.title, paper.title_source) == ("A sturdy model", "newsletter")
        assert paper.needs_review
        assert "No verified record" in paper.review_note
        assert [str(i) for i in paper.identifiers.all()] == ["arxiv:2101.00001"]
        assert paper.url == "https://arxiv.org/abs/2101.00001"

    def test_without_a_headline_it_has_the_text_of_its_link(self):
        paper = paper_for("https://arxiv.org/abs/2101.00001", label="earlier work")
        assert (paper.title, paper.title_source) == ("earlier work", "link_text")

    def test_without_any_words_it_has_its_address(self):
        paper = paper_for("https://arxiv.org/abs/2101.00001", label=" ")
        assert paper.title == "https://arxiv.org/abs/2101.00001"

    def test_a_text_of_any_length_fits(self):
        paper = paper_for("https://arxiv.org/abs/2101.00001", words="word " * 1_000)
        assert len(paper.title) <= 500

    @pytest.mark.parametrize(
        "url",
        ["https://example.org/shop", "https://twitter.com/x/status/1", "", "javascript:alert(1)",
         "mailto:a@example.org", "http://[", "x" * 9_000],
    )  # fmt: skip
    def test_other_addresses_are_no_papers(self, url):
        assert paper_for(url) is None
        assert not Paper.objects.exists()

    def test_an_address_too_long_to_be_kept_is_no_paper(self):
        assert paper_for("https://proceedings.mlr.press/v1/" + "x" * 1_200) is None

    def test_twice_in_one_batch_it_is_one_work(self):
        urls = ["https://arxiv.org/abs/2101.00001", "https://arxiv.org/pdf/2101.00001v3.pdf#page=3"]
        one, other = papers_for([mention(url) for url in urls])
        assert one == other
        assert Paper.objects.count() == 1

    def test_two_works_of_one_name_have_two_keys(self):
        first = paper_for("https://arxiv.org/abs/2101.00001", words="Same words")
        second = paper_for("https://arxiv.org/abs/2101.00002", words="Same words")
        assert first.citation_key != second.citation_key

    def test_a_key_that_was_given_up_is_not_given_again(self):
        first = paper_for("https://arxiv.org/abs/2101.00001", words="Same words")
        key = first.citation_key
        Paper.objects.filter(pk=first.pk).update(citation_key="other")
        CitationKeyAlias.objects.create(key=key, paper=first)
        assert paper_for("https://arxiv.org/abs/2101.00002", words="Same words").citation_key != key


@pytest.mark.django_db
class TestAKnownWork:
    def test_it_is_found_by_any_of_its_identifiers(self):
        paper = IdentifierFactory(scheme="openreview", value="abcDEF123").paper
        IdentifierFactory(paper=paper, scheme="arxiv", value="2101.00001")
        assert paper_for("https://openreview.net/pdf?id=abcDEF123") == paper
        assert paper_for("https://arxiv.org/pdf/2101.00001") == paper

    def test_the_twin_of_the_records_joins_it(self):
        paper = IdentifierFactory(scheme="arxiv", value="2206.15474").paper
        assert paper_for("https://openreview.net/forum?id=LbOdQrnOb2q") == paper
        assert paper.identifiers.filter(scheme="openreview").count() == 1

    def test_its_fields_are_not_touched(self):
        paper = PaperFactory(title="A title set by hand", locked_fields=["title"], venue=None)
        IdentifierFactory(paper=paper, scheme="arxiv", value="2206.15474")
        paper_for("https://arxiv.org/abs/2206.15474", words="Other words")
        paper.refresh_from_db()
        assert (paper.title, paper.venue) == ("A title set by hand", None)

    def test_a_merged_one_is_followed_however_often(self):
        last = PaperFactory()
        middle = PaperFactory(merged_into=last)
        first = IdentifierFactory(value="2101.00001", paper__merged_into=middle).paper
        assert paper_for("https://arxiv.org/abs/2101.00001") == last
        assert first.identifiers.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("label", "words", "title", "source"),
    [
        ("Link", "Models walk (18 minute read)", "Models walk", "newsletter"),
        ("Models walk (GitHub Repo)", "Models walk (GitHub Repo)", "Models walk", "newsletter"),
        ("Walk-Bench: Tests for Legs (arXiv)", "Robots walk", "Walk-Bench: Tests for Legs", "link"),
        ("Walking in Parks [PDF]", "Robots walk", "Walking in Parks", "link"),
        ("Paper: On Walking", "Robots walk", "On Walking", "link"),
        ("Read the full paper", "Robots walk", "Robots walk", "newsletter"),
        ("a study of legs", "Robots walk", "Robots walk", "newsletter"),
        ("The new paper (arXiv, PDF)", "Robots walk", "Robots walk", "newsletter"),
        ("[PDF]", "", "[PDF]", "link"),
    ],
)
def test_a_work_is_called_what_its_link_or_headline_calls_it(label, words, title, source):
    paper = paper_for("https://arxiv.org/abs/2404.02060", label=label, words=words)

    assert paper.title == title
    assert paper.title_source == ("link_text" if source == "link" else source)
